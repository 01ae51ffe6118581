//! The notifications: a list, and one of them with its attempts.

use std::sync::Arc;

use axum::{extract::Path, response::Response};
use maud::{Markup, html};

use super::{Visit, button::button, faults, frame::Tab, not_found, parts};
use wechatpay_sandbox::{
    handle::engine::Engine,
    language::Localize as _,
    notify::{self, Attempt, Notification, NotificationState},
    world::orders::key::{OrderKey, Space},
};

/// Notifications on one page.
const SHOWN: usize = 100;

pub(super) async fn list(visit: Visit) -> Response {
    let wanted = visit.query.get("q").map(str::to_lowercase);
    let state = visit.query.get("state");
    let is_wanted = |notification: &Notification| {
        state.is_none_or(|state| state_word(notification.state) == state)
            && wanted
                .as_deref()
                .is_none_or(|wanted| mentions(notification, wanted))
    };
    let notifications = visit.engine().notifier.notifications.latest(SHOWN, is_wanted);
    let states = parts::select(
        "state",
        visit.pick("State", "状态"),
        state,
        &[
            ("", visit.pick("all", "全部")),
            ("pending", visit.pick("pending", "待通知")),
            ("acknowledged", visit.pick("acknowledged", "已应答")),
            ("given-up", visit.pick("given up", "已放弃")),
        ],
    );
    visit.page(
        Some(Tab::Notifications),
        visit.pick("Notifications", "通知"),
        &html! {
            div class="actions lead" {
                a class="button" href=(visit.to("/notifications/craft")) { (visit.pick("Write one", "自定义通知")) }
            }
            (parts::search(&visit, visit.pick("Order, event, address …", "订单号、事件、地址……"), &states))
            @if notifications.is_empty() {
                (parts::empty(
                    visit.pick(
                        "No notification here yet. The gateway sends one when an order is paid or a refund is settled.",
                        "这里还没有通知。订单支付或退款完成后，网关会发送通知。",
                    ),
                    &html! {},
                ))
            }
            (newest_first(&visit, &notifications))
            @for notification in &notifications { (card(&visit, notification)) }
        },
    )
}

/// Sends all notifications of one order again, the newest first.
///
/// A refund arrives before its payment, for instance. Shown only if there are several and all are about one order.
pub(super) fn newest_first(visit: &Visit, notifications: &[Notification]) -> Markup {
    let order = notifications.first().and_then(|first| first.order.as_ref());
    let is_of_one = notifications.len() > 1
        && notifications
            .iter()
            .all(|notification| notification.order.as_ref() == order);
    let Some(order) = order.filter(|_| is_of_one) else {
        return html! {};
    };
    let mut fields = vec![
        ("mchid", order.mchid.as_str()),
        ("order", order.out_trade_no.as_str()),
    ];
    if order.space == Space::Combination {
        fields.push(("as", "combination"));
    }
    html! {
        div class="actions lead" {
            (button(visit, "newest-first", &fields, &html! {
                button type="submit" class="button" { (visit.pick("Send all, newest first", "从新到旧全部发送")) }
            }))
            span class="quiet" {
                (visit.pick(
                    "They may come in any order: a refund before its payment, say.",
                    "通知可能以任何先后到达，例如退款通知先于支付通知。",
                ))
            }
        }
    }
}

/// Sends the notifications one after the other. Returns false if there are none.
///
/// They arrive in this order.
pub(super) fn send_newest_first(engine: &Arc<Engine>, order: &OrderKey) -> bool {
    let about = engine
        .notifier
        .notifications
        .latest(SHOWN, |notification| notification.order.as_ref() == Some(order));
    let is_any = !about.is_empty();
    let engine = Arc::clone(engine);
    tokio::spawn(async move {
        for notification in about {
            notify::send_again(&engine.notifier, &notification.id).await;
        }
    });
    is_any
}

const fn state_word(state: NotificationState) -> &'static str {
    match state {
        NotificationState::Pending => "pending",
        NotificationState::Acknowledged => "acknowledged",
        NotificationState::GivenUp => "given-up",
    }
}

fn mentions(notification: &Notification, wanted: &str) -> bool {
    [
        notification.id.as_str(),
        notification.out_trade_no.as_str(),
        notification.subject.as_str(),
        &*notification.event_type,
        notification.notify_url.as_str(),
    ]
    .into_iter()
    .any(|text| text.to_lowercase().contains(wanted))
}

