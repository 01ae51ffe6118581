//! Acceptance rules for downloaded certificates.
//!
//! A forged, weak or contradictory entry rejects the whole response. An entry outside its validity is left out and the
//! others are accepted: real lists hold certificates that have just expired or become valid tomorrow.

use std::{borrow::Cow, sync::Arc};

use serde::Deserialize;

use super::{
    CertificatesResponse, KeyError, KeyFuture, KeyHealth, KeyOrigin, KeyRing, KeyStore, PlatformKey,
    RefreshError, RejectedCertificate,
};
use crate::{
    base64,
    clock::Clock,
    crypto::{Aead, CryptoProvider, NONCE_LENGTH, PublicKey, TAG_LENGTH, x509::PlatformCertificate},
    types::{KeyId, SerialNumber},
    verify::{JsonError, Observer, Verifier, parse_json},
};

/// Largest number of entries that is accepted.
///
/// More than any rotation needs; it bounds the work of a hostile response.
const MAX_CERTIFICATES: usize = 32;

/// Context for checking a response.
pub(super) struct CertificateValidator<'a> {
    pub(super) provider: &'a dyn CryptoProvider,
    pub(super) aead: &'a dyn Aead,
    pub(super) root: Option<&'a dyn PublicKey>,
    pub(super) clock: &'a Clock,
    pub(super) ring: &'a KeyRing,
    pub(super) observer: Option<&'a Arc<dyn Observer>>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    data: Vec<Entry<'a>>,
}

/// Used fields of an entry.
///
/// The dates of the list are ignored: the dates in the certificate decide. Strings without an escape are borrowed from
/// the body.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    serial_no: Cow<'a, str>,
    #[serde(borrow)]
    encrypt_certificate: Container<'a>,
}

#[derive(Deserialize)]
struct Container<'a> {
    #[serde(borrow)]
    algorithm: Cow<'a, str>,
    #[serde(borrow)]
    nonce: Cow<'a, str>,
    #[serde(borrow)]
    associated_data: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ciphertext: Cow<'a, str>,
}

/// Result of a response.
pub(super) struct Accepted {
    /// The previous keys that have not expired, and the new ones.
    pub(super) ring: KeyRing,
    /// Entries outside their validity.
    pub(super) left_out: Vec<LeftOut>,
}

/// Entry that was left out.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) id: KeyId,
    pub(super) why: RejectedCertificate,
}

