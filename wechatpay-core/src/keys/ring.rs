//! An immutable set of keys.

use std::sync::Arc;

use super::PlatformKey;
use crate::types::KeyId;

/// Keys of one merchant at one moment.
///
/// Never modified, only replaced as a whole.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    /// A few keys at most, so a scan is faster than a map.
    keys: Vec<Arc<PlatformKey>>,
}

impl KeyRing {
    /// Creates a ring of these keys. Later keys replace earlier ones of the same id.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = Arc<PlatformKey>>) -> Self {
        let mut ring = Self::default();
        for key in keys {
            ring.keys.retain(|other| other.id() != key.id());
            ring.keys.push(key);
        }
        ring
    }

    /// Returns the key of this id.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<&Arc<PlatformKey>> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// Returns all keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<PlatformKey>> {
        self.keys.iter()
    }

    /// Returns the number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns `true` if there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the key to announce and to encrypt with.
    ///
    /// That is a public key if there is one, because the platform is migrating to public keys and they do not expire.
    /// Otherwise it is the newest certificate that is valid now.
    #[must_use]
    pub fn preferred(&self, now: i64) -> Option<&Arc<PlatformKey>> {
        let public_key = self.keys.iter().find(|key| key.serial().is_none());
        public_key.or_else(|| self.newest_certificate(now))
    }

    /// Returns the newest certificate that is valid now.
    ///
    /// A certificate that is valid only within the tolerance for clocks comes last.
    #[must_use]
    pub fn newest_certificate(&self, now: i64) -> Option<&Arc<PlatformKey>> {
        self.keys
            .iter()
            .filter(|key| key.serial().is_some() && key.is_valid_at(now))
            .max_by_key(|key| (key.is_in_force(now), key.valid_from()))
    }

    /// Returns `true` if the ring holds a WeChat Pay public key.
    pub(super) fn has_public_key(&self) -> bool {
        self.keys.iter().any(|key| key.serial().is_none())
    }

    /// Returns the id to announce.
    ///
    /// That is the chosen id, unless its key is in the ring and not valid now. Otherwise it is the preferred key.
    pub(super) fn announced(&self, chosen: Option<&KeyId>, now: i64) -> Option<KeyId> {
        let usable = |id: &&KeyId| self.get(id).is_none_or(|key| key.is_valid_at(now));
        let preferred = || self.preferred(now).map(|key| key.id().clone());
        chosen.filter(usable).cloned().or_else(preferred)
    }

    /// Returns the key to encrypt with: the chosen one if valid, else the preferred.
    ///
    /// The request names the key. The announced key and the encryption key differ only while the chosen key is not in
    /// the ring.
    pub(super) fn encryption_key(&self, chosen: Option<&KeyId>, now: i64) -> Option<Arc<PlatformKey>> {
        let chosen = chosen
            .and_then(|id| self.get(id))
            .filter(|key| key.is_valid_at(now));
        chosen.or_else(|| self.preferred(now)).cloned()
    }

    /// Returns the latest expiry of its certificates.
    pub(super) fn newest_expiry(&self) -> Option<i64> {
        self.keys.iter().filter_map(|key| key.expires_at()).max()
    }

    pub(super) fn usable(&self, now: i64) -> usize {
        self.keys.iter().filter(|key| key.is_valid_at(now)).count()
    }
}
