//! The list of orders, and one of them with its buttons.

use axum::{extract::Path, response::Response};
use maud::{Markup, html};

use super::{
    Visit,
    button::button,
    frame::Tab,
    not_found,
    parts::{self, order_path},
    sequence,
};
use crate::web::{is_allowed_url, yuan};
use wechatpay_sandbox::{
    Localize as _,
    handle::engine::Engine,
    journal::Event,
    world::{
        funds::yuan as plain_yuan,
        orders::{
            buyer::Buyer,
            key::{OrderKey, Space},
            scene::Scene,
            state::{Order, OrderState},
            timeline::{Step, TimelineEntry},
        },
        refunds::state::{Refund, RefundState},
    },
};

/// Orders on one page; who looks for an older one searches for it.
const SHOWN: usize = 100;
/// The parameter with the shop's page of the order.
pub(super) const SHOP: &str = "shop";
/// Messages of one order.
const MESSAGES: usize = 200;

pub(super) async fn list(visit: Visit) -> Response {
    let wanted = visit.query.get("q").map(str::to_lowercase);
    let state = visit.query.get("state");
    let is_wanted = |order: &Order| {
        state.is_none_or(|state| order.state.as_str() == state)
            && wanted.as_deref().is_none_or(|wanted| mentions(order, wanted))
    };
    let orders = visit.engine().world.orders.latest(SHOWN, is_wanted);
    let states = parts::select(
        "state",
        visit.pick("State", "状态"),
        state,
        &[
            ("", visit.pick("all states", "全部状态")),
            ("NOTPAY", "NOTPAY"),
            ("SUCCESS", "SUCCESS"),
            ("REFUND", "REFUND"),
            ("CLOSED", "CLOSED"),
        ],
    );
    let is_filtered = wanted.is_some() || state.is_some();
    let nothing = if is_filtered {
        visit.pick("No order fits.", "没有符合条件的订单。")
    } else {
        visit.pick(
            "No orders yet. Buy something in your shop, or in the one that `cargo demo` starts.",
            "还没有订单。请在您的商店下单，或运行 cargo demo 启动演示商店。",
        )
    };
    visit.page(
        Some(Tab::Orders),
        visit.pick("Orders", "订单"),
        &html! {
            (parts::search(&visit, visit.pick("Number, goods, merchant …", "订单号、商品、商户号……"), &states))
            @if orders.is_empty() {
                (parts::empty(nothing, &html! {}))
            } @else {
                (table(&visit, &orders))
            }
        },
    )
}

fn mentions(order: &Order, wanted: &str) -> bool {
    let payment = order.payment.as_ref();
    [
        Some(order.key.out_trade_no.as_str()),
        Some(order.key.mchid.as_str()),
        Some(order.description.as_str()),
        order.sub.as_ref().map(|sub| sub.mchid.as_str()),
        payment.map(|payment| payment.transaction_id.as_str()),
    ]
    .into_iter()
    .flatten()
    .any(|text| text.to_lowercase().contains(wanted))
}

fn table(visit: &Visit, orders: &[Order]) -> Markup {
    let now = visit.now();
    let notifications = &visit.engine().notifier.notifications;
    let newest = notifications.newest_of(orders.iter().map(|order| &order.key));
    html! {
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { (visit.pick("Order", "订单")) }
                        th class="number" { (visit.pick("Amount", "金额")) }
                        th { (visit.pick("State", "状态")) }
                        th { (visit.pick("Scene", "场景")) }
                        th { (visit.pick("Notification", "通知")) }
                        th { (visit.pick("Placed", "下单时间")) }
                    }
                }
                tbody {
                    @for order in orders {
                        tr {
                            td class="main" {
                                a href=(visit.to(&order_path(&order.key))) { strong class="id" { (order.key.out_trade_no) } }
                                span class="quiet" { (order.description) }
                            }
                            td class="number" data-label=(visit.pick("Amount", "金额")) { (yuan(order.total)) }
                            td data-label=(visit.pick("State", "状态")) { (parts::order_state(order.state)) }
                            td data-label=(visit.pick("Scene", "场景")) { (scene(order)) }
                            td data-label=(visit.pick("Notification", "通知")) {
                                @match newest.get(&order.key) {
                                    Some(notification) => (parts::attempts(visit, notification)),
                                    None => span class="quiet" { "–" },
                                }
                            }
                            td data-label=(visit.pick("Placed", "下单时间")) { (parts::time(order.created_at, now)) }
                        }
                    }
                }
            }
        }
    }
}

