//! Balances, now and at the end of a day.

use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{BillDate, Fen, Mchid},
};

open_enum! {
    /// An account at the platform (账户类型).
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
}

request! {
    /// Queries the balance of a sub-merchant now (查询二级商户账户实时余额): `GET /v3/ecommerce/fund/balance/{sub_mchid}`.
    pub struct QuerySubBalance {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        optional {
            /// Which account; `BASIC` when left out.
            account_type: AccountType,
        }
    }
    /// The balance of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/fund/balance/{sub_mchid}" for QuerySubBalance -> SubBalance {
        path: [sub_mchid],
        query: [account_type],
        repeats: [sub_mchid],
        may_repeat: [account_type],
    }
}

request! {
    /// Queries the balance of a sub-merchant at the end of a day (查询二级商户账户日终余额):
    /// `GET /v3/ecommerce/fund/enddaybalance/{sub_mchid}`.
    ///
    /// From 10:00 of the next day, for 90 days.
    pub struct QuerySubDayEndBalance {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The day.
            date: BillDate,
        }
        optional {
            /// Which account: `BASIC` or `DEPOSIT`.
            account_type: AccountType,
        }
    }
    /// The balance of `sub_mchid` at the end of `date`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/fund/enddaybalance/{sub_mchid}" for QuerySubDayEndBalance -> SubBalance {
        path: [sub_mchid],
        query: [date, account_type],
        repeats: [sub_mchid],
        may_repeat: [account_type],
    }
}

response! {
    /// The balance of a sub-merchant, in fen.
    pub struct SubBalance {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        texts {
            /// Which account.
            account_type: AccountType,
        }
        parts {
            /// What cannot be used yet.
            pending_amount: Fen,
            /// Available balance in fen.
            available_amount: Fen,
        }
    }
}

request! {
    /// Queries the platform's own balance now (查询平台账户实时余额): `GET /v3/merchant/fund/balance/{account_type}`.
    pub struct QueryBalance {
        required {
            /// Which account: `BASIC`, `OPERATION` or `FEES`.
            account_type: AccountType,
        }
    }
    /// The balance of this account.
    new
}

endpoint! {
    impl GET "/v3/merchant/fund/balance/{account_type}" for QueryBalance -> Balance {
        path: [account_type],
    }
}

request! {
    /// Queries the platform's own balance at the end of a day (查询平台账户日终余额):
    /// `GET /v3/merchant/fund/dayendbalance/{account_type}`.
    pub struct QueryDayEndBalance {
        required {
            /// Which account: `BASIC`, `OPERATION` or `FEES`.
            account_type: AccountType,
            /// The day.
            date: BillDate,
        }
    }
    /// The balance of this account at the end of `date`.
    new
}

endpoint! {
    impl GET "/v3/merchant/fund/dayendbalance/{account_type}" for QueryDayEndBalance -> Balance {
        path: [account_type],
        query: [date],
    }
}

response! {
    /// The platform's own balance, in fen.
    pub struct Balance {
        parts {
            /// What cannot be used yet.
            pending_amount: Fen,
            /// Available balance in fen.
            available_amount: Fen,
        }
    }
}
