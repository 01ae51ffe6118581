//! A value without its text on the wire.
use wechatpay_core::api::open_enum;

#[open_enum]
pub enum State {
    Success = "SUCCESS",
    Fail,
}

fn main() {}
