//! Platform keys, and the reasons to reject one.

use std::{fmt, sync::Arc};

use crate::{
    crypto::{CryptoProvider, KeyLoadError, PublicKey, pem, x509::PlatformCertificate},
    types::{KeyId, PublicKeyId, SerialNumber},
};

/// Tolerance for clock differences at both ends of a validity, in seconds.
const SKEW_SECONDS: i64 = 300;

/// Reason why a certificate was rejected (threat T29).
///
/// [`NotYetValid`](Self::NotYetValid) and [`Expired`](Self::Expired) leave out this certificate only, unless no other
/// one is left. Every other reason rejects the whole set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RejectedCertificate {
    /// The container is not AES-256-GCM with a 12-byte nonce.
    #[error("the container is not AEAD_AES_256_GCM with a 12-byte nonce")]
    Container,
    /// The certificate or its key cannot be read or is too weak.
    #[error(transparent)]
    Key(#[from] KeyLoadError),
    /// The plaintext is not PEM text.
    #[error("the plaintext is not PEM text")]
    NotText,
    /// `serial_no` differs from the serial in the certificate.
    #[error("its serial differs from serial_no")]
    SerialMismatch,
    /// Not valid yet.
    #[error("it is not valid yet")]
    NotYetValid,
    /// Expired.
    #[error("it has expired")]
    Expired,
    /// It may issue certificates, which no platform certificate may.
    #[error("it is a CA certificate")]
    IsCa,
    /// The same serial is known with another key.
    #[error("another key is already known under this serial")]
    SerialReused,
    /// The pinned root did not issue it.
    #[error("it was not issued by the pinned root")]
    OtherIssuer,
    /// There are no entries, or more than plausible.
    #[error("an implausible number of certificates")]
    Count,
}

/// Source of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyOrigin {
    /// Provided by the operator.
    Pinned,
    /// Downloaded from the platform.
    Downloaded,
}

/// Public key of the platform, parsed once.
pub struct PlatformKey {
    id: KeyId,
    key: Arc<dyn PublicKey>,
    spki: Box<[u8]>,
    origin: KeyOrigin,
    /// First and last second of validity; `None` for a public key.
    validity: Option<(i64, i64)>,
    certificate: Option<Box<[u8]>>,
}

impl PlatformKey {
    /// Creates a WeChat Pay public key (微信支付公钥) from its `PUB_KEY_ID_…` and PEM text.
    ///
    /// The merchant console shows both.
    ///
    /// # Errors
    /// Returns an error if the text is not an RSA public key of at least 2048 bits.
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

    /// Creates the key of a platform certificate (平台证书). Its serial is its id.
    ///
    /// # Errors
    /// Returns an error if the backend rejects the key.
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

    /// Returns its id.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &Arc<dyn PublicKey> {
        &self.key
    }

    /// Returns the key as a DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_info(&self) -> &[u8] {
        &self.spki
    }

    /// Returns its source.
    #[must_use]
    pub fn origin(&self) -> KeyOrigin {
        self.origin
    }

    /// Returns the last second of its validity, or `None` for a public key.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.validity.map(|(_, not_after)| not_after)
    }

    /// Returns `true` if it may verify at this time.
    ///
    /// Allows five minutes before its first second and after its last, because clocks differ.
    #[must_use]
    pub fn is_valid_at(&self, now: i64) -> bool {
        self.out_of_time(now).is_none()
    }

    /// Returns the end of its validity that rejects it at this time, if any.
    pub(crate) fn out_of_time(&self, now: i64) -> Option<RejectedCertificate> {
        let (not_before, not_after) = self.validity?;
        if now.saturating_add(SKEW_SECONDS) < not_before {
            Some(RejectedCertificate::NotYetValid)
        } else if now.saturating_sub(SKEW_SECONDS) > not_after {
            Some(RejectedCertificate::Expired)
        } else {
            None
        }
    }

    /// Returns the certificate as DER, or `None` for a public key.
    #[must_use]
    pub fn certificate_der(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Returns `true` if it has expired. A key that is not valid yet has not.
    pub(crate) fn has_expired(&self, now: i64) -> bool {
        self.out_of_time(now) == Some(RejectedCertificate::Expired)
    }

    /// Returns `true` within its validity by the local clock, without tolerance.
    pub(crate) fn is_in_force(&self, now: i64) -> bool {
        self.validity
            .is_none_or(|(not_before, not_after)| (not_before..=not_after).contains(&now))
    }

    /// Returns `true` if both have the same id and different keys.
    pub(crate) fn conflicts_with(&self, other: &Self) -> bool {
        self.id == other.id && self.spki != other.spki
    }

    pub(crate) fn valid_from(&self) -> i64 {
        self.validity.map_or(i64::MIN, |(not_before, _)| not_before)
    }

    pub(crate) fn serial(&self) -> Option<&SerialNumber> {
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
