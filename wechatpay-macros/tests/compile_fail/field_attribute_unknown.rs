//! A misspelt attribute of a field.
use wechatpay_core::api::RequestPart;

#[derive(Clone, RequestPart)]
struct Amount {
    #[request(int)]
    currency: String,
}

fn main() {}
