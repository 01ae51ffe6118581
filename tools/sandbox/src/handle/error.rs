//! Why a sandbox did not start.

use std::net::SocketAddr;

use wechatpay_core::crypto::{KeyLoadError, NoCryptoProvider, SigningFailed};

use crate::{platform::PlatformError, snapshot::RestoreError, world::merchants::error::MerchantError};

/// A sandbox could not be started, or a merchant not be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken or may not be used.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Error of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// Neither `aws-lc-rs` nor `rust-crypto` was compiled in.
    #[error(transparent)]
    NoCryptoProvider(#[from] NoCryptoProvider),
    /// A key of a merchant cannot be read.
    #[error("a key cannot be read")]
    Key(#[from] KeyLoadError),
    /// The sandbox's own certificate could not be issued.
    #[error("a certificate could not be issued")]
    Certificate(#[from] SigningFailed),
    /// Two merchants have the same mchid.
    #[error("merchant {0} was given twice")]
    MerchantTwice(String),
    /// The maximum number of merchants is reached.
    #[error("there are too many merchants")]
    TooManyMerchants,
    /// A new key could not be made.
    #[error("a new key could not be made")]
    FreshKey,
    /// A sandbox with a thread of its own got none.
    #[error("no thread could be started")]
    Runtime(#[source] std::io::Error),
    /// The public URL cannot be used.
    #[error("the public URL must be http://host:port without a path")]
    PublicUrl,
    /// A root certificate for https cannot be used.
    #[error(
        "the CA holds no certificate in PEM that can be trusted (https needs the feature `tls` of wechatpay-sandbox)"
    )]
    Ca,
    /// A snapshot cannot be restored.
    #[error("the snapshot cannot be restored")]
    Restore(#[from] RestoreError),
    /// No clock goes so fast, or so slowly.
    #[error("a scaled clock goes 1 to 1000000 times as fast as the system's time")]
    ClockFactor,
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    Random(#[from] getrandom::Error),
    /// Inconsistent demo data, a bug of this crate.
    #[error("the built-in demo data is broken; please report this")]
    Demo,
}

impl From<PlatformError> for StartError {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::FreshKey => Self::FreshKey,
            PlatformError::Key(error) => Self::Key(error),
            PlatformError::Certificate(error) => Self::Certificate(error),
            PlatformError::Demo => Self::Demo,
        }
    }
}

impl From<MerchantError> for StartError {
    fn from(error: MerchantError) -> Self {
        match error {
            MerchantError::Key(error) => Self::Key(error),
            MerchantError::Twice(mchid) => Self::MerchantTwice(mchid.as_str().to_owned()),
            MerchantError::TooMany => Self::TooManyMerchants,
            _ => Self::FreshKey,
        }
    }
}
