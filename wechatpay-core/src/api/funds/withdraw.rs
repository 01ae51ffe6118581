//! Withdrawing an amount to the bank.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::AccountType;
use crate::types::{DateTime, Fen, Mchid, Redacted, WithdrawId, WithdrawRequestNo};

/// State of a withdrawal (提现单状态).
#[open_enum]
pub enum WithdrawStatus {
    /// Accepted.
    CreateSuccess = "CREATE_SUCCESS",
    /// The bank has the money.
    Success = "SUCCESS",
    /// It failed.
    Fail = "FAIL",
    /// The bank gave the money back.
    Refund = "REFUND",
    /// Closed.
    Close = "CLOSE",
    /// Not known yet: repeat it under its number.
    Init = "INIT",
}

/// Withdraws from a sub-merchant's account to its bank (二级商户预约提现): `POST /v3/ecommerce/fund/withdraw`.
///
/// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/fund/withdraw",
    response = AcceptedWithdrawal, idempotency = ByNumber, echo(sub_mchid, out_request_no)
)]
#[request(new = "`amount` fen of `sub_mchid`.")]
#[non_exhaustive]
pub struct WithdrawForSub {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The platform's own number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen, at most 800 million yuan.
    pub amount: Fen,
    /// A remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text that the bank shows, up to 32 characters.
    pub bank_memo: Option<String>,
    /// From which account.
    pub account_type: Option<AccountType>,
    /// Address for the notification, up to 256 characters.
    pub notify_url: Option<String>,
}

/// Withdraws from the platform's own account to its bank (平台预约提现): `POST /v3/merchant/fund/withdraw`.
///
/// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant/fund/withdraw",
    response = AcceptedWithdrawal, idempotency = ByNumber, echo_if_present(out_request_no)
)]
#[request(new = "`amount` fen of this account.")]
#[non_exhaustive]
pub struct Withdraw {
    /// The platform's own number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen, at most 800 million yuan.
    pub amount: Fen,
    /// From which account.
    pub account_type: AccountType,
    /// A remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text that the bank shows, up to 32 characters.
    pub bank_memo: Option<String>,
    /// Address for the notification, up to 256 characters.
    pub notify_url: Option<String>,
}

/// A withdrawal that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AcceptedWithdrawal {
    /// The platform's number of it.
    pub withdraw_id: WithdrawId,
    /// The sub-merchant; absent for the platform itself.
    pub sub_mchid: Option<Mchid>,
    /// The caller's number of it.
    pub out_request_no: Option<WithdrawRequestNo>,
    /// From which account.
    pub account_type: Option<AccountType>,
}

/// Queries a sub-merchant's withdrawal by the caller's number (查询二级商户提现状态):
/// `GET /v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}",
    response = Withdrawal, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "The withdrawal `out_request_no` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubWithdrawal {
    /// The caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries a sub-merchant's withdrawal by the platform's number (查询二级商户提现状态):
/// `GET /v3/ecommerce/fund/withdraw/{withdraw_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/withdraw/{withdraw_id}",
    response = Withdrawal, echo(withdraw_id), echo_if_present(sub_mchid)
)]
#[request(new = "The withdrawal `withdraw_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubWithdrawalById {
    /// The platform's number of the withdrawal.
    pub withdraw_id: WithdrawId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries the platform's own withdrawal by the caller's number (查询平台提现状态):
/// `GET /v3/merchant/fund/withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant/fund/withdraw/out-request-no/{out_request_no}",
    response = Withdrawal, echo(out_request_no)
)]
#[request(new = "The withdrawal `out_request_no`.")]
#[non_exhaustive]
pub struct QueryWithdrawal {
    /// The caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
}

/// Queries the platform's own withdrawal by the platform's number (查询平台提现状态):
/// `GET /v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}",
    response = Withdrawal, echo(withdraw_id)
)]
#[request(new = "The withdrawal `withdraw_id`.")]
#[non_exhaustive]
pub struct QueryWithdrawalById {
    /// The platform's number of the withdrawal.
    pub withdraw_id: WithdrawId,
}

/// A withdrawal at the platform: the response of a query, and what a notification holds.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Withdrawal {
    /// The platform's number of it.
    pub withdraw_id: WithdrawId,
    /// The caller's number of it.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Its state.
    pub status: WithdrawStatus,
    /// The platform; absent in its own withdrawals.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant; absent in the platform's own withdrawals.
    pub sub_mchid: Option<Mchid>,
    /// When it was accepted.
    pub create_time: Option<DateTime>,
    /// When the state changed last.
    pub update_time: Option<DateTime>,
    /// Why it failed.
    pub reason: Option<String>,
    /// The remark.
    pub remark: Option<String>,
    /// Text that the bank shows.
    pub bank_memo: Option<String>,
    /// From which account.
    pub account_type: Option<AccountType>,
    /// The last four digits of the bank account.
    pub account_number: Option<Redacted>,
    /// The bank.
    pub account_bank: Option<String>,
    /// Full name of the bank with its branch.
    pub bank_name: Option<String>,
    /// The remedy after it failed; only of the platform's own.
    pub solution: Option<String>,
}
