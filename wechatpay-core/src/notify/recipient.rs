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
    /// Counts and logs a rejection.
    pub(super) fn rejected(&self, error: &NotificationError, subject: Subject<'_>) {
        self.reporter.rejected(error, Some(&self.mchid), subject);
    }
}
