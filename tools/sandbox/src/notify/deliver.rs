//! Delivers notifications: the first attempt at once, then by the schedule.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::HeaderMap;
use tokio::time::Instant;

use super::{
    Attempt, Draft, Notification, NotificationState, Notifier, Sent,
    client::{self, Reply, SendError},
    drafts, envelope, target,
};
use crate::{
    faults::{Fault, Fired},
    journal::{AttemptOutcome, EventKind, SendFailure},
    platform::{
        header_names,
        signing::{self, signed},
    },
    world::{
        Event,
        clock::Due,
        count,
        lints::{Finding, Lint},
        orders::timeline::Step,
        random::{Ids, Stream},
    },
};

/// Maximum delay of a notification that is to arrive out of order.
const PATIENCE: Duration = Duration::from_secs(60);

impl Notifier {
    /// Starts the notification of an event, if merchants are told of it.
    pub(crate) fn on(&self, event: &Event<'_>) {
        if let Some(draft) = drafts::of(&self.world, event) {
            start(self, draft);
        }
    }
}

/// Keeps a notification; its first attempt is due at once.
pub(crate) fn start(notifier: &Notifier, draft: Draft) -> String {
    let number = notifier.notifications.next_number();
    let ids = notifier.world.ids.stream(Stream::Notification(number, 0));
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
        created_at: notifier.world.clock.now(),
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
    let fired = notifier
        .faults
        .of_notification(&notification.occasion(), notifier.world.clock.now(), &ids);
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
    notifier.notifications.push(notification);
    notifier.world.agenda.after(wait, due);
    id
}

/// Sends a delayed notification; does nothing if it is on its way already.
pub(crate) fn unpark(notifier: &Notifier, id: &str) {
    let mut was_parked = false;
    notifier.notifications.change(id, |notification| {
        was_parked = std::mem::take(&mut notification.is_parked);
    });
    if was_parked {
        let due = Due::Notify {
            id: id.to_owned(),
            retry: 0,
        };
        notifier.world.agenda.after(Duration::ZERO, due);
    }
}

/// Makes one more genuine attempt, whatever came of the others.
pub async fn send_again(notifier: &Notifier, id: &str) -> Option<Attempt> {
    let (notification, ids) = turn(notifier, id)?;
    Some(attempt(notifier, &notification, &Fired::default(), &ids).await)
}

/// Makes the attempt that is due, and says which one follows, and when.
pub(crate) async fn attempt_due(notifier: &Notifier, id: &str, retry: usize) -> Option<(Duration, Due)> {
    let (notification, ids) = turn(notifier, id)?;
    if notification.state != NotificationState::Pending {
        return None;
    }
    let fired = notifier
        .faults
        .of_attempt(&notification.occasion(), notifier.world.clock.now(), &ids);
    if ids.chance(notifier.settings.signtest) {
        probe(notifier, &notification, &ids).await;
    }
    // A probe is followed by the real thing at once, so that it costs the receiver nothing.
    if attempt_with_copies(notifier, &notification, &fired, &ids).await {
        return None;
    }
    let _working = notifier.world.working();
    if !notifier.notifications.is_known(&notification) {
        return None;
    }
    let Some(delay) = notifier.settings.retry.delays().get(retry) else {
        notifier.notifications.give_up(id);
        return None;
    };
    let due = Due::Notify {
        id: id.to_owned(),
        retry: retry.saturating_add(1),
    };
    Some((*delay, due))
}

/// Says whether the notification was acknowledged.
async fn attempt_with_copies(
    notifier: &Notifier,
    notification: &Notification,
    fired: &Fired,
    ids: &Ids,
) -> bool {
    let attempts = if let Some(Fault::Concurrent(copies)) = fired.copies() {
        at_once(notifier, notification, fired, ids, copies).await
    } else {
        let mut attempts = vec![attempt(notifier, notification, fired, ids).await];
        if let Some(Fault::Duplicate(copies)) = fired.copies() {
            for _ in 0..copies {
                attempts.push(attempt(notifier, notification, fired, ids).await);
            }
        }
        attempts
    };
    if notifier.notifications.is_known(notification) {
        notifier
            .notifications
            .unpark_all(&notification.mchid, &notification.id, |id| unpark(notifier, id));
    }
    attempts.iter().any(Attempt::is_acknowledged)
}

/// The notification, and random numbers that no other attempt at it has.
fn turn(notifier: &Notifier, id: &str) -> Option<(Notification, Ids)> {
    let mut turn = 0;
    notifier.notifications.change(id, |notification| {
        notification.turns = notification.turns.saturating_add(1);
        turn = notification.turns;
    });
    let notification = notifier.notifications.get(id)?;
    let ids = notifier
        .world
        .ids
        .stream(Stream::Notification(notification.number, turn));
    Some((notification, ids))
}

