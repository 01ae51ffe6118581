//! Platform keys, which verify responses and notifications.
//!
//! A [`KeyStore`] holds the keys of one merchant. [`PinnedKeys`] holds keys that you provide, such as a WeChat Pay
//! public key (微信支付公钥), and needs no network. [`CertificateCache`] downloads and refreshes platform certificates
//! (平台证书), and accepts a pinned public key beside them for merchants in the middle of the migration.
//!
//! # Examples
//! Public-key mode (微信支付公钥模式), with the id and the file `pub_key.pem` of the merchant console:
//!
//! ```
//! # #[cfg(feature = "test-util")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use wechatpay_core::testing::{DemoKey, FakePlatform, public_key_pem};
//! # let demo_key = FakePlatform::new().demo_key(DemoKey::PublicKey);
//! # let pem = public_key_pem(demo_key.public_key_info());
//! use wechatpay_core::{
//!     crypto::default_provider,
//!     keys::{KeyStore, PinnedKeys, PlatformKey},
//!     types::PublicKeyId,
//! };
//!
//! let id = PublicKeyId::parse("PUB_KEY_ID_0119000000012024101500000000000001")?;
//! let key = PlatformKey::public_key(id.clone(), &pem, default_provider()?.as_ref())?;
//! let keys = PinnedKeys::new([key]);
//!
//! assert_eq!(keys.announced(), Some(id.into())); // sent in `Wechatpay-Serial`
//! assert!(keys.health().is_ready());
//! # Ok(()) }
//! # #[cfg(not(feature = "test-util"))]
//! # fn main() {}
//! ```
//!
//! [`CertificateCache`] has an example for certificate mode (平台证书模式).

mod accept;
mod cache;
mod downloads;
mod fetch;
mod pinned;
mod refresh;
mod ring;
mod settings;

pub use cache::{CertificateCache, CertificateCacheBuilder};
pub use fetch::{CertificateSource, CertificatesResponse, FetchFuture, RefreshError};
pub use pinned::PinnedKeys;
pub use refresh::{RefreshGuard, Refresher};
pub use ring::KeyRing;
pub use settings::RefreshSettings;

pub use crate::verify::{
    KeyError, KeyFuture, KeyHealth, KeyOrigin, KeyStore, PlatformKey, RejectedCertificate,
};
