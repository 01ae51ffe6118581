//! Response that repeats the number with another type.
//~ expected `String`, found `u64`
use wechatpay_core::api::{Endpoint, Response};

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/transfers/{out_bill_no}", response = Transfer, echo(out_bill_no))]
struct QueryTransfer {
    out_bill_no: String,
}

#[derive(Response)]
struct Transfer {
    out_bill_no: u64,
}

fn main() {}