/// An attempt with a deliberately wrong signature, which nobody asked for.
async fn probe(notifier: &Notifier, notification: &Notification, ids: &Ids) {
    // The semaphore is never closed.
    let _place = notifier.notifications.places.acquire().await.ok();
    let prepared = match prepare(notifier, notification, &Fired::default(), ids).await {
        Ok(mut sent) => {
            if let Ok(value) = signing::probe(ids).parse() {
                sent.headers.insert(SIGNATURE, value);
            }
            Ok(sent)
        }
        Err(outcome) => Err(outcome),
    };
    deliver(notifier, notification, prepared, &[], true).await;
}

async fn attempt(notifier: &Notifier, notification: &Notification, fired: &Fired, ids: &Ids) -> Attempt {
    // The semaphore is never closed.
    let _place = notifier.notifications.places.acquire().await.ok();
    let prepared = prepare(notifier, notification, fired, ids).await;
    deliver(notifier, notification, prepared, fired.list(), fired.is_forgery()).await
}

/// Delivers `copies` copies of the same bytes at the same time.
async fn at_once(
    notifier: &Notifier,
    notification: &Notification,
    fired: &Fired,
    ids: &Ids,
    copies: u16,
) -> Vec<Attempt> {
    let prepared = prepare(notifier, notification, fired, ids).await;
    join_all((0..copies).map(|_| {
        deliver(
            notifier,
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
    notifier: &Notifier,
    notification: &Notification,
    fired: &Fired,
    ids: &Ids,
) -> Result<Sent, AttemptOutcome> {
    if fired.has(Fault::Lost) {
        return Err(AttemptOutcome::Lost);
    }
    if !notifier.is_enabled() {
        return Err(AttemptOutcome::Withheld);
    }
    sealed(notifier, notification, fired, ids)
        .await
        .ok_or(AttemptOutcome::Failed(SendFailure::Unsigned))
}

async fn sealed(notifier: &Notifier, notification: &Notification, fired: &Fired, ids: &Ids) -> Option<Sent> {
    let merchant = notifier.world.merchants.get(&notification.mchid)?;
    let foreign = match fired.envelope() {
        Some(Fault::WrongApiV3Key) => notifier.platform.foreign_aead(),
        _ => None,
    };
    let aead = foreign.as_ref().unwrap_or(&merchant.aead);
    let body = envelope::body(notification, aead.as_ref(), fired, ids)?;
    let key = notifier.platform.callback_key();
    let fault = fired.signature();
    let signed = signed(&notifier.platform, &key, body, fault, ids).await.ok()?;
    let signature = (fault != Some(Fault::NoSignHeaders)).then_some(&signed.signature);
    Some(Sent {
        headers: client::headers(signature, ids),
        body: signed.body,
    })
}

/// Sends what was prepared, and records what came of it.
async fn deliver(
    notifier: &Notifier,
    notification: &Notification,
    prepared: Result<Sent, AttemptOutcome>,
    faults: &[Fault],
    is_forged: bool,
) -> Attempt {
    let at = notifier.world.clock.now();
    let started = Instant::now();
    let (outcome, sent, reply) = match prepared {
        Ok(sent) => post(notifier, notification, sent, faults).await,
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
    record(notifier, notification, &attempt);
    attempt
}

async fn post(
    notifier: &Notifier,
    notification: &Notification,
    sent: Sent,
    faults: &[Fault],
) -> (AttemptOutcome, Option<Sent>, Bytes) {
    let uri = match target::judge(notifier, &notification.notify_url) {
        Ok(uri) => uri,
        Err(cause) => return (AttemptOutcome::NotAllowed(cause), None, Bytes::new()),
    };
    count(&notifier.attempts);
    let timeout = notifier.settings.timeout;
    let names = if faults.contains(&Fault::LowerCaseHeaders) {
        header_names::lower_case(&sent.headers)
    } else {
        header_names::platform()
    };
    let sender = &notifier.notifications.sender;
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

fn record(notifier: &Notifier, notification: &Notification, attempt: &Attempt) {
    let _working = notifier.world.working();
    let Some(number) = notifier.notifications.record(notification, attempt) else {
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
        notifier
            .world
            .orders
            .change(key, |order| order.note(attempt.at, step));
    }
    notifier.journal.tell(EventKind::Notified {
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
    lint(notifier, notification, attempt);
}

/// Lints about the receiver, from its response.
fn lint(notifier: &Notifier, notification: &Notification, attempt: &Attempt) {
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
    } else if attempt.took < notifier.settings.lint_ack_within {
        Finding::AckBeforeCommit {
            micros: u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
        }
    } else {
        return;
    };
    notifier.world.lint(Lint {
        finding,
        at: attempt.at,
        out_trade_no: Some(notification.out_trade_no.clone()).filter(|number| !number.is_empty()),
    });
}
