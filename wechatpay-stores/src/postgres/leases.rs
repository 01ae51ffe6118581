//! Leases in PostgreSQL, one statement for each operation.

use std::time::Duration;

use sqlx::{Row as _, postgres::PgRow};
use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, Renewal, StoreError,
    StoreFuture, StoreHealth,
};

use super::{
    PostgresStore,
    error::{is_of_another, store_error},
    health,
    literal::{Interval, MaybeText, Text},
    schema::Schema,
};

/// Number of attempts to acquire a lease that ends or is purged meanwhile.
const BEGIN_TRIES: u32 = 3;

/// Entry of a `FROM` clause that makes the commit of its statement durable.
///
/// It switches `synchronous_commit` on for the transaction if the session has it off. A stricter setting, for instance
/// one that waits for a standby, stays.
pub(super) const DURABLY: &str = "(SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
     WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)) AS durable";

/// Acquires a lease that is new, released or past its end.
///
/// The clock is read again after a wait for the row.
fn begin_sql(schema: &Schema, request: &BeginRequest) -> String {
    insert_sql(schema, request, "NULL", "", "")
}

/// Acquires a lease in the transaction in which the handler works.
///
/// It returns no row if another transaction holds the lease. No commit passes before [`complete_in_sql`]. `after`
/// lists further columns to return.
pub(super) fn begin_in_sql(schema: &Schema, request: &BeginRequest, after: &str) -> String {
    let name = format!("wechatpay lease {schema} {}", request.key);
    // Held until the transaction ends. A caller that does not get it returns at once and holds no connection.
    let alone = format!(
        "WHERE pg_try_advisory_xact_lock(hashtextextended({}, 0))",
        Text(&name)
    );
    insert_sql(schema, request, UNCOMMITTED, &alone, after)
}

/// Reference to a row that cannot exist, which PostgreSQL checks at the commit.
pub(super) const UNCOMMITTED: &str = "1";

fn insert_sql(
    schema: &Schema,
    request: &BeginRequest,
    uncommitted: &str,
    alone: &str,
    after: &str,
) -> String {
    let (lease, retention) = (
        Interval(request.lease),
        Interval(request.retention.max(request.lease)),
    );
    format!(
        "INSERT INTO {schema}.leases AS lease \
           (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after, uncommitted) \
         SELECT {scope}, {event}, {facts}, {id}, {event_type}, 'held', 1, 1, clock_timestamp() + {lease}, clock_timestamp() + {retention}, \
           {uncommitted}::integer \
         FROM {DURABLY} {alone} \
         ON CONFLICT (scope, event) DO UPDATE SET \
           state = 'held', fence = lease.fence + 1, attempts = lease.attempts + 1, \
           lease_until = clock_timestamp() + {lease}, forget_after = clock_timestamp() + {retention}, \
           uncommitted = {uncommitted}::integer \
         WHERE lease.facts = excluded.facts AND (lease.state = 'released' \
           OR lease.state = 'held' AND lease.lease_until <= clock_timestamp()) \
         RETURNING fence, attempts{after}",
        scope = Text(request.key.scope()),
        event = Text(request.key.event()),
        facts = Text(&request.facts),
        id = MaybeText(request.notification_id.as_deref()),
        event_type = Text(&request.event_type),
    )
}

/// Reads a lease that could not be acquired.
pub(super) fn look_sql(schema: &Schema, key: &EventKey) -> String {
    format!(
        "SELECT state, fence, facts, \
           (extract(epoch FROM lease_until - clock_timestamp()) * 1000)::bigint AS remaining \
         FROM {schema}.leases WHERE {}",
        this(key)
    )
}

fn this(key: &EventKey) -> String {
    format!("scope = {} AND event = {}", Text(key.scope()), Text(key.event()))
}

/// Condition for changes that only the holder of the lease may make.
fn held(key: &EventKey, fence: Fence) -> String {
    format!("{} AND fence = {fence} AND state = 'held'", this(key))
}

/// Marks a notification as done if the fence still holds the lease.
fn complete_sql(schema: &Schema, key: &EventKey, fence: Fence, retention: Duration) -> String {
    done_sql(schema, retention, &held(key, fence))
}

/// Marks a notification as done in the transaction that acquired its lease.
pub(super) fn complete_in_sql(schema: &Schema, key: &EventKey, fence: Fence, retention: Duration) -> String {
    done_sql(schema, retention, &held_here(key, fence))
}

fn done_sql(schema: &Schema, retention: Duration, held: &str) -> String {
    format!(
        "UPDATE {schema}.leases SET state = 'done', finished_at = clock_timestamp(), uncommitted = NULL, \
           forget_after = clock_timestamp() + {} FROM {DURABLY} WHERE {held} RETURNING fence",
        Interval(retention),
    )
}

/// Finds the lease if it was acquired in the current transaction.
///
/// Other transactions do not see a row that is not committed.
pub(super) fn is_here_sql(schema: &Schema, key: &EventKey, fence: Fence) -> String {
    format!("SELECT 1 FROM {schema}.leases WHERE {}", held_here(key, fence))
}

fn held_here(key: &EventKey, fence: Fence) -> String {
    format!("{} AND uncommitted IS NOT NULL", held(key, fence))
}

