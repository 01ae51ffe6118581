//! Shared setup: child processes, JSON members by path, captured log lines, backends.

#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
pub(crate) mod child;
pub(crate) mod json;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
pub(crate) mod log;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
pub(crate) mod requests;
pub(crate) mod sources;
#[cfg(any(
    feature = "all-families",
    all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto"))
))]
pub(crate) mod table;

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
use std::sync::Arc;

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
use wechatpay_core::crypto::CryptoProvider;

/// Returns the backends with their names.
///
/// Suites that may depend on the backend run with each.
#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
pub(crate) fn providers() -> Vec<(&'static str, Arc<dyn CryptoProvider>)> {
    vec![
        #[cfg(feature = "aws-lc-rs")]
        ("aws-lc-rs", Arc::new(wechatpay_core::crypto::aws_lc::AwsLc)),
        #[cfg(feature = "rust-crypto")]
        (
            "rust-crypto",
            Arc::new(wechatpay_core::crypto::rust_crypto::RustCrypto),
        ),
    ]
}
