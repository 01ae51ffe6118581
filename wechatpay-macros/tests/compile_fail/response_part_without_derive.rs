//! A part of a response that is not read as one.
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
