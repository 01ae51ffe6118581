//! Numbers of transfers and authorisations.

use crate::types::string_id::{string_id, visible};

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

/// Checks a WeChat Pay number: visible characters, up to 64.
fn platform_number(text: &str) -> Result<(), &'static str> {
    if text.len() > 64 {
        Err("must have at most 64 characters")
    } else if !visible(text) {
        Err("must be visible ASCII")
    } else {
        Ok(())
    }
}

string_id! {
    /// Merchant's number of a transfer (商户单号): 1 to 32 letters and digits.
    pub struct OutBillNo("out_bill_no", max = 64, merchant_number);
}

string_id! {
    /// WeChat Pay's number of a transfer (微信转账单号).
    pub struct TransferBillNo("transfer_bill_no", max = 64, platform_number);
}

string_id! {
    /// Merchant's number of an authorisation (商户侧授权单号): 1 to 32 letters and digits.
    pub struct OutAuthorizationNo("out_authorization_no", max = 64, merchant_number);
}
