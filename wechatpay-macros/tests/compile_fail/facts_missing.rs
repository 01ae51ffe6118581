//! Endpoint without `#[endpoint]`.
//~ an endpoint needs its facts: #[endpoint(GET,
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
struct ListComplaints {}

fn main() {}
