//! Recharges of a sub-merchant: application, query and close.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::{OutRechargeNo, RechargeId};
use crate::{
    api::funds::AccountType,
    types::{Currency, DateTime, Fen, Mchid, Openid, Redacted},
};

/// Scene of a recharge (充值场景).
#[open_enum]
pub enum RechargeScene {
    /// Deposit of a sub-merchant.
    Deposit = "ECOMMERCE_DEPOSIT",
    /// Operating funds of a sub-merchant.
    Payment = "ECOMMERCE_PAYMENT",
    /// Account of the platform, by bank transfer.
    BankTransfer = "ECOMMERCE_BANK_TRANSFER",
}

/// State of a recharge (充值状态).
#[open_enum]
pub enum RechargeState {
    /// Credited.
    Success = "SUCCESS",
    /// Waits for the money.
    Recharging = "RECHARGING",
    /// Closed without a credit.
    Closed = "CLOSED",
}

/// Way of the money (充值渠道).
#[open_enum]
pub enum RechargeChannel {
    /// Bank transfer.
    BankTransfer = "BANK_TRANSFER",
    /// Code that an employee scans.
    Qr = "QR_RECHARGE",
    /// Online bank.
    OnlineBank = "ONLINE_BANK",
}

/// Kind of online bank (网银类型).
#[open_enum]
pub enum OnlineBankType {
    /// Of a company.
    Corporate = "ONLINE_BANK_TYPE_CORPORATE",
    /// Of a person.
    Personal = "ONLINE_BANK_TYPE_PERSONAL",
}

/// Role of the person who scanned the code (员工类型).
#[open_enum]
pub enum EmployeeType {
    /// Administrator.
    Admin = "ADMIN",
    /// Employee.
    Staff = "STAFF",
    /// Legal representative.
    LegalPerson = "LEGAL_PERSON",
}

/// Amount of a recharge (充值金额).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct RechargeAmount {
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Currency.
    pub currency: Option<Currency>,
}

/// Applies for a recharge of a sub-merchant (申请二级商户充值).
///
/// `POST /v3/platsolution/ecommerce/recharges/apply`.
///
/// Safe to retry unchanged: the same `out_recharge_no` is the same recharge.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/recharges/apply",
    response = Applied, idempotency = ByNumber, echo(out_recharge_no)
)]
#[request(new = "Creates the application for an account of `sub_mchid`.")]
#[non_exhaustive]
pub struct Apply {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// Scene: `ECOMMERCE_DEPOSIT` or `ECOMMERCE_PAYMENT`.
    pub recharge_scene: RechargeScene,
    /// Account, as the scene allows: `DEPOSIT` or `OPERATION`.
    pub account_type: AccountType,
    /// Amount.
    pub recharge_amount: RechargeAmount,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// Ways that the page offers; all if omitted.
    pub available_recharge_channels: Option<Vec<RechargeChannel>>,
    /// Remark.
    pub remark: Option<String>,
}

/// A recharge that was applied for.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Applied {
    /// WeChat Pay's number of the recharge.
    pub recharge_id: RechargeId,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// Address of the page for the sub-merchant, valid for seven days.
    pub recharge_url: Option<String>,
}

/// Queries a recharge (查询二级商户充值结果).
///
/// `GET /v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}",
    response = Recharge, echo(out_recharge_no, sub_mchid)
)]
#[request(new = "Creates the request for a recharge of `sub_mchid`.")]
#[non_exhaustive]
pub struct Query {
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Closes a recharge that waits for its money (关闭二级商户充值).
///
/// `POST /v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}/close`.
///
/// Safe to retry unchanged: a closed recharge stays closed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}/close",
    response = Recharge, idempotency = ByNumber, echo(out_recharge_no, sub_mchid)
)]
#[request(new = "Creates the request for a recharge of `sub_mchid`.")]
#[non_exhaustive]
pub struct Close {
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// The sub-merchant.
    #[request(query)]
    pub sub_mchid: Mchid,
}

/// A recharge of a sub-merchant.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Recharge {
    /// The platform merchant.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
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
    /// Way of the money.
    pub recharge_channel: Option<RechargeChannel>,
    /// Account.
    pub account_type: Option<AccountType>,
    /// Scene.
    pub recharge_scene: Option<RechargeScene>,
    /// Payment by bank transfer.
    pub bank_transfer_info: Option<BankTransferInfo>,
    /// Payment with a code.
    pub qr_recharge_info: Option<QrInfo>,
    /// Payment by online bank.
    pub online_bank_recharge_info: Option<OnlineBankInfo>,
    /// Time of the application.
    pub accept_time: Option<DateTime>,
    /// Time of the credit.
    pub success_time: Option<DateTime>,
    /// Time of the close.
    pub close_time: Option<DateTime>,
    /// Ways that the page offers.
    pub available_recharge_channels: Vec<RechargeChannel>,
}

/// A payment by bank transfer (转账充值的付款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BankTransferInfo {
    /// Bank's number of the transfer.
    pub bill_no: Option<String>,
    /// Postscript of the transfer.
    pub memo: Option<String>,
    /// Time of the return, if the money went back.
    pub return_time: Option<DateTime>,
    /// Reason of the return.
    pub return_reason: Option<String>,
    /// Bank of the payer.
    pub bank_name: Option<String>,
    /// Last digits of the payer's account.
    pub bank_card_tail: Option<Redacted>,
    /// Name of the payer's account.
    pub bank_account_name: Option<Redacted>,
}

/// A payment with a code (扫码充值的付款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct QrInfo {
    /// Person who paid.
    pub openid: Option<Openid>,
    /// Role of this person.
    pub employee_type: Option<EmployeeType>,
}

/// A payment by online bank (网银充值的付款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct OnlineBankInfo {
    /// Bank's number of the payment.
    pub bill_no: Option<String>,
    /// Time of the return, if the money went back.
    pub return_time: Option<DateTime>,
    /// Reason of the return.
    pub return_reason: Option<String>,
    /// Bank of the payer.
    pub bank_name: Option<String>,
    /// Kind of online bank.
    pub online_bank_type: Option<OnlineBankType>,
    /// Last digits of the payer's account.
    pub bank_card_tail: Option<Redacted>,
    /// Name of the payer's account.
    pub bank_account_name: Option<Redacted>,
}
