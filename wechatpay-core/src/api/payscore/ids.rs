//! Numbers of service orders and authorisations.

use crate::types::{ids::platform_number, string_id::string_id};

/// Checks a merchant's number: 1 to 32 of `[0-9A-Za-z_|*-]`.
fn merchant_number(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > 32 {
        Err("must have 1 to 32 characters")
    } else if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'|' | b'*'))
    {
        Err("may have letters, digits, `_`, `-`, `|` and `*` only")
    } else {
        Ok(())
    }
}

string_id! {
    /// Merchant's number of a service order (商户服务订单号): 1 to 32 of `[0-9A-Za-z_|*-]`.
    ///
    /// The same number is the same order. It is not the `out_trade_no` of a refund.
    pub struct ServiceOrderNo("out_order_no", max = 64, merchant_number);
}

string_id! {
    /// Merchant's number of a user's authorisation (授权协议号): 1 to 32 visible characters.
    pub struct AuthorizationCode("authorization_code", max = 64, |text| {
        platform_number(text, 32, "must have at most 32 characters")
    });
}
