//! Errors of the driver as errors of a store.

use wechatpay_core::dedup::StoreError;

/// How often a statement is sent that lost a conflict, of which nothing was kept.
pub(crate) const CONFLICT_TRIES: u32 = 3;

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// A column that cannot be read as what it should hold is a record that no version wrote; all else may pass.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Corrupt("a column holds something else")
        }
        error => StoreError::unavailable(error),
    }
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
