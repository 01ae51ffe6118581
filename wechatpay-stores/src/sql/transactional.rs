//! Handlers that run in the transaction of their lease.

use std::{future::pending, time::Duration};

use tokio::time::{Instant, sleep_until, timeout_at};
use wechatpay_core::idempotency::{
    Begin, BeginRequest, CONTRADICTION, Event, EventKey, Fence, Handled, HandlerContext, IdempotencyError,
    Limits, StoreError,
    run::{Outcome, after, run},
};

use super::{
    Open, SqlStore,
    dialect::{Dialect, Fault},
    error::{fault, store_error},
    leases::{acquired, complete, look, no_token, seen},
    name::Name,
};

/// Longest wait of a copy, after which its response would be late anyway.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// Pause before a copy looks again, doubled after each look.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Transaction that holds a lease.
pub(crate) struct Held<D: Dialect>(pub(crate) Open<D>);

/// Transaction that holds the lease, or the reason for not having it.
enum Claimed<D: Dialect> {
    Held(Held<D>, Fence, u32),
    Not(Begin),
    /// The lease is held by a transaction that has not ended.
    Busy,
}

impl<D: Dialect> SqlStore<D> {
    /// Handles an event **exactly once**, in one transaction with its lease.
    ///
    /// `event` is an [`Event`] or a `&VerifiedNotification`.
    ///
    /// The handler receives the connection whose transaction also holds the lease, and the commit is the completion.
    /// If the handler fails or panics, the future is dropped or the process is killed, the transaction is rolled back
    /// and nothing happened.
    ///
    /// ```no_run
    /// use wechatpay_core::{idempotency::Limits, notify::{Ack, Nack, VerifiedNotification}};
    /// use wechatpay_stores::PostgresStore;
    ///
    /// async fn paid(store: &PostgresStore, notification: VerifiedNotification) -> Result<Ack, Nack> {
    ///     store
    ///         .transactional(&notification, &Limits::default(), async |transaction, _context| {
    ///             sqlx::query("UPDATE orders SET paid = true WHERE number = $1")
    ///                 .bind("ORDER-1")
    ///                 .execute(&mut *transaction)
    ///                 .await?;
    ///             ship(transaction, "ORDER-1").await
    ///         })
    ///         .await
    ///         .map_err(|error| error.nack())?; // 409, 500 or 503: the platform sends again
    ///     Ok(Ack)
    /// }
    ///
    /// /// Takes the connection to take part in the transaction.
    /// async fn ship(transaction: &mut sqlx::PgConnection, number: &str) -> Result<(), sqlx::Error> {
    ///     sqlx::query("INSERT INTO shipments (number) VALUES ($1)").bind(number).execute(transaction).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// Effects outside the transaction, for instance a call to another service, happen at least once. Pass the
    /// event's key as their idempotency key, or record the task in the transaction and run it later.
    ///
    /// The handler must not end the transaction. In PostgreSQL its `COMMIT` fails on the constraint
    /// `handler_must_not_commit` and rolls back; `SET CONSTRAINTS ALL IMMEDIATE` is not supported. Elsewhere its
    /// `COMMIT` takes effect, and the event is handled again after the deadline. A `COMMIT` or `ROLLBACK` of the
    /// handler is reported as [`IdempotencyError::Complete`], regardless of the handler's result; statements after it
    /// run outside the transaction and persist. An error that aborts the transaction is detected even if the handler
    /// ignores it, rolled back and reported in the same way. Savepoints (`sqlx::Connection::begin`) are supported.
    ///
    /// A copy of the notification that arrives meanwhile waits at most [`wait`](Limits::wait) or 1 s, whichever is
    /// shorter, and holds no pool connection while it waits. If the transaction commits, the copy is acknowledged
    /// without running the handler. If it is rolled back, the copy acquires the lease. The lease is the transaction
    /// and does not expire, so [`HandlerContext::lost`] reports only the deadline. The fence is 1 unless the
    /// notification was leased through another mode before. Attempts that were rolled back leave no trace and are not
    /// counted.
    ///
    /// # Errors
    /// Each error means "send again"; see [`IdempotencyError::nack`]. [`IdempotencyError::Complete`] means that the
    /// commit failed, or that its outcome is unknown because the connection broke. The next delivery finds out.
    ///
    /// # Cancel safety
    /// Dropping the future rolls back, unless the commit was sent already. A statement that is running on the server
    /// goes on, at most until the deadline, before the server releases the lease.
    pub async fn transactional<T, E, H>(
        &self,
        event: impl TryInto<Event, Error: Into<StoreError>>,
        limits: &Limits,
        handler: H,
    ) -> Result<Handled<T>, IdempotencyError<E>>
    where
        H: AsyncFnOnce(&mut D::Connection, HandlerContext) -> Result<T, E>,
    {
        let allowed = limits.get_deadline().unwrap_or(Limits::DEADLINE);
        let end = after(limits.get_budget());
        let event = event
            .try_into()
            .map_err(|error| IdempotencyError::Begin(error.into()))?;
        let request = BeginRequest::of(&event, allowed, limits);
        let key = &request.key;
        let claimed = match timeout_at(end, self.claim(&request, allowed, limits)).await {
            Ok(claimed) => claimed.map_err(IdempotencyError::Begin)?,
            Err(late) => return Err(IdempotencyError::Begin(StoreError::unavailable(late))),
        };
        let (mut held, fence, attempt) = match claimed {
            Claimed::Held(held, fence, attempt) => (held, fence, attempt),
            Claimed::Busy => return Err(IdempotencyError::InProgress { remaining: allowed }),
            Claimed::Not(Begin::InProgress { remaining }) => {
                return Err(IdempotencyError::InProgress { remaining });
            }
            Claimed::Not(Begin::Contradiction) => {
                tracing::error!(target: "wechatpay::stores", key = %key, facts = &*request.facts, id = request.notification_id.as_deref(), "{CONTRADICTION}");
                return Err(IdempotencyError::Contradiction);
            }
            Claimed::Not(_) => return Ok(Handled::AlreadyDone),
        };
        let deadline = after(allowed).min(end);
        let (context, signal) = HandlerContext::new(event, fence, attempt, deadline);
        let outcome = run(handler(held.connection(), context), deadline, pending::<()>()).await;
        let value = match outcome {
            Outcome::Done(value) => value,
            failed => {
                // Tasks that the handler spawned learn of it too.
                signal.lose();
                return Err(match failed {
                    Outcome::Failed(_) | Outcome::Panicked if held.was_ended(&self.name, end).await => {
                        held.undo(true, end).await;
                        IdempotencyError::Complete(ended_by_handler(key))
                    }
                    Outcome::Failed(error) => {
                        held.undo(false, end).await;
                        IdempotencyError::Handler(error)
                    }
                    Outcome::Panicked => {
                        held.undo(false, end).await;
                        IdempotencyError::Panicked
                    }
                    // A statement may be running; waiting for it would exceed the deadline further.
                    _ => IdempotencyError::TimedOut(allowed),
                });
            }
        };
        let done = match D::CLAIMS_DONE {
            true => String::new(),
            false => complete::<D>(&self.name, key, fence, limits.get_retention()),
        };
        let finish = D::finish(&self.name, &done);
        match timeout_at(end, held.finish(finish, end)).await {
            Ok(Ok(())) => Ok(Handled::Now {
                value,
                fence,
                attempt,
            }),
            Ok(Err(error)) => Err(IdempotencyError::Complete(match fault::<D>(&error) {
                Fault::Ended => ended_by_handler(key),
                _ => store_error::<D>(error),
            })),
            Err(late) => Err(IdempotencyError::Complete(StoreError::unavailable(late))),
        }
    }

