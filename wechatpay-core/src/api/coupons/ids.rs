//! Numbers of stocks and coupons.

use crate::types::string_id::string_id;

string_id! {
    /// Merchant's number of a new stock or coupon (商户单据号): 1 to 128 of `[0-9A-Za-z_*|-]`.
    ///
    /// The same number is the same coupon.
    pub struct OutRequestNo("out_request_no", max = 128, |text| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b'-' | b'|');
        if text.is_empty() || text.len() > 128 {
            Err("must have 1 to 128 characters")
        } else if !text.bytes().all(allowed) {
            Err("may have letters, digits, `_`, `-`, `*` and `|` only")
        } else {
            Ok(())
        }
    });
}
