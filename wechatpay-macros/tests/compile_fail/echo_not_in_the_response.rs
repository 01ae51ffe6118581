//! Response without the field that the echo check compares.
//~ no field `out_bill_no` on type `&Transfer`
//~ available field is: `transfer_bill_no`
use wechatpay_core::api::{Endpoint, Response};

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/transfers/{out_bill_no}", response = Transfer, echo(out_bill_no))]
struct QueryTransfer {
    out_bill_no: String,
}

#[derive(Response)]
struct Transfer {
    transfer_bill_no: String,
}

fn main() {}
