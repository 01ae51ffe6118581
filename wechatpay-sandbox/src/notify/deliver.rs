//! Delivers one notification: the first attempt at once, then by the schedule.

use std::{sync::Arc, time::Duration};

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
    platform::{CompletedSignature, sign},
    shared::{Shared, count},
    state::{
        lint::{Lint, LintKind},
        order::{Order, OrderKey},
        snapshot::Step,
        transaction::transaction,
    },
};

/// Tells the merchant that an order was paid, in a task of its own that ends with the sandbox.
pub(crate) fn start(shared: &Arc<Shared>, order: &Order) {
    let notification = Notification {
        id: shared.ids.uuid(),
        mchid: order.key.mchid.clone(),
        out_trade_no: order.key.out_trade_no.clone(),
        event_type: "TRANSACTION.SUCCESS",
        notify_url: order.notify_url.clone(),
        created_at: shared.clock.now(),
        state: NotificationState::Pending,
        attempts: Vec::new(),
        resource: transaction(order).to_string(),
        original_type: "transaction",
        summary: "支付成功",
    };
    let id = notification.id.clone();
    shared.notifications.push(notification);
    let runtime = shared.runtime.clone();
    let shared = Arc::clone(shared);
    runtime.spawn(async move {
        let mut stopping = shared.stopping.clone();
        tokio::select! {
            () = deliver(&shared, &id) => {}
            // Also when the sender is gone: then the last handle was dropped.
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
}

/// Makes one more genuine attempt, whatever came of the others.
pub(crate) async fn send_again(shared: &Shared, id: &str) -> Option<Attempt> {
    let notification = shared.notifications.get(id)?;
    Some(attempt(shared, &notification, false).await)
}

async fn deliver(shared: &Shared, id: &str) {
    let delays = shared.settings.retry.delays();
    for delay in std::iter::once(Duration::ZERO).chain(delays.iter().copied()) {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let Some(notification) = shared.notifications.get(id) else {
            return;
        };
        if notification.is_acknowledged() {
            return;
        }
        if shared.ids.chance(shared.settings.signtest) {
            attempt(shared, &notification, true).await;
        }
        // A probe is followed by the real thing at once, so that it costs the receiver nothing.
        let attempt = attempt(shared, &notification, false).await;
        if matches!(attempt.outcome, AttemptOutcome::Acknowledged(_)) {
            return;
        }
    }
    shared.notifications.change(id, |notification| {
        if notification.state == NotificationState::Pending {
            notification.state = NotificationState::GivenUp;
        }
    });
}

async fn attempt(shared: &Shared, notification: &Notification, is_probe: bool) -> Attempt {
    // The semaphore is never closed.
    let _place = shared.notifications.places.acquire().await.ok();
    let at = shared.clock.now();
    let started = Instant::now();
    let (outcome, key_id, reply) = send(shared, notification, at, is_probe).await;
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
    let Some((signature, body)) = signed(shared, notification, at, is_probe).await else {
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
    at: i64,
    is_probe: bool,
) -> Option<(CompletedSignature, Bytes)> {
    let merchant = shared.merchants.get(&notification.mchid)?;
    let body = envelope::body(notification, merchant.aead.as_ref(), &shared.ids).ok()?;
    let key = shared.platform.callback_key();
    let slowly = shared.platform.signs_slowly();
    let mut signature = sign(&key, slowly, at, shared.ids.nonce(), body.clone())
        .await
        .ok()?;
    if is_probe {
        signature.value = probe(shared);
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
    if acknowledged && !attempt.is_probe {
        let key = OrderKey {
            mchid: notification.mchid.clone(),
            out_trade_no: notification.out_trade_no.clone(),
        };
        shared
            .orders
            .change(&key, |order| order.note(attempt.at, Step::Acknowledged));
    }
    shared.tell(EventKind::Notified {
        id: notification.id.clone(),
        out_trade_no: notification.out_trade_no.clone(),
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
            out_trade_no: Some(notification.out_trade_no.clone()),
        });
    }
}
