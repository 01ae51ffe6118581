//! Numbers of compensations.

use crate::types::string_id::{string_id, visible};

string_id! {
    /// Merchant's number of a compensation (商户单号).
    ///
    /// On the wire it is `out_bill_no`: 1 to 32 letters and digits, unique per platform. The same number is
    /// the same compensation.
    pub struct CompensationNo("out_bill_no", max = 64, |text| {
        if text.is_empty() || text.len() > 32 {
            Err("must have 1 to 32 characters")
        } else if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Err("may have letters and digits only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// WeChat Pay's number of a compensation (微信支付转账单号, `bill_id`).
    pub struct CompensationId("bill_id", max = 64, |text| {
        if text.len() > 64 {
            Err("must have at most 64 characters")
        } else if !visible(text) {
            Err("must be visible ASCII")
        } else if matches!(text, "." | "..") {
            Err("must not be `.` or `..`")
        } else {
            Ok(())
        }
    });
}
