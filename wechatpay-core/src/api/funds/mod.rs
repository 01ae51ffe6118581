//! Balances (余额) and withdrawals (提现) of an e-commerce platform and its sub-merchants.
//!
//! The same `out_request_no` is the same withdrawal. While the state is `INIT`, or if the response was lost, send the
//! request again under its number; a new number would withdraw twice.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::funds::{AcceptedWithdrawal, QuerySubBalance, SubBalance, WithdrawForSub};
//! use wechatpay_core::types::{Fen, Mchid};
//!
//! let sub_mchid: Mchid = "1900000109".parse()?;
//! let query = QuerySubBalance::new(sub_mchid.clone());
//! let balance: SubBalance = serde_json::from_str(r#"{"sub_mchid":"1900000109","available_amount":5000}"#)?;
//!
//! let amount = balance.available_amount.unwrap_or(Fen::ZERO);
//! let withdraw = WithdrawForSub::new(sub_mchid, "WITHDRAW0001".parse()?, amount).bank_memo("June");
//! let accepted: AcceptedWithdrawal = serde_json::from_str(r#"{"withdraw_id":"123219371982379"}"#)?;
//! // `QuerySubWithdrawal` or the notification states the outcome.
//! # assert_eq!(serde_json::to_value(&withdraw)?["amount"], 5000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询二级商户账户实时余额, 查询二级商户账户日终余额, 查询平台账户实时余额, 查询平台账户日终余额,
//! 二级商户预约提现, 平台预约提现, 二级商户按日终余额预约提现 and their queries, 商户提现状态变更通知.

mod balance;
mod day_end;
mod notice;
mod withdraw;

pub use balance::{
    AccountType, Balance, QueryBalance, QueryDayEndBalance, QuerySubBalance, QuerySubDayEndBalance,
    SubBalance,
};
pub use day_end::{
    CalculateAmountType, DayEndStatus, DayEndWithdrawal, QueryDayEndWithdrawal, WithdrawDayEndBalance,
};
pub use notice::WithdrawalNotice;
pub use withdraw::{
    AcceptedWithdrawal, QuerySubWithdrawal, QuerySubWithdrawalById, QueryWithdrawal, QueryWithdrawalById,
    Withdraw, WithdrawForSub, WithdrawStatus, Withdrawal,
};
