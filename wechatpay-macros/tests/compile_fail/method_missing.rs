//! Path without a method.
//~ expected identifier
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint("/v3/complaints")]
struct ListComplaints {}

fn main() {}
