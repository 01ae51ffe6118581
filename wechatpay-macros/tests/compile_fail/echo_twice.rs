//! Field compared twice.
//~ `out_bill_no` is compared twice
use wechatpay_core::api::{Endpoint, Response};

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/transfers/{out_bill_no}", response = Transfer, echo(out_bill_no), echo_if_present(out_bill_no))]
struct QueryTransfer {
    out_bill_no: String,
}

#[derive(Response)]
struct Transfer {
    out_bill_no: String,
}

fn main() {}
