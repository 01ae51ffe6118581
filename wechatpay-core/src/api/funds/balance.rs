//! Balances, now and at the end of a day.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{BillDate, Fen, Mchid};

/// An account at the platform (账户类型).
#[open_enum]
pub enum AccountType {
    /// The basic account (基本账户).
    Basic = "BASIC",
    /// The operating account (运营账户).
    Operation = "OPERATION",
    /// The account for fees (手续费账户).
    Fees = "FEES",
    /// The deposit (担保户).
    Deposit = "DEPOSIT",
}

/// Queries the balance of a sub-merchant now (查询二级商户账户实时余额): `GET /v3/ecommerce/fund/balance/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/balance/{sub_mchid}",
    response = SubBalance, echo(sub_mchid), echo_if_present(account_type)
)]
#[request(new = "The balance of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySubBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Which account; `BASIC` when left out.
    pub account_type: Option<AccountType>,
}

/// Queries the balance of a sub-merchant at the end of a day (查询二级商户账户日终余额):
/// `GET /v3/ecommerce/fund/enddaybalance/{sub_mchid}`.
///
/// From 10:00 of the next day, for 90 days.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/fund/enddaybalance/{sub_mchid}",
    response = SubBalance, echo(sub_mchid), echo_if_present(account_type)
)]
#[request(new = "The balance of `sub_mchid` at the end of `date`.")]
#[non_exhaustive]
pub struct QuerySubDayEndBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The day.
    pub date: BillDate,
    /// Which account: `BASIC` or `DEPOSIT`.
    pub account_type: Option<AccountType>,
}

/// The balance of a sub-merchant, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubBalance {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Which account.
    pub account_type: Option<AccountType>,
    /// Amount that cannot be used yet.
    pub pending_amount: Option<Fen>,
    /// Available balance in fen.
    pub available_amount: Option<Fen>,
}

/// Queries the platform's own balance now (查询平台账户实时余额): `GET /v3/merchant/fund/balance/{account_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/balance/{account_type}", response = Balance)]
#[request(new = "The balance of this account.")]
#[non_exhaustive]
pub struct QueryBalance {
    /// Which account: `BASIC`, `OPERATION` or `FEES`.
    pub account_type: AccountType,
}

/// Queries the platform's own balance at the end of a day (查询平台账户日终余额):
/// `GET /v3/merchant/fund/dayendbalance/{account_type}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant/fund/dayendbalance/{account_type}", response = Balance)]
#[request(new = "The balance of this account at the end of `date`.")]
#[non_exhaustive]
pub struct QueryDayEndBalance {
    /// Which account: `BASIC`, `OPERATION` or `FEES`.
    pub account_type: AccountType,
    /// The day.
    pub date: BillDate,
}

/// The platform's own balance, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Balance {
    /// Amount that cannot be used yet.
    pub pending_amount: Option<Fen>,
    /// Available balance in fen.
    pub available_amount: Option<Fen>,
}
