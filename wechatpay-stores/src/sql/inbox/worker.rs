//! Workers that hand notifications to handlers.

use std::{
    fmt::Display,
    future::{pending, poll_fn},
    pin::Pin,
    task::Poll,
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use wechatpay_core::{
    backoff::Backoff,
    idempotency::{
        HandlerContext, StoreError,
        run::{Outcome as Ran, after, run},
    },
};

use super::{
    SqlInbox, StoredNotification,
    lease::{Lease, Outcome},
    rows::{Held, Picked},
};
use crate::sql::{
    dialect::{Dialect, Fault},
    error::{fault, store_error},
    transactional::{self, ENDED_BY_HANDLER},
};

/// Longest pause before a store that failed is tried again.
const LONGEST_STORE_PAUSE: Duration = Duration::from_secs(10);
/// Longest wait for the lock on a leased row, which others hold only briefly.
const HOLD_TIMEOUT: Duration = Duration::from_secs(1);

/// Boxed future of a handler that borrows its transaction.
pub type InTransaction<'t, E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send + 't>>;

impl<D: Dialect> SqlInbox<D> {
    /// Hands notifications to `handler`, in `workers` at once, until `stop` completes.
    ///
    /// Then it waits for the handlers that run, at most for the [grace](super::InboxOptions::grace), and returns.
    ///
    /// The lease is renewed while the handler runs. If the lease is lost, the handler is dropped. A handler that
    /// fails, panics or exceeds its deadline is retried after a pause, and given up after its
    /// [attempts](super::InboxOptions::attempts). An attempt in which the process dies counts. The error is stored in
    /// the table for people to read, so keep payer data out of it. Effects happen at least once; see
    /// [`run_in_transaction`](Self::run_in_transaction) for exactly once.
    ///
    /// The workers share the task that polls this future. Run it in several tasks or processes if one is not enough.
    /// If the store fails, workers retry with growing pauses.
    ///
    /// # Cancel safety
    /// Dropping the future drops the handlers. Inside a tokio runtime their leases are released at once, otherwise the
    /// leases end by themselves.
    pub async fn run<E, F>(
        &self,
        workers: usize,
        stop: impl Future<Output = ()>,
        handler: impl Fn(StoredNotification, HandlerContext) -> F,
    ) where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let handler = &handler;
        self.drain(
            workers,
            stop,
            self.options.limits.get_lease(),
            |held, stopping| async move {
                let mut lease = held.lease;
                let deadline = after(self.options.deadline());
                let (context, signal) = HandlerContext::new(
                    held.notification.event().clone(),
                    lease.fence,
                    held.attempt,
                    deadline,
                );
                let handled = handler(held.notification, context);
                let outcome = unless_stopped(stopping, beside_heartbeat(&lease, deadline, handled)).await;
                lease.end(outcome, held.attempt, &signal).await;
            },
        )
        .await;
    }

    /// Runs as [`run`](Self::run) does, with each handler in a transaction.
    ///
    /// The transaction also marks the notification as done, so the handler's effects on the connection happen
    /// **exactly once**. [`transactional`](crate::SqlStore::transactional) lists the rules
    /// inside a transaction.
    ///
    /// The row is locked while the handler runs, so nobody can take it over and no lease is renewed. Each worker needs
    /// a connection of the pool, and at times a second one.
    ///
    /// # Cancel safety
    /// Dropping the future rolls back the effects of the handlers.
    pub async fn run_in_transaction<E, H>(&self, workers: usize, stop: impl Future<Output = ()>, handler: H)
    where
        H: Fn(&mut D::Connection, StoredNotification, HandlerContext) -> InTransaction<'_, E>,
        E: Display,
    {
        let handler = &handler;
        let lease = self.options.limits.get_lease();
        // Others wait for a locked row instead of skipping it, so its lease must not end before the transaction.
        let lease = match D::SKIPS_LOCKED {
            true => lease,
            false => lease.max(self.options.deadline().saturating_add(HOLD_TIMEOUT)),
        };
        self.drain(workers, stop, lease, |held, stopping| async move {
            let mut lease = held.lease;
            let attempt = held.attempt;
            let deadline = after(self.options.deadline());
            let (context, signal) =
                HandlerContext::new(held.notification.event().clone(), lease.fence, attempt, deadline);
            let handled = self.in_transaction(&lease, deadline, handler, held.notification, context);
            let outcome = unless_stopped(stopping, handled).await;
            lease.end(outcome, attempt, &signal).await;
        })
        .await;
    }

    async fn in_transaction<E, H>(
        &self,
        lease: &Lease<D>,
        deadline: Instant,
        handler: &H,
        notification: StoredNotification,
        context: HandlerContext,
    ) -> Outcome
    where
        H: Fn(&mut D::Connection, StoredNotification, HandlerContext) -> InTransaction<'_, E>,
        E: Display,
    {
        let begin = async {
            loop {
                match self.hold(lease).await {
                    // It changed nothing. Without it the notification would wait for the end of its lease.
                    Err(error) if matches!(fault::<D>(&error), Fault::Conflict | Fault::Locked) => {}
                    held => return held,
                }
            }
        };
        let mut held = match timeout_at(deadline, begin).await {
            Ok(Ok(Some(held))) => held,
            Ok(Ok(None)) => return Outcome::Lost,
            Ok(Err(error)) => return Outcome::StoreFailed(store_error::<D>(error)),
            Err(late) => return Outcome::StoreFailed(StoreError::unavailable(late)),
        };
        let handled = handler(held.connection(), notification, context);
        match outcome(run(handled, deadline, pending::<()>()).await) {
            Outcome::Handled => {}
            failed => {
                // The lock on the row would block storing the failure.
                let end = after(HOLD_TIMEOUT);
                let ended = held.was_ended(&self.store.name, end).await;
                held.undo(ended, end).await;
                return failed;
            }
        }
        let finish = D::finish(&self.store.name, &self.complete_sql(&lease.key, lease.fence));
        let grace = deadline.max(after(HOLD_TIMEOUT));
        match timeout_at(grace, held.finish(finish, grace)).await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(error)) if fault::<D>(&error) == Fault::Ended => Outcome::Failed(ENDED_BY_HANDLER.into()),
            // The handler ignored a failed statement, which aborted the transaction: its attempt failed.
            Ok(Err(error)) if error.as_database_error().is_some() => Outcome::Failed(error.to_string()),
            Ok(Err(error)) => Outcome::StoreFailed(store_error::<D>(error)),
            Err(late) => Outcome::StoreFailed(StoreError::unavailable(late)),
        }
    }

    /// Locks the row of a lease in a transaction; `None` if it is lost.
    async fn hold(&self, lease: &Lease<D>) -> Result<Option<transactional::Held<D>>, sqlx::Error> {
        let begin = D::begin(&self.store.name, self.options.deadline(), HOLD_TIMEOUT);
        let mut open = self.store.open(begin).await?;
        let hold = self.hold_sql(&lease.key, lease.fence);
        if D::rows(open.connection(), hold).await?.is_empty() {
            open.give_up().await?;
            return Ok(None);
        }
        Ok(Some(transactional::Held(open)))
    }

    /// Polls the workers until all have ended.
    async fn drain<W, F>(&self, workers: usize, stop: impl Future<Output = ()>, lease: Duration, work: W)
    where
        W: Fn(Held<D>, watch::Receiver<bool>) -> F,
        F: Future<Output = ()>,
    {
        // Two signals: take no more work, then drop the running handlers.
        let (tell_stop, stopped) = watch::channel(false);
        let (tell_drop, dropped) = watch::channel(false);
        let mut workers: Vec<Pin<Box<_>>> = (0..workers.max(1))
            .map(|_| Box::pin(self.work_until(stopped.clone(), dropped.clone(), lease, &work)))
            .collect();
        let all = poll_fn(move |cx| {
            workers.retain_mut(|worker| worker.as_mut().poll(cx).is_pending());
            match workers.is_empty() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });
        let grace = async {
            stop.await;
            let _ = tell_stop.send(true);
            tokio::time::sleep(self.options.grace).await;
            let _ = tell_drop.send(true);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = all => {}
            () = grace => {}
        }
    }

    /// Runs one worker: it looks for work, handles it, and waits while idle.
    async fn work_until<W, F>(
        &self,
        mut stopped: watch::Receiver<bool>,
        dropped: watch::Receiver<bool>,
        lease: Duration,
        work: &W,
    ) where
        W: Fn(Held<D>, watch::Receiver<bool>) -> F,
        F: Future<Output = ()>,
    {
        let mut failures = 0_u32;
        while !*stopped.borrow_and_update() {
            // In a task: a lease whose response nobody waits for any more is released when it is dropped.
            let inbox = self.clone();
            let picking = tokio::spawn(async move { inbox.pick(lease).await }).await;
            let pause = match picking.unwrap_or_else(|ended| Err(StoreError::unavailable(ended))) {
                Ok(Picked::Work(held)) => {
                    failures = 0;
                    // There may be more work: wake another worker, which wakes the next.
                    self.arrived.notify_one();
                    work(*held, dropped.clone()).await;
                    continue;
                }
                Ok(Picked::GivenUp) => continue,
                Ok(Picked::Nothing) => {
                    failures = 0;
                    self.options.poll
                }
                Err(error) => {
                    tracing::warn!(
                        target: "wechatpay::stores", error = %error, cause = ?std::error::Error::source(&error),
                        "the inbox could not be read"
                    );
                    failures = failures.saturating_add(1);
                    let poll = self.options.poll;
                    let backoff = Backoff::new(poll, LONGEST_STORE_PAUSE.max(poll));
                    backoff.slower(2).pause(failures)
                }
            };
            tokio::select! {
                () = self.arrived.notified(), if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
                _ = stopped.changed() => {}
            }
        }
    }
}

