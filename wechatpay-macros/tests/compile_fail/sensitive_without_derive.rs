//! Sensitive field inside a type without `#[derive(SensitiveFields)]`.
//~ `Receiver` does not state whether it contains encrypted fields
//~ write `#[derive(RequestPart)]` or `#[derive(SensitiveFields)]` on it, or `#[request(plain)]` on the field
use serde::Serialize;
use wechatpay_core::{api::Endpoint, types::Sensitive};

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/v3/transfers")]
struct Transfer {
    receiver: Receiver,
}

#[derive(Clone, Serialize)]
struct Receiver {
    user_name: Sensitive,
}

fn main() {}
