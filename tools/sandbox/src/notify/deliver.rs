//! Delivers notifications: the first attempt at once, then by the schedule.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use futures_util::future::join_all;
use http::HeaderMap;
use tokio::time::Instant;

use super::{
    Attempt, AttemptOutcome, Notification, NotificationState, Sent,
    client::{self, Reply, SendError},
    envelope, target,
};
use crate::{
    faults::{
        Fault, Fired,
        signing::{self, signed},
    },
    handle::shared::{Shared, count},
    journal::EventKind,
    platform::header_names,
    world::{
        clock::Due,
        lints::{Finding, Lint},
        orders::{state::OrderKey, timeline::Step},
        random::{Ids, Stream},
    },
};

/// Maximum delay of a notification that is to arrive out of order.
const PATIENCE: Duration = Duration::from_secs(60);

/// Content, recipient and URL of a new notification.
pub(crate) struct Draft {
    pub(crate) mchid: String,
    /// The order it is about.
    pub(crate) order: Option<OrderKey>,
    pub(crate) subject: String,
    pub(crate) event_type: Cow<'static, str>,
    pub(crate) notify_url: String,
    pub(crate) resource: serde_json::Value,
    pub(crate) original_type: Cow<'static, str>,
    pub(crate) associated_data: Cow<'static, str>,
    pub(crate) summary: Cow<'static, str>,
}

/// Keeps a notification; its first attempt is due at once.
pub(crate) fn start(shared: &Shared, draft: Draft) -> String {
    let number = shared.notifications.next_number();
    let ids = shared.ids.stream(Stream::Notification(number, 0));
    let id = ids.uuid();
    let mut notification = Notification {
        id: id.clone(),
        mchid: draft.mchid,
        out_trade_no: draft
            .order
            .as_ref()
            .map(|key| key.out_trade_no.clone())
            .unwrap_or_default(),
        subject: draft.subject,
        order: draft.order,
        event_type: draft.event_type,
        notify_url: draft.notify_url,
        created_at: shared.clock.now(),
        state: NotificationState::Pending,
        attempts: Vec::new(),
        resource: draft.resource.to_string(),
        faults: Vec::new(),
        original_type: draft.original_type,
        associated_data: draft.associated_data,
        summary: draft.summary,
        is_parked: false,
        number,
        turns: 0,
        world: 0,
    };
    let fired = shared
        .faults
        .of_notification(&notification.occasion(), shared.clock.now(), &ids);
    notification.faults = fired.list().to_vec();
    notification.is_parked = fired.has(Fault::OutOfOrder);
    let first = Due::Notify {
        id: id.clone(),
        retry: 0,
    };
    let (wait, due) = match fired.arrival() {
        Some(Fault::Late(wait)) => (wait, first),
        Some(Fault::OutOfOrder) => (PATIENCE, Due::Unpark(id.clone())),
        _ => (Duration::ZERO, first),
    };
    shared.notifications.push(notification);
    shared.agenda.after(wait, due);
    id
}

/// Sends a delayed notification; does nothing if it is on its way already.
pub(crate) fn unpark(shared: &Shared, id: &str) {
    let mut was_parked = false;
    shared.notifications.change(id, |notification| {
        was_parked = std::mem::take(&mut notification.is_parked);
    });
    if was_parked {
        let due = Due::Notify {
            id: id.to_owned(),
            retry: 0,
        };
        shared.agenda.after(Duration::ZERO, due);
    }
}

/// Makes one more genuine attempt, whatever came of the others.
pub(crate) async fn send_again(shared: &Shared, id: &str) -> Option<Attempt> {
    let (notification, ids) = turn(shared, id)?;
    Some(attempt(shared, &notification, &Fired::default(), &ids).await)
}

/// Makes the attempt that is due, and says which one follows, and when.
pub(crate) async fn attempt_due(shared: &Shared, id: &str, retry: usize) -> Option<(Duration, Due)> {
    let (notification, ids) = turn(shared, id)?;
    if notification.state != NotificationState::Pending {
        return None;
    }
    let fired = shared
        .faults
        .of_attempt(&notification.occasion(), shared.clock.now(), &ids);
    if ids.chance(shared.settings.signtest) {
        probe(shared, &notification, &ids).await;
    }
    // A probe is followed by the real thing at once, so that it costs the receiver nothing.
    if attempt_with_copies(shared, &notification, &fired, &ids).await {
        return None;
    }
    let _working = shared.working();
    if !shared.notifications.is_known(&notification) {
        return None;
    }
    let Some(delay) = shared.settings.retry.delays().get(retry) else {
        shared.notifications.give_up(id);
        return None;
    };
    let due = Due::Notify {
        id: id.to_owned(),
        retry: retry.saturating_add(1),
    };
    Some((*delay, due))
}

