//! Orders, refunds and bills: read, and changed as people do with buttons.

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wechatpay_core::testing::DEMO_MCHID;

use super::{Conflict, Json, LIMIT, Path, Problem, Query, Reply, Sandbox, with_type};
use wechatpay_sandbox::{
    gateway,
    handle::engine::Engine,
    world::{
        clock::Day,
        orders::{
            self,
            buyer::Buyer,
            key::OrderKey,
            state::{CloseRefusal, Order, OrderState, PayError},
            timeline::OrderSnapshot,
        },
        refunds::{
            self as settling,
            state::{Refund, RefundSnapshot, RefundState, SettleError},
        },
    },
};

fn key(engine: &Engine, number: &str) -> Result<OrderKey, Problem> {
    engine
        .world
        .orders
        .key_of_number(DEMO_MCHID, number)
        .ok_or_else(no_order)
}

fn no_order() -> Problem {
    Problem::not_found("order", "there is no such order")
}

#[derive(Serialize, ToSchema)]
pub(super) struct OrderDetail {
    #[serde(flatten)]
    order: OrderSnapshot,
    refunds: Vec<RefundSnapshot>,
    /// The ids of its notifications.
    notifications: Vec<String>,
}

impl OrderDetail {
    fn of(engine: &Engine, key: &OrderKey) -> Reply<Self> {
        let order = engine.world.order(key).ok_or_else(no_order)?;
        let refunds = engine.world.refunds.of_order(key);
        let notifications = engine.notifier.notifications.of_order(&key.out_trade_no);
        Ok(Json(Self {
            order: order.snapshot(),
            refunds: refunds.iter().map(Refund::snapshot).collect(),
            notifications: notifications
                .into_iter()
                .map(|notification| notification.id)
                .collect(),
        }))
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct OrderFilter {
    state: Option<OrderState>,
    /// Part of the number or of the description.
    q: Option<String>,
    /// Maximum number, the newest first; 100 by default.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct OrderList {
    orders: Vec<OrderSnapshot>,
}

/// The newest orders.
#[utoipa::path(get, path = "/orders", params(OrderFilter), responses((status = 200, body = OrderList)))]
pub(super) async fn list(State(engine): Sandbox, Query(filter): Query<OrderFilter>) -> Reply<OrderList> {
    let orders = engine
        .world
        .orders
        .latest(filter.limit.unwrap_or(LIMIT), |order: &Order| {
            filter.state.is_none_or(|state| order.state == state)
                && filter.q.as_ref().is_none_or(|text| {
                    order.key.out_trade_no.contains(text) || order.description.contains(text)
                })
        });
    Ok(Json(OrderList {
        orders: orders.iter().map(Order::snapshot).collect(),
    }))
}

/// An order with its timeline, refunds and notifications.
#[utoipa::path(get, path = "/orders/{out_trade_no}", responses((status = 200, body = OrderDetail)))]
pub(super) async fn one(State(engine): Sandbox, Path(number): Path<String>) -> Reply<OrderDetail> {
    OrderDetail::of(&engine, &key(&engine, &number)?)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pay {
    /// alice by default; bob has not enough money, carol is blocked by risk control.
    buyer: Option<Buyer>,
}

/// Presses Pay at the cashier.
#[utoipa::path(post, path = "/orders/{out_trade_no}/pay", responses((status = 200, body = OrderDetail), Conflict))]
pub(super) async fn pay(
    State(engine): Sandbox,
    Path(number): Path<String>,
    Json(pay): Json<Pay>,
) -> Reply<OrderDetail> {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine
        .pay(&key, pay.buyer.unwrap_or(Buyer::Alice))
        .map_err(not_paid)?;
    OrderDetail::of(&engine, &key)
}

fn not_paid(error: PayError) -> Problem {
    match error {
        PayError::NoSuchOrder => no_order(),
        error => Problem::conflict(error),
    }
}

/// Presses Cancel at the cashier; the payment by a payer's code has failed then.
#[utoipa::path(post, path = "/orders/{out_trade_no}/cancel", responses((status = 200, body = OrderDetail), Conflict))]
pub(super) async fn cancel(State(engine): Sandbox, Path(number): Path<String>) -> Reply<OrderDetail> {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    orders::cancel(&engine.world, &key).map_err(not_paid)?;
    OrderDetail::of(&engine, &key)
}

/// Closes an unpaid order.
#[utoipa::path(post, path = "/orders/{out_trade_no}/close", responses((status = 200, body = OrderDetail), Conflict))]
pub(super) async fn close(State(engine): Sandbox, Path(number): Path<String>) -> Reply<OrderDetail> {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine
        .world
        .orders
        .close(&key, engine.world.clock.now())
        .map_err(|refusal| match refusal {
            CloseRefusal::NoSuchOrder => no_order(),
            CloseRefusal::Paid => Problem::conflict("the order is paid"),
            CloseRefusal::ByCode => {
                Problem::conflict("an order that is paid by code is reversed, not closed")
            }
        })?;
    OrderDetail::of(&engine, &key)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Force {
    state: OrderState,
}

/// Gives an order another state, whichever it has; nobody is notified.
#[utoipa::path(post, path = "/orders/{out_trade_no}/force", responses((status = 200, body = OrderDetail)))]
pub(super) async fn force(
    State(engine): Sandbox,
    Path(number): Path<String>,
    Json(force): Json<Force>,
) -> Reply<OrderDetail> {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    engine
        .world
        .orders
        .force(&key, force.state, engine.world.clock.now());
    OrderDetail::of(&engine, &key)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Amount {
    /// In fen.
    #[schema(minimum = 1)]
    amount: i64,
}

/// Refunds in the name of the merchant's console.
#[utoipa::path(
    post,
    path = "/orders/{out_trade_no}/refund",
    responses((status = 200, body = RefundSnapshot), Conflict)
)]
pub(super) async fn refund(
    State(engine): Sandbox,
    Path(number): Path<String>,
    Json(Amount { amount }): Json<Amount>,
) -> Reply<RefundSnapshot> {
    let key = key(&engine, &number)?;
    let _working = engine.world.working();
    let refund = settling::by_hand(&engine.world, &key, amount)
        .ok_or_else(|| Problem::conflict("the order is not paid, or less than this amount is left"))?;
    Ok(Json(refund.snapshot()))
}

#[derive(Deserialize, IntoParams)]
pub(super) struct RefundFilter {
    /// out_trade_no of the order.
    order: Option<String>,
    /// Maximum number, the newest first; 100 by default.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RefundList {
    refunds: Vec<RefundSnapshot>,
}

/// The newest refunds.
#[utoipa::path(get, path = "/refunds", params(RefundFilter), responses((status = 200, body = RefundList)))]
pub(super) async fn refunds(State(engine): Sandbox, Query(filter): Query<RefundFilter>) -> Reply<RefundList> {
    let mut refunds = engine.world.refunds.all();
    refunds.retain(|refund| {
        let order = filter.order.as_ref();
        order.is_none_or(|number| refund.order.out_trade_no == *number)
    });
    let newest = refunds.iter().rev().take(filter.limit.unwrap_or(LIMIT));
    Ok(Json(RefundList {
        refunds: newest.map(Refund::snapshot).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    to: RefundState,
}

/// Ends a refund that is under way; the merchant is notified.
#[utoipa::path(
    post,
    path = "/refunds/{out_refund_no}/settle",
    responses((status = 200, body = RefundSnapshot), Conflict)
)]
pub(super) async fn settle(
    State(engine): Sandbox,
    Path(number): Path<String>,
    Json(settle): Json<Settle>,
) -> Reply<RefundSnapshot> {
    let missing = || Problem::not_found("refund", "there is no such refund");
    let key = engine
        .world
        .refunds
        .key_of_number(DEMO_MCHID, &number)
        .ok_or_else(missing)?;
    let _working = engine.world.working();
    match settling::settle(&engine.world, &key, settle.to) {
        Ok(refund) => Ok(Json(refund.snapshot())),
        Err(SettleError::NoSuchRefund) => Err(missing()),
        Err(error) => Err(Problem::conflict(error)),
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct BillOwner {
    /// The demo merchant by default.
    mchid: Option<String>,
}

/// A bill of the day so far, at any time.
///
/// date is 2018-06-08; kind is ALL, SUCCESS, REFUND (trade bills), BASIC, OPERATION or FEES (fund-flow bills).
#[utoipa::path(
    get,
    path = "/bills/{date}/{kind}",
    params(BillOwner),
    responses((status = 200, body = String, content_type = "text/csv"))
)]
pub(super) async fn bill(
    State(engine): Sandbox,
    Path((date, kind)): Path<(String, String)>,
    Query(owner): Query<BillOwner>,
) -> Result<Response, Problem> {
    let day: Day = date.parse().map_err(Problem::bad)?;
    let mchid = owner.mchid.as_deref().unwrap_or(DEMO_MCHID);
    let text = gateway::bill_text(&engine.gateway, mchid, &kind, day).ok_or_else(|| {
        Problem::not_found("bill", "nothing happened on that day, or there is no such kind")
    })?;
    Ok(with_type("text/csv; charset=utf-8", text))
}
