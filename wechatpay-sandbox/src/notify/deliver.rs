//! Delivers notifications: the first attempt at once, then by the schedule.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    Attempt, AttemptOutcome, Notification, NotificationState,
    client::{Reply, SendError},
    envelope, target,
};
use crate::{
    event::EventKind,
    gateway::probe,
    ids::{Ids, Stream},
    platform::{CompletedSignature, sign},
    shared::{Shared, count},
    state::{
        lint::{Lint, LintKind},
        order::OrderKey,
        snapshot::Step,
    },
    time::Due,
};

/// What a notification is to say, to whom, and where.
pub(crate) struct Draft {
    pub(crate) mchid: String,
    /// The order it is about.
    pub(crate) order: Option<OrderKey>,
    pub(crate) subject: String,
    pub(crate) event_type: &'static str,
    pub(crate) notify_url: String,
    pub(crate) resource: serde_json::Value,
    pub(crate) original_type: &'static str,
    pub(crate) associated_data: &'static str,
    pub(crate) summary: &'static str,
}

/// Keeps a notification; its first attempt is due at once.
pub(crate) fn start(shared: &Shared, draft: Draft) {
    let number = shared.notifications.next_number();
    let id = shared.ids.stream(Stream::Notification(number, 0)).uuid();
    shared.notifications.push(Notification {
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
        original_type: draft.original_type,
        associated_data: draft.associated_data,
        summary: draft.summary,
        number,
        turns: 0,
    });
    shared.agenda.after(Duration::ZERO, Due::Notify { id, retry: 0 });
}

/// Makes one more genuine attempt, whatever came of the others.
pub(crate) async fn send_again(shared: &Shared, id: &str) -> Option<Attempt> {
    let (notification, ids) = turn(shared, id)?;
    Some(attempt(shared, &notification, &ids, false).await)
}

/// Makes the attempt that is due, and sees to the next one.
pub(crate) async fn attempt_due(shared: &Shared, id: &str, retry: usize) {
    let Some((notification, ids)) = turn(shared, id) else {
        return;
    };
    if notification.is_acknowledged() {
        return;
    }
    if ids.chance(shared.settings.signtest) {
        attempt(shared, &notification, &ids, true).await;
    }
    // A probe is followed by the real thing at once, so that it costs the receiver nothing.
    let attempt = attempt(shared, &notification, &ids, false).await;
    if matches!(attempt.outcome, AttemptOutcome::Acknowledged(_)) {
        return;
    }
    if let Some(delay) = shared.settings.retry.delays().get(retry) {
        let due = Due::Notify {
            id: id.to_owned(),
            retry: retry.saturating_add(1),
        };
        shared.agenda.after(*delay, due);
        return;
    }
    shared.notifications.change(id, |notification| {
        if notification.state == NotificationState::Pending {
            notification.state = NotificationState::GivenUp;
        }
    });
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

async fn attempt(shared: &Shared, notification: &Notification, ids: &Ids, is_probe: bool) -> Attempt {
    // The semaphore is never closed.
    let _place = shared.notifications.places.acquire().await.ok();
    let at = shared.clock.now();
    let started = Instant::now();
    let (outcome, key_id, reply) = send(shared, notification, ids, at, is_probe).await;
    let attempt = Attempt {
        at,
        is_probe,
        key_id,
        outcome,
        took: started.elapsed(),
        reply,
    };
    record(shared, notification, &attempt);
    attempt
}

async fn send(
    shared: &Shared,
    notification: &Notification,
    ids: &Ids,
    at: i64,
    is_probe: bool,
) -> (AttemptOutcome, String, Bytes) {
    let nothing = |outcome| (outcome, String::new(), Bytes::new());
    if !shared.is_notify_enabled() {
        return nothing(AttemptOutcome::Withheld);
    }
    let uri = match target::judge(shared, &notification.notify_url) {
        Ok(uri) => uri,
        Err(cause) => return nothing(AttemptOutcome::NotAllowed(cause)),
    };
    let Some((signature, body)) = signed(shared, notification, ids, at, is_probe).await else {
        return nothing(AttemptOutcome::Failed(
            "the notification could not be signed".to_owned(),
        ));
    };
    count(&shared.totals.attempts);
    let timeout = shared.settings.notify_timeout;
    let sender = &shared.notifications.sender;
    let (outcome, reply) = match sender.post(uri, &signature, body, timeout).await {
        Ok(Reply { status, body }) => (AttemptOutcome::of_status(status), body),
        Err(SendError::TimedOut) => (AttemptOutcome::TimedOut, Bytes::new()),
        Err(SendError::Failed(cause)) => (AttemptOutcome::Failed(cause), Bytes::new()),
    };
    (outcome, signature.key_id, reply)
}

/// Sealed and signed for this attempt alone.
async fn signed(
    shared: &Shared,
    notification: &Notification,
    ids: &Ids,
    at: i64,
    is_probe: bool,
) -> Option<(CompletedSignature, Bytes)> {
    let merchant = shared.merchants.get(&notification.mchid)?;
    let body = envelope::body(notification, merchant.aead.as_ref(), ids).ok()?;
    let key = shared.platform.callback_key();
    let slowly = shared.platform.signs_slowly();
    let mut signature = sign(&key, slowly, at, ids.nonce(), body.clone()).await.ok()?;
    if is_probe {
        signature.value = probe(ids);
    }
    Some((signature, body))
}

fn record(shared: &Shared, notification: &Notification, attempt: &Attempt) {
    let acknowledged = matches!(attempt.outcome, AttemptOutcome::Acknowledged(_));
    let mut number = 0;
    shared.notifications.change(&notification.id, |notification| {
        notification.attempts.push(attempt.clone());
        number = notification
            .attempts
            .iter()
            .filter(|attempt| !attempt.is_probe)
            .count();
        if acknowledged && !attempt.is_probe {
            notification.state = NotificationState::Acknowledged;
        }
    });
    if acknowledged
        && !attempt.is_probe
        && let Some(key) = &notification.order
    {
        let step = if notification.subject == notification.out_trade_no {
            Step::Acknowledged
        } else {
            Step::AcknowledgedOther {
                event_type: notification.event_type,
                subject: notification.subject.clone(),
            }
        };
        shared.orders.change(key, |order| order.note(attempt.at, step));
    }
    shared.tell(EventKind::Notified {
        id: notification.id.clone(),
        out_trade_no: notification.out_trade_no.clone(),
        subject: notification.subject.clone(),
        event_type: notification.event_type,
        target: target::shown(&notification.notify_url),
        attempt: number,
        is_probe: attempt.is_probe,
        outcome: attempt.outcome.clone(),
        took: attempt.took,
    });
    let is_2xx = attempt.outcome.status().is_some_and(|status| status.is_success());
    if attempt.is_probe && is_2xx {
        shared.lint(Lint {
            kind: LintKind::AcceptedForgedNotification,
            at: attempt.at,
            text: "a notification with a wrong signature was answered 2xx; whoever knows the URL can fake payments"
                .to_owned(),
            out_trade_no: Some(notification.out_trade_no.clone()).filter(|number| !number.is_empty()),
        });
    }
}
