//! Withdrawing an amount to the bank.

use super::AccountType;
use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{DateTime, Fen, Mchid, PrivateText, WithdrawId, WithdrawRequestNo},
};

open_enum! {
    /// How far a withdrawal is (提现单状态).
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
}

request! {
    /// Withdraws from a sub-merchant's account to its bank (二级商户预约提现): `POST /v3/ecommerce/fund/withdraw`.
    ///
    /// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
    pub struct WithdrawForSub {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The platform's own number of the withdrawal.
            out_request_no: WithdrawRequestNo,
            /// How much, in fen; at most 800 million yuan.
            amount: Fen,
        }
        optional {
            /// A remark, up to 56 characters.
            remark: String,
            /// What the bank shows, up to 32 characters.
            bank_memo: String,
            /// From which account.
            account_type: AccountType,
            /// Where the notification goes, up to 256 characters.
            notify_url: String,
        }
    }
    /// `amount` fen of `sub_mchid`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/fund/withdraw" for WithdrawForSub -> AcceptedWithdrawal {
        idempotency: ByNumber,
        repeats: [sub_mchid, out_request_no],
    }
}

request! {
    /// Withdraws from the platform's own account to its bank (平台预约提现): `POST /v3/merchant/fund/withdraw`.
    ///
    /// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
    pub struct Withdraw {
        required {
            /// The platform's own number of the withdrawal.
            out_request_no: WithdrawRequestNo,
            /// How much, in fen; at most 800 million yuan.
            amount: Fen,
            /// From which account.
            account_type: AccountType,
        }
        optional {
            /// A remark, up to 56 characters.
            remark: String,
            /// What the bank shows, up to 32 characters.
            bank_memo: String,
            /// Where the notification goes, up to 256 characters.
            notify_url: String,
        }
    }
    /// `amount` fen of this account.
    new
}

endpoint! {
    impl POST "/v3/merchant/fund/withdraw" for Withdraw -> AcceptedWithdrawal {
        idempotency: ByNumber,
        may_repeat: [out_request_no],
    }
}

response! {
    /// A withdrawal that was accepted.
    pub struct AcceptedWithdrawal {
        required {
            /// The platform's number of it.
            withdraw_id: WithdrawId,
        }
        texts {
            /// The sub-merchant; absent for the platform itself.
            sub_mchid: Mchid,
            /// The caller's number of it.
            out_request_no: WithdrawRequestNo,
            /// From which account.
            account_type: AccountType,
        }
    }
}

request! {
    /// Queries a sub-merchant's withdrawal by the caller's number (查询二级商户提现状态):
    /// `GET /v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}`.
    pub struct QuerySubWithdrawal {
        required {
            /// The caller's number of the withdrawal.
            out_request_no: WithdrawRequestNo,
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
    /// The withdrawal `out_request_no` of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}" for QuerySubWithdrawal -> Withdrawal {
        path: [out_request_no],
        query: [sub_mchid],
        repeats: [out_request_no],
        may_repeat: [sub_mchid],
    }
}

request! {
    /// Queries a sub-merchant's withdrawal by the platform's number (查询二级商户提现状态):
    /// `GET /v3/ecommerce/fund/withdraw/{withdraw_id}`.
    pub struct QuerySubWithdrawalById {
        required {
            /// The platform's number of the withdrawal.
            withdraw_id: WithdrawId,
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
    /// The withdrawal `withdraw_id` of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/fund/withdraw/{withdraw_id}" for QuerySubWithdrawalById -> Withdrawal {
        path: [withdraw_id],
        query: [sub_mchid],
        repeats: [withdraw_id],
        may_repeat: [sub_mchid],
    }
}

request! {
    /// Queries the platform's own withdrawal by the caller's number (查询平台提现状态):
    /// `GET /v3/merchant/fund/withdraw/out-request-no/{out_request_no}`.
    pub struct QueryWithdrawal {
        required {
            /// The caller's number of the withdrawal.
            out_request_no: WithdrawRequestNo,
        }
    }
    /// The withdrawal `out_request_no`.
    new
}

endpoint! {
    impl GET "/v3/merchant/fund/withdraw/out-request-no/{out_request_no}" for QueryWithdrawal -> Withdrawal {
        path: [out_request_no],
        repeats: [out_request_no],
    }
}

request! {
    /// Queries the platform's own withdrawal by the platform's number (查询平台提现状态):
    /// `GET /v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}`.
    pub struct QueryWithdrawalById {
        required {
            /// The platform's number of the withdrawal.
            withdraw_id: WithdrawId,
        }
    }
    /// The withdrawal `withdraw_id`.
    new
}

endpoint! {
    impl GET "/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}" for QueryWithdrawalById -> Withdrawal {
        path: [withdraw_id],
        repeats: [withdraw_id],
    }
}

response! {
    /// A withdrawal at the platform: the answer of a query, and what a notification holds.
    pub struct Withdrawal {
        required {
            /// The platform's number of it.
            withdraw_id: WithdrawId,
            /// The caller's number of it.
            out_request_no: WithdrawRequestNo,
            /// How much, in fen.
            amount: Fen,
        }
        states {
            /// How far it is.
            status: WithdrawStatus,
        }
        texts {
            /// The platform; absent in its own withdrawals.
            sp_mchid: Mchid,
            /// The sub-merchant; absent in the platform's own withdrawals.
            sub_mchid: Mchid,
            /// When it was accepted.
            create_time: DateTime,
            /// When the state changed last.
            update_time: DateTime,
            /// Why it failed.
            reason: String,
            /// The remark.
            remark: String,
            /// What the bank shows.
            bank_memo: String,
            /// From which account.
            account_type: AccountType,
            /// The last four digits of the bank account.
            account_number: PrivateText,
            /// The bank.
            account_bank: String,
            /// Full name of the bank with its branch.
            bank_name: String,
            /// What to do after it failed; only of the platform's own.
            solution: String,
        }
    }
}
