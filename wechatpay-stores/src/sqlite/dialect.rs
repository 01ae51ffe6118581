//! Statements of SQLite.

use std::time::Duration;

use sqlx::{Row as _, Sqlite, error::DatabaseError};
use wechatpay_core::idempotency::{BeginRequest, StoreHealth};

use crate::{
    sql::{
        dialect::{Dialect, Fault, Running, Step, driver, steps},
        name::Name,
    },
    time::milliseconds,
};

/// Milliseconds since 1970.
const NOW: &str = "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)";
/// Value of `synchronous` with which commits survive the loss of power.
const FULL: i64 = 2;

/// Primary result codes of SQLite.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
/// Extended result codes of a unique index and of a primary key.
const UNIQUE: [u32; 2] = [2067, 1555];

/// Inserts the row of a lease.
fn insert(name: &Name, request: &BeginRequest) -> String {
    format!(
        "INSERT INTO {table} AS lease \
           (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after, first_seen) \
         VALUES ({scope}, {event}, {facts}, {id}, {event_type}, 'held', 1, 1, {lease}, {forget}, {NOW})",
        table = Sqlite::table(name, "leases"),
        scope = Sqlite::text(request.key.scope()),
        event = Sqlite::text(request.key.event()),
        facts = Sqlite::text(&request.facts),
        id = Sqlite::maybe(request.notification_id.as_deref()),
        event_type = Sqlite::text(&request.event_type),
        lease = Sqlite::after(request.lease),
        forget = Sqlite::after(request.retention.max(request.lease)),
    )
}

impl Dialect for Sqlite {
    const STEPS: &'static [Step] = steps!("sqlite": 1 "leases", 2 "pending", 3 "inbox");
    const STORE: &'static str = "SqliteStore";
    const GRANT: &'static str = "its process must be able to write the file and its folder";
    const FILES: &'static str = "migrations/sqlite";
    const GREATEST: &'static str = "max";
    const NOW: &'static str = NOW;
    const FIRST: &'static str = "PRAGMA synchronous = FULL; ";
    const UNLESS_KNOWN: &'static str = " WHERE true ON CONFLICT DO NOTHING";
    const ONE_WRITER: bool = true;
    const FINISH_COMMITS: bool = false;
    const MEND: Option<&'static str> = Some("BEGIN");

    fn table(name: &Name, table: &str) -> String {
        format!("\"{}_{table}\"", name.as_str())
    }

    fn text(text: &str) -> String {
        format!("CAST({} AS TEXT)", Self::bytes(text.as_bytes()))
    }

    fn after(duration: Duration) -> String {
        format!("{NOW} + {}", milliseconds(duration))
    }

    fn until(column: &str) -> String {
        format!("{column} - {NOW}")
    }

    fn acquire(name: &Name, request: &BeginRequest) -> Result<String, getrandom::Error> {
        Ok(format!(
            "{insert} ON CONFLICT (scope, event) DO UPDATE SET \
               state = 'held', facts = excluded.facts, fence = lease.fence + 1, attempts = lease.attempts + 1, \
               lease_until = excluded.lease_until, forget_after = excluded.forget_after \
             WHERE (lease.state = 'released' \
               OR lease.state = 'held' AND lease.lease_until <= {NOW}) \
             RETURNING fence, attempts",
            insert = insert(name, request),
        ))
    }

    /// The savepoint shows later that the transaction still exists.
    fn begin(_: &Name, _: Duration, _: Duration) -> String {
        format!("{}BEGIN IMMEDIATE; SAVEPOINT wechatpay_lease", Self::FIRST)
    }

    fn begin_new(
        name: &Name,
        request: &BeginRequest,
        deadline: Duration,
        wait: Duration,
    ) -> Result<(String, Option<String>), getrandom::Error> {
        Ok((Self::begin(name, deadline, wait), Some(insert(name, request))))
    }

    fn claim(name: &Name, request: &BeginRequest, _: Duration) -> Result<String, getrandom::Error> {
        Self::acquire(name, request)
    }

    fn alive(_: &Name) -> String {
        "RELEASE wechatpay_lease".to_owned()
    }

    fn finish(_: &Name, done: &str) -> String {
        format!("RELEASE wechatpay_lease; {done}")
    }