fn scene(order: &Order) -> &'static str {
    match (order.scene, order.key.space) {
        (_, Space::Combination) => "COMBINED",
        (Scene::Jsapi, _) => "JSAPI",
        (Scene::App, _) => "APP",
        (Scene::H5, _) => "H5",
        (Scene::Native, _) => "Native",
        (Scene::CodePay, _) => "MICROPAY",
        (Scene::Deduction, _) => "PAP",
    }
}

pub(super) async fn one(visit: Visit, Path((mchid, number)): Path<(String, String)>) -> Response {
    let engine = visit.engine();
    let key = match (mchid.as_str(), visit.query.get("as")) {
        ("-", _) => engine.world.orders.key_of_number("", &number),
        (mchid, Some("combination")) => Some(OrderKey::combination(mchid, &number)),
        (mchid, _) => Some(OrderKey::order(mchid, &number)),
    };
    let order = key.and_then(|key| engine.world.order(&key));
    match order {
        Some(order) => {
            let title = format!("{} {}", visit.pick("Order", "订单"), order.key.out_trade_no);
            visit.page(Some(Tab::Orders), &title, &content(&visit, &order))
        }
        None => not_found(&visit),
    }
}

fn content(visit: &Visit, order: &Order) -> Markup {
    let number = order.key.out_trade_no.clone();
    let events = visit.engine().journal.log.latest(MESSAGES, |event| {
        sequence::is_shown(event) && is_about(event, &number)
    });
    html! {
        div class="columns" {
            div {
                section class="card" {
                    p class="headline" {
                        span class="amount" { (yuan(order.total)) }
                        " " (parts::order_state(order.state))
                    }
                    p class="goods" { (order.description) }
                    (facts(visit, order))
                    (actions(visit, order))
                    (back_to_shop(visit))
                }
                (refunds(visit, order))
                (notifications(visit, order))
            }
            div {
                section aria-labelledby="timeline" {
                    h2 id="timeline" { (visit.pick("Timeline", "时间线")) }
                    (timeline(visit, &order.timeline))
                }
            }
        }
        @if !events.is_empty() {
            section aria-labelledby="messages" {
                h2 id="messages" { (visit.pick("Messages", "消息时序")) }
                div class="card flush" { (sequence::diagram(visit, &events, false)) }
            }
        }
    }
}

pub(super) fn is_about(event: &Event, number: &str) -> bool {
    event.kind.out_trade_no() == Some(number)
}

fn facts(visit: &Visit, order: &Order) -> Markup {
    let now = visit.now();
    html! {
        dl class="facts" {
            dt { "out_trade_no" } dd class="id" { (order.key.out_trade_no) }
            dt { (visit.pick("Merchant", "商户号")) } dd class="id" { (order.key.mchid) }
            @if let Some(sub) = &order.sub {
                dt { (visit.pick("Sub-merchant", "子商户号")) } dd class="id" { (sub.mchid) }
            }
            dt { (visit.pick("Scene", "场景")) } dd { (scene(order)) }
            @if let Some(payment) = &order.payment {
                dt { "transaction_id" } dd class="id" { (payment.transaction_id) }
                dt { (visit.pick("Paid", "支付")) }
                dd { (sequence::name(visit.language, payment.buyer)) " · " (parts::time(payment.at, now)) }
            } @else {
                dt { (visit.pick("Payable until", "支付截止")) } dd { (parts::time(order.expires_at, now)) }
            }
            @if let Some(session) = order.sessions.last() {
                dt { "prepay_id" } dd class="id" { (session.prepay_id) }
            }
            @if !order.notify_url.is_empty() {
                dt { "notify_url" } dd class="id" { (order.notify_url) }
            }
            @if let Some(whole) = &order.combination {
                dt { (visit.pick("Part of", "所属合单")) }
                dd { a class="id" href=(visit.to(&order_path(whole))) { (whole.out_trade_no) } }
            }
            @if !order.items.is_empty() {
                dt { (visit.pick("Parts", "子单")) }
                dd { @for item in &order.items { a class="id" href=(visit.to(&order_path(item))) { (item.out_trade_no) } " " } }
            }
        }
    }
}

