//! Money that lies at the platform: balances (余额) and withdrawals (提现), of a platform and of its sub-merchants.
//!
//! The same `out_request_no` is the same withdrawal. While the response is `INIT`, or lost, repeat it under its number; a new
//! number would withdraw twice.
//!
//! Pages: 查询二级商户账户实时余额, 查询二级商户账户日终余额, 查询平台账户实时余额, 查询平台账户日终余额, 二级商户预约提现, 平台预约提现,
//! 二级商户按日终余额预约提现 and their queries, 商户提现状态变更通知.

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
