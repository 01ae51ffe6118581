//! Withdrawing what lay there at the end of a day.

use super::AccountType;
use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{DateTime, Fen, Mchid, PrivateText, WithdrawId, WithdrawRequestNo},
};

open_enum! {
    /// What is withdrawn when less is left than at the end of the day (计算提现金额方式).
    pub enum CalculateAmountType {
        /// Nothing.
        OnlyDayEndBalance = "ONLY_DAY_END_BALANCE",
        /// What is left.
        AllowCurrentBalance = "ALLOW_CURRENT_BALANCE",
    }
}

open_enum! {
    /// How far such a withdrawal is (单据状态).
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
}

request! {
    /// Withdraws what a sub-merchant had at the end of the day before (二级商户按日终余额预约提现):
    /// `POST /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw`.
    ///
    /// May be repeated unchanged: the same `out_request_no` is the same withdrawal.
    pub struct WithdrawDayEndBalance {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The platform's own number of the withdrawal.
            out_request_no: WithdrawRequestNo,
            /// What is withdrawn when less is left.
            calculate_amount_type: CalculateAmountType,
        }
        optional {
            /// A remark, up to 56 characters.
            remark: String,
            /// What the bank shows, up to 32 characters.
            bank_memo: String,
            /// Where the notification goes, up to 256 characters.
            notify_url: String,
            /// What stays in the account, in fen.
            reserve_amount: Fen,
        }
    }
    /// The day's balance of `sub_mchid`.
    new
}

endpoint! {
    impl POST "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw" for WithdrawDayEndBalance
        -> DayEndWithdrawal
    {
        idempotency: ByNumber,
        repeats: [out_request_no],
        may_repeat: [sub_mchid],
    }
}

request! {
    /// Queries such a withdrawal (查询二级商户按日终余额预约提现状态), for 90 days:
    /// `GET /v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}`.
    pub struct QueryDayEndWithdrawal {
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
    impl GET "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}"
        for QueryDayEndWithdrawal -> DayEndWithdrawal
    {
        path: [out_request_no],
        query: [sub_mchid],
        repeats: [out_request_no],
        may_repeat: [sub_mchid],
    }
}

response! {
    /// A withdrawal of a day's balance: the answer to withdrawing and asking, and what a notification holds.
    pub struct DayEndWithdrawal {
        required {
            /// The platform's number of it.
            withdraw_id: WithdrawId,
            /// The caller's number of it.
            out_request_no: WithdrawRequestNo,
            /// How much, in fen.
            total_amount: Fen,
        }
        states {
            /// How far it is.
            status: DayEndStatus,
        }
        texts {
            /// The platform.
            sp_mchid: Mchid,
            /// The sub-merchant.
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
        }
        parts {
            /// What the bank has, in fen.
            success_amount: Fen,
            /// What failed, in fen.
            fail_amount: Fen,
            /// What the bank gave back, in fen.
            refund_amount: Fen,
        }
    }
}
