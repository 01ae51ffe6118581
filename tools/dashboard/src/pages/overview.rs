//! The first page: how it stands, and what goes to and fro.

use std::sync::atomic::Ordering;

use axum::response::Response;
use maud::{Markup, html};

use super::{Visit, frame::Tab, parts, sequence};
use crate::web::yuan;
use wechatpay_sandbox::language::Localize as _;

/// Messages in the diagram.
const SHOWN: usize = 40;
/// Findings that are listed.
const FINDINGS: usize = 8;

pub(super) async fn overview(visit: Visit) -> Response {
    let events = visit.engine().journal.log.latest(SHOWN, sequence::is_shown);
    let title = visit.pick("Overview", "总览");
    visit.page(
        Some(Tab::Overview),
        title,
        &html! {
            (tiles(&visit))
            (findings(&visit))
            section aria-labelledby="traffic" {
                h2 id="traffic" { (visit.pick("Messages", "实时时序")) }
                @if events.is_empty() {
                    (parts::empty(
                        visit.pick(
                            "Nothing yet. As soon as your shop calls the gateway, its messages appear here.",
                            "还没有流量。商户系统调用网关后，消息会出现在这里。",
                        ),
                        &html! {
                            p {
                                (visit.pick("Point your shop at ", "请将商户系统的网关地址设为 "))
                                code { (visit.engine().base_url) }
                                (visit.pick(", or start the demo: ", "，或启动演示："))
                                code { "cargo demo" }
                            }
                        },
                    ))
                } @else {
                    div class="card flush" { (sequence::diagram(&visit, &events, true)) }
                    p class="quiet note" {
                        a href=(visit.to("/sequence.svg")) { (visit.pick("The same as a picture (SVG)", "导出为图片（SVG）")) }
                    }
                }
            }
        },
    )
}

/// The numbers at the top.
fn tiles(visit: &Visit) -> Markup {
    let engine = visit.engine();
    let orders = engine.world.orders.counts();
    let notifications = engine.notifier.notifications.counts();
    let refused = engine.gateway.refused_signatures.load(Ordering::Relaxed);
    let tile = |path: &str, label: &str, number: &str, note: &str, tone: &str| {
        html! {
            a class={ "tile " (tone) } href=(visit.to(path)) {
                span class="label" { (label) }
                strong { (number) }
                span class="note" { (note) }
            }
        }
    };
    let waiting = format!("{} {}", orders.unpaid, visit.pick("unpaid", "未支付"));
    let counts = parts::count(visit, orders.paid, "order paid", "orders paid", "笔已支付");
    let wrong = format!("{refused} {}", visit.pick("wrongly signed", "签名错误"));
    let notes = format!(
        "{} {} · {} {}",
        notifications.pending,
        visit.pick("pending", "待通知"),
        notifications.given_up,
        visit.pick("given up", "已放弃"),
    );
    html! {
        div class="tiles" {
            (tile("/orders", visit.pick("Received", "已收款"), &yuan(orders.received), &counts, "good"))
            (tile("/orders", visit.pick("Orders", "订单"), &orders.paid.saturating_add(orders.unpaid).to_string(), &waiting, ""))
            (tile(
                "/requests",
                visit.pick("Requests", "请求"),
                &engine.gateway.requests.count().to_string(),
                &wrong,
                if refused > 0 { "bad" } else { "" },
            ))
            (tile(
                "/notifications",
                visit.pick("Acknowledged", "通知已应答"),
                &notifications.acknowledged.to_string(),
                &notes,
                if notifications.given_up > 0 { "bad" } else { "" },
            ))
        }
    }
}

/// Findings that would hurt in production, one of each kind.
fn findings(visit: &Visit) -> Markup {
    let mut kinds: Vec<(wechatpay_sandbox::world::lints::Lint, usize)> = Vec::new();
    for lint in visit.engine().world.lints.all() {
        match kinds.iter_mut().find(|(known, _)| known.kind() == lint.kind()) {
            Some((known, count)) => {
                *known = lint;
                *count = count.saturating_add(1);
            }
            None => kinds.push((lint, 1)),
        }
    }
    kinds.sort_by_key(|(lint, _)| !lint.kind().is_fatal());
    let is_fatal = kinds.first().is_some_and(|(lint, _)| lint.kind().is_fatal());
    html! {
        @if !kinds.is_empty() {
            details class={ "card findings " (if is_fatal { "bad" } else { "warn" }) } id="findings" open[is_fatal] {
                summary {
                    strong { (visit.pick("Would hurt in production", "上线后会出问题")) }
                    " " (parts::chip(if is_fatal { "bad" } else { "warn" }, &kinds.len().to_string()))
                }
                ul {
                    @for (lint, count) in kinds.iter().take(FINDINGS) {
                        li {
                            code { (lint.kind()) }
                            @if *count > 1 { " ×" (count) }
                            p { (lint.in_language(visit.language)) }
                        }
                    }
                }
            }
        }
    }
}
