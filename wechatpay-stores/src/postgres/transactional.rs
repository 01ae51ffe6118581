//! The handler in the transaction that holds the claim.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Duration,
};

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};
use tokio::time::{Instant, sleep_until, timeout_at};
use wechatpay_core::{
    idempotency::{
        Begin, BeginRequest, Fence, Handled, HandlerContext, IdempotencyError, NotificationKey,
        PlaintextDigest, StoreError,
    },
    notify::VerifiedNotification,
};

use super::{
    PostgresStore,
    claims::{DURABLY, acquired, begin_in_sql, complete_in_sql, is_here_sql, look_sql, seen},
    error::{is_conflict, is_locked, store_error},
};
use crate::time::milliseconds;

/// A twin that waits for longer would be answered too late anyway.
const MAX_LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// The platform waits five seconds; this leaves time for the claim, the commit and the way back.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(3);
/// All of it must fit into the platform's five seconds.
const DEFAULT_BUDGET: Duration = Duration::from_millis(4500);
/// The platform retries for 24 h 4 min; a repeat that comes after we forgot would be handled again.
const MIN_RETENTION: Duration = Duration::from_secs(48 * 3600);
/// A week, so that a person can still see what happened.
const DEFAULT_RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);
/// How much later than our own clock the server's gives a silent handler up.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Pause before a twin looks again, doubled after each look.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// The longest limit that the server takes, 24 days.
const MAX_LIMIT: Duration = Duration::from_millis(2_147_483_647);
/// Longer waits are as good as none, and clocks can count it.
const FAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Options of [`PostgresStore::transactional`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionOptions {
    lock_timeout: Duration,
    deadline: Duration,
    budget: Duration,
    retention: Duration,
}

impl Default for TransactionOptions {
    fn default() -> Self {
        Self {
            lock_timeout: MAX_LOCK_TIMEOUT,
            deadline: DEFAULT_DEADLINE,
            budget: DEFAULT_BUDGET,
            retention: DEFAULT_RETENTION,
        }
    }
}

impl TransactionOptions {
    /// Sets how long a twin waits for the transaction that has the claim. Default 1 s; more counts as 1 s.
    ///
    /// It looks now and then, holds no connection in between, and is told to come again in the end.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout.min(MAX_LOCK_TIMEOUT);
        self
    }

    /// Sets how long the handler may take. Default 3 s.
    ///
    /// It is also the server's limit for each of its statements, and with a second more for its pauses between them.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the time for everything, claim and commit included. Default 4.5 s.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how long a handled notification is remembered. Default 7 days; less than 48 h counts as 48 h.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention.max(MIN_RETENTION);
        self
    }
}

