//! What several suites need: every backend that is compiled in.

use std::sync::Arc;

use wechatpay_core::crypto::CryptoProvider;

/// The backends with their names. Suites whose outcome may depend on the backend run against each.
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
