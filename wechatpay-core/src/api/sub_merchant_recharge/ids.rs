//! Numbers of recharges.

use crate::types::string_id::{string_id, visible};

string_id! {
    /// Merchant's number of a recharge (商户充值单号): 1 to 64 letters and digits.
    ///
    /// Unique per platform merchant. The same number is the same recharge.
    pub struct OutRechargeNo("out_recharge_no", max = 64, |text| {
        if text.is_empty() || text.len() > 64 {
            Err("must have 1 to 64 characters")
        } else if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Err("may have letters and digits only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// WeChat Pay's number of a recharge (微信支付充值单号).
    pub struct RechargeId("recharge_id", max = 64, |text| {
        if text.len() > 64 {
            Err("must have at most 64 characters")
        } else if !visible(text) {
            Err("must be visible ASCII")
        } else {
            Ok(())
        }
    });
}