impl CertificateValidator<'_> {
    /// Checks a response and returns the new ring.
    pub(super) async fn accept(&self, response: CertificatesResponse) -> Result<Accepted, RefreshError> {
        match response.status {
            200 => {}
            404 => return Err(RefreshError::NoCertificates),
            status => return Err(RefreshError::Status { status }),
        }
        let text =
            std::str::from_utf8(&response.body).map_err(|_| RefreshError::Malformed(JsonError::whole()))?;
        let entries = parse_json::<Response<'_>>(text)
            .map_err(RefreshError::Malformed)?
            .data;
        if entries.is_empty() {
            return Err(RefreshError::NoCertificates);
        }
        if entries.len() > MAX_CERTIFICATES {
            return Err(RefreshError::Rejected {
                serial: "?".to_owned(),
                source: RejectedCertificate::Count,
            });
        }
        let now = self.clock.now();
        let mut listed: Vec<Arc<PlatformKey>> = Vec::with_capacity(entries.len());
        for entry in &entries {
            let key = self.open(entry)?;
            let conflict = |known: &Arc<PlatformKey>| known.conflicts_with(&key);
            if self.ring.iter().any(conflict) || listed.iter().any(conflict) {
                return Err(refused(entry, RejectedCertificate::SerialReused));
            }
            listed.push(Arc::new(key));
        }
        let left_out: Vec<LeftOut> = listed
            .iter()
            .filter_map(|key| {
                let why = key.out_of_time(now)?;
                let id = key.id().clone();
                Some(LeftOut { id, why })
            })
            .collect();
        listed.retain(|key| key.is_valid_at(now));
        if listed.is_empty()
            && let Some(LeftOut { id, why }) = left_out.first()
        {
            return Err(RefreshError::Rejected {
                serial: id.to_string(),
                source: why.clone(),
            });
        }
        let kept = self.ring.iter().filter(|key| !key.has_expired(now)).cloned();
        let ring = KeyRing::new(kept.chain(listed));
        self.verify(response, &ring).await?;
        Ok(Accepted { ring, left_out })
    }

    fn open(&self, entry: &Entry<'_>) -> Result<PlatformKey, RefreshError> {
        let container = &entry.encrypt_certificate;
        if container.algorithm != "AEAD_AES_256_GCM" || container.nonce.len() != NONCE_LENGTH {
            return Err(refused(entry, RejectedCertificate::Container));
        }
        let sealed = base64::decode(container.ciphertext.as_bytes())
            .ok()
            .filter(|sealed| sealed.len() > TAG_LENGTH)
            .ok_or_else(|| refused(entry, RejectedCertificate::Container))?;
        let associated_data = container
            .associated_data
            .as_deref()
            .unwrap_or_default()
            .as_bytes();
        let plaintext = self
            .aead
            .open(container.nonce.as_bytes(), associated_data, sealed)
            .map_err(|_| RefreshError::DoesNotOpen)?;
        self.check(entry, &plaintext)
            .map_err(|source| refused(entry, source))
    }

    /// Checks everything about a certificate except its validity period.
    fn check(&self, entry: &Entry<'_>, plaintext: &[u8]) -> Result<PlatformKey, RejectedCertificate> {
        let pem = std::str::from_utf8(plaintext).map_err(|_| RejectedCertificate::NotText)?;
        let certificate = PlatformCertificate::from_pem(pem)?;
        if SerialNumber::parse(&entry.serial_no).ok().as_ref() != Some(certificate.serial()) {
            return Err(RejectedCertificate::SerialMismatch);
        }
        downloaded(&certificate, self.root, self.provider)
    }

    /// Verifies the signature of the response with a key of the new ring.
    ///
    /// Keys inside the response count, because only the platform and the merchant know the APIv3 key that encrypted
    /// them. So the very first response is authenticated, and so is one that is signed with a new key.
    async fn verify(&self, response: CertificatesResponse, ring: &KeyRing) -> Result<(), RefreshError> {
        let mut verifier = Verifier::new(Arc::new(RingOnly(ring.clone()))).clock(self.clock.clone());
        if let Some(observer) = self.observer {
            verifier = verifier.observer(Arc::clone(observer));
        }
        let pairs = response
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let keyed = verifier
            .begin(pairs)
            .map_err(RefreshError::Unverified)?
            .key()
            .await;
        keyed
            .and_then(|keyed| keyed.verify(response.body))
            .map_err(RefreshError::Unverified)?;
        Ok(())
    }
}

/// Creates the key of a certificate that was downloaded, now or before it was saved.
pub(super) fn downloaded(
    certificate: &PlatformCertificate,
    root: Option<&dyn PublicKey>,
    provider: &dyn CryptoProvider,
) -> Result<PlatformKey, RejectedCertificate> {
    if certificate.is_ca() {
        return Err(RejectedCertificate::IsCa);
    }
    if root.is_some_and(|root| !certificate.is_signed_by(root)) {
        return Err(RejectedCertificate::OtherIssuer);
    }
    Ok(PlatformKey::certificate(
        certificate,
        KeyOrigin::Downloaded,
        provider,
    )?)
}

fn refused(entry: &Entry<'_>, source: RejectedCertificate) -> RefreshError {
    // Only a text with the form of a serial may reach a log.
    let serial =
        SerialNumber::parse(&entry.serial_no).map_or_else(|_| "?".to_owned(), |serial| serial.to_string());
    RefreshError::Rejected { serial, source }
}

/// Key store that never fetches.
///
/// Verifying a response must not start another download.
#[derive(Debug)]
struct RingOnly(KeyRing);

impl KeyStore for RingOnly {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.0.get(id).cloned()
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        KeyFuture::ready(Err(KeyError::Unknown))
    }

    fn announced(&self) -> Option<KeyId> {
        None
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        None
    }

    fn health(&self) -> KeyHealth {
        KeyHealth::default()
    }
}
