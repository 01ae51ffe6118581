//! The handler in the transaction that holds the claim.

use std::{future::pending, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};
use tokio::time::{Instant, sleep_until, timeout_at};
use wechatpay_core::{
    idempotency::{
        Begin, BeginRequest, Fence, Handled, HandlerContext, IdempotencyError, Limits, NotificationKey,
        StoreError,
        run::{Outcome, after, run},
    },
    notify::VerifiedNotification,
};

use super::{
    PostgresStore,
    claims::{DURABLY, acquired, begin_in_sql, complete_in_sql, is_here_sql, look_sql, seen},
    error::{is_conflict, is_locked, store_error},
};
use crate::time::milliseconds;

/// A copy that waits for longer would be answered too late anyway.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// How much later than our own clock the server's gives a silent handler up.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Pause before a copy looks again, doubled after each look.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// The longest limit that the server takes, 24 days.
const MAX_LIMIT: Duration = Duration::from_millis(2_147_483_647);

impl PostgresStore {
    /// Handles a notification **exactly once**, as far as its effects are in the transaction: the handler gets the
    /// connection whose transaction also holds the claim, and the commit is the completion. A handler that fails or
    /// panics, a future that is dropped, a process that is killed: the transaction is rolled back and nothing happened.
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
    /// /// What takes part in the transaction takes its connection.
    /// async fn ship(transaction: &mut sqlx::PgConnection, number: &str) -> Result<(), sqlx::Error> {
    ///     sqlx::query("INSERT INTO shipments (number) VALUES ($1)").bind(number).execute(transaction).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// What the handler does elsewhere, a call to another service for instance, happens at least once: give it the
    /// notification's id as its idempotency key, or write it down in the transaction and do it later.
    ///
    /// Do not end the transaction yourself. A `COMMIT` of the handler fails (constraint `handler_must_not_commit`) and rolls
    /// back; that it or a `ROLLBACK` was said is reported as [`IdempotencyError::Complete`], whatever the handler returns. What it
    /// does on the connection after that is outside the transaction and stays. A statement that failed spoils the transaction,
    /// also when the handler goes on: that is noticed, rolled back and reported in the same way. Savepoints
    /// (`sqlx::Connection::begin`) are fine; `SET CONSTRAINTS ALL IMMEDIATE` is not.
    ///
    /// A twin that comes meanwhile waits, at most [`wait`](Limits::wait) or 1 s, and holds no
    /// connection of the pool while it does. When the transaction commits it is acknowledged without the handler, when it
    /// is rolled back it takes the claim itself. There is no lease, so [`HandlerContext::lost`] tells only of the deadline.
    /// The fence is 1, unless the notification was claimed in another way before; attempts that were rolled back left no
    /// trace and are not counted.
    ///
    /// # Errors
    /// Everything that means "send again"; see [`IdempotencyError::refusal`]. [`IdempotencyError::Complete`]: the commit failed, or
    /// its outcome is unknown because the connection broke; when the notification comes again the truth is found.
    ///
    /// # Cancel safety
    /// Dropping the future rolls back, unless the commit was sent already. The server goes on with a statement that it is
    /// at, at most until the deadline, before it gives up the claim.
    pub async fn transactional<T, E, H>(
        &self,
        notification: &VerifiedNotification,
        limits: &Limits,
        handler: H,
    ) -> Result<Handled<T>, IdempotencyError<E>>
    where
        H: AsyncFnOnce(&mut PgConnection, HandlerContext) -> Result<T, E>,
    {
        let allowed = limits.get_deadline().unwrap_or(Limits::DEADLINE);
        let end = after(limits.get_budget());
        let request = BeginRequest::of(notification, allowed, limits).map_err(IdempotencyError::Begin)?;
        let key = &request.key;
        let claimed = match timeout_at(end, self.claim(&request, allowed, limits)).await {
            Ok(claimed) => claimed.map_err(IdempotencyError::Begin)?,
            Err(late) => return Err(IdempotencyError::Begin(StoreError::unavailable(late))),
        };
        let (mut transaction, fence, attempt) = match claimed {
            Claimed::Held(transaction, fence, attempt) => (transaction, fence, attempt),
            Claimed::Not(Begin::InProgress { remaining }) => {
                return Err(IdempotencyError::InProgress { remaining });
            }
            Claimed::Not(Begin::DigestMismatch) => {
                tracing::error!(target: "wechatpay::stores", key = %key, "the id of a notification was used again for another payload");
                return Err(IdempotencyError::IdReused);
            }
            Claimed::Not(_) => return Ok(Handled::AlreadyDone),
        };
        let deadline = after(allowed).min(end);
        let (context, signal) = HandlerContext::new(key.clone(), fence, attempt, deadline);
        let outcome = run(handler(&mut transaction, context), deadline, pending::<()>()).await;
        let value = match outcome {
            Outcome::Done(value) => value,
            failed => {
                // Also for what the handler spawned and left behind.
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
                    // A statement may be under way; waiting for it would make it later still.
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

    /// Whether the handler ended the transaction that was begun for it. One that a statement spoilt responds with an error,
    /// and is still there.
    async fn was_ended(
        &self,
        transaction: &mut PgConnection,
        key: &NotificationKey,
        fence: Fence,
        end: Instant,
    ) -> bool {
        let look = sqlx::raw_sql(AssertSqlSafe(is_here_sql(&self.schema, key, fence)));
        matches!(
            timeout_at(end, look.fetch_optional(transaction)).await,
            Ok(Ok(None))
        )
    }

    /// Begins a transaction and claims in it.
    async fn claim(
        &self,
        request: &BeginRequest,
        deadline: Duration,
        limits: &Limits,
    ) -> Result<Claimed, StoreError> {
        let wait = limits.get_wait().map_or(MAX_WAIT, |wait| wait.min(MAX_WAIT));
        let begin = begin_transaction_sql(deadline, wait);
        let claim = begin_in_sql(&self.schema, request, &format!(", {LOCKS_AS_BEFORE}"));
        let (patience, mut pause) = (after(wait), LOOK_AGAIN);
        let mut tries = super::CONFLICT_TRIES;
        loop {
            let mut transaction = self
                .pool
                .begin_with(AssertSqlSafe(begin.clone()))
                .await
                .map_err(store_error)?;
            let taken = sqlx::raw_sql(AssertSqlSafe(claim.clone()))
                .fetch_optional(&mut *transaction)
                .await;
            match taken {
                Ok(Some(row)) => {
                    let (fence, attempt) = acquired(&row)?;
                    return Ok(Claimed::Held(transaction, fence, attempt));
                }
                Ok(None) => {
                    let look = look_sql(&self.schema, &request.key);
                    let row = sqlx::raw_sql(AssertSqlSafe(look))
                        .fetch_optional(&mut *transaction)
                        .await
                        .map_err(store_error)?;
                    let seen = row.map(|row| seen(&row, &request.digest)).transpose()?;
                    transaction.rollback().await.map_err(store_error)?;
                    if let Some(begun) = seen.flatten() {
                        return Ok(Claimed::Not(begun));
                    }
                }
                Err(error) if is_locked(&error) => drop(transaction.rollback().await),
                Err(error) if tries > 1 && is_conflict(&error) => {
                    tries = tries.saturating_sub(1);
                    drop(transaction.rollback().await);
                    continue;
                }
                Err(error) => return Err(store_error(error)),
            }
            // Another transaction has the claim. It is waited for without a connection.
            let now = Instant::now();
            if now >= patience {
                return Ok(Claimed::Not(Begin::InProgress { remaining: deadline }));
            }
            sleep_until(patience.min(after(pause))).await;
            pause = pause.saturating_mul(2);
        }
    }
}

/// Begins a transaction whose commit is durable, whose statements and pauses the server ends at `deadline`, and which waits
/// for a lock at most `locks`.
pub(super) fn begin_transaction_sql(deadline: Duration, locks: Duration) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
         SELECT set_config('wechatpay.lock_timeout', current_setting('lock_timeout'), true); \
         SELECT set_config('lock_timeout', '{locks}', true), set_config('statement_timeout', '{statement}', true), \
           set_config('idle_in_transaction_session_timeout', '{pause}', true) FROM {DURABLY}",
        locks = limit(locks),
        statement = limit(deadline),
        // A process that was stopped must not keep the claim; one that is only slow is told by its own clock first.
        pause = limit(deadline.saturating_add(PAUSE_MARGIN)),
    )
}

/// A duration as the server takes it, for which zero is no limit.
fn limit(duration: Duration) -> u64 {
    milliseconds(duration.min(MAX_LIMIT)).max(1)
}

/// The limit for locks is the claim's; the handler's statements have that of the session again.
pub(super) const LOCKS_AS_BEFORE: &str =
    "set_config('lock_timeout', current_setting('wechatpay.lock_timeout'), true)";

/// A transaction with the claim in it, or why there is none.
enum Claimed {
    Held(Transaction<'static, Postgres>, Fence, u32),
    Not(Begin),
}

/// Rolls back while there is time; otherwise the pool does when the connection comes back.
pub(super) async fn undo(transaction: Transaction<'static, Postgres>, end: Instant) {
    let _ = timeout_at(end, transaction.rollback()).await;
}

/// Marks as done and commits. The mark is also the proof that the transaction is still the one that was begun, because only
/// that one sees its claim: PostgreSQL responses a COMMIT of a failed transaction without an error, and rolls back.
async fn complete(
    store: &PostgresStore,
    mut transaction: Transaction<'static, Postgres>,
    key: &NotificationKey,
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

/// Text of an error that is the handler's, and a developer's to mend.
pub(super) const ENDED_BY_HANDLER: &str =
    "the handler ended the transaction of its claim: it must say neither COMMIT nor ROLLBACK";

fn ended_by_handler(key: &NotificationKey) -> StoreError {
    tracing::error!(target: "wechatpay::stores", key = %key, "{ENDED_BY_HANDLER}");
    StoreError::refused(ENDED_BY_HANDLER, None)
}
