//! Merchant that receives notifications.

use std::sync::Arc;

use super::{
    NotificationError,
    report::{Reporter, Subject},
};
use crate::{crypto::CryptoProvider, types::Mchid};

/// Part of a receiver that its notifications keep: merchant, digests and counters.
pub(super) struct Recipient {
    pub(super) mchid: Mchid,
    pub(super) provider: Arc<dyn CryptoProvider>,
    pub(super) reporter: Reporter,
}

impl Recipient {
    /// Counts and logs a rejection.
    pub(super) fn rejected(&self, error: &NotificationError, subject: Subject<'_>) {
        self.reporter.rejected(error, Some(&self.mchid), subject);
    }
}
