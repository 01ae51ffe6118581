//! Hints of the gateway about orders, refunds, shares and subsidies.

use super::phrases;

phrases! {
    HINTS:
    // Orders
    "the order is closed or expired; place a new one under another number" "订单已关闭或已过期；请换一个单号重新下单";
    "this number was placed with other parameters; repeat them exactly, time_expire and the scene included, or take another number"
        "该单号已用其他参数下过单；请以完全相同的参数（包括 time_expire 和支付场景）重试，或换一个单号";
    "out_trade_no {} stands for another order" "out_trade_no {} 已用于其他订单";
    "closed {} s after it was placed; older pages ask for {} s" "下单 {} 秒后就关单；旧版文档要求至少间隔 {} 秒";
    "a paid order cannot be closed; refund it instead" "已支付的订单不能关闭；请退款";
    "the order is a combined one; query and close it below /v3/combine-transactions"
        "这是合单；请用 /v3/combine-transactions 下的接口查询和关闭";
    "the order was placed with {}; query and close it there too" "订单由 {} 下单；请用同一系列接口查询和关闭";
    "the order belongs to another sub-merchant of yours" "订单属于您的另一个子商户";

    // Combined orders
    "combine_appid is not the one that the order was placed with" "combine_appid 与下单时不同";
    "sub_orders must name exactly the items that the order was placed with, each by mchid and out_trade_no"
        "sub_orders 必须与下单时的子单完全一致，每个都写明 mchid 和 out_trade_no";
    "a paid order cannot be closed; refund its items instead" "已支付的合单不能关闭；请对子单退款";
    "a JSAPI order needs combine_payer_info.openid or combine_payer_info.sub_openid"
        "JSAPI 下单需要 combine_payer_info.openid 或 combine_payer_info.sub_openid";
    "without sub_mchid a combined order has 2 to 10 items; if a provider combines, each item needs sub_mchid"
        "没有 sub_mchid 时合单须有 2 至 10 个子单；服务商合单时每个子单都要有 sub_mchid";
    "out_trade_no {} stands twice in sub_orders" "out_trade_no {} 在 sub_orders 中重复";
    "no merchant has this mchid; of a provider's items it is the provider's, and the payee is sub_mchid"
        "没有这个商户号；服务商合单时 mchid 填服务商的商户号，收款方填在 sub_mchid";
    "there is no such combined order; its items are not asked for one by one" "没有这个合单；合单的子单不能单独查询";

    // Refunds
    "an e-commerce platform refunds with /v3/ecommerce/refunds/apply" "电商平台退款应使用 /v3/ecommerce/refunds/apply";
    "the order is not paid; only a paid order can be refunded" "订单未支付；只有已支付的订单才能退款";
    "the order was paid more than 365 days ago; it can no longer be refunded" "订单支付已超过 365 天，不能再退款";
    "the account has not enough money; top it up and repeat with the same out_refund_no"
        "账户余额不足；请充值后用同一个 out_refund_no 重试";
    "{} fen of the order are not engine; get a share back first, or refund with funds_account AVAILABLE"
        "订单未分账的金额为 {} 分；请先回退分账，或以 funds_account AVAILABLE 退款";
    "name the order by transaction_id or by out_trade_no" "请用 transaction_id 或 out_trade_no 指明订单";
    "there is no such order of this merchant" "该商户没有这个订单";
    "the order belongs to a sub-merchant: give its sub_mchid" "订单属于子商户：请填写 sub_mchid";
    "sub_mchid is not the sub-merchant that the order belongs to" "sub_mchid 不是订单所属的子商户";
    "amount.total is what the order cost: {} fen" "amount.total 应为订单金额：{} 分";
    "{} s after another refund of the order; the platform takes one a minute"
        "距同一订单的上一次退款仅 {} 秒；微信支付限制每分钟一次";
    "this out_refund_no was used with other values; repeat them exactly, or take another number for another refund"
        "该 out_refund_no 已用其他参数申请过；请以完全相同的参数重试，或为另一笔退款换一个单号";
    "{} fen of the order are left to refund" "订单还可退款 {} 分";
    "an order can be refunded in at most {} parts" "一个订单最多可分 {} 次退款";
    "/v3/ecommerce/refunds is for e-commerce platforms; others refund with /v3/refund/domestic/refunds"
        "/v3/ecommerce/refunds 仅供电商平台商户使用；其他商户请用 /v3/refund/domestic/refunds 退款";
    "the refund was asked for with the other family; query it there" "退款由另一系列接口申请；请用那一系列接口查询";
    "name the payee of the order by sub_mchid, or a person by individual_auth_id"
        "请用 sub_mchid 指明收款的二级商户，个人收款方则用 individual_auth_id";
    "individual_auth_id is not the person that the refund belongs to" "individual_auth_id 不是该退款所属的个人收款方";
    "individual_auth_id is not the person that the order pays" "individual_auth_id 不是该订单的个人收款方";
    "sub_mchid is not the sub-merchant that the refund belongs to" "sub_mchid 不是退款所属的子商户";
    "amount.from adds up to {} fen, and amount.refund is {}" "amount.from 合计 {} 分，而 amount.refund 是 {}";
    "out_refund_no and the refund_id in the path are of two refunds" "out_refund_no 与路径中的 refund_id 不是同一笔退款";
    "USER_BANK_CARD needs the card: bank_type, bank_account and real_name"
        "USER_BANK_CARD 需要银行卡信息：bank_type、bank_account、real_name";
    "the refund is {}; only an ABNORMAL one is sent another way" "退款状态是 {}；只有 ABNORMAL 的退款才能发起异常退款";
    "the platform advanced nothing: the refund was not asked for with REFUND_SOURCE_PARTNER_ADVANCE"
        "电商平台没有垫付：申请退款时未指定 REFUND_SOURCE_PARTNER_ADVANCE";
    "the refund is {}; the advance is given back once it is SUCCESS" "退款状态是 {}；变为 SUCCESS 之后才能回补垫付";
    "nothing was given back yet" "还没有回补";

    // Shares
    "nothing is left to release" "没有可解冻的资金";
    "/v3/ecommerce/profitsharing is for e-commerce platforms; others share with /v3/profitsharing"
        "/v3/ecommerce/profitsharing 仅供电商平台商户使用；其他商户请用 /v3/profitsharing 分账";
    "an e-commerce platform shares the money of its sub-merchants with /v3/ecommerce/profitsharing"
        "电商平台请用 /v3/ecommerce/profitsharing 为子商户分账";
    "there is no payment of this transaction_id" "没有该 transaction_id 的支付";
    "the order was placed in direct mode; the e-commerce family cannot share it"
        "订单以直连模式下单；电商系列接口不能为其分账";
    "the order was not placed with settle_info.profit_sharing, so its money is not frozen"
        "下单时没有 settle_info.profit_sharing，因此资金没有冻结";
    "a receiver of type MERCHANT_ID needs name, the full name of the merchant"
        "MERCHANT_ID 类型的接收方需要 name，即商户全称";
    "relation_type CUSTOM needs custom_relation" "relation_type 为 CUSTOM 时需要 custom_relation";
    "there is no such receiver" "没有这个接收方";
    "an openid needs the appid that it was obtained with" "openid 需要同时填写获取它的 appid";
    "the order was paid more than 180 days ago; its shares stay where they are" "订单支付已超过 180 天，分账不能再回退";
    "{} fen of what the receiver got can still come back" "接收方所得还可回退 {} 分";
    "name the share by order_id or by out_order_no" "请用 order_id 或 out_order_no 指明分账单";
    "this number was used with other values; repeat them exactly, or take another number for something else"
        "该单号已用其他参数请求过；请以完全相同的参数重试，或换一个单号";
    "{} fen are left to share; the fee is not among them" "还可分账 {} 分（不含手续费）";
    "an order is engine in at most {} calls" "一个订单最多可分账 {} 次";
    "return_mchid is no merchant that has got something of this share" "return_mchid 不是该分账单的接收方";
    "each account stands once in receivers" "receivers 中每个账户只能出现一次";
    "the payer gets the rest anyway; release it with finish" "剩余资金本来就归付款方；请用解冻接口释放";
    "add the receiver with receivers/add before it gets something" "请先用 receivers/add 添加接收方，再为其分账";
    "at most {} of 10000 parts of an order are engine: {} fen of this one" "订单最多可分账万分之 {}：此单为 {} 分";

    // Subsidies
    "subsidy_amount needs settle_info.profit_sharing to be true" "subsidy_amount 要求 settle_info.profit_sharing 为 true";
    "the subsidy of this order was called off" "该订单的补差已取消";
    "more than the order's settle_info.subsidy_amount" "超过订单的 settle_info.subsidy_amount";
    "this out_order_no was used with other values; repeat them exactly"
        "该 out_order_no 已用其他参数请求过；请以完全相同的参数重试";
    "more than was paid and not yet given back" "超过已补差且未回退的金额";
    "the subsidy was paid already; let it come back instead" "补差已经支付；请改为回退";
    "subsidies are for e-commerce platforms" "补差仅供电商平台商户使用";
    "the order was not placed with settle_info.subsidy_amount" "下单时没有 settle_info.subsidy_amount";
}
