//! Parts of the algorithm that differ between databases.

use std::{pin::Pin, time::Duration};

use base16ct::HexDisplay;
use sqlx::Database;
use wechatpay_core::idempotency::{BeginRequest, StoreHealth};

use super::name::Name;

/// Boxed result of a statement.
pub(crate) type Running<'c, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>>;

/// Reason of an error of the server, as far as the algorithm distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The statement lost a conflict and changed nothing.
    Conflict,
    /// The lock is held by a transaction that has not ended.
    Locked,
    /// The role lacks a privilege.
    Denied,
    /// A table or a column is missing.
    Missing,
    /// The id of the notification belongs to another event.
    Taken,
    /// The transaction that was begun does not exist any more.
    Ended,
    /// Any other error.
    Other,
}

/// Value of a parameter.
#[derive(Clone)]
pub enum Value {
    /// Text or `NULL`.
    Text(Option<String>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Integer.
    Integer(i64),
    /// Truth value.
    Boolean(bool),
}

/// Writes the kind only: a text may name a payer.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
            Self::Integer(_) => "Integer",
            Self::Boolean(_) => "Boolean",
        })
    }
}

impl Value {
    /// Makes the value of a text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

/// Step from one version of the tables to the next, for the default name.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Name of the step.
    pub name: &'static str,
    /// Statements, in which `wechatpay` stands for the store's name.
    pub sql: &'static str,
}

/// Database with its SQL, its errors and its health check.
///
/// Every statement is one text without parameters, in which values are written in hexadecimal digits.
pub trait Dialect: Database + Sized {
    /// Steps of the migrations, in order.
    const STEPS: &'static [Step];
    /// Name of the type that has `migrate`, for messages.
    const STORE: &'static str;
    /// Rights that the application needs, for messages.
    const GRANT: &'static str;
    /// Folder of the crate with the steps for the default name.
    const FILES: &'static str;
    /// Function that returns the largest of its arguments.
    const GREATEST: &'static str;
    /// Expression of the server's time.
    const NOW: &'static str;
    /// Expression of the statement's start, which can be used with an index.
    const STARTED: &'static str = Self::NOW;
    /// `FROM` clause of an update, after which the commit of the statement is durable.
    const DURABLY: &'static str = "";
    /// Text that an operation begins with, so that its commit is durable.
    const FIRST: &'static str = "";
    /// Words that an insert begins with which does nothing for a key that exists.
    const INSERT: &'static str = "INSERT INTO";
    /// Text that such an insert ends with.
    const UNLESS_KNOWN: &'static str = " ON CONFLICT DO NOTHING";
    /// `true` if the database has one writer at a time.
    const ONE_WRITER: bool = false;
    /// `true` if [`finish`](Self::finish) commits; otherwise the driver does.
    const FINISH_COMMITS: bool;
    /// `true` if [`claim`](Self::claim) marks as done.
    const CLAIMS_DONE: bool = false;
    /// `true` if a worker that looks for a row skips those that are locked.
    const SKIPS_LOCKED: bool = true;
    /// Words that an insert ends with which changes nothing if the row exists.
    const INSERT_QUIETLY: &'static str = " ON CONFLICT DO NOTHING";
    /// Assignment that lets the transaction of [`hold`](Self::hold) commit.
    const RELEASED: &'static str = "";
    /// Text that restores the settings of the session when a transaction is given up.
    const RESTORE: Option<&'static str> = None;
    /// Text after which a connection can be rolled back whose transaction the handler ended.
    const MEND: Option<&'static str> = None;

    /// Writes the name of a table.
    fn table(name: &Name, table: &str) -> String;
    /// Writes a text.
    fn text(text: &str) -> String;
    /// Writes a text or `NULL`.
    fn maybe(text: Option<&str>) -> String {
        text.map_or_else(|| "NULL".to_owned(), Self::text)
    }
    /// Writes bytes.
    fn bytes(bytes: &[u8]) -> String {
        format!("X'{:x}'", HexDisplay(bytes))
    }
    /// Writes the server's time after a duration.
    fn after(duration: Duration) -> String;
    /// Writes the milliseconds from now to the time in a column.
    fn until(column: &str) -> String;

