//! Small pieces that several pages are made of.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Visit;
use crate::web::Language;
use wechatpay_sandbox::{
    journal::AttemptOutcome,
    language::Localize as _,
    notify::{Notification, NotificationState},
    world::{
        clock::Day,
        orders::{
            key::{OrderKey, Space},
            state::OrderState,
        },
        random::beijing_time_of_day,
        refunds::state::RefundState,
    },
};

/// Characters that a path segment keeps unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// Bodies are shown up to so many bytes.
const MAX_BODY: usize = 64 * 1024;
/// Planned attempts are drawn up to so many.
const MAX_PLANNED: usize = 5;

pub(super) const fn affiliation(language: Language) -> &'static str {
    language.pick(
        "A local emulator for developers. Not affiliated with Tencent or WeChat Pay. Times are Beijing time.",
        "供开发者使用的本地模拟器，与腾讯及微信支付官方无关。时间均为北京时间。",
    )
}

/// A list that has nothing in it, and what to do about it.
pub(super) fn empty(text: &str, next: &Markup) -> Markup {
    html! {
        div class="card empty" {
            p { (text) }
            (next)
        }
    }
}

/// `12:34:56`, with the day where it is another one than today.
pub(super) fn time(at: i64, now: i64) -> Markup {
    let (day, today) = (Day::of(at), Day::of(now));
    let clock = beijing_time_of_day(at);
    html! {
        time class="time" datetime=(wechatpay_sandbox::world::clock::rfc3339(at)) title={ (day) " " (clock) } {
            @if day != today { span class="day" { (short(day)) " " } }
            (clock)
        }
    }
}

/// `06-08`.
fn short(day: Day) -> String {
    day.to_string().chars().skip(5).collect()
}

/// A state in a coloured capsule.
pub(super) fn chip(tone: &str, text: &str) -> Markup {
    html! { span class={ "chip " (tone) } { (text) } }
}

pub(super) fn order_state(state: OrderState) -> Markup {
    let tone = match state {
        OrderState::NotPay | OrderState::UserPaying => "warn",
        OrderState::Success => "good",
        OrderState::Closed | OrderState::Revoked => "calm",
        OrderState::PayError => "bad",
        OrderState::Refund => "info",
    };
    chip(tone, state.as_str())
}

pub(super) fn refund_state(state: RefundState) -> Markup {
    let tone = match state {
        RefundState::Processing => "warn",
        RefundState::Success => "good",
        RefundState::Closed => "calm",
        RefundState::Abnormal => "bad",
    };
    chip(tone, state.as_str())
}

pub(super) fn status(status: StatusCode) -> Markup {
    chip(tone_of(status), status.as_str())
}

pub(super) fn tone_of(status: StatusCode) -> &'static str {
    if status.is_success() {
        "good"
    } else if status.is_server_error() {
        "bad"
    } else {
        "warn"
    }
}

pub(super) fn notification_state(visit: &Visit, state: NotificationState) -> Markup {
    match state {
        NotificationState::Pending => chip("warn", visit.pick("pending", "待通知")),
        NotificationState::Acknowledged => chip("good", visit.pick("acknowledged", "已应答")),
        NotificationState::GivenUp => chip("bad", visit.pick("given up", "已放弃")),
    }
}

/// One dot for each attempt, hollow ones for those to come.
pub(super) fn attempts(visit: &Visit, notification: &Notification) -> Markup {
    let made = &notification.attempts;
    let planned = if notification.state == NotificationState::Pending {
        let all = visit
            .engine()
            .notifier
            .settings
            .retry
            .delays()
            .len()
            .saturating_add(1);
        all.saturating_sub(made.len())
    } else {
        0
    };
    let label = count(visit, made.len(), "attempt", "attempts", "次尝试");
    html! {
        span class="dots" role="img" aria-label=(label) {
            @for attempt in made {
                span class={ "dot " (tone_of_outcome(&attempt.outcome, attempt.is_forged)) } title=(attempt.outcome.in_language(visit.language)) {}
            }
            @for _ in 0..planned.min(MAX_PLANNED) { span class="dot planned" {} }
            @if planned > MAX_PLANNED { span class="more" { "+" (planned.saturating_sub(MAX_PLANNED)) } }
        }
    }
}

