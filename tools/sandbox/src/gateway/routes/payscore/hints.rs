//! Service orders and authorisations.

use crate::language::texts;

texts! {
    pub(super) enum PayscoreHint {
        Total { total: i64, sum: i64 } =>
            "total_amount is {total}, and the items less the discounts are {sum}",
            "total_amount 为 {total}，而付费项目减去优惠为 {sum}";
        NeedsOpenid =>
            "an order without the user's confirmation names the openid of a user who authorised the service",
            "免确认订单必须填写已授权该服务的用户的 openid";
        NotAuthorised =>
            "this user has not authorised the service: POST /v3/payscore/permissions, and wait for the user",
            "该用户尚未授权此服务：先调用 POST /v3/payscore/permissions 并等待用户授权";
        One =>
            "give out_order_no or query_id, one of the two",
            "out_order_no 与 query_id 二选一";
        OtherService { service_id: String } =>
            "the order belongs to the service {service_id}",
            "该订单属于服务 {service_id}";
        AboveRisk { total: i64, risk: i64 } =>
            "{total} fen are more than the risk_fund of {risk} fen",
            "{total} 分超过了服务风险金 {risk} 分";
        NothingToPay { state: String } =>
            "the order is {state}: the amount is lowered after POST …/complete and before the user pays",
            "订单状态为 {state}：须在 POST …/complete 之后、用户支付之前修改金额";
        More { before: i64 } =>
            "the amount may only be lowered; it is {before}",
            "只能调低金额；当前为 {before}";
        User =>
            "give authorization_code or openid",
            "authorization_code 与 openid 至少填一项";
    }
}
