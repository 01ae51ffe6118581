//! Keys that belong to nobody.

use std::sync::Arc;

use crate::crypto::{CryptoProvider, KeyLoadError, PrivateKey};

/// An RSA key that was made for this repository and is public. Never trust one when you talk to the real platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DemoKey {
    /// Of the demo merchant.
    Merchant,
    /// Of a second merchant.
    OtherMerchant,
    /// Of the first platform certificate.
    Platform1,
    /// Of its successor.
    Platform2,
    /// Of the WeChat Pay public key.
    PublicKey,
    /// Of the issuer of platform certificates.
    Root,
    /// Of someone nobody trusts.
    Stranger,
    /// Too small to be trusted: 1024 bits.
    Weak1024,
}

impl DemoKey {
    /// The key as DER PKCS#8.
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

    /// The key, loaded by a backend.
    ///
    /// # Errors
    /// [`Weak1024`](Self::Weak1024) may be refused.
    pub fn load(self, provider: &dyn CryptoProvider) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        provider.private_key(self.pkcs8())
    }
}
