//! Statements of PostgreSQL.

use std::time::Duration;

use sqlx::{Postgres, error::DatabaseError};
use wechatpay_core::idempotency::{BeginRequest, StoreHealth};

use super::{
    health,
    literal::{Bytes, Interval, Text},
    transaction::{LOCKS_AS_BEFORE, MODE, limits, settings},
};
use crate::sql::{
    dialect::{Dialect, Fault, Running, Step, driver, driver_counts, steps},
    name::Name,
};

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";
const LOCK_NOT_AVAILABLE: &str = "55P03";
const INSUFFICIENT_PRIVILEGE: &str = "42501";
const UNIQUE_VIOLATION: &str = "23505";
const INVALID_TRANSACTION_TERMINATION: &str = "2D000";
/// SQLSTATE of a missing schema, table or column.
const MISSING: [&str; 3] = ["3F000", "42P01", "42703"];

/// Entry of a `FROM` clause that makes the commit of its statement durable.
///
/// It switches `synchronous_commit` on for the transaction if the session has it off. A stricter setting, for instance
/// one that waits for a standby, stays.
pub(super) const DURABLY: &str = "(SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
     WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)) AS durable";

/// Writes the name of a schema, so that SQL keywords are valid names too.
pub(super) fn schema(name: &Name) -> String {
    format!("\"{}\"", name.as_str())
}

/// Calls the function that acquires a lease in the transaction of its handler.
fn claim(name: &Name, request: &BeginRequest, only_new: bool, deadline: Duration) -> String {
    format!(
        "{schema}.claim({scope}, {event}, {facts}, {id}, {event_type}, {retention}, {only_new}, {limits})",
        schema = schema(name),
        scope = Text(request.key.scope()),
        event = Text(request.key.event()),
        facts = Text(&request.facts),
        id = Postgres::maybe(request.notification_id.as_deref()),
        event_type = Text(&request.event_type),
        retention = Interval(request.retention),
        limits = limits(deadline),
    )
}

