//! Combined orders: several items, one payment. The family spells its errors in the older way.

mod close;
mod fields;
mod hints;
pub(super) mod place;
pub(super) mod query;

use super::{
    endpoint::{Endpoint, Family, Respond},
    orders::fields::INSTALMENTS,
};
use crate::gateway::{Refusal, codes};
use crate::world::orders::scene::Scene;

pub(super) static FAMILY: Family = Family {
    spelling: Refusal::in_old_spelling,
    ..Family::new(&[
        place(
            "/v3/combine-transactions/jsapi",
            ("Place a combined order · JSAPI", "合单下单 · JSAPI"),
            |call, _| place::place(call, Scene::Jsapi),
        ),
        place(
            "/v3/combine-transactions/app",
            ("Place a combined order · APP", "合单下单 · APP"),
            |call, _| place::place(call, Scene::App),
        ),
        place(
            "/v3/combine-transactions/h5",
            ("Place a combined order · H5", "合单下单 · H5"),
            |call, _| place::place(call, Scene::H5),
        ),
        place(
            "/v3/combine-transactions/native",
            ("Place a combined order · Native", "合单下单 · Native"),
            |call, _| place::place(call, Scene::Native),
        ),
        Endpoint::post(
            "/v3/combine-transactions/miniprogram",
            ("Place an order that pays persons", "个人收款交易下单-小程序"),
            |call, _| place::place(call, Scene::Jsapi),
        )
        .body(&[fields::INDIVIDUAL]),
        Endpoint::get(
            "/v3/combine-transactions/id/{combine_transaction_id}",
            ("Query the combined order", "查询合单订单"),
            |call, path| query::by_id(call, path.get("combine_transaction_id")),
        ),
        Endpoint::get(
            "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
            ("Query the combined order", "查询合单订单"),
            |call, path| query::by_number(call, path.get("combine_out_trade_no")),
        ),
        Endpoint::post(
            "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close",
            ("Close the combined order", "关闭合单订单"),
            |call, path| close::close(call, path.get("combine_out_trade_no")),
        )
        .body(&[fields::CLOSE_COMBINED]),
    ])
};

const fn place(path: &'static str, title: (&'static str, &'static str), respond: Respond) -> Endpoint {
    Endpoint::post(path, title, respond).body(&[fields::COMBINED, INSTALMENTS])
}
