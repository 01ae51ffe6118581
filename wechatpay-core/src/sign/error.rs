//! Reasons why nothing was signed.

use super::InvalidLine;
use crate::{BoxError, crypto::SigningFailed};

/// A signature could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The local key failed.
    #[error("the private key could not sign")]
    Key,
    /// The random numbers of the operating system could not be read.
    #[error("the operating system gave no random numbers")]
    Random,
    /// The blocking thread that should have signed went away (the runtime is shutting down).
    #[error("the runtime is shutting down")]
    Shutdown,
    /// A part of the message would let it be read as another one.
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
