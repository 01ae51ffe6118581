//! Withdrawal of an amount to the bank.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::AccountType;
use crate::types::{DateTime, Fen, Mchid, Redacted, WithdrawId, WithdrawRequestNo};

/// State of a withdrawal (提现单状态).
#[open_enum]
pub enum WithdrawStatus {
    /// Accepted.
    CreateSuccess = "CREATE_SUCCESS",
    /// Credited at the bank.
    Success = "SUCCESS",
    /// Failed.
    Fail = "FAIL",
    /// Returned by the bank.
    Refund = "REFUND",
    /// Closed.
    Close = "CLOSE",
    /// Outcome unknown: send the request again under its number.
    Init = "INIT",
}

/// Withdraws from a sub-merchant's account to its bank (二级商户预约提现).
///
/// `POST /v3/ecommerce/fund/withdraw`.
///
/// Safe to retry unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/fund/withdraw",
    response = AcceptedWithdrawal, idempotency = ByNumber, echo(sub_mchid, out_request_no)
)]
#[request(new = "Creates a withdrawal of `amount` from the account of `sub_mchid`.")]
#[non_exhaustive]
pub struct WithdrawForSub {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen, at most 800 million yuan.
    pub amount: Fen,
    /// Remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text on the bank statement, up to 32 characters.
    pub bank_memo: Option<String>,
    /// Debited account.
    pub account_type: Option<AccountType>,
    /// Notification URL, up to 256 characters.
    pub notify_url: Option<String>,
}

/// Withdraws from the caller's own account to its bank (平台预约提现).
///
/// `POST /v3/merchant/fund/withdraw`.
///
/// Safe to retry unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant/fund/withdraw",
    response = AcceptedWithdrawal, idempotency = ByNumber, echo_if_present(out_request_no)
)]
#[request(new = "Creates a withdrawal of `amount` from this account.")]
#[non_exhaustive]
pub struct Withdraw {
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen, at most 800 million yuan.
    pub amount: Fen,
    /// Debited account.
    pub account_type: AccountType,
    /// Remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text on the bank statement, up to 32 characters.
    pub bank_memo: Option<String>,
    /// Notification URL, up to 256 characters.
    pub notify_url: Option<String>,
}

/// An accepted withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AcceptedWithdrawal {
    /// WeChat Pay's number of the withdrawal.
    pub withdraw_id: WithdrawId,
    /// Sub-merchant; absent in the caller's own withdrawals.
    pub sub_mchid: Option<Mchid>,
    /// Caller's number of the withdrawal.
    pub out_request_no: Option<WithdrawRequestNo>,
    /// Debited account.
    pub account_type: Option<AccountType>,
}

/// Queries a sub-merchant's withdrawal by the caller's number (查询二级商户提现状态).
///
/// `GET /v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}",
    response = Withdrawal, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the withdrawal `out_request_no` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubWithdrawal {
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries a sub-merchant's withdrawal by WeChat Pay's number (查询二级商户提现状态).
///
/// `GET /v3/ecommerce/fund/withdraw/{withdraw_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/withdraw/{withdraw_id}",
    response = Withdrawal, echo(withdraw_id), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the withdrawal `withdraw_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubWithdrawalById {
    /// WeChat Pay's number of the withdrawal.
    pub withdraw_id: WithdrawId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries the caller's own withdrawal by its own number (查询平台提现状态).
///
/// `GET /v3/merchant/fund/withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant/fund/withdraw/out-request-no/{out_request_no}",
    response = Withdrawal, echo(out_request_no)
)]
#[request(new = "Creates the request for the withdrawal `out_request_no`.")]
#[non_exhaustive]
pub struct QueryWithdrawal {
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
}

/// Queries the caller's own withdrawal by WeChat Pay's number (查询平台提现状态).
///
/// `GET /v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}",
    response = Withdrawal, echo(withdraw_id)
)]
#[request(new = "Creates the request for the withdrawal `withdraw_id`.")]
#[non_exhaustive]
pub struct QueryWithdrawalById {
    /// WeChat Pay's number of the withdrawal.
    pub withdraw_id: WithdrawId,
}

/// A withdrawal: response to a query and resource of a notification.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Withdrawal {
    /// WeChat Pay's number of the withdrawal.
    pub withdraw_id: WithdrawId,
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen.
    pub amount: Fen,
    /// State of the withdrawal.
    pub status: WithdrawStatus,
    /// The e-commerce platform; absent in its own withdrawals.
    pub sp_mchid: Option<Mchid>,
    /// Sub-merchant; absent in the caller's own withdrawals.
    pub sub_mchid: Option<Mchid>,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
    /// Failure reason.
    pub reason: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// Text on the bank statement.
    pub bank_memo: Option<String>,
    /// Debited account.
    pub account_type: Option<AccountType>,
    /// Last four digits of the bank account.
    pub account_number: Option<Redacted>,
    /// Name of the bank.
    pub account_bank: Option<String>,
    /// Full bank name with its branch.
    pub bank_name: Option<String>,
    /// Suggested remedy after a failure; only in the caller's own withdrawals.
    pub solution: Option<String>,
}