/// Says whether the notification was acknowledged.
async fn attempt_with_copies(shared: &Shared, notification: &Notification, fired: &Fired, ids: &Ids) -> bool {
    let attempts = if let Some(Fault::Concurrent(copies)) = fired.copies() {
        at_once(shared, notification, fired, ids, copies).await
    } else {
        let mut attempts = vec![attempt(shared, notification, fired, ids).await];
        if let Some(Fault::Duplicate(copies)) = fired.copies() {
            for _ in 0..copies {
                attempts.push(attempt(shared, notification, fired, ids).await);
            }
        }
        attempts
    };
    if shared.notifications.is_known(notification) {
        shared
            .notifications
            .unpark_all(&notification.mchid, &notification.id, |id| unpark(shared, id));
    }
    attempts.iter().any(Attempt::is_acknowledged)
}

/// The notification, and random numbers that no other attempt at it has.
fn turn(shared: &Shared, id: &str) -> Option<(Notification, Ids)> {
    let mut turn = 0;
    shared.notifications.change(id, |notification| {
        notification.turns = notification.turns.saturating_add(1);
        turn = notification.turns;
    });
    let notification = shared.notifications.get(id)?;
    let ids = shared.ids.stream(Stream::Notification(notification.number, turn));
    Some((notification, ids))
}

/// An attempt with a deliberately wrong signature, which nobody asked for.
async fn probe(shared: &Shared, notification: &Notification, ids: &Ids) {
    // The semaphore is never closed.
    let _place = shared.notifications.places.acquire().await.ok();
    let prepared = match prepare(shared, notification, &Fired::default(), ids).await {
        Ok(mut sent) => {
            if let Ok(value) = signing::probe(ids).parse() {
                sent.headers.insert(SIGNATURE, value);
            }
            Ok(sent)
        }
        Err(outcome) => Err(outcome),
    };
    deliver(shared, notification, prepared, &[], true).await;
}

async fn attempt(shared: &Shared, notification: &Notification, fired: &Fired, ids: &Ids) -> Attempt {
    // The semaphore is never closed.
    let _place = shared.notifications.places.acquire().await.ok();
    let prepared = prepare(shared, notification, fired, ids).await;
    deliver(shared, notification, prepared, fired.list(), fired.is_forgery()).await
}

/// Delivers `copies` copies of the same bytes at the same time.
async fn at_once(
    shared: &Shared,
    notification: &Notification,
    fired: &Fired,
    ids: &Ids,
    copies: u16,
) -> Vec<Attempt> {
    let prepared = prepare(shared, notification, fired, ids).await;
    join_all((0..copies).map(|_| {
        deliver(
            shared,
            notification,
            prepared.clone(),
            fired.list(),
            fired.is_forgery(),
        )
    }))
    .await
}

const SIGNATURE: &str = "wechatpay-signature";

/// Sealed and signed for this attempt alone, or why nothing is sent.
async fn prepare(
    shared: &Shared,
    notification: &Notification,
    fired: &Fired,
    ids: &Ids,
) -> Result<Sent, AttemptOutcome> {
    if fired.has(Fault::Lost) {
        return Err(AttemptOutcome::Lost);
    }
    if !shared.is_notify_enabled() {
        return Err(AttemptOutcome::Withheld);
    }
    sealed(shared, notification, fired, ids)
        .await
        .ok_or_else(|| AttemptOutcome::Failed("the notification could not be signed".to_owned()))
}

async fn sealed(shared: &Shared, notification: &Notification, fired: &Fired, ids: &Ids) -> Option<Sent> {
    let merchant = shared.merchants.get(&notification.mchid)?;
    let foreign = match fired.envelope() {
        Some(Fault::WrongApiV3Key) => shared.platform.foreign_aead(),
        _ => None,
    };
    let aead = foreign.as_ref().unwrap_or(&merchant.aead);
    let body = envelope::body(notification, aead.as_ref(), fired, ids)?;
    let key = shared.platform.callback_key();
    let fault = fired.signature();
    let signed = signed(shared, &key, body, fault, ids).await.ok()?;
    let signature = (fault != Some(Fault::NoSignHeaders)).then_some(&signed.signature);
    Some(Sent {
        headers: client::headers(signature, ids),
        body: signed.body,
    })
}

