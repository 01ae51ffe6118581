//! Handlers that run in the transaction of their lease.

use std::{future::pending, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};
use tokio::time::{Instant, sleep_until, timeout_at};
use wechatpay_core::idempotency::{
    Begin, BeginRequest, CONTRADICTION, Event, EventKey, Fence, Handled, HandlerContext, IdempotencyError,
    Limits, StoreError,
    run::{Outcome, after, run},
};

use super::{
    PostgresStore,
    error::{is_conflict, is_locked, is_of_another, store_error},
    leases::{DURABLY, acquired, begin_in_sql, complete_in_sql, is_here_sql, look_sql, seen},
};
use crate::time::milliseconds;

/// Longest wait of a copy, after which its response would be late anyway.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// Time by which the server's limit for a silent handler exceeds our own deadline.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Pause before a copy looks again, doubled after each look.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Longest limit that the server accepts, 24 days.
const MAX_LIMIT: Duration = Duration::from_millis(2_147_483_647);

impl PostgresStore {
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
    /// The handler must not end the transaction. Its `COMMIT` fails on the constraint `handler_must_not_commit` and
    /// rolls back. A `COMMIT` or `ROLLBACK` of the handler is reported as [`IdempotencyError::Complete`], regardless
    /// of the handler's result; statements after it run outside the transaction and persist. A statement that fails
    /// aborts the transaction even if the handler ignores the error: this is detected, rolled back and reported in the
    /// same way. Savepoints (`sqlx::Connection::begin`) are supported; `SET CONSTRAINTS ALL IMMEDIATE` is not.
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
        H: AsyncFnOnce(&mut PgConnection, HandlerContext) -> Result<T, E>,
    {
        let allowed = limits.get_deadline().unwrap_or(Limits::DEADLINE);
        let end = after(limits.get_budget());
        let event = event
            .try_into()
            .map_err(|error| IdempotencyError::Begin(error.into()))?;
        let request = BeginRequest::of(&event, allowed, limits);
        let key = &request.key;
        let acquired = match timeout_at(end, self.acquire(&request, allowed, limits)).await {
            Ok(acquired) => acquired.map_err(IdempotencyError::Begin)?,
            Err(late) => return Err(IdempotencyError::Begin(StoreError::unavailable(late))),
        };
        let (mut transaction, fence, attempt) = match acquired {
            Acquired::Held(transaction, fence, attempt) => (transaction, fence, attempt),
            Acquired::Not(Begin::InProgress { remaining }) => {
                return Err(IdempotencyError::InProgress { remaining });
            }
            Acquired::Not(Begin::Contradiction) => {
                tracing::error!(target: "wechatpay::stores", key = %key, facts = &*request.facts, id = request.notification_id.as_deref(), "{CONTRADICTION}");
                return Err(IdempotencyError::Contradiction);
            }
            Acquired::Not(_) => return Ok(Handled::AlreadyDone),
        };
        let deadline = after(allowed).min(end);
        let (context, signal) = HandlerContext::new(event, fence, attempt, deadline);
        let outcome = run(handler(&mut transaction, context), deadline, pending::<()>()).await;
        let value = match outcome {
            Outcome::Done(value) => value,
            failed => {
                // Tasks that the handler spawned learn of it too.
                signal.lose();
                return Err(match failed {
                    Outcome::Failed(_) | Outcome::Panicked
                        if self.was_ended(&mut transaction, key, fence, end).await =>
                    {
                        IdempotencyError::Complete(ended_by_handler(key))
                    }
                    Outcome::Failed(error) => {
                        undo(transaction, end).await;
                        IdempotencyError::Handler(error)
                    }
                    Outcome::Panicked => {
                        undo(transaction, end).await;
                        IdempotencyError::Panicked
                    }
                    // A statement may be running; waiting for it would exceed the deadline further.
                    _ => IdempotencyError::TimedOut(allowed),
                });
            }
        };
        let commit = complete(self, transaction, key, fence, limits.get_retention());
        match timeout_at(end, commit).await {
            Ok(Ok(())) => Ok(Handled::Now {
                value,
                fence,
                attempt,
            }),
            Ok(Err(error)) => Err(IdempotencyError::Complete(error)),
            Err(late) => Err(IdempotencyError::Complete(StoreError::unavailable(late))),
        }
    }

    /// Returns `true` if the handler ended the transaction that was begun for it.
    ///
    /// A transaction that a failed statement aborted responds with an error and still exists.
    async fn was_ended(
        &self,
        transaction: &mut PgConnection,
        key: &EventKey,
        fence: Fence,
        end: Instant,
    ) -> bool {
        let look = sqlx::raw_sql(AssertSqlSafe(is_here_sql(&self.schema, key, fence)));
        matches!(
            timeout_at(end, look.fetch_optional(transaction)).await,
            Ok(Ok(None))
        )
    }