/// Reads the row that [`insert_sql`] returns.
pub(super) fn acquired(row: &PgRow) -> Result<(Fence, u32), StoreError> {
    let (fence, attempts): (i64, i32) = (
        row.try_get(0).map_err(store_error)?,
        row.try_get(1).map_err(store_error)?,
    );
    match (u64::try_from(fence), u32::try_from(attempts)) {
        (Ok(fence), Ok(attempts)) => Ok((Fence::from_u64(fence), attempts)),
        _ => Err(StoreError::Corrupt("a fence or a number of attempts is negative")),
    }
}

/// Reads the row that [`look_sql`] returns; `None` if the lease is free by now.
pub(super) fn seen(row: &PgRow, facts: &str) -> Result<Option<Begin>, StoreError> {
    let state: String = row.try_get(0).map_err(store_error)?;
    let fence: i64 = row.try_get(1).map_err(store_error)?;
    let known: String = row.try_get(2).map_err(store_error)?;
    let remaining: i64 = row.try_get(3).map_err(store_error)?;
    if known != facts {
        return Ok(Some(Begin::Contradiction));
    }
    match state.as_str() {
        "done" => Ok(Some(Begin::Done {
            fence: Fence::from_u64(fence.unsigned_abs()),
        })),
        "held" => Ok(u64::try_from(remaining)
            .ok()
            .filter(|&remaining| remaining > 0)
            .map(|remaining| Begin::InProgress {
                remaining: Duration::from_millis(remaining),
            })),
        "released" => Ok(None),
        _ => Err(StoreError::Corrupt("a lease is in an unknown state")),
    }
}

impl IdempotencyStore for PostgresStore {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            for _ in 0..BEGIN_TRIES {
                match self.try_row(begin_sql(&self.schema, request)).await {
                    Ok(Some(row)) => {
                        let (fence, attempt) = acquired(&row)?;
                        return Ok(Begin::Acquired { fence, attempt });
                    }
                    Ok(None) => {}
                    Err(error) if is_of_another(&error) => return Ok(Begin::Contradiction),
                    Err(error) => return Err(store_error(error)),
                }
                if let Some(row) = self.row(look_sql(&self.schema, &request.key)).await?
                    && let Some(begun) = seen(&row, &request.facts)?
                {
                    return Ok(begun);
                }
            }
            // Each time the lease ended before the look, and another caller acquired it first.
            Ok(Begin::InProgress {
                remaining: Duration::ZERO,
            })
        })
    }

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            // The row must outlive the lease, because it holds the fence.
            let lease = Interval(lease);
            let sql = format!(
                "UPDATE {}.leases SET lease_until = clock_timestamp() + {lease}, \
                   forget_after = greatest(forget_after, clock_timestamp() + {lease}) WHERE {} RETURNING fence",
                self.schema,
                held(key, fence)
            );
            Ok(match self.row(sql).await? {
                Some(_) => Renewal::Renewed,
                None => Renewal::Lost,
            })
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            let sql = complete_sql(&self.schema, key, fence, retention);
            if self.row(sql).await?.is_some() {
                return Ok(Completion::Completed);
            }
            let sql = format!(
                "SELECT 1 FROM {}.leases WHERE {} AND fence = {fence} AND state = 'done'",
                self.schema,
                this(key)
            );
            Ok(match self.row(sql).await? {
                Some(_) => Completion::AlreadyDone,
                None => Completion::Lost,
            })
        })
    }

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
        Box::pin(async move {
            let sql = format!(
                "UPDATE {}.leases SET state = 'released' WHERE {} RETURNING fence",
                self.schema,
                held(key, fence)
            );
            Ok(match self.row(sql).await? {
                Some(_) => Release::Released,
                None => Release::Lost,
            })
        })
    }

    /// Deletes up to `limit` rows that are past their retention, and returns their number.
    ///
    /// It deletes notifications that are done and leases that were abandoned. Call it periodically until it returns
    /// less than `limit`. Several processes may call it at the same time.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let sql = format!(
                "WITH past AS MATERIALIZED (SELECT scope, event FROM {schema}.leases \
                   WHERE forget_after <= statement_timestamp() \
                     AND (state <> 'held' OR lease_until <= statement_timestamp()) \
                   ORDER BY forget_after LIMIT {limit} FOR UPDATE SKIP LOCKED), \
                 gone AS (DELETE FROM {schema}.leases AS lease USING past \
                   WHERE lease.scope = past.scope AND lease.event = past.event RETURNING 1) \
                 SELECT count(*) FROM gone",
                schema = self.schema,
                limit = limit.min(MAX_PURGE),
            );
            count(self.row(sql).await?)
        })
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        Box::pin(health::look(self))
    }
}

/// Largest number of rows that one purge deletes, so that locks stay short.
pub(super) const MAX_PURGE: u64 = 10_000;

/// Reads a count from the first column.
pub(super) fn count(row: Option<PgRow>) -> Result<u64, StoreError> {
    let row = row.ok_or(StoreError::Corrupt("a count is missing"))?;
    let count: i64 = row.try_get(0).map_err(store_error)?;
    Ok(count.unsigned_abs())
}
