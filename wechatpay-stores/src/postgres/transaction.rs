//! Settings of a transaction in which a handler works.

use std::time::Duration;

use super::dialect::DURABLY;
use crate::time::milliseconds;

/// Time by which the server's limit for a silent handler exceeds our own deadline.
const PAUSE_MARGIN: Duration = Duration::from_secs(1);
/// Longest limit that the server accepts, 24 days.
const MAX_LIMIT: Duration = Duration::from_millis(2_147_483_647);

/// Begins a transaction whose commit is durable and whose time is limited.
///
/// The server ends its statements and its pauses at `deadline`, and a wait for a lock after `locks`.
pub(super) fn settings(deadline: Duration, locks: Duration) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
         SELECT set_config('wechatpay.lock_timeout', current_setting('lock_timeout'), true), \
           set_config('lock_timeout', '{locks}', true), set_config('statement_timeout', '{statement}', true), \
           set_config('idle_in_transaction_session_timeout', '{pause}', true) FROM {DURABLY}",
        locks = limit(locks),
        statement = limit(deadline),
        // A process that was stopped must not keep the lease; a slow one reaches its own deadline first.
        pause = limit(deadline.saturating_add(PAUSE_MARGIN)),
    )
}

/// Converts a duration for the server, for which zero means no limit.
fn limit(duration: Duration) -> u64 {
    milliseconds(duration.min(MAX_LIMIT)).max(1)
}

/// Restores the session's lock timeout for the statements of the handler.
pub(super) const LOCKS_AS_BEFORE: &str =
    "set_config('lock_timeout', current_setting('wechatpay.lock_timeout'), true)";
