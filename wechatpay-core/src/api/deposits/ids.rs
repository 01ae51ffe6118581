//! Numbers of compensations.

use crate::types::{
    ids::{plain_number, platform_number},
    string_id::string_id,
};

string_id! {
    /// Merchant's number of a compensation (商户单号).
    ///
    /// On the wire it is `out_bill_no`: 1 to 32 letters and digits, unique per platform. The same number is
    /// the same compensation.
    pub struct CompensationNo("out_bill_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a compensation (微信支付转账单号, `bill_id`).
    pub struct CompensationId("bill_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}
