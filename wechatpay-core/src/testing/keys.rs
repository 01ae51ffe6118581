//! Public demo keys.

use std::sync::Arc;

use crate::crypto::{CryptoProvider, KeyLoadError, PrivateKey};

/// RSA key that was made for this repository and is public.
///
/// Never trust one in production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DemoKey {
    /// Key of the demo merchant.
    Merchant,
    /// Key of a second merchant.
    OtherMerchant,
    /// Key of the first platform certificate.
    Platform1,
    /// Key of its successor.
    Platform2,
    /// The WeChat Pay public key.
    PublicKey,
    /// Key of the issuer of platform certificates.
    Root,
    /// Key that no party trusts.
    Stranger,
    /// Key of 1024 bits, too small to be trusted.
    Weak1024,
}

impl DemoKey {
    /// Returns the key as DER PKCS#8.
    #[must_use]
    pub fn pkcs8(self) -> &'static [u8] {
        match self {
            Self::Merchant => include_bytes!("demo_keys/merchant.pk8"),
            Self::OtherMerchant => include_bytes!("demo_keys/other_merchant.pk8"),
            Self::Platform1 => include_bytes!("demo_keys/platform_1.pk8"),
            Self::Platform2 => include_bytes!("demo_keys/platform_2.pk8"),
            Self::PublicKey => include_bytes!("demo_keys/public_key.pk8"),
            Self::Root => include_bytes!("demo_keys/root.pk8"),
            Self::Stranger => include_bytes!("demo_keys/stranger.pk8"),
            Self::Weak1024 => include_bytes!("demo_keys/weak_1024.pk8"),
        }
    }

    /// Loads the key with a backend.
    ///
    /// # Errors
    /// Returns an error if the backend rejects the key, as it may [`Weak1024`](Self::Weak1024).
    pub fn load(self, provider: &dyn CryptoProvider) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        provider.private_key(self.pkcs8())
    }
}
