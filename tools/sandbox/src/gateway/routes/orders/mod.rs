//! Orders of both families: placed, queried, closed.

pub(super) mod code;
pub(super) mod fields;
mod hints;
pub(super) mod prepay;
mod query;
pub(super) mod rules;

use super::endpoint::{self, Endpoint, Respond};
use crate::world::orders::scene::{Family, Scene};
use query::Number;

pub(super) static FAMILY: endpoint::Family = endpoint::Family::new(&[
    place_partner(
        "/v3/pay/partner/transactions/jsapi",
        ("Place an order · JSAPI", "下单 · JSAPI"),
        |call, _| prepay::prepay(call, Family::Partner, Scene::Jsapi),
    ),
    place_partner(
        "/v3/pay/partner/transactions/app",
        ("Place an order · APP", "下单 · APP"),
        |call, _| prepay::prepay(call, Family::Partner, Scene::App),
    ),
    place_partner(
        "/v3/pay/partner/transactions/h5",
        ("Place an order · H5", "下单 · H5"),
        |call, _| prepay::prepay(call, Family::Partner, Scene::H5),
    ),
    place_partner(
        "/v3/pay/partner/transactions/native",
        ("Place an order · Native", "下单 · Native"),
        |call, _| prepay::prepay(call, Family::Partner, Scene::Native),
    ),
    place_direct(
        "/v3/pay/transactions/jsapi",
        ("Place an order · JSAPI", "下单 · JSAPI"),
        |call, _| prepay::prepay(call, Family::Direct, Scene::Jsapi),
    ),
    place_direct(
        "/v3/pay/transactions/app",
        ("Place an order · APP", "下单 · APP"),
        |call, _| prepay::prepay(call, Family::Direct, Scene::App),
    ),
    place_direct(
        "/v3/pay/transactions/h5",
        ("Place an order · H5", "下单 · H5"),
        |call, _| prepay::prepay(call, Family::Direct, Scene::H5),
    ),
    place_direct(
        "/v3/pay/transactions/native",
        ("Place an order · Native", "下单 · Native"),
        |call, _| prepay::prepay(call, Family::Direct, Scene::Native),
    ),
    Endpoint::post("/v3/pay/partner/transactions/codepay", PAY_BY_CODE, |call, _| {
        code::pay(call, Family::Partner)
    })
    .body(&[fields::CODE_PARTNER, fields::CODE]),
    Endpoint::post("/v3/pay/transactions/codepay", PAY_BY_CODE, |call, _| {
        code::pay(call, Family::Direct)
    })
    .body(&[fields::CODE_DIRECT, fields::CODE]),
    Endpoint::post(
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse",
        REVERSE,
        |call, path| code::reverse(call, Family::Partner, path.get("out_trade_no")),
    )
    .body(&[fields::CODE_PARTNER]),
    Endpoint::post(
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse",
        REVERSE,
        |call, path| code::reverse(call, Family::Direct, path.get("out_trade_no")),
    )
    .body(&[fields::CODE_DIRECT]),
    Endpoint::get(
        "/v3/pay/partner/transactions/id/{transaction_id}",
        QUERY,
        |call, path| {
            query::query(
                call,
                Family::Partner,
                &Number::TransactionId(path.get("transaction_id")),
            )
        },
    )
    .query(&["sp_mchid", "sub_mchid"], &[]),
    Endpoint::get(
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}",
        QUERY,
        |call, path| {
            query::query(
                call,
                Family::Partner,
                &Number::OutTradeNo(path.get("out_trade_no")),
            )
        },
    )
    .query(&["sp_mchid", "sub_mchid"], &[]),
    Endpoint::post(
        "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close",
        CLOSE,
        |call, path| query::close(call, Family::Partner, path.get("out_trade_no")),
    )
    .body(&[fields::CLOSE_PARTNER]),
    Endpoint::get("/v3/pay/transactions/id/{transaction_id}", QUERY, |call, path| {
        query::query(
            call,
            Family::Direct,
            &Number::TransactionId(path.get("transaction_id")),
        )
    })
    .query(&["mchid"], &[]),
    Endpoint::get(
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        QUERY,
        |call, path| {
            query::query(
                call,
                Family::Direct,
                &Number::OutTradeNo(path.get("out_trade_no")),
            )
        },
    )
    .query(&["mchid"], &[]),
    Endpoint::post(
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
        CLOSE,
        |call, path| query::close(call, Family::Direct, path.get("out_trade_no")),
    )
    .body(&[fields::CLOSE_DIRECT]),
]);

const QUERY: (&str, &str) = ("Query the order", "查询订单");
const CLOSE: (&str, &str) = ("Close the order", "关闭订单");
const PAY_BY_CODE: (&str, &str) = ("Charge a payment code", "付款码支付");
const REVERSE: (&str, &str) = ("Reverse the order", "撤销订单");

const fn place_partner(
    path: &'static str,
    title: (&'static str, &'static str),
    respond: Respond,
) -> Endpoint {
    Endpoint::post(path, title, respond).body(&[fields::PREPAY_PARTNER, fields::PREPAY, fields::INSTALMENTS])
}

const fn place_direct(path: &'static str, title: (&'static str, &'static str), respond: Respond) -> Endpoint {
    Endpoint::post(path, title, respond).body(&[fields::PREPAY_DIRECT, fields::PREPAY, fields::INSTALMENTS])
}
