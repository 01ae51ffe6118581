//! The private keys of the platform: the ones that are shipped, or new ones.

use std::borrow::Cow;

use wechatpay_core::testing::DemoKey;

use crate::StartError;

/// Bits of a new key, as many as the platform's have.
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
const BITS: usize = 2048;

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
    pub(crate) fn fresh() -> Result<Self, StartError> {
        let key = || fresh_key().map(Cow::Owned);
        Ok(Self {
            public_key: key()?,
            certificates: (key()?, key()?),
            root: key()?,
        })
    }
}

/// A new RSA key of 2048 bits as PKCS#8.
#[cfg(feature = "aws-lc-rs")]
pub(crate) fn fresh_key() -> Result<Vec<u8>, StartError> {
    use aws_lc_rs::{
        encoding::{AsDer, Pkcs8V1Der},
        rsa::{KeyPair, KeySize},
    };
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| StartError::FreshKey)?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| StartError::FreshKey)?;
    Ok(der.as_ref().to_vec())
}

/// A new RSA key of 2048 bits as PKCS#8.
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
pub(crate) fn fresh_key() -> Result<Vec<u8>, StartError> {
    use rsa::{PrivateKey, pkcs8::EncodePrivateKey as _};
    let key = PrivateKey::new(&mut getrandom::SysRng, BITS).map_err(|_| StartError::FreshKey)?;
    let der = key.to_pkcs8_der().map_err(|_| StartError::FreshKey)?;
    Ok(der.as_bytes().to_vec())
}

/// Nothing makes keys without a backend.
#[cfg(not(any(feature = "rust-crypto", feature = "aws-lc-rs")))]
pub(crate) fn fresh_key() -> Result<Vec<u8>, StartError> {
    Err(StartError::FreshKey)
}