/// A link to the page that the visitor came from.
fn back_to_shop(visit: &Visit) -> Markup {
    let shop = visit
        .query
        .get(SHOP)
        .filter(|url| is_allowed_url(visit.engine(), url));
    html! {
        @if let Some(url) = shop {
            p class="note" { a href=(url) rel="noreferrer" { "← " (visit.pick("Back to this order in the shop", "返回商家的订单页")) } }
        }
    }
}

fn fields(order: &Order) -> [(&str, &str); 3] {
    let space = match order.key.space {
        Space::Order => "order",
        Space::Combination => "combination",
    };
    [
        ("mchid", order.key.mchid.as_str()),
        ("order", order.key.out_trade_no.as_str()),
        ("as", space),
    ]
}

fn actions(visit: &Visit, order: &Order) -> Markup {
    let fields = fields(order);
    let cashier = cashier_path(order);
    let left = left_to_refund(visit.engine(), order);
    html! {
        @if order.is_open() {
            div class="actions" {
                (button(visit, "pay", &fields, &html! {
                    label class="inline" {
                        span class="visually-hidden" { (visit.pick("Who pays", "付款人")) }
                        select name="buyer" {
                            @for buyer in Buyer::ALL {
                                option value=(buyer.as_str()) { (sequence::name(visit.language, buyer)) (hint(visit, buyer)) }
                            }
                        }
                    }
                    button type="submit" class="button primary" { (visit.pick("Pay", "支付")) " " (yuan(order.total)) }
                }))
                (button(visit, "cancel", &fields, &html! {
                    button type="submit" class="button" { (visit.pick("Cancel", "取消支付")) }
                }))
                @if order.combination.is_none() && order.scene != Scene::CodePay {
                    (button(visit, "close", &fields, &html! {
                        button type="submit" class="button" { (visit.pick("Close", "关单")) }
                    }))
                }
                @if let Some(cashier) = cashier {
                    a class="button" href=(cashier) target="_blank" rel="noopener" { (visit.pick("Open the cashier", "打开收银台")) " ↗" }
                }
            }
        } @else if left > 0 {
            div class="actions" {
                (button(visit, "refund", &fields, &html! {
                    label class="inline" {
                        span { (visit.pick("Refund ¥", "退款 ¥")) }
                        input type="text" name="amount" inputmode="decimal" value=(plain_yuan(left)) size="9" autocomplete="off" required;
                    }
                    button type="submit" class="button primary" { (visit.pick("Refund", "退款")) }
                }))
            }
        }
    }
}

const fn hint(visit: &Visit, buyer: Buyer) -> &'static str {
    match buyer {
        Buyer::Alice => "",
        Buyer::Bob => visit.pick(" (empty wallet)", "（余额不足）"),
        Buyer::Carol => visit.pick(" (blocked)", "（被风控）"),
    }
}

/// Amount that can still be refunded, in fen; 0 if none can.
pub(super) fn left_to_refund(engine: &Engine, order: &Order) -> i64 {
    let is_reversed = order.state == OrderState::Revoked;
    if order.payment.is_none() || is_reversed || order.key.space != Space::Order {
        return 0;
    }
    order
        .total
        .saturating_sub(engine.world.refunds.sum_of(&order.key))
}

/// The cashier's page; JSAPI, APP and a payer's code have none to link to.
fn cashier_path(order: &Order) -> Option<String> {
    let session = order.sessions.last()?;
    match order.scene {
        Scene::H5 => Some(format!(
            "/cashier/h5?prepay_id={}&package={}",
            session.prepay_id,
            session.package.as_deref()?
        )),
        Scene::Native => Some(format!("/cashier/native?pr={}", session.code.as_deref()?)),
        Scene::Jsapi | Scene::App | Scene::CodePay | Scene::Deduction => None,
    }
}

fn refunds(visit: &Visit, order: &Order) -> Markup {
    let refunds = visit.engine().world.refunds.of_order(&order.key);
    let now = visit.now();
    html! {
        @if !refunds.is_empty() {
            section aria-labelledby="refunds" {
                h2 id="refunds" { (visit.pick("Refunds", "退款")) }
                @for refund in &refunds {
                    div class="card" {
                        p class="headline" {
                            strong { (yuan(refund.amount)) } " " (parts::refund_state(refund.state))
                            " " (parts::time(refund.created_at, now))
                        }
                        p class="id" { (refund.key.out_refund_no) }
                        (settle(visit, refund))
                    }
                }
            }
        }
    }
}

