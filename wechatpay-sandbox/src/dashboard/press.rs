//! What the buttons do, and what a page says afterwards.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};
use maud::{Markup, html};

use super::{Desk, HOME, Visit, faults, frame};
use crate::{
    event::EventKind,
    gateway, notify, payments,
    platform::{Rotation, RotationError},
    refunds,
    shared::Shared,
    state::{
        buyer::Buyer,
        order::{OrderKey, PayError},
        refund::{RefundKey, RefundState, SettleError},
    },
    time::SandboxClock,
    web::{Language, Query, respond, see_other},
};

/// A token, some names and numbers.
pub(super) const MAX_FORM: usize = 16 * 1024;
/// Nobody turns the clock further than a year at once.
const MAX_TURN: u64 = 366 * 24 * 3600;
/// The parameter of a page that says what was done before it.
pub(super) const DONE: &str = "done";

/// What came of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Paid,
    Cancelled,
    Closed,
    Refunded,
    Settled,
    Sent,
    Replayed,
    Rotated,
    Turned,
    FaultSet,
    FaultGone,
    Begun,
    NotPaid(PayError),
    NotClosed,
    NotRefunded,
    NotSettled(SettleError),
    NotRotated,
    NotTurned,
    NoFault,
    NotAllowed,
    Gone,
}

impl Outcome {
    const ALL: [Self; 28] = [
        Self::Paid,
        Self::Cancelled,
        Self::Closed,
        Self::Refunded,
        Self::Settled,
        Self::Sent,
        Self::Replayed,
        Self::Rotated,
        Self::Turned,
        Self::NotRotated,
        Self::NotTurned,
        Self::FaultSet,
        Self::FaultGone,
        Self::NoFault,
        Self::Begun,
        Self::NotAllowed,
        Self::NotPaid(PayError::NoSuchOrder),
        Self::NotPaid(PayError::AlreadyPaid),
        Self::NotPaid(PayError::Closed),
        Self::NotPaid(PayError::Expired),
        Self::NotPaid(PayError::NotEnough),
        Self::NotPaid(PayError::Blocked),
        Self::NotClosed,
        Self::NotRefunded,
        Self::NotSettled(SettleError::NoSuchRefund),
        Self::NotSettled(SettleError::Final),
        Self::NotSettled(SettleError::Backwards),
        Self::Gone,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Settled => "settled",
            Self::Sent => "sent",
            Self::Replayed => "replayed",
            Self::Rotated => "rotated",
            Self::Turned => "turned",
            Self::NotRotated => "not-rotated",
            Self::NotTurned => "not-turned",
            Self::FaultSet => "fault-set",
            Self::FaultGone => "fault-gone",
            Self::NoFault => "no-fault",
            Self::Begun => "begun",
            Self::NotAllowed => "not-allowed",
            Self::NotPaid(PayError::NoSuchOrder) => "no-order",
            Self::NotPaid(PayError::AlreadyPaid) => "already-paid",
            Self::NotPaid(PayError::Closed) => "is-closed",
            Self::NotPaid(PayError::Expired) => "expired",
            Self::NotPaid(PayError::NotEnough) => "not-enough",
            Self::NotPaid(PayError::Blocked) => "blocked",
            Self::NotClosed => "not-closed",
            Self::NotRefunded => "not-refunded",
            Self::NotSettled(SettleError::NoSuchRefund) => "no-refund",
            Self::NotSettled(SettleError::Final) => "refund-over",
            Self::NotSettled(SettleError::Backwards) => "refund-back",
            Self::Gone => "gone",
        }
    }

    const fn is_good(self) -> bool {
        matches!(
            self,
            Self::Paid
                | Self::Cancelled
                | Self::Closed
                | Self::Refunded
                | Self::Settled
                | Self::Sent
                | Self::Replayed
                | Self::Rotated
                | Self::Turned
                | Self::FaultSet
                | Self::FaultGone
                | Self::Begun
        )
    }

    const fn text(self, language: Language) -> &'static str {
        match self {
            Self::Paid => language.pick(
                "Paid. The notification is on its way to the shop.",
                "已支付，通知正在发往商户。",
            ),
            Self::Cancelled => language.pick(
                "The buyer turned back; the order stays unpaid.",
                "买家已取消，订单仍未支付。",
            ),
            Self::Closed => language.pick("The order is closed.", "订单已关闭。"),
            Self::Refunded => language.pick(
                "The refund was accepted; its notification follows when it is settled.",
                "退款已受理，到账后会发送通知。",
            ),
            Self::Settled => language.pick(
                "The refund has its new state, and the shop is told.",
                "退款状态已更新，正在通知商户。",
            ),
            Self::Sent => language.pick("Sent once more, signed anew.", "已重新签名并再次发送。"),
            Self::Replayed => language.pick(
                "Sent again; the newest request is the answer.",
                "已重放，最新一条请求即为结果。",
            ),
            Self::FaultSet => language.pick(
                "It will go wrong at the next occasion.",
                "故障已启用，将在下一次机会触发。",
            ),
            Self::FaultGone => language.pick("Taken back.", "已撤销。"),
            Self::Begun => language.pick(
                "The run has begun; its report appears here.",
                "验收已开始，报告将显示在此处。",
            ),
            Self::NotAllowed => language.pick(
                "The sandbox sends to this machine only, and to hosts that it was allowed.",
                "沙箱只会向本机及允许的主机发送请求。",
            ),
            Self::NoFault => language.pick(
                "There is no such fault, or its argument is wrong.",
                "没有这个故障，或参数有误。",
            ),
            Self::Rotated => language.pick("The keys have changed.", "密钥已变更。"),
            Self::Turned => language.pick(
                "The clock was turned, and what was due has happened.",
                "时钟已快进，到期事项均已发生。",
            ),
            Self::NotRotated => language.pick(
                "This step of the rotation is not possible now.",
                "当前不能执行这一步轮换。",
            ),
            Self::NotTurned => language.pick(
                "This clock goes by itself and cannot be turned.",
                "此时钟自行前进，不能手动快进。",
            ),
            Self::NotPaid(PayError::NoSuchOrder) => {
                language.pick("There is no such order.", "没有这个订单。")
            }
            Self::NotPaid(PayError::AlreadyPaid) => {
                language.pick("The order is paid already.", "订单已经支付。")
            }
            Self::NotPaid(PayError::Closed) => language.pick("The order is closed.", "订单已经关闭。"),
            Self::NotPaid(PayError::Expired) => language.pick(
                "The last moment to pay the order is over.",
                "订单的支付时限已过。",
            ),
            Self::NotPaid(PayError::NotEnough) => language.pick(
                "The buyer has not enough money. The order stays unpaid.",
                "买家余额不足，订单仍未支付。",
            ),
            Self::NotPaid(PayError::Blocked) => language.pick(
                "Risk control stopped the buyer. The order stays unpaid.",
                "买家被风控拦截，订单仍未支付。",
            ),
            Self::NotClosed => language.pick("A paid order cannot be closed.", "已支付的订单不能关闭。"),
            Self::NotRefunded => language.pick(
                "Not refunded: the order is not paid, or so much is not left of it.",
                "未能退款：订单未支付，或可退金额不足。",
            ),
            Self::NotSettled(SettleError::NoSuchRefund) => {
                language.pick("There is no such refund.", "没有这笔退款。")
            }
            Self::NotSettled(SettleError::Final) => {
                language.pick("The refund is over already.", "这笔退款已经结束。")
            }
            Self::NotSettled(SettleError::Backwards) => {
                language.pick("A refund does not go back.", "退款状态不能回退。")
            }
            Self::Gone => language.pick(
                "The sandbox has forgotten what this was about.",
                "沙箱已经忘记了这条记录。",
            ),
        }
    }
}

