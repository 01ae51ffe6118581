//! A query inside the template.
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/complaints?limit=5")]
struct ListComplaints {}

fn main() {}
