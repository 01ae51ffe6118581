//! The sequence diagram of the messages between shop, gateway and buyer.
//!
//! It is a list that a style sheet makes look like a diagram, so that it is read aloud in order and fits a phone.

use http::{Method, StatusCode};
use maud::{Markup, html};

use super::{Visit, faults, parts};
use crate::web::{Language, yuan};
use wechatpay_sandbox::{
    Problem,
    faults::Fault,
    gateway,
    journal::{AttemptOutcome, Event, EventKind},
    language::{Localize as _, Text},
    world::{orders::buyer::Buyer, refunds::state::RefundState},
};

/// Which of the three parties an arrow goes between.
#[derive(Clone, Copy)]
pub(super) enum Lane {
    ShopToGateway,
    GatewayToShop,
    BuyerToGateway,
    /// The gateway by itself.
    Gateway,
}

impl Lane {
    const fn class(self) -> &'static str {
        match self {
            Self::ShopToGateway => "shop-gateway",
            Self::GatewayToShop => "gateway-shop",
            Self::BuyerToGateway => "buyer-gateway",
            Self::Gateway => "gateway",
        }
    }
}

/// One line of the diagram.
pub(super) struct Row {
    pub(super) lane: Lane,
    pub(super) tone: &'static str,
    pub(super) title: String,
    /// In letters of equal width beneath the title.
    pub(super) detail: Option<String>,
    /// The response, if there is one.
    pub(super) reply: Option<(&'static str, String)>,
    pub(super) about: Option<String>,
    pub(super) faults: Vec<Fault>,
    /// The page that tells more.
    pub(super) link: Option<String>,
}

/// The diagram of these events, the oldest first.
pub(super) fn diagram(visit: &Visit, events: &[Event], with_orders: bool) -> Markup {
    let now = visit.now();
    html! {
        div class="sequence" tabindex="0" role="region" aria-label=(visit.pick("Sequence of messages", "消息时序")) data-tail {
            div class="actors" aria-hidden="true" {
                span class="actor shop" { (visit.pick("Shop", "商户")) }
                span class="actor gateway" { (visit.pick("Gateway", "网关")) }
                span class="actor buyer" { (visit.pick("Buyer", "买家")) }
            }
            ol {
                @for event in events {
                    @let row = row(visit.language, event);
                    li class={ "message " (row.lane.class()) " " (row.tone) } {
                        (parts::time(event.at, now))
                        div class="track" {
                            div class="span" {
                                p class="what" {
                                    @match &row.link {
                                        Some(link) => a class="title" href=(visit.to(link)) { strong { (row.title) } },
                                        None => strong { (row.title) },
                                    }
                                    (faults::chips(visit, &row.faults))
                                    @if let (true, Some(number)) = (with_orders, &row.about) {
                                        " " (parts::order_link(visit, number))
                                    }
                                    @if let Some(detail) = &row.detail { span class="detail" { (detail) } }
                                }
                                @if !matches!(row.lane, Lane::Gateway) { span class="arrow" aria-hidden="true" {} }
                                @if let Some((tone, reply)) = &row.reply {
                                    span class="arrow back" aria-hidden="true" {}
                                    p class={ "reply " (tone) } { (reply) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns true if the diagram shows such an event.
pub(super) fn is_shown(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Lint(_) | EventKind::FaultsChanged { .. })
}

pub(super) fn row(language: Language, event: &Event) -> Row {
    let t = |english, chinese| language.pick(english, chinese).to_owned();
    let by_gateway = |tone, title: String| Row {
        lane: Lane::Gateway,
        tone,
        title,
        detail: None,
        reply: None,
        about: event.kind.out_trade_no().map(str::to_owned),
        faults: Vec::new(),
        link: None,
    };
    match &event.kind {
        EventKind::Request {
            number,
            faults,
            method,
            path,
            status,
            problem,
            took,
            ..
        } => Row {
            lane: Lane::ShopToGateway,
            tone: if status.is_success() { "ink" } else { "bad" },
            title: language.say(endpoint(method, path)).to_owned(),
            detail: Some(format!("{method} {path}")),
            reply: Some((
                parts::tone_of(*status),
                answer(language, *status, problem.as_ref(), took.as_millis()),
            )),
            faults: faults.clone(),
            link: Some(format!("/requests/{number}")),
            ..by_gateway("", String::new())
        },
        EventKind::Paid { total, buyer, .. } => Row {
            lane: Lane::BuyerToGateway,
            tone: "good",
            title: format!(
                "{} {} {}",
                name(language, *buyer),
                t("pays", "支付"),
                yuan(*total)
            ),
            ..by_gateway("", String::new())
        },
        EventKind::PaymentFailed { buyer, reason, .. } => Row {
            lane: Lane::BuyerToGateway,
            tone: "bad",
            title: format!("{} {}", name(language, *buyer), t("cannot pay", "支付失败")),
            detail: Some(reason.in_language(language)),
            ..by_gateway("", String::new())
        },
        EventKind::Cancelled { .. } => Row {
            lane: Lane::BuyerToGateway,
            tone: "calm",
            title: t("cancels", "取消支付"),
            ..by_gateway("", String::new())
        },
        EventKind::Notified {
            id,
            faults,
            is_forged,
            event_type,
            target,
            attempt,
            outcome,
            took,
            ..
        } => Row {
            lane: Lane::GatewayToShop,
            tone: match parts::tone_of_outcome(outcome, *is_forged) {
                "good" => "info",
                tone => tone,
            },
            title: match (is_forged, attempt) {
                (true, _) => t("Forged notification", "伪造的通知"),
                (false, 0 | 1) => t("Notification", "通知"),
                (false, attempt) => format!("{} #{attempt}", t("Notification", "通知")),
            },
            detail: Some(format!("{event_type} → {target}")),
            reply: Some((
                parts::tone_of_outcome(outcome, *is_forged),
                reply(language, outcome, took.as_millis()),
            )),
            faults: faults.clone(),
            link: Some(format!("/notifications/{}", parts::segment(id))),
            ..by_gateway("", String::new())
        },
        EventKind::Fault { fault, .. } => Row {
            faults: vec![*fault],
            ..by_gateway("bad", t("Goes wrong on purpose", "人为故障"))
        },
        kind => {
            let amount = kind.amount().map(|amount| format!(" {}", yuan(amount)));
            let title = capital(&kind.in_language(language)) + &amount.unwrap_or_default();
            by_gateway(tone(kind), title)
        }
    }
}

const fn tone(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Refund {
            state: RefundState::Success,
            ..
        } => "good",
        EventKind::Refund {
            state: RefundState::Abnormal,
            ..
        } => "bad",
        EventKind::Keys { .. } => "info",
        _ => "calm",
    }
}

/// A sentence of the log, beginning with a capital letter.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

fn answer(language: Language, status: StatusCode, problem: Option<&Problem>, took: u128) -> String {
    match problem {
        Some(problem) => format!("{} {}", status.as_u16(), problem.in_language(language)),
        None => format!("{} · {took} ms", status.as_u16()),
    }
}

fn reply(language: Language, outcome: &AttemptOutcome, took: u128) -> String {
    match outcome.status() {
        Some(status) => format!("{} · {took} ms", status.as_u16()),
        None => outcome.in_language(language),
    }
}

pub(super) const fn name(language: Language, buyer: Buyer) -> &'static str {
    match buyer {
        Buyer::Alice => language.pick("Alice", "爱丽丝"),
        Buyer::Bob => language.pick("Bob", "鲍勃"),
        Buyer::Carol => language.pick("Carol", "卡罗尔"),
    }
}

/// Purpose of a request, in both languages.
pub(super) fn endpoint(method: &Method, path: &str) -> Text {
    gateway::title(method, path).unwrap_or(Text::new("Unknown path", "未知路径"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_named_by_what_they_are_for() {
        for (method, path, name) in [
            (
                Method::POST,
                "/v3/pay/transactions/native",
                "Place an order · Native",
            ),
            (
                Method::POST,
                "/v3/pay/partner/transactions/out-trade-no/app/close",
                "Close the order",
            ),
            (
                Method::GET,
                "/v3/pay/transactions/out-trade-no/native-1",
                "Query the order",
            ),
            (Method::POST, "/v3/ecommerce/refunds/apply", "Apply for a refund"),
            (Method::GET, "/v3/refund/domestic/refunds/1", "Query a refund"),
            (Method::GET, "/v3/bill/tradebill", "Ask for the trade bill"),
            (Method::GET, "/v3/billdownload/file", "Download a bill"),
            (Method::GET, "/v3/pay/nothing", "Unknown path"),
            (Method::GET, "/v3/refund/domestic/refunds/1/2", "Unknown path"),
        ] {
            assert_eq!(endpoint(&method, path).en, name, "{path}");
        }
    }
}
