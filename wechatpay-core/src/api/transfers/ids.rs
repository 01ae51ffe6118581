//! Numbers of transfers and authorisations.

use crate::types::{
    ids::{plain_number, platform_number},
    string_id::string_id,
};

string_id! {
    /// Merchant's number of a transfer (商户单号): 1 to 32 letters and digits.
    pub struct OutBillNo("out_bill_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a transfer (微信转账单号).
    pub struct TransferBillNo("transfer_bill_no", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// Merchant's number of an authorisation (商户侧授权单号): 1 to 32 letters and digits.
    pub struct OutAuthorizationNo("out_authorization_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}
