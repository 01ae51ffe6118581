//! Refunds of both families.

use crate::{language::texts, world::refunds::state::RefundState};

texts! {
    pub(super) enum RefundHint {
        NotPaid =>
            "the order is not paid; only a paid order can be refunded",
            "订单未支付；只有已支付的订单才能退款";
        Reversed =>
            "the order was reversed; its money goes back already",
            "订单已撤销，资金已退回";
        TooOld =>
            "the order was paid more than 365 days ago; it can no longer be refunded",
            "订单支付已超过 365 天，不能再退款";
        NoFunds =>
            "the account has not enough money; top it up and repeat with the same out_refund_no",
            "账户余额不足；请充值后用同一个 out_refund_no 重试";
        Shared { left: i64 } =>
            "{left} fen of the order are not shared; get a share back first, or refund with funds_account AVAILABLE",
            "订单未分账的金额为 {left} 分；请先回退分账，或以 funds_account AVAILABLE 退款";
        NoNumber =>
            "name the order by transaction_id or by out_trade_no",
            "请用 transaction_id 或 out_trade_no 指明订单";
        NoOrder =>
            "there is no such order of this merchant",
            "该商户没有这个订单";
        NoSubMerchant =>
            "the order belongs to a sub-merchant: give its sub_mchid",
            "订单属于子商户：请填写 sub_mchid";
        OtherSubMerchant =>
            "sub_mchid is not the sub-merchant that the order belongs to",
            "sub_mchid 不是订单所属的子商户";
        OtherPerson =>
            "individual_auth_id is not the person that the order pays",
            "individual_auth_id 不是该订单的个人收款方";
        OtherTotal { total: i64 } =>
            "amount.total is what the order cost: {total} fen",
            "amount.total 应为订单金额：{total} 分";
        OtherSum { sum: i64, refund: i64 } =>
            "amount.from adds up to {sum} fen, and amount.refund is {refund}",
            "amount.from 合计 {sum} 分，而 amount.refund 是 {refund}";
        Differs =>
            "this out_refund_no was used with other values; repeat them exactly, or take another number for another refund",
            "该 out_refund_no 已用其他参数申请过；请以完全相同的参数重试，或为另一笔退款换一个单号";
        MoreThanLeft { left: i64 } =>
            "{left} fen of the order are left to refund",
            "订单还可退款 {left} 分";
        TooManyParts { limit: usize } =>
            "an order can be refunded in at most {limit} parts",
            "一个订单最多可分 {limit} 次退款";
        PlatformsOnly =>
            "/v3/ecommerce/refunds is for e-commerce platforms; others refund with /v3/refund/domestic/refunds",
            "/v3/ecommerce/refunds 仅供电商平台商户使用；其他商户请用 /v3/refund/domestic/refunds 退款";
        OtherFamily =>
            "the refund was asked for with the other family; query it there",
            "退款由另一系列接口申请；请用那一系列接口查询";
        NoPayee =>
            "name the payee of the order by sub_mchid, or a person by individual_auth_id",
            "请用 sub_mchid 指明收款的二级商户，个人收款方则用 individual_auth_id";
        RefundOfOtherPerson =>
            "individual_auth_id is not the person that the refund belongs to",
            "individual_auth_id 不是该退款所属的个人收款方";
        RefundOfOtherSubMerchant =>
            "sub_mchid is not the sub-merchant that the refund belongs to",
            "sub_mchid 不是退款所属的子商户";
        TwoRefunds =>
            "out_refund_no and the refund_id in the path are of two refunds",
            "out_refund_no 与路径中的 refund_id 不是同一笔退款";
        NoCard =>
            "USER_BANK_CARD needs the card: bank_type, bank_account and real_name",
            "USER_BANK_CARD 需要银行卡信息：bank_type、bank_account、real_name";
        NotAbnormal { state: RefundState } =>
            "the refund is {state}; only an ABNORMAL one is sent another way",
            "退款状态是 {state}；只有 ABNORMAL 的退款才能发起异常退款";
        NotAdvanced =>
            "the platform advanced nothing: the refund was not asked for with REFUND_SOURCE_PARTNER_ADVANCE",
            "电商平台没有垫付：申请退款时未指定 REFUND_SOURCE_PARTNER_ADVANCE";
        AdvanceTooSoon { state: RefundState } =>
            "the refund is {state}; the advance is given back once it is SUCCESS",
            "退款状态是 {state}；变为 SUCCESS 之后才能回补垫付";
        NothingReturned =>
            "nothing was given back yet",
            "还没有回补";
    }
}
