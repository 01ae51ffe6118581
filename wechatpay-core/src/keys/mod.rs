//! The platform's keys: who may sign responses and notifications.
//!
//! A [`KeyStore`] knows the keys of one merchant. [`PinnedKeys`] holds what you give it, a WeChat Pay public key
//! (微信支付公钥) for instance, and needs no network. [`CertificateCache`] downloads platform certificates (平台证书),
//! refreshes them and accepts a pinned public key beside them, for merchants in the middle of the change-over.

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
