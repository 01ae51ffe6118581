//! Profit sharing.

use crate::language::texts;

texts! {
    pub(super) enum SharingHint {
        NothingLeft =>
            "nothing is left to release",
            "没有可解冻的资金";
        PlatformsOnly =>
            "/v3/ecommerce/profitsharing is for e-commerce platforms; others share with /v3/profitsharing",
            "/v3/ecommerce/profitsharing 仅供电商平台商户使用；其他商户请用 /v3/profitsharing 分账";
        OtherFamily =>
            "an e-commerce platform shares the money of its sub-merchants with /v3/ecommerce/profitsharing",
            "电商平台请用 /v3/ecommerce/profitsharing 为子商户分账";
        NoPayment =>
            "there is no payment of this transaction_id",
            "没有该 transaction_id 的支付";
        DirectOrder =>
            "the order was placed in direct mode; the e-commerce family cannot share it",
            "订单以直连模式下单；电商系列接口不能为其分账";
        OtherSubMerchant =>
            "sub_mchid is not the sub-merchant that the order belongs to",
            "sub_mchid 不是订单所属的子商户";
        NotFrozen =>
            "the order was not placed with settle_info.profit_sharing, so its money is not frozen",
            "下单时没有 settle_info.profit_sharing，因此资金没有冻结";
        NoName =>
            "a receiver of type MERCHANT_ID needs name, the full name of the merchant",
            "MERCHANT_ID 类型的接收方需要 name，即商户全称";
        NoRelation =>
            "relation_type CUSTOM needs custom_relation",
            "relation_type 为 CUSTOM 时需要 custom_relation";
        NoReceiver =>
            "there is no such receiver",
            "没有这个接收方";
        NoAppid =>
            "an openid needs the appid that it was obtained with",
            "openid 需要同时填写获取它的 appid";
        TooOld =>
            "the order was paid more than 180 days ago; its shares stay where they are",
            "订单支付已超过 180 天，分账不能再回退";
        MoreThanGot { left: i64 } =>
            "{left} fen of what the receiver got can still come back",
            "接收方所得还可回退 {left} 分";
        NoNumber =>
            "name the share by order_id or by out_order_no",
            "请用 order_id 或 out_order_no 指明分账单";
        Differs =>
            "this number was used with other values; repeat them exactly, or take another number for something else",
            "该单号已用其他参数请求过；请以完全相同的参数重试，或换一个单号";
        MoreThanLeft { left: i64 } =>
            "{left} fen are left to share; the fee is not among them",
            "还可分账 {left} 分（不含手续费）";
        TooManyCalls { limit: usize } =>
            "an order is shared in at most {limit} calls",
            "一个订单最多可分账 {limit} 次";
        NotOfShare =>
            "return_mchid is no merchant that has got something of this share",
            "return_mchid 不是该分账单的接收方";
        AccountTwice =>
            "each account stands once in receivers",
            "receivers 中每个账户只能出现一次";
        Payer =>
            "the payer gets the rest anyway; release it with finish",
            "剩余资金本来就归付款方；请用解冻接口释放";
        NotAdded =>
            "add the receiver with receivers/add before it gets something",
            "请先用 receivers/add 添加接收方，再为其分账";
        AboveRatio { ratio: i64, limit: i64 } =>
            "at most {ratio} of 10000 parts of an order are shared: {limit} fen of this one",
            "订单最多可分账万分之 {ratio}：此单为 {limit} 分";
    }
}