    fn take(table: &str, change: &str, condition: &str, columns: &str) -> Result<String, getrandom::Error> {
        Ok(format!(
            "UPDATE {table} SET {change} WHERE rowid = (SELECT rowid FROM {table} WHERE {condition} ORDER BY due LIMIT 1) \
             RETURNING {columns}"
        ))
    }

    /// The transaction is the one writer, so nothing needs a lock.
    fn hold(table: &str, held: &str) -> String {
        format!("SELECT fence FROM {table} WHERE {held}")
    }

    fn purge(table: &str, condition: &str, order: &str, limit: u64) -> String {
        format!(
            "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {condition} ORDER BY {order} LIMIT {limit})"
        )
    }

    driver!();

    /// The driver would count the rows of an earlier statement again for a `PRAGMA`.
    fn changed(connection: &mut Self::Connection, sql: String) -> Running<'_, u64> {
        let rows = Self::rows(connection, format!("{sql}; SELECT changes() AS changed"));
        Box::pin(async move {
            let rows = rows.await?;
            let changed = rows
                .first()
                .map(|row| Self::integer(row, "changed"))
                .transpose()?;
            Ok(changed.flatten().unwrap_or(0).unsigned_abs())
        })
    }

    fn fault(error: &dyn DatabaseError) -> Fault {
        let code = error.code().and_then(|code| code.parse::<u32>().ok());
        match code.map(|code| code & 0xff) {
            Some(BUSY | LOCKED) => Fault::Locked,
            Some(READ_ONLY) => Fault::Denied,
            _ if code.is_some_and(|code| UNIQUE.contains(&code)) => Fault::Taken,
            // One code for all errors of a statement; only the text tells them apart.
            _ if error.message().starts_with("no such savepoint") => Fault::Ended,
            _ if error.message().starts_with("no such table")
                || error.message().contains("no such column") =>
            {
                Fault::Missing
            }
            _ if error.message().contains("has no column named") => Fault::Missing,
            _ => Fault::Other,
        }
    }

    fn health(connection: &mut Self::Connection) -> Running<'_, StoreHealth> {
        Box::pin(async move {
            sqlx::raw_sql(Self::FIRST).execute(&mut *connection).await?;
            let mode = sqlx::raw_sql("PRAGMA journal_mode")
                .fetch_one(&mut *connection)
                .await?;
            let synchronous = sqlx::raw_sql("PRAGMA synchronous")
                .fetch_one(&mut *connection)
                .await?;
            let read_only = sqlx::raw_sql("PRAGMA query_only").fetch_one(connection).await?;
            Ok(judge(
                &mode.try_get_unchecked::<String, _>(0)?,
                synchronous.try_get_unchecked(0)?,
                read_only.try_get_unchecked::<i64, _>(0)? != 0,
            ))
        })
    }

    /// The mode of the journal is a property of the file.
    fn begin_migration(_: &Name) -> String {
        "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE".to_owned()
    }

    fn find(name: &Name, table: &str) -> String {
        let table = Self::text(&format!("{}_{table}", name.as_str()));
        format!("SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = {table}")
    }
}

fn judge(mode: &str, synchronous: i64, read_only: bool) -> StoreHealth {
    let mut health = StoreHealth::good();
    if mode != "wal" {
        health = health.warning(
            "journal_mode is not WAL: readers and writers block each other, and the loss of power may undo a commit",
        );
    }
    if synchronous < FULL {
        health = health.warning("synchronous is below FULL: the loss of power may undo a commit");
    }
    if read_only {
        health = health.warning("the connection is read-only: no lease can be acquired");
    }
    health
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_risky_setting_causes_a_warning() {
        assert!(judge("wal", 2, false).warnings.is_empty() && judge("wal", 3, false).warnings.is_empty());
        for (health, named) in [
            (judge("delete", 2, false), "journal_mode"),
            (judge("wal", 1, false), "synchronous"),
            (judge("wal", 2, true), "read-only"),
        ] {
            assert!(
                health.warnings.len() == 1 && health.warnings[0].contains(named),
                "{health:?}"
            );
        }
    }

    #[test]
    fn no_part_of_a_value_is_read_as_sql() {
        for hostile in ["'; DROP TABLE leases; --", "\\", "\"", "?1", "商户", "\0"] {
            let text = Sqlite::text(hostile);
            let inside = text
                .strip_prefix("CAST(X'")
                .and_then(|text| text.strip_suffix("' AS TEXT)"));
            assert!(
                inside.unwrap().bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{text}"
            );
        }
    }
}
