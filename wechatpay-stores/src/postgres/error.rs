//! Errors of the driver as errors of a store.

use wechatpay_core::{BoxError, idempotency::StoreError};

use crate::problem::unavailable;

/// How often a statement is sent that lost a conflict, of which nothing was kept.
pub(crate) const CONFLICT_TRIES: u32 = 3;

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";
const LOCK_NOT_AVAILABLE: &str = "55P03";

const INSUFFICIENT_PRIVILEGE: &str = "42501";
/// A schema, table or column that is not there.
const MISSING: [&str; 3] = ["3F000", "42P01", "42703"];

/// A column that cannot be read as what it should hold is a record that no version wrote; all else may pass.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    if is_denied(&error) {
        return unavailable(
            "the role of the store may not do this: grant it the rights to the tables of the schema",
            cause(error),
        );
    }
    if is(&error, &MISSING) {
        return unavailable(
            "the tables are missing or old: call PostgresStore::migrate, or run its SQL",
            cause(error),
        );
    }
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Corrupt("a column holds something else")
        }
        error => StoreError::unavailable(cause(error)),
    }
}

/// The error inside, where the driver's only repeats it with words in front; of the server its words.
pub(crate) fn cause(error: sqlx::Error) -> BoxError {
    match error {
        sqlx::Error::Database(error) => match error.code() {
            Some(code) => format!("{} (SQLSTATE {code})", error.message()).into(),
            None => error.message().into(),
        },
        sqlx::Error::Io(error) => error.into(),
        sqlx::Error::Tls(error) | sqlx::Error::Configuration(error) => error,
        error => error.into(),
    }
}

/// Whether the role lacks a right.
pub(crate) fn is_denied(error: &sqlx::Error) -> bool {
    is(error, &[INSUFFICIENT_PRIVILEGE])
}

fn is(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Whether the statement was undone in favour of another, and can be sent again.
pub(crate) fn is_conflict(error: &sqlx::Error) -> bool {
    is(error, &[SERIALIZATION_FAILURE, DEADLOCK_DETECTED])
}

/// Whether somebody else held the lock for longer than was waited.
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    is(error, &[LOCK_NOT_AVAILABLE])
}
