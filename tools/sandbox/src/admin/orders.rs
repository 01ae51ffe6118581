//! Orders, refunds and bills: seen, and the buttons that people press.

use axum::extract::{Path, State};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};
use wechatpay_core::testing::DEMO_MCHID;

use super::{LIMIT, Problem, Reply, Sandbox, read, reply, value, with};
use crate::{
    gateway,
    handle::engine::Engine,
    web::Query,
    world::{
        clock::Day,
        orders::{
            self,
            buyer::Buyer,
            state::{Order, OrderKey, OrderState, PayError},
        },
        refunds::{
            self as settling,
            state::{Refund, RefundState, SettleError},
        },
    },
};

/// Reads the maximum number of entries of a list.
pub(super) fn limit(query: &Query) -> Result<usize, Problem> {
    match query.get("limit") {
        Some(text) => text.parse().map_err(|_| Problem::bad("limit is a number")),
        None => Ok(LIMIT),
    }
}

fn key(engine: &Engine, number: &str) -> Result<OrderKey, Problem> {
    engine
        .world
        .orders
        .key_of_number(DEMO_MCHID, number)
        .ok_or_else(|| Problem::not_found("order", "there is no such order"))
}

fn shown(engine: &Engine, key: &OrderKey) -> Reply {
    let order = engine.world.orders.get(key, engine.world.clock.now());
    let order = order.ok_or_else(|| Problem::not_found("order", "there is no such order"))?;
    let refunds = engine.world.refunds.of_order(key);
    let notifications = engine.notifier.notifications.of_order(&key.out_trade_no);
    let body = with(
        value(&order.snapshot()),
        [
            (
                "refunds",
                refunds.iter().map(|refund| value(&refund.snapshot())).collect(),
            ),
            (
                "notifications",
                notifications
                    .iter()
                    .map(|notification| json!(notification.id))
                    .collect(),
            ),
        ],
    );
    Ok(reply(&body))
}

pub(super) async fn list(State(engine): Sandbox, uri: Uri) -> Reply {
    let query = Query::of(&uri);
    let (state, wanted) = (query.get("state"), query.get("q"));
    let orders = engine.world.orders.latest(limit(&query)?, |order: &Order| {
        state.is_none_or(|state| order.state.as_str() == state)
            && wanted
                .is_none_or(|text| order.key.out_trade_no.contains(text) || order.description.contains(text))
    });
    let orders: Vec<Value> = orders.iter().map(|order| value(&order.snapshot())).collect();
    Ok(reply(&json!({ "orders": orders })))
}

pub(super) async fn one(State(engine): Sandbox, Path(number): Path<String>) -> Reply {
    shown(&engine, &key(&engine, &number)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    buyer: Option<String>,
}

pub(super) async fn pay(
    State(engine): Sandbox,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let Pay { buyer } = read(&headers, &body)?;
    let buyer = match buyer {
        Some(name) => Buyer::from_name(&name).ok_or_else(|| Problem::bad("buyer is alice, bob or carol"))?,
        None => Buyer::Alice,
    };
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine.pay(&key, buyer).map_err(not_paid)?;
    shown(&engine, &key)
}

fn not_paid(error: PayError) -> Problem {
    match error {
        PayError::NoSuchOrder => Problem::not_found("order", "there is no such order"),
        error => Problem::conflict(error),
    }
}

pub(super) async fn cancel(State(engine): Sandbox, Path(number): Path<String>) -> Reply {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    orders::cancel(&engine.world, &key).map_err(not_paid)?;
    shown(&engine, &key)
}

pub(super) async fn close(State(engine): Sandbox, Path(number): Path<String>) -> Reply {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine
        .world
        .orders
        .close(&key, engine.world.clock.now())
        .map_err(|_| Problem::conflict("the order is paid"))?;
    shown(&engine, &key)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Force {
    state: OrderState,
}

pub(super) async fn force(
    State(engine): Sandbox,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let Force { state } = read(&headers, &body)?;
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine.world.orders.force(&key, state, engine.world.clock.now());
    shown(&engine, &key)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    /// In fen.
    amount: i64,
}

pub(super) async fn refund(
    State(engine): Sandbox,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let Amount { amount } = read(&headers, &body)?;
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    let refund = settling::by_hand(&engine.world, &key, amount)
        .ok_or_else(|| Problem::conflict("the order is not paid, or less than this amount is left"))?;
    Ok(reply(&value(&refund.snapshot())))
}

pub(super) async fn refunds(State(engine): Sandbox, uri: Uri) -> Reply {
    let query = Query::of(&uri);
    let order = query.get("order");
    let mut refunds: Vec<Refund> = engine.world.refunds.all();
    refunds.retain(|refund| order.is_none_or(|number| refund.order.out_trade_no == number));
    let newest: Vec<Value> = refunds
        .iter()
        .rev()
        .take(limit(&query)?)
        .map(|refund| value(&refund.snapshot()))
        .collect();
    Ok(reply(&json!({ "refunds": newest })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settle {
    to: RefundState,
}

pub(super) async fn settle(
    State(engine): Sandbox,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let Settle { to } = read(&headers, &body)?;
    let missing = || Problem::not_found("refund", "there is no such refund");
    let key = engine
        .world
        .refunds
        .key_of_number(DEMO_MCHID, &number)
        .ok_or_else(missing)?;
    let _working = engine.world.working();
    match settling::settle(&engine.world, &key, to) {
        Ok(refund) => Ok(reply(&value(&refund.snapshot()))),
        Err(SettleError::NoSuchRefund) => Err(missing()),
        Err(error) => Err(Problem::conflict(error)),
    }
}

/// A bill of the day so far, at any time.
pub(super) async fn bill(
    State(engine): Sandbox,
    Path((date, kind)): Path<(String, String)>,
    uri: Uri,
) -> Reply {
    let day: Day = date.parse().map_err(Problem::bad)?;
    let query = Query::of(&uri);
    let mchid = query.get("mchid").unwrap_or(DEMO_MCHID);
    let text = gateway::bill_text(&engine.gateway, mchid, &kind, day).ok_or_else(|| {
        Problem::not_found("bill", "nothing happened on that day, or there is no such kind")
    })?;
    let mut response = super::json_text(text);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    Ok(response)
}
