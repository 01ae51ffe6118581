//! Default crypto provider of the process.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "aws-lc-rs")]
use super::aws_lc;
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
use super::rust_crypto;
use super::{CryptoProvider, NoCryptoProvider};

static INSTALLED: OnceLock<Arc<dyn CryptoProvider>> = OnceLock::new();

/// Installs the default provider of the process.
///
/// Builders without a provider and the digests of files use it. Call this once, at the start of `main`.
///
/// # Errors
/// Returns the provider if another one was installed before.
pub fn install_default(provider: Arc<dyn CryptoProvider>) -> Result<(), Arc<dyn CryptoProvider>> {
    INSTALLED.set(provider)
}

/// Returns the installed provider, or the backend that the features select.
///
/// See the rule in the [module documentation](super).
///
/// # Errors
/// Returns [`NoCryptoProvider`] if neither feature is on and no provider was installed.
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