/// A button with all that it sends along.
pub(super) fn button(visit: &Visit, action: &str, fields: &[(&str, &str)], inside: &Markup) -> Markup {
    html! {
        form class="press" method="post" action={ (HOME) "/press" } {
            input type="hidden" name="token" value=(visit.desk.token);
            input type="hidden" name="do" value=(action);
            input type="hidden" name="back" value=(visit.here());
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (inside)
        }
    }
}

/// What the button before this page did.
pub(super) fn told(visit: &Visit) -> Markup {
    let code = visit.query.get(DONE).unwrap_or_default();
    let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.code() == code);
    html! {
        @if let Some(outcome) = outcome {
            p class={ "told " (if outcome.is_good() { "good" } else { "bad" }) } role="status" {
                (outcome.text(visit.language))
            }
        }
    }
}

/// A button was pressed. The answer leads back to its page, so that reloading that one presses nothing.
pub(super) async fn press(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    let language = Language::of_browser(&headers).unwrap_or_default();
    let refuse = |status| {
        let text = language.pick(
            "The page was of another run of the sandbox, or it was none of its pages. Open it again.",
            "页面属于沙箱的另一次运行，或不是沙箱的页面。请重新打开。",
        );
        respond(
            status,
            frame::message(language, language.pick("Refused", "请求被拒绝"), text),
        )
    };
    let is_form = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let Ok(form) = Limited::new(body, MAX_FORM).collect().await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let form = Query::parse(&form.to_bytes());
    if form.get("token") != Some(&*desk.token) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let Some(outcome) = carry_out(&desk, &form).await else {
        return refuse(StatusCode::BAD_REQUEST);
    };
    let back = form.get("back").filter(|back| is_own_page(back)).unwrap_or(HOME);
    let separator = if back.contains('?') { '&' } else { '?' };
    see_other(&format!("{back}{separator}{DONE}={}", outcome.code()))
}

