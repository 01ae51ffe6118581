//! Response part without `#[derive(Response)]`.
//~ `Amount` is not read as a field of a response
//~ write `#[derive(Response)]` on it instead of `Deserialize`
use serde::Deserialize;
use wechatpay_core::api::Response;

#[derive(Response)]
struct Transfer {
    amount: Amount,
}

#[derive(Deserialize)]
struct Amount {
    total: i64,
}

fn main() {}
