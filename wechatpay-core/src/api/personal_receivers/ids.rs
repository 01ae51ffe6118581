//! Numbers of contracts and settlements.

use crate::types::{ids::platform_number, string_id::string_id};

/// Checks a number whose length and alphabet are the platform's to check.
fn number(text: &str) -> Result<(), &'static str> {
    platform_number(text, 128, "must have at most 128 characters")
}

string_id! {
    /// E-commerce platform's number of a contract with a person (业务申请单号).
    pub struct OutContractCode("out_contract_code", max = 128, number);
}

string_id! {
    /// E-commerce platform's number of a batch of settlements (商户结算批次单号).
    ///
    /// A new number may pay again.
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
