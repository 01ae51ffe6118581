//! Services that are paid after they were used (微信支付分).

mod common;
mod fields;
mod hints;
mod orders;
mod permissions;

use super::{
    bills,
    endpoint::{Endpoint, Family},
};
use crate::gateway::{Answer, Refusal, call::Call};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/payscore/serviceorder",
        ("Create a service order", "创建支付分订单"),
        |call, _| orders::create(call),
    )
    .body(&[
        fields::NUMBER,
        fields::SERVICE,
        fields::APP,
        fields::CREATE,
        fields::PAYMENTS,
        fields::SERVICE_OF,
        fields::BEGINNING,
        fields::DEVICE,
    ]),
    Endpoint::get(
        "/v3/payscore/serviceorder",
        ("Query a service order", "查询支付分订单"),
        |call, _| orders::query(call),
    )
    .query(&["service_id", "appid"], &["out_order_no", "query_id"]),
    Endpoint::post(
        "/v3/payscore/serviceorder/direct-complete",
        ("Create and complete a service order", "创单结单合并"),
        |call, _| orders::create_and_complete(call),
    )
    .body(&[
        fields::NUMBER,
        fields::SERVICE,
        fields::APP,
        fields::DIRECT,
        fields::PAYMENTS,
        fields::SERVICE_OF,
        fields::ENDED,
        fields::COLLECTING,
    ]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/cancel",
        ("Cancel a service order", "取消支付分订单"),
        |call, path| orders::cancel(call, path.get("out_order_no")),
    )
    .body(&[fields::SERVICE, fields::APP, fields::REASON]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/complete",
        ("Complete a service order", "完结支付分订单"),
        |call, path| orders::complete(call, path.get("out_order_no")),
    )
    .body(&[
        fields::SERVICE,
        fields::APP,
        fields::TOTAL,
        fields::BILL,
        fields::ACTUAL,
        fields::COLLECTING,
        fields::DEVICE,
    ]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/modify",
        ("Lower the amount of a service order", "修改订单金额"),
        |call, path| orders::modify(call, path.get("out_order_no")),
    )
    .body(&[
        fields::SERVICE,
        fields::APP,
        fields::TOTAL,
        fields::BILL,
        fields::REASON,
        fields::DEVICE,
    ]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/pay",
        ("Collect the amount of a service order", "商户发起催收扣款"),
        |call, path| orders::collect(call, path.get("out_order_no")),
    )
    .body(&[fields::OPTIONAL_SERVICE]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/sync",
        ("Report a payment in another way", "同步服务订单信息"),
        |call, path| orders::sync(call, path.get("out_order_no")),
    )
    .body(&[fields::SERVICE, fields::APP, fields::SYNC]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/send-pendingmessage",
        ("Send a message about a fee", "下发服务费用待处理消息"),
        |call, path| orders::message(call, path.get("out_order_no")),
    )
    .body(&[fields::SERVICE, fields::TOTAL, fields::BILL, fields::MESSAGE]),
    Endpoint::post(
        "/v3/payscore/serviceorder/{out_order_no}/send-prepaidmessage",
        ("Send a message before a fee", "下发服务预扣费消息"),
        |call, path| orders::message(call, path.get("out_order_no")),
    )
    .body(&[fields::SERVICE, fields::TOTAL, fields::BILL, fields::MESSAGE]),
    Endpoint::post(
        "/v3/payscore/permissions",
        ("Ask for an authorisation of a service", "商户预授权"),
        |call, _| permissions::ask(call),
    )
    .body(&[fields::SERVICE, fields::APP, fields::PERMISSION]),
    Endpoint::post(
        "/v3/payscore/permissions/assess-user-risk-level",
        ("Assess a user", "商户评估用户分层"),
        |call, _| permissions::assess(call),
    )
    .body(&[fields::SERVICE, fields::APP, fields::RISK]),
    Endpoint::get(
        "/v3/payscore/permissions/authorization-code/{authorization_code}",
        QUERY,
        |call, path| permissions::by_code(call, path.get("authorization_code")),
    )
    .query(&["service_id"], &[]),
    Endpoint::post(
        "/v3/payscore/permissions/authorization-code/{authorization_code}/terminate",
        TERMINATE,
        |call, path| permissions::end_by_code(call, path.get("authorization_code")),
    )
    .body(&[fields::SERVICE, fields::REASON]),
    Endpoint::get("/v3/payscore/permissions/openid/{openid}", QUERY, |call, path| {
        permissions::by_openid(call, path.get("openid"))
    })
    .query(&["service_id", "appid"], &[]),
    Endpoint::post(
        "/v3/payscore/permissions/openid/{openid}/terminate",
        TERMINATE,
        |call, path| permissions::end_by_openid(call, path.get("openid")),
    )
    .body(&[fields::SERVICE, fields::APP, fields::REASON]),
    Endpoint::get(
        "/v3/payscore/user-service-state",
        ("Query whether a user may use a service", "查询用户授权状态"),
        |call, _| permissions::state(call),
    )
    .query(&["service_id", "appid", "openid"], &[]),
    Endpoint::get(
        "/v3/payscore/merchant-bill",
        ("Ask for the bill of a service", "商户申请获取对账单"),
        |call, _| bill(call),
    )
    .query(
        &["bill_date", "service_id", "encryption_algorithm"],
        &["tar_type"],
    ),
]);

const QUERY: (&str, &str) = ("Query an authorisation of a service", "查询与用户授权记录");
const TERMINATE: (&str, &str) = ("End an authorisation of a service", "解除用户授权关系");

fn bill(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    bills::algorithm(&parameters, "encryption_algorithm")?;
    let gzip = bills::wants_gzip(&parameters)?;
    let service_id = parameters.need("service_id").to_owned();
    let day = bills::day(call, &parameters)?;
    let text = orders::bill(call, &service_id, day).ok_or_else(|| bills::nothing(day))?;
    bills::give_out_sealed(call, text, gzip)
}