fn is_own_page(path: &str) -> bool {
    path.strip_prefix(HOME)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

async fn carry_out(desk: &Desk, form: &Query) -> Option<Outcome> {
    let shared = &desk.shared;
    Some(match form.get("do")? {
        "pay" => {
            let buyer = form.get("buyer").and_then(Buyer::from_name)?;
            let _working = shared.working();
            match payments::pay(shared, &order(form)?, buyer) {
                Ok(()) => Outcome::Paid,
                Err(error) => Outcome::NotPaid(error),
            }
        }
        "cancel" => match payments::cancel(shared, &order(form)?) {
            Ok(()) => Outcome::Cancelled,
            Err(error) => Outcome::NotPaid(error),
        },
        "close" => match shared.orders.close(&order(form)?, shared.clock.now()) {
            Ok(()) => Outcome::Closed,
            Err(_) => Outcome::NotClosed,
        },
        "refund" => {
            let amount = form.get("amount").and_then(fen);
            match amount.and_then(|amount| refunds::by_hand(shared, &order(form)?, amount)) {
                Some(_) => Outcome::Refunded,
                None => Outcome::NotRefunded,
            }
        }
        "settle" => {
            let key = RefundKey {
                mchid: form.get("mchid")?.to_owned(),
                out_refund_no: form.get("refund")?.to_owned(),
            };
            let to = match form.get("to")? {
                "SUCCESS" => RefundState::Success,
                "CLOSED" => RefundState::Closed,
                "ABNORMAL" => RefundState::Abnormal,
                _ => return None,
            };
            match refunds::settle(shared, &key, to) {
                Ok(_) => Outcome::Settled,
                Err(error) => Outcome::NotSettled(error),
            }
        }
        "send" => {
            let id = form.get("id")?.to_owned();
            if shared.notifications.get(&id).is_none() {
                return Some(Outcome::Gone);
            }
            // A receiver may take its time; the page shows the attempt when it is made.
            let shared = Arc::clone(shared);
            tokio::spawn(async move { notify::send_again(&shared, &id).await });
            Outcome::Sent
        }
        "replay" => {
            let number = form.get("number")?.parse().ok()?;
            if gateway::replay(shared, number).await {
                Outcome::Replayed
            } else {
                Outcome::Gone
            }
        }
        "rotate" => match rotate(shared, form.get("step")?)? {
            Ok(()) => Outcome::Rotated,
            Err(_) => Outcome::NotRotated,
        },
        "fault" => match faults::rule(form) {
            Some(rule) => {
                shared.faults.add(rule, shared.clock.now());
                tell_faults(shared);
                Outcome::FaultSet
            }
            None => Outcome::NoFault,
        },
        "accept" => match desk.runs.begin(desk, form) {
            Some(()) => Outcome::Begun,
            None => Outcome::NotAllowed,
        },
        "unfault" => {
            match form.get("id")? {
                "all" => shared.faults.clear(),
                id => drop(shared.faults.remove(id.parse().ok()?)),
            }
            tell_faults(shared);
            Outcome::FaultGone
        }
        "turn" => {
            let clock = SandboxClock::new(Arc::clone(shared));
            let turned = match form.get("by")? {
                "next-day" => clock.next_day_at("10:05").await,
                seconds => {
                    let seconds = seconds.parse().ok().filter(|seconds| *seconds <= MAX_TURN)?;
                    clock.advance(Duration::from_secs(seconds)).await
                }
            };
            match turned {
                Ok(_) => Outcome::Turned,
                Err(_) => Outcome::NotTurned,
            }
        }
        _ => return None,
    })
}

fn tell_faults(shared: &Shared) {
    let count = shared.faults.all().len();
    shared.tell(EventKind::FaultsChanged { count });
}

fn rotate(shared: &Arc<Shared>, step: &str) -> Option<Result<(), RotationError>> {
    let rotation = Rotation::new(Arc::clone(shared));
    Some(match step {
        "announce" => rotation.announce().map(|_| ()),
        "ramp-10" => rotation.ramp(10.0),
        "ramp-50" => rotation.ramp(50.0),
        "finish" => rotation.finish(),
        "at-once" => rotation.announce().and_then(|_| rotation.finish()),
        "expire" => rotation.expire_old(),
        _ => return None,
    })
}

fn order(form: &Query) -> Option<OrderKey> {
    let (mchid, number) = (form.get("mchid")?, form.get("order")?);
    Some(match form.get("as") {
        Some("combination") => OrderKey::combination(mchid, number),
        _ => OrderKey::order(mchid, number),
    })
}

/// Yuan as people type them, `9.9` or `9.90`, in fen.
fn fen(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches(['¥', '￥']);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_by_their_digits() {
        for (text, amount) in [
            ("9.90", 990),
            ("9.9", 990),
            ("9", 900),
            (" ¥0.05 ", 5),
            ("9.", 900),
        ] {
            assert_eq!(fen(text), Some(amount), "{text}");
        }
        for text in ["", ".5", "9.905", "-1", "1e3", "1,000.00", "99999999999999999999"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }

    #[test]
    fn only_own_pages_are_gone_back_to() {
        for path in ["/_sandbox", "/_sandbox/orders?q=1", "/_sandbox?lang=en"] {
            assert!(is_own_page(path), "{path}");
        }
        for path in [
            "/_sandboxes",
            "//evil.example/_sandbox",
            "https://evil.example",
            "",
        ] {
            assert!(!is_own_page(path), "{path}");
        }
    }
}
