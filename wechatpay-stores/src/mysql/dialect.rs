//! Statements of MySQL.

use std::time::Duration;

use base16ct::HexDisplay;
use sqlx::{MySql, Row as _, error::DatabaseError, mysql::MySqlDatabaseError};
use wechatpay_core::idempotency::{BeginRequest, StoreHealth};

use crate::{
    sql::{
        dialect::{Dialect, Fault, Running, Step, driver, driver_counts, steps},
        leases::this,
        name::Name,
    },
    time::milliseconds,
};

/// Time by which the server's limit for a silent handler exceeds our own deadline.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Longest limit that the server accepts, a year.
const MAX_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);
/// Shortest wait for a lock that the server has, in seconds.
const LOCK_WAIT: u64 = 1;

const LOCK_WAIT_TIMEOUT: u16 = 1205;
const LOCK_NOWAIT: u16 = 3572;
const DEADLOCK: u16 = 1213;
const DUPLICATE: u16 = 1062;
/// A row that was read has changed (MariaDB), or TiDB lost an optimistic conflict.
const RECORD_CHANGED: u16 = 1020;
const WRITE_CONFLICT: u16 = 9007;
const SAVEPOINT_MISSING: u16 = 1305;
const DENIED: [u16; 6] = [1044, 1045, 1142, 1143, 1227, 1370];
/// Missing database, table or column.
const MISSING: [u16; 3] = [1049, 1146, 1054];

/// Random number by which a request recognizes the lease that it acquired.
fn token() -> Result<String, getrandom::Error> {
    let mut token = [0; 16];
    getrandom::fill(&mut token)?;
    Ok(MySql::bytes(&token))
}

/// Inserts the row of a lease, held by an owner.
fn insert(name: &Name, request: &BeginRequest, owner: &str) -> String {
    format!(
        "INSERT INTO {table} \
           (scope, event, facts, notification_id, event_type, state, fence, attempts, owner, lease_until, forget_after, first_seen) \
         VALUES ({scope}, {event}, {facts}, {id}, {event_type}, 'held', 1, 1, {owner}, {lease}, {forget}, {NOW})",
        table = MySql::table(name, "leases"),
        scope = MySql::text(request.key.scope()),
        event = MySql::text(request.key.event()),
        facts = MySql::text(&request.facts),
        id = MySql::maybe(request.notification_id.as_deref()),
        event_type = MySql::text(&request.event_type),
        lease = MySql::after(request.lease),
        forget = MySql::after(request.retention.max(request.lease)),
    )
}

/// Updates the row of a free lease, and reads it.
///
/// It returns no row unless the lease is the owner's by then.
/// There is no `RETURNING`, and the number of changed rows does not tell an insert from a repeat.
fn update(name: &Name, request: &BeginRequest, owner: &str) -> String {
    format!(
        "UPDATE {table} SET state = 'held', facts = {facts}, fence = fence + 1, attempts = attempts + 1, owner = {owner}, \
           lease_until = {lease}, forget_after = {forget} \
         WHERE {this} AND owner <> {owner} \
           AND (state = 'released' OR state = 'held' AND lease_until <= {NOW}); \
         SELECT fence, attempts FROM {table} WHERE {this} AND owner = {owner}",
        table = MySql::table(name, "leases"),
        this = this::<MySql>(&request.key),
        facts = MySql::text(&request.facts),
        lease = MySql::after(request.lease),
        forget = MySql::after(request.retention.max(request.lease)),
    )
}

/// Locks the row of a lease.
///
/// A caller that finds it locked returns at once and holds no connection. Only one that inserts at the same moment waits, for the shortest time that the server has.
fn lock(name: &Name, request: &BeginRequest) -> String {
    format!(
        "SELECT NULL AS fence, NULL AS attempts FROM {} WHERE {} FOR UPDATE NOWAIT",
        MySql::table(name, "leases"),
        this::<MySql>(&request.key),
    )
}