fn settle(visit: &Visit, refund: &Refund) -> Markup {
    let ways: &[(&str, &str)] = match refund.state {
        RefundState::Processing => &[
            ("SUCCESS", visit.pick("Arrives", "到账")),
            ("ABNORMAL", visit.pick("Becomes abnormal", "退款异常")),
            ("CLOSED", visit.pick("Is closed", "退款关闭")),
        ],
        RefundState::Abnormal => &[
            ("SUCCESS", visit.pick("Arrives", "到账")),
            ("CLOSED", visit.pick("Is closed", "退款关闭")),
        ],
        RefundState::Success | RefundState::Closed => &[],
    };
    html! {
        @if !ways.is_empty() {
            div class="actions" {
                @for (to, name) in ways {
                    (button(
                        visit,
                        "settle",
                        &[("mchid", &refund.key.mchid), ("refund", &refund.key.out_refund_no), ("to", to)],
                        &html! { button type="submit" class="button small" { (name) } },
                    ))
                }
            }
        }
    }
}

fn notifications(visit: &Visit, order: &Order) -> Markup {
    let about = visit
        .engine()
        .notifier
        .notifications
        .latest(MESSAGES, |notification| {
            notification.order.as_ref() == Some(&order.key)
        });
    html! {
        @if !about.is_empty() {
            section aria-labelledby="notifications" {
                h2 id="notifications" { (visit.pick("Notifications", "通知")) }
                (super::notifications::newest_first(visit, &about))
                @for notification in &about { (super::notifications::card(visit, notification)) }
            }
        }
    }
}

fn timeline(visit: &Visit, entries: &[TimelineEntry]) -> Markup {
    let now = visit.now();
    html! {
        ol class="timeline" {
            @for entry in entries {
                @let (tone, text) = step(visit, &entry.step);
                li class=(tone) {
                    (parts::time(entry.at, now))
                    span { (text) }
                }
            }
        }
    }
}

fn step(visit: &Visit, step: &Step) -> (&'static str, String) {
    let t = |english: &str, chinese: &str| visit.pick(english, chinese).to_owned();
    let name = |buyer: &Buyer| sequence::name(visit.language, *buyer);
    match step {
        Step::Placed => ("ink", t("The merchant placed it", "商户下单")),
        Step::PlacedAgain => (
            "ink",
            t("Placed again, with a fresh session", "重复下单，换发会话"),
        ),
        Step::Opened => ("calm", t("The buyer opened the cashier", "买家打开收银台")),
        Step::PasswordAsked => (
            "calm",
            t("The payer must enter a password", "等待用户输入支付密码"),
        ),
        Step::PaymentFailed { buyer, reason } => (
            "bad",
            format!(
                "{} {}{}{}",
                name(buyer),
                t("could not pay", "支付失败"),
                t(": ", "："),
                reason.in_language(visit.language)
            ),
        ),
        Step::Cancelled => ("calm", t("The buyer turned back", "买家取消支付")),
        Step::Paid { buyer } => ("good", format!("{} {}", name(buyer), t("paid", "完成支付"))),
        Step::Closed => ("calm", t("Closed", "已关闭")),
        Step::Reversed => ("warn", t("The merchant reversed it", "商户撤销订单")),
        Step::Forced { state } => ("warn", format!("{} {state}", t("Made by hand:", "手动设为"))),
        Step::Queried => ("ink", t("The merchant queried it", "商户查单")),
        Step::Acknowledged => ("info", t("The notification was acknowledged", "支付通知已应答")),
        Step::AcknowledgedOther { event_type, .. } => (
            "info",
            format!("{event_type} {}", t("was acknowledged", "已应答")),
        ),
        Step::RefundAccepted { amount, .. } => (
            "ink",
            format!("{} {}", t("Refund accepted:", "退款受理："), yuan(*amount)),
        ),
        Step::RefundSettled { state, .. } => (
            if *state == RefundState::Success {
                "good"
            } else {
                "bad"
            },
            format!("{} {state}", t("Refund", "退款")),
        ),
    }
}
