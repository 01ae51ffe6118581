//! Response part without `#[derive(Response)]`.
//~ `Amount` cannot be read as a field of a response
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
