//! Compared field that the request does not have.
//~ `QueryTransfer` has no field `bill_no` that a response could repeat
use wechatpay_core::api::{Endpoint, Response};

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/transfers/{out_bill_no}", response = Transfer, echo(bill_no))]
struct QueryTransfer {
    out_bill_no: String,
}

#[derive(Response)]
struct Transfer {
    bill_no: String,
}

fn main() {}
