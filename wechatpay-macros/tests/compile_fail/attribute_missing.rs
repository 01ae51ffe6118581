//! Endpoint without `#[endpoint]`.
//~ missing attribute: #[endpoint(GET,
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
struct ListComplaints {}

fn main() {}
