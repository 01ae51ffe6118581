//! Settings of a transaction in which a handler works.

use std::time::Duration;

use crate::time::milliseconds;

/// Time by which the server's limit for a silent handler exceeds our own deadline.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Longest limit that the server accepts, 24 days.
const MAX_LIMIT: Duration = Duration::from_millis(2_147_483_647);

/// Mode of the transactions, regardless of the session's.
pub(super) const MODE: &str = "ISOLATION LEVEL READ COMMITTED READ WRITE";

/// Arguments by which the server ends statements and pauses at `deadline`.
pub(super) fn limits(deadline: Duration) -> String {
    let statement = milliseconds(deadline.min(MAX_LIMIT)).max(1);
    // A process that was stopped must not keep the lease; a slow one reaches its own deadline first.
    let pause = milliseconds(deadline.saturating_add(PAUSE_MARGIN).min(MAX_LIMIT));
    format!("'{statement}', '{pause}'")
}

/// Begins a transaction whose commit is durable and whose time is limited.
///
/// Its waits for locks end after `locks`.
pub(super) fn settings(schema: &str, deadline: Duration, locks: Duration) -> String {
    format!(
        "BEGIN {MODE}; SELECT {schema}.limit_transaction({}), \
           set_config('wechatpay.lock_timeout', current_setting('lock_timeout'), true), \
           set_config('lock_timeout', '{}', true)",
        limits(deadline),
        milliseconds(locks.min(MAX_LIMIT)).max(1),
    )
}

/// Restores the session's lock timeout for the statements of the handler.
pub(super) const LOCKS_AS_BEFORE: &str =
    "set_config('lock_timeout', current_setting('wechatpay.lock_timeout'), true)";