/// A notification in a list.
pub(super) fn card(visit: &Visit, notification: &Notification) -> Markup {
    html! {
        article class="card notification" {
            div {
                p class="headline" {
                    a href=(visit.to(&format!("/notifications/{}", parts::segment(&notification.id)))) {
                        strong { (notification.event_type) }
                    }
                    " " (parts::notification_state(visit, notification.state))
                    " " (parts::time(notification.created_at, visit.now()))
                }
                p class="quiet" {
                    @if !notification.out_trade_no.is_empty() { (parts::order_link(visit, &notification.out_trade_no)) }
                    @if notification.subject != notification.out_trade_no { " · " span class="id" { (notification.subject) } }
                    " → " span class="id" { (notification.notify_url) }
                }
            }
            (parts::attempts(visit, notification))
            (send(visit, notification))
        }
    }
}

fn send(visit: &Visit, notification: &Notification) -> Markup {
    let name = if notification.attempts.is_empty() {
        visit.pick("Send now", "立即发送")
    } else {
        visit.pick("Send again", "再次发送")
    };
    html! {
        span class="inline" {
            (button(visit, "send", &[("id", &notification.id)], &html! {
                button type="submit" class="button small" { (name) }
            }))
            @if notification.state == NotificationState::Pending {
                (button(visit, "stop", &[("id", &notification.id)], &html! {
                    button type="submit" class="button small" { (visit.pick("Stop", "停止重发")) }
                }))
            }
        }
    }
}

pub(super) async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let Some(notification) = visit.engine().notifier.notifications.get(&id) else {
        return not_found(&visit);
    };
    let title = notification.event_type.to_string();
    visit.page(Some(Tab::Notifications), &title, &content(&visit, &notification))
}

/// Further actions for a notification.
fn actions(visit: &Visit, notification: &Notification) -> Markup {
    let id = parts::segment(&notification.id);
    let curl = notification.curl();
    html! {
        div class="actions" {
            (button(visit, "twice", &[("id", &notification.id)], &html! {
                button type="submit" class="button" { (visit.pick("Send twice", "连发两次")) }
            }))
            a class="button" href=(visit.to(&format!("/notifications/craft?from={id}"))) {
                (visit.pick("Edit and send", "编辑并发送"))
            }
            @if curl.is_some() {
                a class="button" href=(visit.to(&format!("/sign?notification={id}"))) { (visit.pick("Sign lab", "签名诊断")) }
                button type="button" class="button" data-copy="curl" hidden { (visit.pick("Copy as curl", "复制为 curl")) }
            }
        }
        @if let Some(curl) = &curl {
            details class="card" id="curl-box" {
                summary { "curl" }
                pre id="curl" { code { (curl) } }
            }
        }
    }
}

fn content(visit: &Visit, notification: &Notification) -> Markup {
    html! {
        (card(visit, notification))
        (actions(visit, notification))
        div class="columns even" {
            section aria-labelledby="attempts" {
                h2 id="attempts" { (visit.pick("Attempts", "发送记录")) }
                @if notification.attempts.is_empty() {
                    (parts::empty(visit.pick("None yet.", "还没有。"), &html! {}))
                }
                @for (index, attempt) in notification.attempts.iter().enumerate().rev() {
                    (attempt_card(visit, index.saturating_add(1), attempt))
                }
            }
            section aria-labelledby="sealed" {
                h2 id="sealed" { (visit.pick("What is sealed in it", "密文内容")) }
                (parts::code(visit, &parts::pretty(notification.resource.as_bytes())))
                dl class="facts card" {
                    dt { "id" } dd class="id" { (notification.id) }
                    dt { (visit.pick("Merchant", "商户号")) } dd class="id" { (notification.mchid) }
                    dt { "notify_url" } dd class="id" { (notification.notify_url) }
                }
            }
        }
    }
}

fn attempt_card(visit: &Visit, number: usize, attempt: &Attempt) -> Markup {
    html! {
        article class="card" {
            p class="headline" {
                span class={ "dot " (parts::tone_of_outcome(&attempt.outcome, attempt.is_forged)) } aria-hidden="true" {}
                " " strong { "#" (number) " " (attempt.outcome.in_language(visit.language)) }
                @if attempt.is_forged { " " (parts::chip("warn", visit.pick("forged: must be refused", "伪造：必须拒绝"))) }
                (faults::chips(visit, &attempt.faults))
                " " span class="quiet" { (attempt.took.as_millis()) " ms · " (parts::time(attempt.at, visit.now())) }
            }
            @if !attempt.key_id.is_empty() {
                p class="quiet" { (visit.pick("signed with ", "签名密钥 ")) span class="id" { (attempt.key_id) } }
            }
            @if let Some(sent) = &attempt.sent {
                details id={ "sent-" (number) } {
                    summary { (visit.pick("What was sent", "发送内容")) }
                    (parts::code(visit, &parts::header_lines(&sent.headers)))
                    (parts::code(visit, &parts::shown(&sent.body)))
                }
            }
            @if !attempt.reply.is_empty() { (parts::code(visit, &parts::pretty(&attempt.reply))) }
        }
    }
}
