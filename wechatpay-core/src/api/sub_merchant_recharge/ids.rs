//! Numbers of recharges.

use crate::types::{
    ids::{plain_number, platform_number},
    string_id::string_id,
};

string_id! {
    /// Merchant's number of a recharge (商户充值单号): 1 to 64 letters and digits.
    ///
    /// Unique per platform merchant. The same number is the same recharge.
    pub struct OutRechargeNo("out_recharge_no", max = 64, |text| {
        plain_number(text, 64, "must have 1 to 64 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a recharge (微信支付充值单号).
    pub struct RechargeId("recharge_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}
