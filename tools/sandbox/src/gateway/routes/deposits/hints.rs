//! Deposits, claims and compensation.

use crate::language::texts;

texts! {
    pub(super) enum DepositHint {
        NoPayment =>
            "the merchant was not paid under this transaction_id",
            "商户没有该 transaction_id 的支付";
        OtherSubMerchant =>
            "sub_mchid is not the sub-merchant that the order belongs to",
            "sub_mchid 不是订单所属的二级商户";
        NoSubMerchant =>
            "no sub-merchant is named: give sub_mchid",
            "没有指定二级商户，请传 sub_mchid";
        NoReceiver =>
            "no receiver is named: give the payment of the order, the user or the merchant",
            "没有指定收款方：请传订单信息、用户信息或商户信息";
        NoScene =>
            "user_recv_perception belongs to a scene: give transfer_scene_id too",
            "user_recv_perception 从属于转账场景，请同时传 transfer_scene_id";
        NotOpened =>
            "claims are not open for this insurer: call insurance-compensation-contracts first",
            "该商户未开通保险理赔功能：请先调用 insurance-compensation-contracts";
        Ended { state: String } =>
            "it has come to its end: {state}; query it, and do not repeat it",
            "该单已为终态 {state}；请查询结果，不要重复请求";
    }
}