    /// Acquires a lease that is new, released or past its end.
    ///
    /// It returns `fence` and `attempts`, or nothing if the lease is not free.
    fn acquire(name: &Name, request: &BeginRequest) -> Result<String, getrandom::Error>;
    /// Begins a transaction that ends at `deadline` and waits for a lock for `wait`.
    fn begin(name: &Name, deadline: Duration, wait: Duration) -> String;
    /// Begins such a transaction and acquires a new lease, with the first fence.
    ///
    /// The second text, if any, is to be run in the transaction. One of them fails with [`Fault::Taken`] if the event or
    /// the notification's id is known. If the first fails, no transaction may be left.
    fn begin_new(
        name: &Name,
        request: &BeginRequest,
        deadline: Duration,
        wait: Duration,
    ) -> Result<(String, Option<String>), getrandom::Error>;
    /// Acquires a lease in the transaction in which the handler works.
    ///
    /// It returns `fence` and `attempts`, or no fence if the lease is not free.
    fn claim(name: &Name, request: &BeginRequest, deadline: Duration) -> Result<String, getrandom::Error>;
    /// Fails with [`Fault::Ended`] if the transaction of a claim does not exist any more.
    fn alive(name: &Name) -> String;
    /// Runs the statement `done`, unless it is empty, and commits unless the driver does.
    ///
    /// It fails with [`Fault::Ended`] and commits nothing if the transaction does not exist any more.
    fn finish(name: &Name, done: &str) -> String;
    /// Updates the row with the earliest `due` that fulfils a condition, and returns it.
    ///
    /// Rows that are locked are skipped where [`SKIPS_LOCKED`](Self::SKIPS_LOCKED).
    fn take(table: &str, change: &str, condition: &str, columns: &str) -> Result<String, getrandom::Error>;
    /// Locks the row of a lease and returns it, or nothing if it is lost.
    fn hold(table: &str, held: &str) -> String;
    /// Deletes up to `limit` rows that fulfil a condition, the first in `order` first.
    fn purge(table: &str, condition: &str, order: &str, limit: u64) -> String;

    /// Runs statements and returns their rows.
    fn rows(connection: &mut Self::Connection, sql: String) -> Running<'_, Vec<Self::Row>>;
    /// Runs statements and returns the number of rows that they changed.
    fn changed(connection: &mut Self::Connection, sql: String) -> Running<'_, u64>;
    /// Runs a statement with parameters and returns the number of rows that it changed.
    fn bound(connection: &mut Self::Connection, sql: String, values: Vec<Value>) -> Running<'_, u64>;
    /// Writes the place of a parameter, counted from 1.
    fn place(number: usize) -> String {
        let _ = number;
        "?".to_owned()
    }
    /// Reads an integer.
    fn integer(row: &Self::Row, column: &str) -> Result<Option<i64>, sqlx::Error>;
    /// Reads a text.
    fn string(row: &Self::Row, column: &str) -> Result<Option<String>, sqlx::Error>;
    /// Reads bytes.
    fn blob(row: &Self::Row, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error>;

    /// Classifies an error of the server.
    fn fault(error: &dyn sqlx::error::DatabaseError) -> Fault;
    /// Reads the settings that decide about durability.
    fn health(connection: &mut Self::Connection) -> Running<'_, StoreHealth>;
    /// Begins the transaction of the migrations, in which processes take turns.
    fn begin_migration(name: &Name) -> String;
    /// Returns a row if a table exists.
    fn find(name: &Name, table: &str) -> String;
    /// Returns a row if the schema exists, where the store has one.
    fn find_schema(name: &Name) -> Option<String> {
        let _ = name;
        None
    }
}

/// Lists the steps of a folder of migrations by number and name.
macro_rules! steps {
    ($folder:literal: $($number:literal $name:literal),+) => {
        &[$(Step {
            name: $name,
            sql: include_str!(concat!("../../migrations/", $folder, "/", $number, "_", $name, ".sql")),
        }),+]
    };
}
pub(crate) use steps;

/// Writes the functions of a [`Dialect`] that call the driver.
macro_rules! driver {
    () => {
        fn rows(
            connection: &mut Self::Connection,
            sql: String,
        ) -> $crate::sql::dialect::Running<'_, Vec<Self::Row>> {
            // Only `text`, `bytes` and `Name` write values into it.
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(connection)
        }

        fn bound(
            connection: &mut Self::Connection,
            sql: String,
            values: Vec<$crate::sql::dialect::Value>,
        ) -> $crate::sql::dialect::Running<'_, u64> {
            use $crate::sql::dialect::Value;
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
            for value in values {
                query = match value {
                    Value::Text(text) => query.bind(text),
                    Value::Bytes(bytes) => query.bind(bytes),
                    Value::Integer(number) => query.bind(number),
                    Value::Boolean(truth) => query.bind(truth),
                };
            }
            Box::pin(async move { Ok(query.execute(connection).await?.rows_affected()) })
        }

        fn integer(row: &Self::Row, column: &str) -> Result<Option<i64>, sqlx::Error> {
            sqlx::Row::try_get_unchecked(row, column)
        }

        fn string(row: &Self::Row, column: &str) -> Result<Option<String>, sqlx::Error> {
            sqlx::Row::try_get_unchecked(row, column)
        }

        fn blob(row: &Self::Row, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
            sqlx::Row::try_get_unchecked(row, column)
        }
    };
}
pub(crate) use driver;

/// Writes the function of a [`Dialect`] that counts changed rows by what the driver reports.
#[cfg(any(feature = "mysql", feature = "postgres"))]
macro_rules! driver_counts {
    () => {
        fn changed(connection: &mut Self::Connection, sql: String) -> $crate::sql::dialect::Running<'_, u64> {
            Box::pin(async move {
                let query = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
                Ok(query.execute(connection).await?.rows_affected())
            })
        }
    };
}
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use driver_counts;
