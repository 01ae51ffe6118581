//! An immutable set of keys.

use std::{fmt, sync::Arc};

use super::accept::{RefusedCertificate, SKEW_SECONDS};
use crate::{
    crypto::{CryptoProvider, KeyLoadError, PublicKey, pem, x509::PlatformCertificate},
    types::{KeyId, PublicKeyId, SerialNumber},
};

/// Where a key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyOrigin {
    /// Given by the operator.
    Pinned,
    /// Downloaded from the platform.
    Downloaded,
}

/// A key of the platform, parsed once.
pub struct PlatformKey {
    id: KeyId,
    key: Arc<dyn PublicKey>,
    spki: Box<[u8]>,
    origin: KeyOrigin,
    /// First and last second of validity; a public key has none.
    validity: Option<(i64, i64)>,
    certificate: Option<Box<[u8]>>,
}

impl PlatformKey {
    /// A WeChat Pay public key (微信支付公钥) with its `PUB_KEY_ID_…`, as the merchant console gives both.
    ///
    /// # Errors
    /// PEM text that is not an RSA public key of at least 2048 bits.
    pub fn public_key(
        id: PublicKeyId,
        pem: &str,
        provider: &dyn CryptoProvider,
    ) -> Result<Self, KeyLoadError> {
        let spki = pem::public_key_info(pem)?;
        Ok(Self {
            id: KeyId::PublicKey(id),
            key: provider.public_key(&spki)?,
            spki: spki.into(),
            origin: KeyOrigin::Pinned,
            validity: None,
            certificate: None,
        })
    }

    /// A platform certificate (平台证书). Its serial is its id.
    ///
    /// # Errors
    /// A key that the backend refuses.
    pub fn certificate(
        certificate: &PlatformCertificate,
        origin: KeyOrigin,
        provider: &dyn CryptoProvider,
    ) -> Result<Self, KeyLoadError> {
        Ok(Self {
            id: KeyId::Certificate(certificate.serial().clone()),
            key: provider.public_key(certificate.public_key_info())?,
            spki: certificate.public_key_info().into(),
            origin,
            validity: Some((
                certificate.not_before().unix_seconds(),
                certificate.not_after().unix_seconds(),
            )),
            certificate: Some(certificate.as_der().into()),
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Arc<dyn PublicKey> {
        &self.key
    }

    /// The key as a DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_info(&self) -> &[u8] {
        &self.spki
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> KeyOrigin {
        self.origin
    }

    /// Last second of its validity; `None` for a public key, which does not expire.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.validity.map(|(_, not_after)| not_after)
    }

    /// Whether it may verify at this time. Clocks differ, so five minutes before its first second and after its last are
    /// allowed.
    #[must_use]
    pub fn is_valid_at(&self, now: i64) -> bool {
        self.out_of_time(now).is_none()
    }

    /// Which end of its validity refuses it at this time, if any.
    pub(super) fn out_of_time(&self, now: i64) -> Option<RefusedCertificate> {
        let (not_before, not_after) = self.validity?;
        if now.saturating_add(SKEW_SECONDS) < not_before {
            Some(RefusedCertificate::NotYetValid)
        } else if now.saturating_sub(SKEW_SECONDS) > not_after {
            Some(RefusedCertificate::Expired)
        } else {
            None
        }
    }

    /// The certificate as DER, if it is one.
    #[must_use]
    pub fn certificate_der(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Whether it has expired; one that is not valid yet has not.
    pub(super) fn has_expired(&self, now: i64) -> bool {
        self.out_of_time(now) == Some(RefusedCertificate::Expired)
    }

    /// Whether this is a second of its validity by our clock, without any tolerance.
    fn is_in_force(&self, now: i64) -> bool {
        self.validity
            .is_none_or(|(not_before, not_after)| (not_before..=not_after).contains(&now))
    }

    /// Whether both have the same id and hold different keys.
    pub(super) fn conflicts_with(&self, other: &Self) -> bool {
        self.id == other.id && self.spki != other.spki
    }

    fn valid_from(&self) -> i64 {
        self.validity.map_or(i64::MIN, |(not_before, _)| not_before)
    }

    fn serial(&self) -> Option<&SerialNumber> {
        match &self.id {
            KeyId::Certificate(serial) => Some(serial),
            KeyId::PublicKey(_) => None,
        }
    }
}

impl fmt::Debug for PlatformKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformKey")
            .field("id", &self.id)
            .field("origin", &self.origin)
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}

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
