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
        CodeUsed =>
            "this code was shown for another order; each code works once, so take the next one that the payer shows",
            "该付款码已用于其他订单；每个付款码只能使用一次，请用户刷新后重新出示";
        NotACode =>
            "auth_code has 18 digits and begins with 10 to 15",
            "auth_code 为 18 位数字，以 10 至 15 开头";
        PayerNotEnough =>
            "the payer has not enough money; the order is PAYERROR, so take another number for the next attempt",
            "用户余额不足；订单状态为 PAYERROR，再次收款请换一个单号";
        PayerBlocked =>
            "risk control stopped the payment; the order is PAYERROR, so take another number for the next attempt",
            "支付被风控拦截；订单状态为 PAYERROR，再次收款请换一个单号";
        ReverseOnly =>
            "an order that is paid by code is reversed (…/reverse), not closed",
            "付款码支付的订单请用撤销接口（…/reverse），不能关单";
        NotByCode =>
            "only an order that is paid by code can be reversed; close this one, or refund it if it is paid",
            "只有付款码支付的订单可以撤销；其他订单请关单，已支付的请退款";
        ReverseTooOld =>
            "the order was paid more than seven days ago; refund it",
            "订单支付已超过 7 天，不能撤销；请退款";
        ReverseRefunded =>
            "a refund of the order was accepted, so it can no longer be reversed",
            "订单已转入退款，不能撤销";
        ReverseShared =>
            "the order was shared; get the shares back and refund it",
            "订单已分账，不能撤销；请回退分账后退款";
        SubsidyWithoutSharing =>
            "subsidy_amount needs settle_info.profit_sharing to be true",
            "subsidy_amount 要求 settle_info.profit_sharing 为 true";
    }
}
