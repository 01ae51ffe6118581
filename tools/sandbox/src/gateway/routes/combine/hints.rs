//! Combined orders.

use crate::language::texts;

texts! {
    pub(super) enum CombineHint {
        OtherApp =>
            "combine_appid is not the one that the order was placed with",
            "combine_appid 与下单时不同";
        OtherItems =>
            "sub_orders must name exactly the items that the order was placed with, each by mchid and out_trade_no",
            "sub_orders 必须与下单时的子单完全一致，每个都写明 mchid 和 out_trade_no";
        Paid =>
            "a paid order cannot be closed; refund its items instead",
            "已支付的合单不能关闭；请对子单退款";
        NoOpenid =>
            "a JSAPI order needs combine_payer_info.openid or combine_payer_info.sub_openid",
            "JSAPI 下单需要 combine_payer_info.openid 或 combine_payer_info.sub_openid";
        ItemCount =>
            "without sub_mchid a combined order has 2 to 10 items; if a provider combines, each item needs sub_mchid",
            "没有 sub_mchid 时合单须有 2 至 10 个子单；服务商合单时每个子单都要有 sub_mchid";
        ItemTwice { out_trade_no: String } =>
            "out_trade_no {out_trade_no} stands twice in sub_orders",
            "out_trade_no {out_trade_no} 在 sub_orders 中重复";
        NoMerchant =>
            "no merchant has this mchid; of a provider's items it is the provider's, and the payee is sub_mchid",
            "没有这个商户号；服务商合单时 mchid 填服务商的商户号，收款方填在 sub_mchid";
        NoOrder =>
            "there is no such combined order; its items are not asked for one by one",
            "没有这个合单；合单的子单不能单独查询";
    }
}
