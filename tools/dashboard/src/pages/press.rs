//! Actions of the dashboard's buttons.

use std::{sync::Arc, time::Duration};

use super::{Desk, HOME, faults, frame, moment, notifications, orders::left_to_refund, outcome::Outcome};
use crate::web::{Language, Query, read_form, respond, see_other, yuan};
use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use wechatpay_sandbox::{
    gateway,
    handle::{clock::SandboxClock, engine::Engine, rotation::Rotation},
    notify,
    platform::RotationError,
    world::{
        orders::{self, buyer::Buyer, key::OrderKey},
        refunds::{
            self,
            state::{RefundKey, RefundState},
        },
    },
};

/// A token, some names and numbers.
pub(super) const MAX_FORM: usize = 16 * 1024;
/// Nobody turns the clock further than a year at once.
const MAX_TURN: u64 = 366 * 24 * 3600;

/// Runs a button's action and redirects to its page, so that reloading repeats nothing.
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
    let form = match read_form(&headers, body, MAX_FORM).await {
        Ok(form) => Query::parse(&form),
        Err(status) => return refuse(status),
    };
    if form.get("token") != Some(&*desk.token) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let Some(outcome) = carry_out(&desk, &form).await else {
        return refuse(StatusCode::BAD_REQUEST);
    };
    let back = form.get("back").filter(|back| is_own_page(back)).unwrap_or(HOME);
    see_other(&outcome.on(back))
}

fn is_own_page(path: &str) -> bool {
    path.strip_prefix(HOME)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

async fn carry_out(desk: &Desk, form: &Query) -> Option<Outcome> {
    let engine = &desk.engine;
    Some(match form.get("do")? {
        "pay" => {
            let buyer = form.get("buyer").and_then(Buyer::from_name)?;
            let _working = engine.world.working();
            match engine.pay(&order(form)?, buyer) {
                Ok(()) => Outcome::PAID,
                Err(error) => error.into(),
            }
        }
        "cancel" => {
            let _working = engine.world.working();
            match orders::cancel(&engine.world, &order(form)?) {
                Ok(()) => Outcome::CANCELLED,
                Err(error) => error.into(),
            }
        }
        "close" => {
            let _working = engine.world.working();
            match engine.world.orders.close(&order(form)?, engine.world.clock.now()) {
                Ok(()) => Outcome::CLOSED,
                Err(_) => Outcome::NOT_CLOSED,
            }
        }
        "refund" => {
            let amount = form.get("amount").unwrap_or_default();
            refund(engine, &order(form)?, amount)
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
            let _working = engine.world.working();
            match refunds::settle(&engine.world, &key, to) {
                Ok(_) => Outcome::SETTLED,
                Err(error) => error.into(),
            }
        }
        "send" => {
            let id = form.get("id")?.to_owned();
            if engine.notifier.notifications.get(&id).is_none() {
                return Some(Outcome::GONE);
            }
            // A receiver may take its time; the page shows the attempt when it is made.
            let engine = Arc::clone(engine);
            tokio::spawn(async move { notify::send_again(&engine.notifier, &id).await });
            Outcome::SENT
        }
        "twice" => {
            let id = form.get("id")?.to_owned();
            if engine.notifier.notifications.get(&id).is_none() {
                return Some(Outcome::GONE);
            }
            let engine = Arc::clone(engine);
            tokio::spawn(async move {
                notify::send_again(&engine.notifier, &id).await;
                notify::send_again(&engine.notifier, &id).await;
            });
            Outcome::SENT_TWICE
        }
        "newest-first" => {
            if notifications::send_newest_first(engine, &order(form)?) {
                Outcome::SENT_BACKWARDS
            } else {
                Outcome::GONE
            }
        }
        "stop" => match engine.notifier.notifications.give_up(form.get("id")?) {
            true => Outcome::STOPPED,
            false => Outcome::NOT_PENDING,
        },
        "replay" => {
            let number = form.get("number")?.parse().ok()?;
            if gateway::replay(&engine.gateway, number).await {
                Outcome::REPLAYED
            } else {
                Outcome::GONE
            }
        }
        "rotate" => match rotate(engine, form.get("step")?)? {
            Ok(()) => Outcome::ROTATED,
            Err(_) => Outcome::NOT_ROTATED,
        },
        "fault" => match faults::rule(form) {
            Some(rule) => {
                engine.faults.add(rule, engine.world.clock.now());
                engine.tell_of_faults();
                Outcome::FAULT_SET
            }
            None => Outcome::NO_FAULT,
        },
        "accept" => match desk.runs.begin(desk, form) {
            Some(()) => Outcome::BEGUN,
            None => Outcome::NOT_ALLOWED,
        },
        "unfault" => {
            match form.get("id")? {
                "all" => engine.faults.clear(),
                id => drop(engine.faults.remove(id.parse().ok()?)),
            }
            engine.tell_of_faults();
            Outcome::FAULT_GONE
        }
        "keep" => moment::keep(desk),
        "go-back" => moment::go_back(desk),
        "turn" => {
            let clock = SandboxClock::new(Arc::clone(engine));
            let turned = match form.get("by")? {
                "next-day" => clock.next_day_at("10:05").await,
                seconds => {
                    let seconds = seconds.parse().ok().filter(|seconds| *seconds <= MAX_TURN)?;
                    clock.advance(Duration::from_secs(seconds)).await
                }
            };
            match turned {
                Ok(_) => Outcome::TURNED,
                Err(_) => Outcome::NOT_TURNED,
            }
        }
        _ => return None,
    })
}

fn refund(engine: &Engine, key: &OrderKey, amount: &str) -> Outcome {
    let Some(fen) = fen(amount).filter(|fen| *fen > 0) else {
        return Outcome::NOT_AN_AMOUNT.of(amount);
    };
    let _working = engine.world.working();
    let Some(order) = engine.world.order(key) else {
        return Outcome::NO_ORDER;
    };
    let left = left_to_refund(engine, &order);
    if order.payment.is_some() && fen > left {
        return Outcome::TOO_MUCH.of(&yuan(left));
    }
    match refunds::by_hand(&engine.world, key, fen) {
        Some(_) => Outcome::REFUNDED,
        None => Outcome::NOT_REFUNDED,
    }
}

fn rotate(engine: &Arc<Engine>, step: &str) -> Option<Result<(), RotationError>> {
    let rotation = Rotation::new(Arc::clone(engine));
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
pub(super) fn fen(text: &str) -> Option<i64> {
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
