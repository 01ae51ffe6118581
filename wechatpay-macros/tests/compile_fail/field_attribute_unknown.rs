//! Misspelt field attribute.
//~ a field accepts `into`, `query`, `no_setter` and `plain`
use wechatpay_core::api::RequestPart;

#[derive(Clone, RequestPart)]
struct Amount {
    #[request(int)]
    currency: String,
}

fn main() {}