    /// Begins a transaction and acquires the lease in it.
    ///
    /// It looks again while another transaction holds the lease.
    async fn claim(
        &self,
        request: &BeginRequest,
        deadline: Duration,
        limits: &Limits,
    ) -> Result<Claimed<D>, StoreError> {
        let wait = limits.get_wait().map_or(MAX_WAIT, |wait| wait.min(MAX_WAIT));
        let (patience, mut pause) = (after(wait), LOOK_AGAIN);
        loop {
            // In a task, because a transaction that is dropped while it begins would stay open.
            let attempt = tokio::spawn(self.clone().claim_now(request.clone(), deadline, wait, patience));
            let claimed = attempt.await.map_err(StoreError::unavailable)??;
            // The lease is held by another transaction. Wait for it without a connection.
            if !matches!(claimed, Claimed::Busy) || Instant::now() >= patience {
                return Ok(claimed);
            }
            sleep_until(patience.min(after(pause))).await;
            pause = pause.saturating_mul(2);
        }
    }

    /// Begins a transaction and tries to acquire the lease in it.
    async fn claim_now(
        self,
        request: BeginRequest,
        deadline: Duration,
        wait: Duration,
        patience: Instant,
    ) -> Result<Claimed<D>, StoreError> {
        let mut tries = super::CONFLICT_TRIES;
        let Ok(Ok(permit)) = timeout_at(patience, self.gate.clone().acquire_owned()).await else {
            return Ok(Claimed::Busy);
        };
        loop {
            tries = tries.saturating_sub(1);
            match self.claim_once(&request, deadline, wait).await {
                Err(error) if fault::<D>(&error) == Fault::Locked => return Ok(Claimed::Busy),
                Err(error) if fault::<D>(&error) == Fault::Taken => {
                    return Ok(Claimed::Not(Begin::Contradiction));
                }
                Err(error) if tries > 0 && fault::<D>(&error) == Fault::Conflict => {}
                Err(error) => return Err(store_error::<D>(error)),
                Ok(claimed) => {
                    return claimed.map(|mut claimed| {
                        if let Claimed::Held(Held(open), ..) = &mut claimed {
                            open.permit = Some(permit);
                        }
                        claimed
                    });
                }
            }
        }
    }

