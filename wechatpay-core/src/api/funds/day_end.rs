//! Withdrawing what lay there at the end of a day.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::AccountType;
use crate::types::{DateTime, Fen, Mchid, Redacted, WithdrawId, WithdrawRequestNo};

/// Rule for a balance that is lower than at the end of the day (计算提现金额方式).
#[open_enum]
pub enum CalculateAmountType {
    /// Nothing.
    OnlyDayEndBalance = "ONLY_DAY_END_BALANCE",
    /// Amount that is left.
    AllowCurrentBalance = "ALLOW_CURRENT_BALANCE",
}

/// State of such a withdrawal (单据状态).
#[open_enum]
pub enum DayEndStatus {
    /// Accepted.
    Created = "CREATED",
    /// Under way.
    Processing = "PROCESSING",
    /// Done; look at the amounts for how.
    Finished = "FINISHED",
    /// It could not be done.
    Abnormal = "ABNORMAL",
}

/// Withdraws what a sub-merchant had at the end of the day before (二级商户按日终余额预约提现):
/// `POST /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw`.
///
/// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw",
    response = DayEndWithdrawal, idempotency = ByNumber, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "The day's balance of `sub_mchid`.")]
#[non_exhaustive]
pub struct WithdrawDayEndBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The platform's own number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Rule for a balance that is lower by now.
    pub calculate_amount_type: CalculateAmountType,
    /// A remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text that the bank shows, up to 32 characters.
    pub bank_memo: Option<String>,
    /// Address for the notification, up to 256 characters.
    pub notify_url: Option<String>,
    /// Amount that stays in the account, in fen.
    pub reserve_amount: Option<Fen>,
}

/// Queries such a withdrawal (查询二级商户按日终余额预约提现状态), for 90 days:
/// `GET /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}",
    response = DayEndWithdrawal, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "The withdrawal `out_request_no` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryDayEndWithdrawal {
    /// The caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// A withdrawal of a day's balance: the response to withdrawing and asking, and what a notification holds.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DayEndWithdrawal {
    /// The platform's number of it.
    pub withdraw_id: WithdrawId,
    /// The caller's number of it.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen.
    pub total_amount: Fen,
    /// Its state.
    pub status: DayEndStatus,
    /// The platform.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant.
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
    /// Amount that reached the bank, in fen.
    pub success_amount: Option<Fen>,
    /// Amount that failed, in fen.
    pub fail_amount: Option<Fen>,
    /// Amount that the bank gave back, in fen.
    pub refund_amount: Option<Fen>,
}
