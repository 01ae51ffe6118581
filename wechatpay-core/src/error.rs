//! Boxed error of a part that the user provides.

/// Error of a part that the user provides.
///
/// For example a remote signer, a certificate source or a transport.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
