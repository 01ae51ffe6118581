//! Recharges of the platform's own accounts by bank transfer.

use wechatpay_macros::{Endpoint, Response};

use super::{BankTransferInfo, OutRechargeNo, RechargeAmount, RechargeId, RechargeScene, RechargeState};
use crate::{
    api::funds::AccountType,
    types::{DateTime, Mchid, Redacted},
};

/// Applies for a recharge by bank transfer (申请银行转账充值).
///
/// `POST /v3/platsolution/ecommerce/bank-transfer-recharges/apply`.
///
/// Safe to retry unchanged: the same `out_recharge_no` is the same recharge.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/bank-transfer-recharges/apply",
    response = AppliedBankTransfer, idempotency = ByNumber, echo(out_recharge_no)
)]
#[request(new = "Creates the application for an account of the platform.")]
#[non_exhaustive]
pub struct ApplyBankTransfer {
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// Scene: `ECOMMERCE_BANK_TRANSFER`.
    pub recharge_scene: RechargeScene,
    /// Account: `BASIC`, `OPERATION` or `FEES`.
    pub account_type: AccountType,
    /// Amount.
    pub recharge_amount: RechargeAmount,
}

/// A recharge that waits for a bank transfer.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AppliedBankTransfer {
    /// WeChat Pay's number of the recharge.
    pub recharge_id: RechargeId,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// Bank account to which the money is sent.
    pub transfer_in_account: Option<TransferInAccount>,
}

/// Bank account to which the money is sent (充值目标账户).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct TransferInAccount {
    /// Bank.
    pub bank_name: Option<String>,
    /// Code of the bank's province and city.
    pub bank_address_code: Option<String>,
    /// Code of the bank.
    pub bank_code: Option<String>,
    /// Name of the account.
    pub bank_account_name: Option<Redacted>,
    /// Number of the account.
    pub bank_account_no: Option<Redacted>,
}

/// Queries a recharge by bank transfer (查询银行转账充值结果).
///
/// `GET /v3/platsolution/ecommerce/bank-transfer-recharges/out-recharge-no/{out_recharge_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/bank-transfer-recharges/out-recharge-no/{out_recharge_no}",
    response = BankTransferRecharge, echo(out_recharge_no)
)]
#[request(new = "Creates the request for the recharge `out_recharge_no`.")]
#[non_exhaustive]
pub struct QueryBankTransfer {
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
}

/// A recharge by bank transfer.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BankTransferRecharge {
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// WeChat Pay's number of the recharge.
    pub recharge_id: RechargeId,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// State.
    #[response(required)]
    pub recharge_state: RechargeState,
    /// Description of the state.
    pub recharge_state_desc: Option<String>,
    /// Amount.
    pub recharge_amount: RechargeAmount,
    /// Account.
    pub account_type: Option<AccountType>,
    /// Scene.
    pub recharge_scene: Option<RechargeScene>,
    /// Payment.
    pub bank_transfer_info: Option<BankTransferInfo>,
    /// Time of the application.
    pub accept_time: Option<DateTime>,
    /// Time of the credit.
    pub success_time: Option<DateTime>,
    /// Time of the close.
    pub close_time: Option<DateTime>,
}
