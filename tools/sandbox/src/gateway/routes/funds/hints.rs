//! Balances and withdrawals.

use crate::language::texts;

texts! {
    pub(super) enum FundHint {
        NoAccount =>
            "account_type is one of BASIC, OPERATION, FEES",
            "account_type 的取值为 BASIC、OPERATION、FEES";
        NoDate =>
            "date is written 2018-06-08",
            "date 的格式为 2018-06-08";
        NoBalance =>
            "balances of a day are there from 10:00 of the next day, for 90 days",
            "日终余额在次日 10:00 之后可查，保留 90 天";
        NoBillType =>
            "bill_type is NO_SUCC",
            "bill_type 的取值为 NO_SUCC";
        Differs =>
            "this out_request_no was used with other values; repeat them exactly",
            "该 out_request_no 已用其他参数请求过；请以完全相同的参数重试";
        NoWithdrawal =>
            "there is no such withdrawal",
            "没有这笔提现";
        NotEnough { available: i64, owner: String } =>
            "{available} fen of {owner} can be withdrawn; Sandbox::top_up adds some",
            "{owner} 可提现 {available} 分；可用 Sandbox::top_up 充值";
    }
}
