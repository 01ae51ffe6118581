//! Numbers of closings.

use crate::types::{ids::plain_number, string_id::string_id};

string_id! {
    /// Merchant's number of a closing with a payout (商户注销提现申请单号).
    ///
    /// On the wire it is `out_request_no`: 1 to 32 letters and digits. The same number is the same closing.
    pub struct ClosingRequestNo("out_request_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}

string_id! {
    /// Merchant's number of a closing (商户注销申请单号).
    ///
    /// On the wire it is `out_apply_no`: 1 to 32 letters and digits. The same number is the same closing.
    pub struct ClosingApplyNo("out_apply_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}
