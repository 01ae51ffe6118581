//! Placing, querying and closing orders.

use crate::language::texts;

texts! {
    pub(super) enum OrderHint {
        Closed =>
            "the order is closed or expired; place a new one under another number",
            "订单已关闭或已过期；请换一个单号重新下单";
        Differs =>
            "this number was placed with other parameters; repeat them exactly, time_expire and the scene included, or take another number",
            "该单号已用其他参数下过单；请以完全相同的参数（包括 time_expire 和支付场景）重试，或换一个单号";
        NumberUsed { out_trade_no: String } =>
            "out_trade_no {out_trade_no} stands for another order",
            "out_trade_no {out_trade_no} 已用于其他订单";
        Paid =>
            "a paid order cannot be closed; refund it instead",
            "已支付的订单不能关闭；请退款";
        Combined =>
            "the order is a combined one; query and close it below /v3/combine-transactions",
            "这是合单；请用 /v3/combine-transactions 下的接口查询和关闭";
        OtherFamily { path: &'static str } =>
            "the order was placed with {path}; query and close it there too",
            "订单由 {path} 下单；请用同一系列接口查询和关闭";
        OtherSubMerchant =>
            "the order belongs to another sub-merchant of yours",
            "订单属于您的另一个子商户";
        SubsidyWithoutSharing =>
            "subsidy_amount needs settle_info.profit_sharing to be true",
            "subsidy_amount 要求 settle_info.profit_sharing 为 true";
    }
}
