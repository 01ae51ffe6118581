//! Two variants with the same text.
//~ `SUCCESS` is another value already
use wechatpay_core::api::open_enum;

#[open_enum]
pub enum State {
    Success = "SUCCESS",
    Done = "SUCCESS",
}

fn main() {}
