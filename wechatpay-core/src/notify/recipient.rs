//! The merchant that notifications are for.

use std::sync::Arc;

use super::{
    NotificationError,
    report::{Reporter, Subject},
};
use crate::{crypto::CryptoProvider, types::Mchid};

/// The part of a receiver that its notifications keep: the merchant, its digests and its counters.
pub(super) struct Recipient {
    pub(super) mchid: Mchid,
    pub(super) provider: Arc<dyn CryptoProvider>,
    pub(super) reporter: Reporter,
}

impl Recipient {
    /// Counts and logs a refusal.
    pub(super) fn refused(&self, error: &NotificationError, subject: Subject<'_>) {
        self.reporter.refused(error, Some(&self.mchid), subject);
    }
}
