//! Errors of signing.

use super::InvalidLine;
use crate::{BoxError, crypto::SigningFailed};

/// Error: no signature was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The local key could not sign.
    #[error("the private key could not sign")]
    Key,
    /// The operating system returned no random numbers.
    #[error("the operating system returned no random numbers")]
    Random,
    /// The blocking thread ended before it signed, because the runtime is shutting down.
    #[error("the runtime is shutting down")]
    Shutdown,
    /// A part of the message contains CR, LF or NUL.
    #[error(transparent)]
    Message(#[from] InvalidLine),
    /// A remote signer (KMS, HSM) failed.
    #[error("the remote signer failed")]
    Remote(#[source] BoxError),
}

impl From<SigningFailed> for SignError {
    fn from(_: SigningFailed) -> Self {
        Self::Key
    }
}
