//! Variant without its text on the wire.
//~ `Fail` needs its text on the wire: `Fail = "…"`
use wechatpay_core::api::open_enum;

#[open_enum]
pub enum State {
    Success = "SUCCESS",
    Fail,
}

fn main() {}
