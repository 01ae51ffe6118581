//! The private keys of the platform: the ones that are shipped, or new ones.

use std::borrow::Cow;

use wechatpay_core::testing::DemoKey;

use super::PlatformError;
use crate::world::random::rsa_key;

/// Each as PKCS#8.
pub(crate) struct PlatformKeys {
    pub(super) public_key: Cow<'static, [u8]>,
    /// Of the certificates with odd numbers, and of those with even ones.
    pub(super) certificates: (Cow<'static, [u8]>, Cow<'static, [u8]>),
    pub(super) root: Cow<'static, [u8]>,
}

impl PlatformKeys {
    /// The ones that everybody has.
    pub(crate) fn demo() -> Self {
        let key = |key: DemoKey| Cow::Borrowed(key.pkcs8());
        Self {
            public_key: key(DemoKey::PublicKey),
            certificates: (key(DemoKey::Platform1), key(DemoKey::Platform2)),
            root: key(DemoKey::Root),
        }
    }

    /// New ones.
    pub(crate) fn fresh() -> Result<Self, PlatformError> {
        let key = || rsa_key().map(Cow::Owned).ok_or(PlatformError::FreshKey);
        Ok(Self {
            public_key: key()?,
            certificates: (key()?, key()?),
            root: key()?,
        })
    }
}
