//! Warning before the merchant's own certificate expires.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::Signer;

const DAY: i64 = 24 * 3600;
/// Time before expiry from which warnings are logged, in seconds.
const NOTICE: i64 = 30 * DAY;

/// Logs a warning once a day, from 30 days before the certificate expires.
///
/// Clones share the day of the last warning.
#[derive(Clone, Debug)]
pub(super) struct ExpiryWatch(Arc<AtomicI64>);

impl ExpiryWatch {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(i64::MIN)))
    }

    /// Checks the expiry; called for each signature.
    ///
    /// A merchant that signs nothing does not need the warning.
    pub(super) fn look(&self, signer: &dyn Signer, now: i64) {
        let Some(at) = signer.expires_at() else { return };
        let left = at.unix_seconds().saturating_sub(now);
        let warned = self.0.load(Ordering::Relaxed);
        if left >= NOTICE || now < warned.saturating_add(DAY) {
            return;
        }
        let taken = self
            .0
            .compare_exchange(warned, now, Ordering::Relaxed, Ordering::Relaxed);
        if taken.is_err() {
            return;
        }
        let serial = signer.serial();
        if left < 0 {
            tracing::error!(
                target: "wechatpay::keys",
                %serial,
                expired_at = %at,
                "the merchant's own certificate has expired: apply for a new one in the merchant console"
            );
        } else {
            tracing::warn!(
                target: "wechatpay::keys",
                %serial,
                expires_at = %at,
                days = left.div_euclid(DAY),
                "the merchant's own certificate expires soon: apply for a new one in the merchant console"
            );
        }
    }
}
