//! Persons who receive money.

use crate::language::texts;

texts! {
    pub(in crate::gateway::routes) enum ReceiverHint {
        NotAuthorized =>
            "the person behind individual_auth_id has not authorised this platform: prepare a contract with \
             /v3/ecommerce/individual-contracts, which the person signs a moment later",
            "individual_auth_id 对应的个人收款方未授权本平台：请先用 /v3/ecommerce/individual-contracts 预签约，用户片刻后完成签约";
        NeverSigned =>
            "the person has signed no contract in this app",
            "该用户未在此应用下签约";
        Ended =>
            "the person has ended this contract, or did not sign it; prepare another one under a new out_contract_code",
            "用户未签约或已解除授权；请用新的 out_contract_code 重新预签约";
        OtherApp =>
            "appid is not the app of the contract",
            "appid 与签约时不同";
        NotTheirOrder { transaction_id: String } =>
            "{transaction_id} is no paid order of this person; each entry names one by its own transaction_id",
            "{transaction_id} 不是该收款方已支付的订单；每项请填商品单自己的 transaction_id";
        Settled { transaction_id: String } =>
            "{transaction_id} was settled already, or stands twice in the batch",
            "{transaction_id} 已结算，或在批次中重复";
        TooMuch { transaction_id: String, left: i64 } =>
            "the parts of {transaction_id} are more than the {left} fen that are left of it",
            "{transaction_id} 的结算明细之和超过剩余的 {left} 分";
        NotAMerchant =>
            "a receiver of the type MERCHANT is the caller or one of its sub-merchants",
            "MERCHANT 类型的接收方必须是调用方或其二级商户";
        NotAbnormal =>
            "the batch is not abnormal: only then its money waits for an instruction",
            "该批次不是 ABNORMAL 状态，没有资金等待处理";
        OtherPerson =>
            "individual_auth_id is not the person of this batch",
            "individual_auth_id 不是该批次的收款方";
    }
}