    /// Tries a new lease first, because most events are new.
    async fn claim_once(
        &self,
        request: &BeginRequest,
        deadline: Duration,
        wait: Duration,
    ) -> Result<Result<Claimed<D>, StoreError>, sqlx::Error> {
        let (begin, new) = match D::begin_new(&self.name, request, deadline, wait) {
            Ok(texts) => texts,
            Err(error) => return Ok(Err(no_token(error))),
        };
        match self.begin_with(begin, new).await {
            Ok((open, _)) => return Ok(Ok(Claimed::Held(Held(open), Fence::FIRST, 1))),
            Err(error) if fault::<D>(&error) == Fault::Taken => {}
            Err(error) => return Err(error),
        }
        let rows = D::rows(&mut *self.connection().await?, look::<D>(&self.name, request)).await?;
        match seen::<D>(&rows, request) {
            Ok(None) => {}
            seen => return Ok(seen.map(|begun| begun.map_or(Claimed::Busy, Claimed::Not))),
        }
        // The lease was released, or ended by itself.
        let known = match D::claim(&self.name, request, deadline) {
            Ok(text) => text,
            Err(error) => return Ok(Err(no_token(error))),
        };
        let (open, rows) = self
            .begin_with(D::begin(&self.name, deadline, wait), Some(known))
            .await?;
        // Rows of a statement that only locks have no fence.
        if let Some(row) = rows.last()
            && D::integer(row, "fence")?.is_some()
        {
            return Ok(acquired::<D>(row).map(|(fence, attempt)| Claimed::Held(Held(open), fence, attempt)));
        }
        open.give_up().await?;
        Ok(Ok(Claimed::Busy))
    }

    /// Begins a transaction and runs the first statement in it.
    async fn begin_with(
        &self,
        begin: String,
        first: Option<String>,
    ) -> Result<(Open<D>, Vec<D::Row>), sqlx::Error> {
        let mut open = self.begin(begin).await?;
        let Some(first) = first else {
            return Ok((open, Vec::new()));
        };
        match D::rows(open.connection(), first).await {
            Ok(rows) => Ok((open, rows)),
            Err(error) => {
                let _ = open.give_up().await;
                Err(error)
            }
        }
    }
}

impl<D: Dialect> Held<D> {
    /// Returns the connection for the handler.
    pub(crate) fn connection(&mut self) -> &mut D::Connection {
        self.0.connection()
    }

    /// Returns `true` if the handler ended the transaction that was begun for it.
    ///
    /// A transaction that a failed statement aborted responds with another error and still exists.
    pub(crate) async fn was_ended(&mut self, name: &Name, end: Instant) -> bool {
        let alive = D::rows(self.connection(), D::alive(name));
        matches!(timeout_at(end, alive).await, Ok(Err(error)) if fault::<D>(&error) == Fault::Ended)
    }

    /// Rolls back until `end`; after it the pool rolls back when the connection returns.
    pub(crate) async fn undo(mut self, ended: bool, end: Instant) {
        let undo = async {
            if let Some(mend) = D::MEND.filter(|_| ended) {
                let _ = D::rows(self.connection(), mend.to_owned()).await;
            }
            self.0.give_up().await
        };
        let _ = timeout_at(end, undo).await;
    }

    /// Marks as done and commits; fails with [`Fault::Ended`] if the handler ended the transaction.
    pub(crate) async fn finish(mut self, finish: String, end: Instant) -> Result<(), sqlx::Error> {
        match D::rows(self.connection(), finish).await {
            Err(error) => {
                if fault::<D>(&error) == Fault::Ended {
                    self.undo(true, end).await;
                }
                Err(error)
            }
            Ok(_) if D::FINISH_COMMITS => Ok(()),
            Ok(_) => self.0.transaction.commit().await,
        }
    }
}

/// Message for a handler that ended its transaction, which its developer must fix.
pub(crate) const ENDED_BY_HANDLER: &str =
    "the handler ended the transaction of its lease: it must run neither COMMIT nor ROLLBACK";

fn ended_by_handler(key: &EventKey) -> StoreError {
    tracing::error!(target: "wechatpay::stores", key = %key, "{ENDED_BY_HANDLER}");
    StoreError::refused(ENDED_BY_HANDLER, None)
}
