//! Source of platform keys.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::PlatformKey;
use crate::types::{DateTime, KeyId};

/// Platform keys of one merchant.
///
/// Never combine the keys of several merchants: a key of another tenant must not verify here.
pub trait KeyStore: fmt::Debug + Send + Sync {
    /// Returns the key of this id, if it is known now.
    ///
    /// Called for every message, so it must not lock or wait.
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>>;

    /// Fetches a key that [`get`](Self::get) did not return.
    ///
    /// It may download, but must limit the rate for all callers together.
    fn fetch(&self, id: &KeyId) -> KeyFuture;

    /// Returns the id to announce in `Wechatpay-Serial`.
    ///
    /// The platform then signs its responses with a key that is known here.
    fn announced(&self) -> Option<KeyId>;

    /// Returns the key that encrypts sensitive fields.
    fn encryption_key(&self) -> Option<Arc<PlatformKey>>;

    /// Returns `true` if the last refresh failed.
    fn is_refresh_failing(&self) -> bool {
        false
    }

    /// Returns the health of the keys, for a health page and metrics.
    fn health(&self) -> KeyHealth;
}

/// Health of the platform keys of a merchant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyHealth {
    /// Number of keys that are valid now. With none, no message can be verified.
    pub usable_keys: usize,
    /// Latest expiry of the certificates; `None` with public keys only.
    pub newest_expiry: Option<DateTime>,
    /// Time of the last successful download, in Unix seconds.
    pub last_success: Option<i64>,
    /// Number of downloads that were accepted.
    pub refreshes: u64,
    /// Number of downloads that failed or were rejected.
    pub failures: u64,
    /// `true` if the last download failed.
    pub refresh_failing: bool,
    /// Expiry of the merchant's own certificate, if it is known.
    ///
    /// The platform rejects requests after it.
    pub merchant_certificate_expiry: Option<DateTime>,
}

impl KeyHealth {
    /// Returns `true` if at least one key can verify a message now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.usable_keys > 0
    }
}

/// Error: a key is not available.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The platform does not know the key, or keys of its kind cannot be fetched.
    #[error("no such key")]
    Unknown,
    /// The key could not be fetched now.
    ///
    /// The source is a [`RefreshError`](crate::keys::RefreshError) if a
    /// [`CertificateCache`](crate::keys::CertificateCache) downloads.
    #[error("platform certificates could not be refreshed")]
    Unavailable(#[source] Arc<dyn Error + Send + Sync>),
    /// A download is in progress and took longer than a request should wait.
    #[error("platform certificates are still being downloaded")]
    StillRefreshing,
}

/// Future of [`KeyStore::fetch`]: ready or boxed.
#[must_use = "a future does nothing until it is polled"]
pub struct KeyFuture(Inner);

enum Inner {
    Ready(std::future::Ready<Result<Arc<PlatformKey>, KeyError>>),
    Boxed(Pin<Box<dyn Future<Output = Result<Arc<PlatformKey>, KeyError>> + Send>>),
}

impl KeyFuture {
    /// Creates a future that is ready.
    pub fn ready(response: Result<Arc<PlatformKey>, KeyError>) -> Self {
        Self(Inner::Ready(std::future::ready(response)))
    }

    /// Boxes a future.
    pub fn new(future: impl Future<Output = Result<Arc<PlatformKey>, KeyError>> + Send + 'static) -> Self {
        Self(Inner::Boxed(Box::pin(future)))
    }
}

impl Future for KeyFuture {
    type Output = Result<Arc<PlatformKey>, KeyError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Inner::Ready(response) => Pin::new(response).poll(cx),
            Inner::Boxed(future) => future.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for KeyFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Inner::Ready(_) => "KeyFuture(ready)",
            Inner::Boxed(_) => "KeyFuture(boxed)",
        })
    }
}
