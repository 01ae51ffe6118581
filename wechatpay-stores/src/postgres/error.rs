//! Conversion of driver errors into store errors.

use wechatpay_core::{BoxError, idempotency::StoreError};

use crate::problem::unavailable;

/// Number of times a statement is sent that loses a conflict.
///
/// A statement that loses a conflict changed nothing.
pub(crate) const CONFLICT_TRIES: u32 = 3;

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";
const UNIQUE_VIOLATION: &str = "23505";
const LOCK_NOT_AVAILABLE: &str = "55P03";

const INSUFFICIENT_PRIVILEGE: &str = "42501";
/// SQLSTATE of a missing schema, table or column.
const MISSING: [&str; 3] = ["3F000", "42P01", "42703"];

/// Converts an error of the driver.
///
/// A column that cannot be decoded is a record that no version writes. Everything else may be temporary.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    if is_denied(&error) {
        return unavailable(
            "the role lacks a privilege: grant it the rights to the tables of the schema",
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
            StoreError::Corrupt("a column holds another type")
        }
        error => StoreError::unavailable(cause(error)),
    }
}

/// Unwraps the cause of a driver error that would repeat its text.
///
/// Of an error of the server it keeps the message and the SQLSTATE.
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

/// Returns `true` if the role lacks a privilege.
pub(crate) fn is_denied(error: &sqlx::Error) -> bool {
    is(error, &[INSUFFICIENT_PRIVILEGE])
}

fn is(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Returns `true` if the statement lost a conflict and can be sent again.
pub(crate) fn is_conflict(error: &sqlx::Error) -> bool {
    is(error, &[SERIALIZATION_FAILURE, DEADLOCK_DETECTED])
}

/// Returns `true` if a notification's id is known with another event.
pub(crate) fn is_of_another(error: &sqlx::Error) -> bool {
    is(error, &[UNIQUE_VIOLATION])
}

/// Returns `true` if the lock timeout passed while another transaction held the lock.
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    is(error, &[LOCK_NOT_AVAILABLE])
}
