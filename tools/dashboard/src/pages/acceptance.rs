//! The acceptance run: is a receiver of notifications safe?

use std::sync::{Arc, Mutex};

use axum::response::Response;
use http::Uri;
use maud::{Markup, html};
use serde_json::json;

use super::{Desk, Visit, button::button, frame::Tab, parts};
use crate::web::{Query, is_allowed_url};
use wechatpay_sandbox::{
    acceptance::{Acceptance, AcceptanceError, AcceptanceReport, CaseResult, Outcome, Severity, shown},
    handle::engine::Engine,
    language::Localize as _,
    world::lock,
};

/// Milliseconds after which a page looks again whether a run is over.
const LOOK_AGAIN: &str = "1500";

/// The newest run.
#[derive(Clone, Default)]
pub(super) struct Runs(Arc<Mutex<State>>);

#[derive(Clone, Default)]
enum State {
    #[default]
    None,
    UnderWay(String),
    Over(AcceptanceReport),
    /// Nothing could be tried, and why.
    Not(AcceptanceError),
}

impl Runs {
    /// Begins a run, unless one is under way.
    ///
    /// Returns `None` if an address is not allowed for the sandbox.
    pub(super) fn begin(&self, desk: &Desk, form: &Query) -> Option<()> {
        let url = allowed(&desk.engine, form.get("url")?)?;
        let mut acceptance = Acceptance::of(&desk.engine, &url);
        if let Some(orders) = form.get("orders") {
            let body = json!({ "scene": "native", "total": 100, "description": "Acceptance" });
            acceptance = acceptance.order_url(allowed(&desk.engine, orders)?, body);
        }
        if let Some(effect) = form.get("effect") {
            allowed(&desk.engine, effect)?;
            acceptance = acceptance.effect_url(effect.trim());
        }
        let mut state = lock(&self.0);
        if matches!(*state, State::UnderWay(_)) {
            return Some(());
        }
        *state = State::UnderWay(url);
        drop(state);
        let runs = self.clone();
        tokio::spawn(async move {
            let outcome = match acceptance.run().await {
                Ok(report) => State::Over(report),
                Err(error) => State::Not(error),
            };
            *lock(&runs.0) = outcome;
        });
        Some(())
    }
}

/// An address on this machine, or of a host that the builder allowed.
fn allowed(engine: &Engine, url: &str) -> Option<String> {
    let url = url.trim();
    // What stands for the number is no part of an address yet.
    is_allowed_url(engine, &url.replace(['{', '}'], "")).then(|| url.to_owned())
}

pub(super) async fn acceptance(visit: Visit) -> Response {
    let state = lock(&visit.desk.runs.0).clone();
    visit.page(
        Some(Tab::Acceptance),
        visit.pick("Acceptance", "验收"),
        &html! {
            (form(&visit))
            @match &state {
                State::None => (parts::empty(
                    visit.pick(
                        "Seventeen cases for a receiver of notifications: genuine ones, concurrent copies, forgeries, wrong amounts, a slowly sent body.",
                        "用 17 个用例检查通知接收端：真实通知、并发重复、伪造通知、金额不符、慢速分片发送的请求体等。",
                    ),
                    &html! {},
                )),
                State::UnderWay(url) => p class="told warn" data-again=(LOOK_AGAIN) role="status" {
                    (visit.pick("Trying ", "正在测试 ")) code { (url) } " …"
                },
                State::Not(reason) => p class="told bad" role="status" { (reason.in_language(visit.language)) },
                State::Over(report) => (result(&visit, report)),
            }
        },
    )
}

fn form(visit: &Visit) -> Markup {
    let known = visit
        .engine()
        .world
        .orders
        .latest(1, |_| true)
        .pop()
        .map(|order| order.notify_url)
        .unwrap_or_default();
    let origin = known
        .parse::<Uri>()
        .ok()
        .and_then(|uri| Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?)))
        .unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
    html! {
        section class="card" {
            (button(visit, "accept", &[], &html! {
                div class="fields rows" {
                    label {
                        span { "notify_url" }
                        input type="text" name="url" required value=(known) placeholder={ (origin) "/wechatpay/notify" } spellcheck="false";
                    }
                    label {
                        span { (visit.pick("Makes orders (else unpaid ones are taken)", "下单地址（可选，不填则使用未支付订单）")) }
                        input type="text" name="orders" placeholder={ (origin) "/orders" } spellcheck="false";
                    }
                    label {
                        span { (visit.pick("Tells what went out (optional)", "查询发货（可选）")) }
                        input type="text" name="effect" placeholder={ (origin) "/orders/{out_trade_no}" } spellcheck="false";
                    }
                    button type="submit" class="button primary" { (visit.pick("Is it safe?", "开始验收")) }
                }
            }))
        }
    }
}

fn result(visit: &Visit, report: &AcceptanceReport) -> Markup {
    let (passed, tried) = report.score();
    let (tone, word) = if report.is_fatal() {
        ("bad", visit.pick("not safe", "不安全"))
    } else if report.failures().next().is_some() {
        ("warn", visit.pick("has weaknesses", "有缺陷"))
    } else if report.is_unfinished() {
        ("warn", visit.pick("not judged to the end", "未完整判定"))
    } else {
        ("good", visit.pick("safe", "安全"))
    };
    html! {
        p class="headline" {
            span class="amount" { (passed) " / " (tried) } " " (parts::chip(tone, word)) " " code { (report.url()) }
        }
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { "#" }
                        th { (visit.pick("Case", "用例")) }
                        th { (visit.pick("Severity", "严重程度")) }
                        th { (visit.pick("Result", "结果")) }
                        th { (visit.pick("Seen", "实际表现")) }
                    }
                }
                tbody { @for case in report.results() { (line(visit, case)) } }
            }
        }
    }
}

fn line(visit: &Visit, result: &CaseResult) -> Markup {
    let case = result.case;
    let severity = case.severity();
    let [title, expected, advice] =
        [case.title(), case.expected(), case.advice()].map(|text| visit.language.say(text));
    let (tone, word) = match &result.outcome {
        Outcome::Passed => ("good", visit.pick("ok", "通过")),
        Outcome::Failed if severity == Severity::Fatal => ("bad", visit.pick("failed", "失败")),
        Outcome::Failed => ("warn", visit.pick("failed", "失败")),
        Outcome::Skipped(_) => ("calm", visit.pick("skipped", "跳过")),
    };
    html! {
        tr {
            td class="number quiet" { (case.id()) }
            td class="main" {
                strong { (title) }
                @if result.failed() { span class="quiet" { (expected) } span { (advice) } }
            }
            td data-label=(visit.pick("Severity", "严重程度")) { (visit.language.say(severity.text())) }
            td data-label=(visit.pick("Result", "结果")) { (parts::chip(tone, word)) }
            td data-label=(visit.pick("Seen", "实际表现")) {
                span class=[matches!(result.outcome, Outcome::Skipped(_)).then_some("quiet")] { (shown(result, visit.language)) }
            }
        }
    }
}