/// Sends what was prepared, and records what came of it.
async fn deliver(
    shared: &Shared,
    notification: &Notification,
    prepared: Result<Sent, AttemptOutcome>,
    faults: &[Fault],
    is_forged: bool,
) -> Attempt {
    let at = shared.clock.now();
    let started = Instant::now();
    let (outcome, sent, reply) = match prepared {
        Ok(sent) => post(shared, notification, sent, faults).await,
        Err(outcome) => (outcome, None, Bytes::new()),
    };
    let key_id = sent.as_ref().map(|sent| text(&sent.headers, "wechatpay-serial"));
    let attempt = Attempt {
        at,
        is_forged,
        faults: faults.to_vec(),
        key_id: key_id.unwrap_or_default(),
        outcome,
        took: started.elapsed(),
        reply,
        sent,
    };
    record(shared, notification, &attempt);
    attempt
}

async fn post(
    shared: &Shared,
    notification: &Notification,
    sent: Sent,
    faults: &[Fault],
) -> (AttemptOutcome, Option<Sent>, Bytes) {
    let uri = match target::judge(shared, &notification.notify_url) {
        Ok(uri) => uri,
        Err(cause) => return (AttemptOutcome::NotAllowed(cause.into()), None, Bytes::new()),
    };
    count(&shared.totals.attempts);
    let timeout = shared.settings.notify_timeout;
    let names = if faults.contains(&Fault::LowerCaseHeaders) {
        header_names::lower_case(&sent.headers)
    } else {
        header_names::platform()
    };
    let sender = &shared.notifications.sender;
    let (outcome, reply) = match sender.post(uri, &sent, names, timeout).await {
        Ok(Reply { status, body }) => (AttemptOutcome::of_status(status), body),
        Err(SendError::TimedOut) => (AttemptOutcome::TimedOut, Bytes::new()),
        Err(SendError::Failed(cause)) => (AttemptOutcome::Failed(cause), Bytes::new()),
    };
    (outcome, Some(sent), reply)
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn record(shared: &Shared, notification: &Notification, attempt: &Attempt) {
    let _working = shared.working();
    let Some(number) = shared.notifications.record(notification, attempt) else {
        return;
    };
    if attempt.is_acknowledged()
        && let Some(key) = &notification.order
    {
        let step = if notification.subject == notification.out_trade_no {
            Step::Acknowledged
        } else {
            Step::AcknowledgedOther {
                event_type: notification.event_type.clone(),
                subject: notification.subject.clone(),
            }
        };
        shared.orders.change(key, |order| order.note(attempt.at, step));
    }
    shared.tell(EventKind::Notified {
        id: notification.id.clone(),
        out_trade_no: notification.out_trade_no.clone(),
        subject: notification.subject.clone(),
        event_type: notification.event_type.clone(),
        target: target::shown(&notification.notify_url),
        attempt: number,
        is_forged: attempt.is_forged,
        faults: attempt.faults.clone(),
        outcome: attempt.outcome.clone(),
        took: attempt.took,
    });
    lint(shared, notification, attempt);
}

/// Lints about the receiver, from its response.
fn lint(shared: &Shared, notification: &Notification, attempt: &Attempt) {
    let Some(status) = attempt.outcome.status().filter(http::StatusCode::is_success) else {
        return;
    };
    let finding = if attempt.is_forged {
        Finding::AcceptedForgedNotification {
            status: status.as_u16(),
            fault: attempt
                .faults
                .iter()
                .find(|fault| fault.is_forgery())
                .map(ToString::to_string),
        }
    } else if !matches!(attempt.outcome, AttemptOutcome::Acknowledged(_)) {
        Finding::AckOtherStatus {
            status: status.as_u16(),
        }
    } else if attempt.took < shared.settings.lint_ack_within {
        Finding::AckBeforeCommit {
            micros: u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
        }
    } else {
        return;
    };
    shared.lint(Lint {
        finding,
        at: attempt.at,
        out_trade_no: Some(notification.out_trade_no.clone()).filter(|number| !number.is_empty()),
    });
}