impl Dialect for Postgres {
    const STEPS: &'static [Step] = steps!("postgres": 1 "leases", 2 "inbox", 3 "pending");
    const STORE: &'static str = "PostgresStore";
    const GRANT: &'static str = "GRANT USAGE ON SCHEMA wechatpay TO <role>; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA wechatpay TO <role>; \
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA wechatpay TO <role>";
    const FILES: &'static str = "migrations/postgres";
    const GREATEST: &'static str = "greatest";
    const NOW: &'static str = "clock_timestamp()";
    const STARTED: &'static str = "statement_timestamp()";
    const DURABLY: &'static str = " FROM (SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
     WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)) AS durable";
    const FINISH_COMMITS: bool = true;
    const CLAIMS_DONE: bool = true;
    const RELEASED: &'static str = ", uncommitted = NULL";

    fn table(name: &Name, table: &str) -> String {
        format!("{}.{table}", schema(name))
    }

    fn text(text: &str) -> String {
        Text(text).to_string()
    }

    fn bytes(bytes: &[u8]) -> String {
        Bytes(bytes).to_string()
    }

    fn after(duration: Duration) -> String {
        format!("clock_timestamp() + {}", Interval(duration))
    }

    fn until(column: &str) -> String {
        format!("(extract(epoch FROM {column} - clock_timestamp()) * 1000)::bigint")
    }

    fn acquire(name: &Name, request: &BeginRequest) -> Result<String, getrandom::Error> {
        let (lease, retention) = (
            Interval(request.lease),
            Interval(request.retention.max(request.lease)),
        );
        // The clock is read again after a wait for the row.
        Ok(format!(
            "INSERT INTO {schema}.leases AS lease \
               (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after) \
             SELECT {scope}, {event}, {facts}, {id}, {event_type}, 'held', 1, 1, clock_timestamp() + {lease}, clock_timestamp() + {retention} \
             FROM {DURABLY} \
             ON CONFLICT (scope, event) DO UPDATE SET \
               state = 'held', facts = excluded.facts, fence = lease.fence + 1, attempts = lease.attempts + 1, \
               lease_until = clock_timestamp() + {lease}, forget_after = clock_timestamp() + {retention} \
             WHERE (lease.state = 'released' \
               OR lease.state = 'held' AND lease.lease_until <= clock_timestamp()) \
             RETURNING fence, attempts",
            schema = schema(name),
            scope = Text(request.key.scope()),
            event = Text(request.key.event()),
            facts = Text(&request.facts),
            id = Self::maybe(request.notification_id.as_deref()),
            event_type = Text(&request.event_type),
        ))
    }

    fn begin(name: &Name, deadline: Duration, wait: Duration) -> String {
        settings(&schema(name), deadline, wait)
    }

    /// Takes one round trip.
    ///
    /// The driver drops the rows, but the fence of a new lease is known.
    ///
    /// The server runs the statements of one text in one transaction, which `BEGIN` keeps open. If the lease is not new the
    /// text fails before it, so nothing is left open.
    fn begin_new(
        name: &Name,
        request: &BeginRequest,
        deadline: Duration,
        _: Duration,
    ) -> Result<(String, Option<String>), getrandom::Error> {
        let claim = claim(name, request, true, deadline);
        Ok((format!("SET TRANSACTION {MODE}; SELECT {claim}; BEGIN"), None))
    }

    fn claim(name: &Name, request: &BeginRequest, deadline: Duration) -> Result<String, getrandom::Error> {
        Ok(format!(
            "SELECT fence, attempts, {LOCKS_AS_BEFORE} FROM {}",
            claim(name, request, false, deadline)
        ))
    }

    fn alive(name: &Name) -> String {
        format!("SELECT {}.allow_commit()", schema(name))
    }

    /// Precedes the commit by a statement.
    ///
    /// PostgreSQL responds to a `COMMIT` of a failed transaction without an error. The statement also lets the commit
    /// pass the constraint `handler_must_not_commit`. The driver rolls back the transaction that the commit begins.
    fn finish(name: &Name, done: &str) -> String {
        let done = if done.is_empty() {
            String::new()
        } else {
            format!("{done}; ")
        };
        format!("{}; {done}COMMIT AND CHAIN", Self::alive(name))
    }

    fn take(table: &str, change: &str, condition: &str, columns: &str) -> Result<String, getrandom::Error> {
        Ok(format!(
            "WITH next AS MATERIALIZED (SELECT scope AS next_scope, event AS next_event FROM {table} \
               WHERE {condition} ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED) \
             UPDATE {table} SET {change} FROM next, {DURABLY} WHERE scope = next_scope AND event = next_event \
             RETURNING {columns}"
        ))
    }

    /// Refers to a row that cannot exist, which PostgreSQL checks at the commit.
    fn hold(table: &str, held: &str) -> String {
        format!("UPDATE {table} SET uncommitted = 1 WHERE {held} RETURNING fence, {LOCKS_AS_BEFORE}")
    }

    fn place(number: usize) -> String {
        format!("${number}")
    }

    fn purge(table: &str, condition: &str, order: &str, limit: u64) -> String {
        format!(
            "WITH past AS MATERIALIZED (SELECT ctid AS place FROM {table} WHERE {condition} \
               ORDER BY {order} LIMIT {limit} FOR UPDATE SKIP LOCKED) \
             DELETE FROM {table} AS gone USING past WHERE gone.ctid = past.place"
        )
    }

    driver!();
    driver_counts!();

    fn fault(error: &dyn DatabaseError) -> Fault {
        match error.code().as_deref() {
            Some(SERIALIZATION_FAILURE | DEADLOCK_DETECTED) => Fault::Conflict,
            Some(LOCK_NOT_AVAILABLE) => Fault::Locked,
            Some(INSUFFICIENT_PRIVILEGE) => Fault::Denied,
            Some(UNIQUE_VIOLATION) => Fault::Taken,
            Some(INVALID_TRANSACTION_TERMINATION) => Fault::Ended,
            Some(code) if MISSING.contains(&code) => Fault::Missing,
            _ => Fault::Other,
        }
    }

    fn health(connection: &mut Self::Connection) -> Running<'_, StoreHealth> {
        Box::pin(health::look(connection))
    }

    fn begin_migration(name: &Name) -> String {
        // Held until the transaction ends. A session lock would stay behind a pooler.
        format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(hashtextextended({}, 0))",
            Text(&format!("wechatpay migrations {}", name.as_str()))
        )
    }

    fn find(name: &Name, table: &str) -> String {
        let table = Self::table(name, table);
        format!(
            "SELECT 1 AS found WHERE to_regclass({}) IS NOT NULL",
            Text(&table)
        )
    }

    fn find_schema(name: &Name) -> Option<String> {
        let name = Text(name.as_str()).to_string();
        Some(format!(
            "SELECT 1 AS found WHERE to_regnamespace({name}) IS NOT NULL"
        ))
    }
}
