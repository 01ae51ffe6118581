//! Withdrawal of a sub-merchant's end-of-day balance.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::AccountType;
use crate::types::{DateTime, Fen, Mchid, Redacted, WithdrawId, WithdrawRequestNo};

/// Rule for a balance below the end-of-day balance (计算提现金额方式).
#[open_enum]
pub enum CalculateAmountType {
    /// Withdraws nothing.
    OnlyDayEndBalance = "ONLY_DAY_END_BALANCE",
    /// Withdraws the remaining balance.
    AllowCurrentBalance = "ALLOW_CURRENT_BALANCE",
}

/// State of an end-of-day withdrawal (单据状态).
#[open_enum]
pub enum DayEndStatus {
    /// Accepted.
    Created = "CREATED",
    /// In progress.
    Processing = "PROCESSING",
    /// Finished; the amounts state the outcome.
    Finished = "FINISHED",
    /// Not executed because of an error.
    Abnormal = "ABNORMAL",
}

/// Withdraws a sub-merchant's balance of the previous day (二级商户按日终余额预约提现).
///
/// `POST /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw`.
///
/// Safe to retry unchanged: the same `out_request_no` is the same withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw",
    response = DayEndWithdrawal, idempotency = ByNumber, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates a withdrawal of the end-of-day balance of `sub_mchid`.")]
#[non_exhaustive]
pub struct WithdrawDayEndBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Rule for a balance that is lower by now.
    pub calculate_amount_type: CalculateAmountType,
    /// Remark, up to 56 characters.
    pub remark: Option<String>,
    /// Text on the bank statement, up to 32 characters.
    pub bank_memo: Option<String>,
    /// Notification URL, up to 256 characters.
    pub notify_url: Option<String>,
    /// Amount that stays in the account, in fen.
    pub reserve_amount: Option<Fen>,
}

/// Queries an end-of-day withdrawal (查询二级商户按日终余额预约提现状态).
///
/// `GET /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}`.
///
/// Available for 90 days.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}",
    response = DayEndWithdrawal, echo(out_request_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the withdrawal `out_request_no` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryDayEndWithdrawal {
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// An end-of-day withdrawal: response to request and query, and notification resource.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DayEndWithdrawal {
    /// WeChat Pay's number of the withdrawal.
    pub withdraw_id: WithdrawId,
    /// Caller's number of the withdrawal.
    pub out_request_no: WithdrawRequestNo,
    /// Amount in fen.
    pub total_amount: Fen,
    /// State of the withdrawal.
    pub status: DayEndStatus,
    /// The e-commerce platform.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant.
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
    /// Amount credited at the bank, in fen.
    pub success_amount: Option<Fen>,
    /// Failed amount, in fen.
    pub fail_amount: Option<Fen>,
    /// Amount returned by the bank, in fen.
    pub refund_amount: Option<Fen>,
}
