//! Conversion of driver errors into store errors.

use wechatpay_core::{BoxError, idempotency::StoreError};

use super::dialect::{Dialect, Fault};
use crate::problem::unavailable;

/// Classifies an error; what does not come from the server is [`Fault::Other`].
pub(crate) fn fault<D: Dialect>(error: &sqlx::Error) -> Fault {
    error.as_database_error().map_or(Fault::Other, D::fault)
}

/// Message for tables that do not exist or belong to another version.
pub(crate) fn tables_are_missing<D: Dialect>() -> String {
    format!(
        "the tables are missing or old: call {}::migrate, or run the files in the crate's {}",
        D::STORE,
        D::FILES
    )
}

/// Converts an error of the driver.
///
/// A column that cannot be decoded is a record that no version writes. Everything else may be temporary.
pub(crate) fn store_error<D: Dialect>(error: sqlx::Error) -> StoreError {
    match fault::<D>(&error) {
        Fault::Denied => unavailable(
            format!("the role lacks a privilege; grant it the rights: {}", D::GRANT),
            cause(error),
        ),
        Fault::Missing => unavailable(tables_are_missing::<D>(), cause(error)),
        Fault::Conflict | Fault::Locked | Fault::Taken | Fault::Ended | Fault::Other => match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StoreError::Corrupt("a column holds another type")
            }
            error => StoreError::unavailable(cause(error)),
        },
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