/// A forgery must be refused; taking it is the one thing that must not happen.
pub(super) const fn tone_of_outcome(outcome: &AttemptOutcome, is_forged: bool) -> &'static str {
    match outcome {
        AttemptOutcome::Acknowledged(_) if is_forged => "bad",
        AttemptOutcome::Refused(_) if is_forged => "calm",
        AttemptOutcome::Acknowledged(_) => "good",
        AttemptOutcome::Refused(_) | AttemptOutcome::TimedOut | AttemptOutcome::Failed(_) => "bad",
        AttemptOutcome::NotAllowed(_) | AttemptOutcome::Withheld | AttemptOutcome::Lost => "calm",
    }
}

/// The path of an order's page.
pub(super) fn order_path(key: &OrderKey) -> String {
    let number = segment(&key.out_trade_no);
    let combined = match key.space {
        Space::Order => "",
        Space::Combination => "?as=combination",
    };
    format!("/orders/{}/{number}{combined}", key.mchid)
}

/// A link to an order of which only the number is known.
pub(super) fn order_link(visit: &Visit, number: &str) -> Markup {
    html! {
        a class="id" href=(visit.to(&format!("/orders/-/{}", segment(number)))) { (number) }
    }
}

pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// JSON with line ends, anything else as it is.
pub(super) fn pretty(text: &[u8]) -> String {
    let text = serde_json::from_slice::<serde_json::Value>(text)
        .and_then(|json| serde_json::to_string_pretty(&json))
        .unwrap_or_else(|_| String::from_utf8_lossy(text).into_owned());
    drawn(&text)
}

/// Arrows in place of pictures of control characters, which few fonts have.
pub(super) fn drawn(text: &str) -> String {
    text.replace('␊', "↵").replace('␍', "⇤")
}

/// A number of things: `1 lint`, `2 lints`, `2 条提示`.
pub(super) fn count(
    visit: &Visit,
    number: impl fmt::Display,
    one: &str,
    many: &str,
    chinese: &str,
) -> String {
    let number = number.to_string();
    let english = if number == "1" { one } else { many };
    format!("{number} {}", visit.pick(english, chinese))
}

/// Headers as they go over the wire.
pub(super) fn header_lines(headers: &HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))
    };
    headers.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A body, or its beginning if it is long.
pub(super) fn shown(body: &[u8]) -> String {
    match body.get(..MAX_BODY) {
        Some(beginning) if body.len() > MAX_BODY => {
            format!("{}\n… ({} bytes)", String::from_utf8_lossy(beginning), body.len())
        }
        _ => pretty(body),
    }
}

/// Text to look at and to copy.
pub(super) fn code(visit: &Visit, text: &str) -> Markup {
    html! {
        div class="code" {
            pre tabindex="0" { code { (text) } }
            button type="button" class="copy" data-copy hidden { (visit.pick("Copy", "复制")) }
        }
    }
}

/// A field to search with, and what else the form has.
pub(super) fn search(visit: &Visit, label: &str, more: &Markup) -> Markup {
    let query = visit.query.get("q").unwrap_or_default();
    html! {
        form class="filter" method="get" role="search" {
            @if visit.query.get("lang").is_some() {
                input type="hidden" name="lang" value=(visit.language.tag());
            }
            input type="search" name="q" value=(query) placeholder=(label) aria-label=(label) data-search autocomplete="off"
                spellcheck="false";
            (more)
            button type="submit" class="button" { (visit.pick("Search", "查找")) }
        }
    }
}

/// A choice that narrows a list.
pub(super) fn select(name: &str, label: &str, chosen: Option<&str>, options: &[(&str, &str)]) -> Markup {
    html! {
        select name=(name) aria-label=(label) {
            @for (value, text) in options {
                option value=(value) selected[chosen.unwrap_or_default() == *value] { (text) }
            }
        }
    }
}
