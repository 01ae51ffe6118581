//! Subsidies.

use crate::language::texts;

texts! {
    pub(super) enum SubsidyHint {
        PlatformsOnly =>
            "subsidies are for e-commerce platforms",
            "补差仅供电商平台商户使用";
        CalledOff =>
            "the subsidy of this order was called off",
            "该订单的补差已取消";
        MoreThanPromised =>
            "more than the order's settle_info.subsidy_amount",
            "超过订单的 settle_info.subsidy_amount";
        Differs =>
            "this out_order_no was used with other values; repeat them exactly",
            "该 out_order_no 已用其他参数请求过；请以完全相同的参数重试";
        MoreThanPaid =>
            "more than was paid and not yet given back",
            "超过已补差且未回退的金额";
        PaidAlready =>
            "the subsidy was paid already; let it come back instead",
            "补差已经支付；请改为回退";
        NoPayment =>
            "there is no payment of this transaction_id",
            "没有该 transaction_id 的支付";
        OtherSubMerchant =>
            "sub_mchid is not the sub-merchant that the order belongs to",
            "sub_mchid 不是订单所属的子商户";
        NotPromised =>
            "the order was not placed with settle_info.subsidy_amount",
            "下单时没有 settle_info.subsidy_amount";
    }
}
