//! A path without its method.
//~ expected identifier
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint("/v3/complaints")]
struct ListComplaints {}

fn main() {}
