//! What every source of platform keys can do.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::PlatformKey;
use crate::types::{DateTime, KeyId};

/// The platform keys of one merchant. Never a union over merchants: a key of another tenant must not verify here.
pub trait KeyStore: fmt::Debug + Send + Sync {
    /// The key of this id, if it is known now. Called for every message: it takes no lock and does not wait.
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>>;

    /// Asked for an id that [`get`](Self::get) did not know. May download, but at a bounded rate whoever asks.
    fn fetch(&self, id: &KeyId) -> KeyFuture;

    /// The id to announce in `Wechatpay-Serial`, so that the platform signs its responds with a key that is known here.
    fn announced(&self) -> Option<KeyId>;

    /// The key to encrypt sensitive fields with.
    fn encryption_key(&self) -> Option<Arc<PlatformKey>>;

    /// Whether the last attempt to refresh failed.
    fn is_refresh_failing(&self) -> bool {
        false
    }

    /// How the keys are, for a health page and metrics.
    fn health(&self) -> KeyHealth;
}

/// How the platform keys of a merchant are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyHealth {
    /// Number of keys that are valid now. With none, nothing can be verified.
    pub usable_keys: usize,
    /// When the last of the certificates expires; `None` with public keys only.
    pub newest_expiry: Option<DateTime>,
    /// When certificates were last downloaded, in Unix seconds.
    pub last_success: Option<i64>,
    /// Downloads that were accepted.
    pub refreshes: u64,
    /// Downloads that failed or were refused.
    pub failures: u64,
    /// Whether the last attempt failed.
    pub refresh_failing: bool,
    /// When the merchant's own certificate expires, if it is known. Requests are refused from then on.
    pub merchant_certificate_expiry: Option<DateTime>,
}

impl KeyHealth {
    /// Whether at least one key can verify a message now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.usable_keys > 0
    }
}

/// A key was not to be had.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The platform's set does not hold it, or its kind cannot be fetched.
    #[error("no such key")]
    Unknown,
    /// It could not be asked for just now. The cause is a [`RefreshError`](crate::keys::RefreshError) where a
    /// [`CertificateCache`](crate::keys::CertificateCache) downloads.
    #[error("platform certificates could not be refreshed")]
    Unavailable(#[source] Arc<dyn Error + Send + Sync>),
    /// A download is under way and took longer than a request should wait.
    #[error("platform certificates are still being downloaded")]
    StillRefreshing,
}

/// Future of [`KeyStore::fetch`]: ready, or boxed.
#[must_use = "a future does nothing until it is polled"]
pub struct KeyFuture(Inner);

enum Inner {
    Ready(std::future::Ready<Result<Arc<PlatformKey>, KeyError>>),
    Boxed(Pin<Box<dyn Future<Output = Result<Arc<PlatformKey>, KeyError>> + Send>>),
}

impl KeyFuture {
    /// A response that is known already.
    pub fn ready(response: Result<Arc<PlatformKey>, KeyError>) -> Self {
        Self(Inner::Ready(std::future::ready(response)))
    }

    /// A response that takes a while.
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
