//! Transfers to users.

use crate::language::texts;

texts! {
    pub(super) enum TransferHint {
        Differs =>
            "this out_bill_no was used with other values; repeat them exactly",
            "该 out_bill_no 已用其他参数请求过；请以完全相同的参数重试";
        NameRequired =>
            "user_name is required from 2,000 yuan",
            "转账金额达到 2,000 元时必须传 user_name";
        NoTransfer =>
            "there is no such transfer",
            "没有这笔转账";
        NotEnough { available: i64, owner: String } =>
            "{owner} has {available} fen; Sandbox::top_up adds some",
            "{owner} 余额 {available} 分；可用 Sandbox::top_up 充值";
        TooLate { state: String } =>
            "a transfer can be cancelled until the user has confirmed it; this one is {state}",
            "用户确认之前才能撤销；这笔转账的状态为 {state}";
    }
}