impl PostgresStore {
    /// Handles a notification **exactly once**, as far as its effects are in the transaction: the handler gets the
    /// connection whose transaction also holds the claim, and the commit is the completion. A handler that fails or
    /// panics, a future that is dropped, a process that is killed: the transaction is rolled back and nothing happened.
    ///
    /// ```no_run
    /// use wechatpay_core::notify::{Ack, Refusal, VerifiedNotification};
    /// use wechatpay_stores::{PostgresStore, postgres::TransactionOptions};
    ///
    /// async fn paid(store: &PostgresStore, notification: VerifiedNotification) -> Result<Ack, Refusal> {
    ///     let options = TransactionOptions::default();
    ///     store
    ///         .transactional(&notification, &options, async |transaction, _context| {
    ///             sqlx::query("UPDATE orders SET paid = true WHERE number = $1")
    ///                 .bind("ORDER-1")
    ///                 .execute(&mut *transaction)
    ///                 .await?;
    ///             ship(transaction, "ORDER-1").await
    ///         })
    ///         .await
    ///         .map_err(|error| error.refusal())?; // 409, 500 or 503: the platform sends again
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
    /// A twin that comes meanwhile waits, at most [`lock_timeout`](TransactionOptions::lock_timeout), and holds no
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
        options: &TransactionOptions,
        handler: H,
    ) -> Result<Handled<T>, IdempotencyError<E>>
    where
        H: AsyncFnOnce(&mut PgConnection, HandlerContext) -> Result<T, E>,
    {
        let (key, digest) = identify(notification).map_err(IdempotencyError::Begin)?;
        let end = after(options.budget);
        let request = BeginRequest::new(
            key.clone(),
            digest,
            notification.event_type().as_str(),
            options.deadline,
        )
        .retention(options.retention);
        let claimed = match timeout_at(end, self.claim(&request, options)).await {
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
        let deadline = after(options.deadline).min(end);
        let (context, signal) = HandlerContext::new(key.clone(), fence, attempt, deadline);
        let handled = until(deadline, handler(&mut transaction, context)).await;
        let value = match handled {
            Ended::Ok(value) => value,
            failed => {
                // Also for what the handler spawned and left behind.
                signal.lose();
                return Err(match failed {
                    Ended::Err(_) | Ended::Panicked
                        if self.was_ended(&mut transaction, &key, fence, end).await =>
                    {
                        IdempotencyError::Complete(ended_by_handler(&key))
                    }
                    Ended::Err(error) => {
                        undo(transaction, end).await;
                        IdempotencyError::Handler(error)
                    }
                    Ended::Panicked => {
                        undo(transaction, end).await;
                        IdempotencyError::Panicked
                    }
                    // A statement may be under way; waiting for it would make it later still.
                    _ => IdempotencyError::TimedOut(options.deadline),
                });
            }
        };
        let commit = complete(self, transaction, &key, fence, options.retention);
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

    /// Whether the handler ended the transaction that was begun for it. One that a statement spoilt answers with an error,
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
        options: &TransactionOptions,
    ) -> Result<Claimed, StoreError> {
        let begin = begin_transaction_sql(options.deadline, options.lock_timeout.min(MAX_LOCK_TIMEOUT));
        let claim = begin_in_sql(&self.schema, request, &format!(", {LOCKS_AS_BEFORE}"));
        let (patience, mut pause) = (after(options.lock_timeout), LOOK_AGAIN);
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
                return Ok(Claimed::Not(Begin::InProgress {
                    remaining: options.deadline,
                }));
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

/// Key and digest of a notification.
pub(super) fn identify(
    notification: &VerifiedNotification,
) -> Result<(NotificationKey, PlaintextDigest), StoreError> {
    let key = NotificationKey::of(notification).map_err(|_| StoreError::Corrupt("the id is no key"))?;
    let digest = notification
        .digest()
        .map_err(|_| StoreError::Corrupt("the resource is no JSON"))?;
    Ok((key, digest))
}

/// A moment from now.
pub(super) fn after(duration: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(duration.min(FAR)).unwrap_or(now)
}

/// How a handler ended.
pub(super) enum Ended<T, E> {
    Ok(T),
    Err(E),
    Panicked,
    Late,
}

/// Runs a handler until it ends, panics or is late.
pub(super) async fn until<T, E>(
    deadline: Instant,
    handler: impl Future<Output = Result<T, E>>,
) -> Ended<T, E> {
    let mut handler = pin!(handler);
    let mut timer = pin!(sleep_until(deadline));
    poll_fn(|cx| {
        match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
            Ok(Poll::Ready(Ok(value))) => return Poll::Ready(Ended::Ok(value)),
            Ok(Poll::Ready(Err(error))) => return Poll::Ready(Ended::Err(error)),
            Ok(Poll::Pending) => {}
            Err(_) => return Poll::Ready(Ended::Panicked),
        }
        timer.as_mut().poll(cx).map(|()| Ended::Late)
    })
    .await
}

/// Rolls back while there is time; otherwise the pool does when the connection comes back.
pub(super) async fn undo(transaction: Transaction<'static, Postgres>, end: Instant) {
    let _ = timeout_at(end, transaction.rollback()).await;
}

/// Marks as done and commits. The mark is also the proof that the transaction is still the one that was begun, because only
/// that one sees its claim: PostgreSQL answers a COMMIT of a failed transaction without an error, and rolls back.
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
