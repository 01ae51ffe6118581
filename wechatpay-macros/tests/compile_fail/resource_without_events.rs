//! Resource without events.
//~ a resource needs its events: #[resource(event(
use wechatpay_core::{api::Response, notify::Resource};

#[derive(Response, Resource)]
#[resource(decides("out_bill_no"))]
struct FinishedTransfer {
    out_bill_no: String,
}

fn main() {}
