//! Deciding member without a field.
//~ `FinishedTransfer` has no field `amount` that could decide
use wechatpay_core::{api::Response, notify::Resource};

#[derive(Response, Resource)]
#[resource(event("MCHTRANSFER.BILL.FINISHED"), decides("out_bill_no", "amount.total"))]
struct FinishedTransfer {
    out_bill_no: String,
}

fn main() {}
