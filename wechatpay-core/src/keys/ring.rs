//! An immutable set of keys.

use std::sync::Arc;

use super::PlatformKey;
use crate::types::KeyId;

/// The keys of one merchant at one moment. Never changed, only replaced as a whole.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    /// A handful at the most, so a scan beats a map.
    keys: Vec<Arc<PlatformKey>>,
}

impl KeyRing {
    /// A ring of these keys. A later key takes the place of an earlier one with the same id.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = Arc<PlatformKey>>) -> Self {
        let mut ring = Self::default();
        for key in keys {
            ring.keys.retain(|other| other.id() != key.id());
            ring.keys.push(key);
        }
        ring
    }

    /// The key of this id.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<&Arc<PlatformKey>> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// All keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<PlatformKey>> {
        self.keys.iter()
    }

    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it holds no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key to announce and to encrypt with: a public key if there is one, because the platform is moving there and
    /// it does not expire; else the certificate that is valid now and became so last.
    #[must_use]
    pub fn preferred(&self, now: i64) -> Option<&Arc<PlatformKey>> {
        let public_key = self.keys.iter().find(|key| key.serial().is_none());
        public_key.or_else(|| self.newest_certificate(now))
    }

    /// The certificate that is valid now and became so last. One that is valid only by the tolerance for clocks comes after
    /// all others.
    #[must_use]
    pub fn newest_certificate(&self, now: i64) -> Option<&Arc<PlatformKey>> {
        self.keys
            .iter()
            .filter(|key| key.serial().is_some() && key.is_valid_at(now))
            .max_by_key(|key| (key.is_in_force(now), key.valid_from()))
    }

    /// Whether it holds a WeChat Pay public key.
    pub(super) fn has_public_key(&self) -> bool {
        self.keys.iter().any(|key| key.serial().is_none())
    }

    /// The id to announce: the one that was chosen, unless it is known to be invalid now; else the preferred one.
    pub(super) fn announced(&self, chosen: Option<&KeyId>, now: i64) -> Option<KeyId> {
        let usable = |id: &&KeyId| self.get(id).is_none_or(|key| key.is_valid_at(now));
        let preferred = || self.preferred(now).map(|key| key.id().clone());
        chosen.filter(usable).cloned().or_else(preferred)
    }

    /// The key to encrypt with: the chosen one if it is here and valid, else the preferred one. The request then names
    /// it, so that what is announced and what is encrypted with differ only while the chosen one is not here.
    pub(super) fn encryption_key(&self, chosen: Option<&KeyId>, now: i64) -> Option<Arc<PlatformKey>> {
        let chosen = chosen
            .and_then(|id| self.get(id))
            .filter(|key| key.is_valid_at(now));
        chosen.or_else(|| self.preferred(now)).cloned()
    }

    /// When the last of its certificates expires.
    pub(super) fn newest_expiry(&self) -> Option<i64> {
        self.keys.iter().filter_map(|key| key.expires_at()).max()
    }

    pub(super) fn usable(&self, now: i64) -> usize {
        self.keys.iter().filter(|key| key.is_valid_at(now)).count()
    }
}
