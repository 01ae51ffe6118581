//! Balances: real-time and end of day.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{BillDate, Fen, Mchid};

/// Account at WeChat Pay (账户类型).
#[open_enum]
pub enum AccountType {
    /// Basic account (基本账户).
    Basic = "BASIC",
    /// Operating account (运营账户).
    Operation = "OPERATION",
    /// Fee account (手续费账户).
    Fees = "FEES",
    /// Deposit account (担保户).
    Deposit = "DEPOSIT",
}

/// Queries a sub-merchant's real-time balance (查询二级商户账户实时余额).
///
/// `GET /v3/ecommerce/fund/balance/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/balance/{sub_mchid}",
    response = SubBalance, echo(sub_mchid), echo_if_present(account_type)
)]
#[request(new = "Creates the request for the balance of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Account; `BASIC` if omitted.
    pub account_type: Option<AccountType>,
}

/// Queries a sub-merchant's end-of-day balance (查询二级商户账户日终余额).
///
/// `GET /v3/ecommerce/fund/enddaybalance/{sub_mchid}`.
///
/// Available from 10:00 of the next day for 90 days.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/enddaybalance/{sub_mchid}",
    response = SubBalance, echo(sub_mchid), echo_if_present(account_type)
)]
#[request(new = "Creates the request for the balance of `sub_mchid` at the end of `date`.")]
#[non_exhaustive]
pub struct QuerySubDayEndBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Day, in Beijing time.
    pub date: BillDate,
    /// Account: `BASIC` or `DEPOSIT`.
    pub account_type: Option<AccountType>,
}

/// Balance of a sub-merchant, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Account.
    pub account_type: Option<AccountType>,
    /// Pending amount in fen, not available yet.
    pub pending_amount: Option<Fen>,
    /// Available balance in fen.
    pub available_amount: Option<Fen>,
}

/// Queries the caller's own real-time balance (查询平台账户实时余额).
///
/// `GET /v3/merchant/fund/balance/{account_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/balance/{account_type}", response = Balance)]
#[request(new = "Creates the request for the balance of this account.")]
#[non_exhaustive]
pub struct QueryBalance {
    /// Account: `BASIC`, `OPERATION` or `FEES`.
    pub account_type: AccountType,
}

/// Queries the caller's own end-of-day balance (查询平台账户日终余额).
///
/// `GET /v3/merchant/fund/dayendbalance/{account_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/dayendbalance/{account_type}", response = Balance)]
#[request(new = "Creates the request for the balance of this account at the end of `date`.")]
#[non_exhaustive]
pub struct QueryDayEndBalance {
    /// Account: `BASIC`, `OPERATION` or `FEES`.
    pub account_type: AccountType,
    /// Day, in Beijing time.
    pub date: BillDate,
}

/// Balance of the caller's own account, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Balance {
    /// Pending amount in fen, not available yet.
    pub pending_amount: Option<Fen>,
    /// Available balance in fen.
    pub available_amount: Option<Fen>,
}
