//! Statements of PostgreSQL.

use std::time::Duration;

use sqlx::{Postgres, error::DatabaseError};
use wechatpay_core::idempotency::{BeginRequest, StoreHealth};

use super::{
    health,
    literal::{Bytes, Interval, Text},
    transaction::settings,
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
const DIVISION_BY_ZERO: &str = "22012";
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

/// Divides by zero unless the transaction is the one with this number.
fn same_transaction(proof: i64) -> String {
    format!("{proof} / (coalesce(txid_current_if_assigned(), 0) = {proof})::integer")
}

/// Inserts the row of a lease, or updates one that is free.
fn insert(name: &Name, request: &BeginRequest, state: &str, alone: &str, returning: &str) -> String {
    let (lease, retention) = (
        Interval(request.lease),
        Interval(request.retention.max(request.lease)),
    );
    // The clock is read again after a wait for the row.
    format!(
        "INSERT INTO {schema}.leases AS lease \
           (scope, event, facts, notification_id, event_type, state, fence, attempts, lease_until, forget_after) \
         SELECT {scope}, {event}, {facts}, {id}, {event_type}, '{state}', 1, 1, clock_timestamp() + {lease}, clock_timestamp() + {retention} \
         FROM {DURABLY} {alone} \
         ON CONFLICT (scope, event) DO UPDATE SET \
           state = '{state}', facts = excluded.facts, fence = lease.fence + 1, attempts = lease.attempts + 1, \
           lease_until = clock_timestamp() + {lease}, forget_after = clock_timestamp() + {retention} \
         WHERE (lease.state = 'released' \
           OR lease.state = 'held' AND lease.lease_until <= clock_timestamp()) \
         RETURNING fence, attempts{returning}",
        schema = schema(name),
        scope = Text(request.key.scope()),
        event = Text(request.key.event()),
        facts = Text(&request.facts),
        id = Postgres::maybe(request.notification_id.as_deref()),
        event_type = Text(&request.event_type),
    )
}

impl Dialect for Postgres {
    const STEPS: &'static [Step] = steps!("postgres": 1 "leases", 2 "inbox", 3 "pending");
    const STORE: &'static str = "PostgresStore";
    const GRANT: &'static str = "GRANT USAGE ON SCHEMA wechatpay TO <role>; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA wechatpay TO <role>";
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
        Ok(insert(name, request, "held", "", ""))
    }

    fn begin(deadline: Duration, wait: Duration) -> String {
        settings(deadline, wait)
    }

    /// The row is done from the beginning, which nobody else sees before the commit.
    fn claim(name: &Name, request: &BeginRequest) -> Result<String, getrandom::Error> {
        let lock = format!("wechatpay lease {} {}", schema(name), request.key);
        // Held until the transaction ends. A caller that does not get it returns at once and holds no connection.
        let alone = format!(
            "WHERE pg_try_advisory_xact_lock(hashtextextended({}, 0))",
            Text(&lock)
        );
        let returning = format!(
            ", txid_current() AS proof, {}",
            super::transaction::LOCKS_AS_BEFORE
        );
        Ok(insert(name, request, "done", &alone, &returning))
    }

    fn alive(proof: i64) -> String {
        format!("SELECT {}", same_transaction(proof))
    }

    /// Precedes the commit by a statement.
    ///
    /// PostgreSQL responds to a `COMMIT` of a failed transaction without an error. The statement also lets the commit
    /// pass the constraint `handler_must_not_commit`. The driver rolls back the transaction that the commit begins.
    fn finish(done: &str, proof: i64) -> String {
        let done = if done.is_empty() {
            String::new()
        } else {
            format!("{done}; ")
        };
        format!(
            "SELECT set_config('wechatpay.commit', ({})::text, true); {done}COMMIT AND CHAIN",
            same_transaction(proof)
        )
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
        format!(
            "UPDATE {table} SET uncommitted = 1 WHERE {held} RETURNING txid_current() AS proof, {}",
            super::transaction::LOCKS_AS_BEFORE
        )
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
            Some(DIVISION_BY_ZERO) => Fault::Ended,
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
