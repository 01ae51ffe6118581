//! Numbers of transfers.

use crate::types::string_id::{string_id, visible};

string_id! {
    /// Platform's number of a transfer (商户单号): 1 to 32 letters and digits.
    pub struct OutBillNo("out_bill_no", max = 64, |text| {
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
    /// WeChat Pay's number of a transfer (微信转账单号).
    pub struct TransferBillNo("transfer_bill_no", max = 64, |text| {
        if text.len() > 64 {
            Err("must have at most 64 characters")
        } else if !visible(text) {
            Err("must be visible ASCII")
        } else {
            Ok(())
        }
    });
}
