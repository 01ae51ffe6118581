//! Numbers of contracts and settlements.

use crate::types::string_id::{string_id, visible};

/// Checks a number whose length and alphabet are the platform's to check.
fn number(text: &str) -> Result<(), &'static str> {
    if text.len() > 128 {
        Err("must have at most 128 characters")
    } else if !visible(text) {
        Err("must be visible ASCII")
    } else {
        Ok(())
    }
}

string_id! {
    /// E-commerce platform's number of a contract with a person (业务申请单号).
    pub struct OutContractCode("out_contract_code", max = 128, number);
}

string_id! {
    /// E-commerce platform's number of a batch of settlements (商户结算批次单号).
    ///
    /// The same number is the same batch; a new one may pay again.
    pub struct OutSettleBatchNo("out_settle_batch_no", max = 128, number);
}

string_id! {
    /// WeChat Pay's number of a batch of settlements (微信支付结算批次单号).
    pub struct SettleBatchNo("settle_batch_no", max = 128, number);
}

string_id! {
    /// E-commerce platform's number of an instruction for an abnormal batch (商户异常结算批次单号).
    pub struct OutAbnormalSettleBatchNo("out_abnormal_settle_batch_no", max = 128, number);
}
