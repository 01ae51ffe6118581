//! The error that stands for somebody else's.

/// An error of a part that the user brought: a remote signer, a fetcher, a transport.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