const NOW: &str = "UTC_TIMESTAMP(6)";
/// Restores the session's wait for locks, for the statements of the handler.
const LOCK_WAIT_AS_BEFORE: &str = "SET SESSION innodb_lock_wait_timeout = @wechatpay_lock_wait";

impl Dialect for MySql {
    const STEPS: &'static [Step] = steps!("mysql": 1 "leases", 2 "pending", 3 "inbox");
    const STORE: &'static str = "MySqlStore";
    const GRANT: &'static str = "GRANT SELECT, INSERT, UPDATE, DELETE ON <database>.* TO <user>";
    const FILES: &'static str = "migrations/mysql";
    const GREATEST: &'static str = "GREATEST";
    const NOW: &'static str = NOW;
    const INSERT: &'static str = "INSERT IGNORE INTO";
    const UNLESS_KNOWN: &'static str = "";
    const FINISH_COMMITS: bool = true;
    const SKIPS_LOCKED: bool = false;
    const INSERT_QUIETLY: &'static str = "";
    const RESTORE: Option<&'static str> = Some(
        "SET SESSION innodb_lock_wait_timeout = @wechatpay_lock_wait, SESSION wait_timeout = @wechatpay_wait",
    );

    fn table(name: &Name, table: &str) -> String {
        format!("`{}_{table}`", name.as_str())
    }

    fn text(text: &str) -> String {
        format!("_utf8mb4 X'{:x}'", HexDisplay(text.as_bytes()))
    }

    fn after(duration: Duration) -> String {
        let micros = milliseconds(duration).saturating_mul(1_000);
        format!("{NOW} + INTERVAL {micros} MICROSECOND")
    }

    fn until(column: &str) -> String {
        format!("TIMESTAMPDIFF(MICROSECOND, {NOW}, {column}) DIV 1000")
    }

    fn acquire(name: &Name, request: &BeginRequest) -> Result<String, getrandom::Error> {
        let owner = token()?;
        Ok(format!(
            "{} ON DUPLICATE KEY UPDATE fence = fence; {}",
            insert(name, request, &owner),
            update(name, request, &owner)
        ))
    }

    /// The savepoint shows later that the transaction still exists.
    ///
    /// The settings are those of the session, so their values before are kept in variables of it. The server closes a
    /// connection that is silent for longer than the deadline: a process that was stopped must not keep the lease.
    fn begin(_: &Name, deadline: Duration, wait: Duration) -> String {
        let seconds = |duration: Duration| milliseconds(duration.min(MAX_LIMIT)).div_ceil(1_000).max(1);
        format!(
            "SET @wechatpay_lock_wait = CAST(COALESCE(@wechatpay_lock_wait, @@SESSION.innodb_lock_wait_timeout) AS UNSIGNED), \
               @wechatpay_wait = CAST(COALESCE(@wechatpay_wait, @@SESSION.wait_timeout) AS UNSIGNED); \
             SET SESSION innodb_lock_wait_timeout = {lock}, SESSION wait_timeout = {pause}; \
             SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; SAVEPOINT wechatpay_lease",
            lock = seconds(wait).min(LOCK_WAIT),
            pause = seconds(deadline.saturating_add(PAUSE_MARGIN)),
        )
    }

    fn begin_new(
        name: &Name,
        request: &BeginRequest,
        deadline: Duration,
        wait: Duration,
    ) -> Result<(String, Option<String>), getrandom::Error> {
        let new = insert(name, request, &token()?);
        let new = format!("{}; {new}; {LOCK_WAIT_AS_BEFORE}", lock(name, request));
        Ok((Self::begin(name, deadline, wait), Some(new)))
    }

    fn claim(name: &Name, request: &BeginRequest, _: Duration) -> Result<String, getrandom::Error> {
        let update = update(name, request, &token()?);
        Ok(format!(
            "{}; {LOCK_WAIT_AS_BEFORE}; {update}",
            lock(name, request)
        ))
    }

    fn alive(_: &Name) -> String {
        "RELEASE SAVEPOINT wechatpay_lease".to_owned()
    }

    fn finish(_: &Name, done: &str) -> String {
        format!(
            "RELEASE SAVEPOINT wechatpay_lease; {done}; SET SESSION wait_timeout = @wechatpay_wait; COMMIT"
        )
    }

    /// Waits for locked rows: not every database that speaks MySQL skips them.
    fn take(table: &str, change: &str, condition: &str, columns: &str) -> Result<String, getrandom::Error> {
        let owner = token()?;
        Ok(format!(
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
             UPDATE {table} SET owner = {owner}, {change} WHERE {condition} ORDER BY due LIMIT 1; \
             SELECT {columns} FROM {table} WHERE owner = {owner}"
        ))
    }

    fn hold(table: &str, held: &str) -> String {
        format!("SELECT fence FROM {table} WHERE {held} FOR UPDATE; {LOCK_WAIT_AS_BEFORE}")
    }

    fn purge(table: &str, condition: &str, order: &str, limit: u64) -> String {
        format!("DELETE FROM {table} WHERE {condition} ORDER BY {order} LIMIT {limit}")
    }

    driver!();
    driver_counts!();

    fn fault(error: &dyn DatabaseError) -> Fault {
        match error
            .try_downcast_ref::<MySqlDatabaseError>()
            .map(MySqlDatabaseError::number)
        {
            Some(DEADLOCK | RECORD_CHANGED | WRITE_CONFLICT) => Fault::Conflict,
            Some(LOCK_WAIT_TIMEOUT | LOCK_NOWAIT) => Fault::Locked,
            Some(DUPLICATE) => Fault::Taken,
            Some(SAVEPOINT_MISSING) => Fault::Ended,
            Some(number) if DENIED.contains(&number) => Fault::Denied,
            Some(number) if MISSING.contains(&number) => Fault::Missing,
            _ => Fault::Other,
        }
    }

    fn health(connection: &mut Self::Connection) -> Running<'_, StoreHealth> {
        Box::pin(async move {
            let look = "SELECT CAST(@@GLOBAL.innodb_flush_log_at_trx_commit AS SIGNED), CAST(@@GLOBAL.read_only AS SIGNED)";
            let row = sqlx::raw_sql(look).fetch_one(connection).await?;
            let (flush, read_only): (i64, i64) = (row.try_get_unchecked(0)?, row.try_get_unchecked(1)?);
            Ok(judge(flush, read_only != 0))
        })
    }

    fn begin_migration(_: &Name) -> String {
        "START TRANSACTION".to_owned()
    }

    fn find(name: &Name, table: &str) -> String {
        let table = Self::text(&format!("{}_{table}", name.as_str()));
        format!(
            "SELECT 1 AS found FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = {table}"
        )
    }
}

fn judge(flush: i64, read_only: bool) -> StoreHealth {
    let mut health = StoreHealth::good();
    if flush != 1 {
        health = health.warning(
            "innodb_flush_log_at_trx_commit is not 1: a crash may lose up to a second of completed notifications",
        );
    }
    if read_only {
        health = health.warning("the server is read-only: no lease can be acquired on it");
    }
    health
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_risky_setting_causes_a_warning() {
        assert!(judge(1, false).warnings.is_empty());
        for (health, named) in [(judge(2, false), "flush_log"), (judge(1, true), "read-only")] {
            assert!(
                health.warnings.len() == 1 && health.warnings[0].contains(named),
                "{health:?}"
            );
        }
    }

    #[test]
    fn no_part_of_a_value_is_read_as_sql() {
        for hostile in ["'; DROP TABLE leases; --", "\\", "`", "?", "商户", "\0"] {
            let text = MySql::text(hostile);
            let inside = text
                .strip_prefix("_utf8mb4 X'")
                .and_then(|text| text.strip_suffix('\''));
            assert!(
                inside.unwrap().bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{text}"
            );
        }
    }
}
