//! Why the platform has no keys.

use wechatpay_core::crypto::{KeyLoadError, SigningFailed};

/// Keys or certificates of the platform cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlatformError {
    #[error("a new key could not be made")]
    FreshKey,
    #[error("a key cannot be read")]
    Key(#[from] KeyLoadError),
    #[error("a certificate could not be issued")]
    Certificate(#[from] SigningFailed),
    #[error("the built-in demo data is broken; please report this")]
    Demo,
}
