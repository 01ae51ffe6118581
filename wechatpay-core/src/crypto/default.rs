//! The provider of builders that are given none.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "aws-lc-rs")]
use super::aws_lc;
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
use super::rust_crypto;
use super::{CryptoProvider, NoCryptoProvider};

static INSTALLED: OnceLock<Arc<dyn CryptoProvider>> = OnceLock::new();

/// Makes this provider the default of the process, for builders that are given none and for the digests of files. Call it
/// once, at the start of `main`.
///
/// # Errors
/// Gives the provider back if one was installed before.
pub fn install_default(provider: Arc<dyn CryptoProvider>) -> Result<(), Arc<dyn CryptoProvider>> {
    INSTALLED.set(provider)
}

/// The provider that was installed, else the backend that the features choose; see the rule in the [module documentation](super).
///
/// # Errors
/// [`NoCryptoProvider`] when neither feature is on and none was installed.
pub fn default_provider() -> Result<Arc<dyn CryptoProvider>, NoCryptoProvider> {
    if let Some(provider) = INSTALLED.get() {
        return Ok(Arc::clone(provider));
    }
    #[cfg(feature = "aws-lc-rs")]
    let provider: Arc<dyn CryptoProvider> = Arc::new(aws_lc::AwsLc);
    #[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
    let provider: Arc<dyn CryptoProvider> = Arc::new(rust_crypto::RustCrypto);
    #[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
    let provider = Ok(provider);
    #[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
    let provider = Err(NoCryptoProvider);
    provider
}
