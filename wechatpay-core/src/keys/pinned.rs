//! Keys that the operator provides.

use std::sync::Arc;

use super::{KeyError, KeyFuture, KeyHealth, KeyRing, KeyStore, PlatformKey};
use crate::{
    clock::Clock,
    types::{DateTime, KeyId},
};

/// Keys that are provided once and never downloaded: public-key mode (微信支付公钥模式).
///
/// Merchants that registered since late 2024 have only this mode. The [module documentation](super) has an example.
#[derive(Clone, Debug)]
pub struct PinnedKeys {
    ring: Arc<KeyRing>,
    announced: Option<KeyId>,
    clock: Clock,
}

impl PinnedKeys {
    /// Creates a store of these keys.
    #[must_use]
    pub fn new<K: Into<Arc<PlatformKey>>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            ring: Arc::new(KeyRing::new(keys.into_iter().map(Into::into))),
            announced: None,
            clock: Clock::system(),
        }
    }

    /// Announces this key on requests and encrypts with it, while it is valid.
    ///
    /// Defaults to a public key, then to the newest certificate.
    #[must_use]
    pub fn announce(mut self, id: KeyId) -> Self {
        self.announced = Some(id);
        self
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

impl KeyStore for PinnedKeys {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.ring.get(id).cloned()
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        KeyFuture::ready(Err(KeyError::Unknown))
    }

    fn announced(&self) -> Option<KeyId> {
        self.ring.announced(self.announced.as_ref(), self.clock.now())
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        self.ring
            .encryption_key(self.announced.as_ref(), self.clock.now())
    }

    fn health(&self) -> KeyHealth {
        KeyHealth {
            usable_keys: self.ring.usable(self.clock.now()),
            newest_expiry: self
                .ring
                .newest_expiry()
                .and_then(|at| DateTime::from_unix_seconds(at).ok()),
            ..KeyHealth::default()
        }
    }
}