/// Runs a handler, the renewal of its lease and its deadline together.
async fn beside_heartbeat<D: Dialect, E: Display>(
    lease: &Lease<D>,
    deadline: Instant,
    handler: impl Future<Output = Result<(), E>>,
) -> Outcome {
    outcome(run(handler, deadline, lease.keep_alive()).await)
}

/// Converts the result of an attempt. Only a lost lease interrupts a handler.
fn outcome<E: Display>(ran: Ran<(), E, ()>) -> Outcome {
    match ran {
        Ran::Done(()) => Outcome::Handled,
        Ran::Failed(error) => Outcome::Failed(error.to_string()),
        Ran::Panicked => Outcome::Failed("the handler panicked".into()),
        Ran::TimedOut => Outcome::Failed("the handler took too long".into()),
        Ran::Interrupted(()) => Outcome::Lost,
    }
}

async fn unless_stopped(stopping: watch::Receiver<bool>, work: impl Future<Output = Outcome>) -> Outcome {
    tokio::select! {
        biased;
        outcome = work => outcome,
        () = told(stopping) => Outcome::Stopped,
    }
}

/// Completes when the value is `true`; never if the sender is gone.
async fn told(mut receiver: watch::Receiver<bool>) {
    if receiver.wait_for(|told| *told).await.is_err() {
        std::future::pending::<()>().await;
    }
}
