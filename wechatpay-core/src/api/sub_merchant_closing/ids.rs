//! Numbers of closings.

use crate::types::string_id::string_id;

/// Checks a merchant's number: 1 to 32 letters and digits.
fn merchant_number(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > 32 {
        Err("must have 1 to 32 characters")
    } else if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Err("may have letters and digits only")
    } else {
        Ok(())
    }
}

string_id! {
    /// Merchant's number of a closing with a payout (商户注销提现申请单号).
    ///
    /// On the wire it is `out_request_no`: 1 to 32 letters and digits. The same number is the same closing.
    pub struct ClosingRequestNo("out_request_no", max = 64, merchant_number);
}

string_id! {
    /// Merchant's number of a closing (商户注销申请单号).
    ///
    /// On the wire it is `out_apply_no`: 1 to 32 letters and digits. The same number is the same closing.
    pub struct ClosingApplyNo("out_apply_no", max = 64, merchant_number);
}