    /// Begins a transaction and acquires the lease in it.
    async fn acquire(
        &self,
        request: &BeginRequest,
        deadline: Duration,
        limits: &Limits,
    ) -> Result<Acquired, StoreError> {
        let wait = limits.get_wait().map_or(MAX_WAIT, |wait| wait.min(MAX_WAIT));
        let begin = begin_transaction_sql(deadline, wait);
        let insert = begin_in_sql(&self.schema, request, &format!(", {LOCKS_AS_BEFORE}"));
        let (patience, mut pause) = (after(wait), LOOK_AGAIN);
        let mut tries = super::CONFLICT_TRIES;
        loop {
            let mut transaction = self
                .pool
                .begin_with(AssertSqlSafe(begin.clone()))
                .await
                .map_err(store_error)?;
            let taken = sqlx::raw_sql(AssertSqlSafe(insert.clone()))
                .fetch_optional(&mut *transaction)
                .await;
            match taken {
                Ok(Some(row)) => {
                    let (fence, attempt) = acquired(&row)?;
                    return Ok(Acquired::Held(transaction, fence, attempt));
                }
                Ok(None) => {
                    let look = look_sql(&self.schema, &request.key);
                    let row = sqlx::raw_sql(AssertSqlSafe(look))
                        .fetch_optional(&mut *transaction)
                        .await
                        .map_err(store_error)?;
                    let seen = row.map(|row| seen(&row, &request.facts)).transpose()?;
                    transaction.rollback().await.map_err(store_error)?;
                    if let Some(begun) = seen.flatten() {
                        return Ok(Acquired::Not(begun));
                    }
                }
                Err(error) if is_of_another(&error) => {
                    drop(transaction.rollback().await);
                    return Ok(Acquired::Not(Begin::Contradiction));
                }
                Err(error) if is_locked(&error) => drop(transaction.rollback().await),
                Err(error) if tries > 1 && is_conflict(&error) => {
                    tries = tries.saturating_sub(1);
                    drop(transaction.rollback().await);
                    continue;
                }
                Err(error) => return Err(store_error(error)),
            }
            // Another transaction holds the lease. Wait for it without a connection.
            let now = Instant::now();
            if now >= patience {
                return Ok(Acquired::Not(Begin::InProgress { remaining: deadline }));
            }
            sleep_until(patience.min(after(pause))).await;
            pause = pause.saturating_mul(2);
        }
    }
}

/// Begins a transaction whose commit is durable and whose time is limited.
///
/// The server ends its statements and its pauses at `deadline`, and a wait for a lock after `locks`.
pub(super) fn begin_transaction_sql(deadline: Duration, locks: Duration) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
         SELECT set_config('wechatpay.lock_timeout', current_setting('lock_timeout'), true); \
         SELECT set_config('lock_timeout', '{locks}', true), set_config('statement_timeout', '{statement}', true), \
           set_config('idle_in_transaction_session_timeout', '{pause}', true) FROM {DURABLY}",
        locks = limit(locks),
        statement = limit(deadline),
        // A process that was stopped must not keep the lease; a slow one reaches its own deadline first.
        pause = limit(deadline.saturating_add(PAUSE_MARGIN)),
    )
}

/// Converts a duration for the server, for which zero means no limit.
fn limit(duration: Duration) -> u64 {
    milliseconds(duration.min(MAX_LIMIT)).max(1)
}

/// Restores the session's lock timeout for the statements of the handler.
pub(super) const LOCKS_AS_BEFORE: &str =
    "set_config('lock_timeout', current_setting('wechatpay.lock_timeout'), true)";

/// Transaction that holds the lease, or the reason for not having it.
enum Acquired {
    Held(Transaction<'static, Postgres>, Fence, u32),
    Not(Begin),
}

/// Rolls back until `end`; after it the pool rolls back when the connection returns.
pub(super) async fn undo(transaction: Transaction<'static, Postgres>, end: Instant) {
    let _ = timeout_at(end, transaction.rollback()).await;
}

/// Marks the notification as done and commits.
///
/// The update also proves that the transaction is the one that was begun, because only that one sees its lease.
/// PostgreSQL responds to a `COMMIT` of a failed transaction without an error, and rolls back.
async fn complete(
    store: &PostgresStore,
    mut transaction: Transaction<'static, Postgres>,
    key: &EventKey,
    fence: Fence,
    retention: Duration,
) -> Result<(), StoreError> {
    let sql = complete_in_sql(&store.schema, key, fence, retention);
    let marked = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_optional(&mut *transaction)
        .await
        .map_err(store_error)?;
    if marked.is_none() {
        return Err(ended_by_handler(key));
    }
    transaction.commit().await.map_err(store_error)
}

/// Message for a handler that ended its transaction, which its developer must fix.
pub(super) const ENDED_BY_HANDLER: &str =
    "the handler ended the transaction of its lease: it must run neither COMMIT nor ROLLBACK";

fn ended_by_handler(key: &EventKey) -> StoreError {
    tracing::error!(target: "wechatpay::stores", key = %key, "{ENDED_BY_HANDLER}");
    StoreError::refused(ENDED_BY_HANDLER, None)
}
