//! An endpoint without its facts.
use wechatpay_core::api::Endpoint;

#[derive(Clone, Endpoint)]
struct ListComplaints {}

fn main() {}
