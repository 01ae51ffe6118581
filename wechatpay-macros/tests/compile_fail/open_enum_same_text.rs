//! Two values with one text.
use wechatpay_core::api::open_enum;

#[open_enum]
pub enum State {
    Success = "SUCCESS",
    Done = "SUCCESS",
}

fn main() {}
