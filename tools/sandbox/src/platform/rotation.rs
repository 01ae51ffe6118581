//! Changing the platform certificate, step by step as in the merchant console.

use serde::{Deserialize, Serialize};
use wechatpay_core::types::{KeyId, SerialNumber};

use super::{
    KeyMode, Platform, PlatformError, Share, SigningKey,
    certificate::{Issuer, PlatformCertificate},
    validity::{Clocks, Validity},
};

/// The certificate in use and, during a rotation, its successor.
pub(crate) struct CertificateSet {
    current: PlatformCertificate,
    next: Option<PlatformCertificate>,
    share: Share,
    count: u32,
}

/// Number and beginning of each certificate, and how far the rotation is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedCertificates {
    current: (u32, i64),
    next: Option<(u32, i64)>,
    /// Percentage, and what is left over.
    share: (f64, f64),
    count: u32,
}

/// A certificate as people look at it.
#[derive(Debug)]
pub struct Listed {
    /// Serial number.
    pub serial: SerialNumber,
    /// Beginning of its validity, in Unix seconds.
    pub not_before: i64,
    /// End of its validity, in Unix seconds.
    pub not_after: i64,
}

impl CertificateSet {
    pub(super) fn new(issuer: &Issuer, clocks: Clocks) -> Result<Self, PlatformError> {
        Ok(Self {
            current: issuer.platform_certificate(1, Validity::for_a_year(clocks))?,
            next: None,
            share: Share::new(0.0),
            count: 1,
        })
    }

    pub(super) fn saved(&self) -> SavedCertificates {
        let place = |certificate: &PlatformCertificate| (certificate.number, certificate.not_before);
        SavedCertificates {
            current: place(&self.current),
            next: self.next.as_ref().map(place),
            share: self.share.saved(),
            count: self.count,
        }
    }

    /// The same certificates. They are still valid by the clocks of this sandbox.
    pub(super) fn from_saved(
        saved: &SavedCertificates,
        issuer: &Issuer,
        clocks: Clocks,
    ) -> Result<Self, PlatformError> {
        let issue =
            |(number, not_before)| issuer.platform_certificate(number, Validity::from(not_before, clocks));
        Ok(Self {
            current: issue(saved.current)?,
            next: saved.next.map(issue).transpose()?,
            share: Share::from_saved(saved.share),
            count: saved.count,
        })
    }

    /// Certificates that `GET /v3/certificates` lists.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &PlatformCertificate> {
        std::iter::once(&self.current).chain(&self.next)
    }

    /// The listed certificates, for people.
    pub(crate) fn described(&self) -> Vec<Listed> {
        let describe = |certificate: &PlatformCertificate| Listed {
            serial: certificate.serial.clone(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        };
        self.listed().map(describe).collect()
    }

    /// The percentage that the new certificate signs.
    pub(crate) fn share(&self) -> f64 {
        self.share.percent()
    }

    /// The key for the next signature.
    pub(super) fn next_key(&mut self) -> SigningKey {
        match &self.next {
            Some(next) if self.share.take() => next.signing_key(),
            _ => self.current.signing_key(),
        }
    }

    /// The id of the key that signs, or will soon.
    pub(super) fn signer(&self) -> KeyId {
        let certificate = match &self.next {
            Some(next) if self.share.percent() > 0.0 => next,
            _ => &self.current,
        };
        certificate.serial.clone().into()
    }

    pub(super) fn key(&self, id: &KeyId) -> Option<SigningKey> {
        self.listed()
            .map(PlatformCertificate::signing_key)
            .find(|key| key.id == *id)
    }
}

/// A step of a rotation was not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RotationError {
    /// In public-key mode there are no certificates.
    #[error("there are no certificates in public-key mode")]
    NoCertificates,
    /// A successor is announced already.
    #[error("a rotation is under way already")]
    UnderWay,
    /// No successor is announced.
    #[error("announce a new certificate first")]
    NotAnnounced,
    /// The share may only grow, up to 100.
    #[error("the share of the new certificate may only grow, from above 0 to 100 percent")]
    Share,
    /// The new certificate does not sign everything yet.
    #[error("finish the rotation before the old certificate expires")]
    NotFinished,
    /// The certificate could not be issued.
    #[error("the certificate could not be issued")]
    Issue,
}

/// The steps of a rotation.
impl Platform {
    /// Issues a new certificate and lists it, without signing with it yet.
    pub(crate) fn announce(&self) -> Result<SerialNumber, RotationError> {
        let validity = Validity::new(self.clocks());
        self.step(|set, issuer| {
            if set.next.is_some() {
                return Err(RotationError::UnderWay);
            }
            let number = set.count.saturating_add(1);
            let certificate = issuer
                .platform_certificate(number, validity)
                .map_err(|_| RotationError::Issue)?;
            let serial = certificate.serial.clone();
            set.count = number;
            set.next = Some(certificate);
            set.share = Share::new(0.0);
            Ok(serial)
        })
    }

    /// Signs this percentage of responses and notifications with the new certificate, evenly spread.
    pub(crate) fn ramp(&self, percent: f64) -> Result<(), RotationError> {
        self.step(|set, _| {
            if set.next.is_none() {
                return Err(RotationError::NotAnnounced);
            }
            if !(percent > 0.0 && percent <= 100.0 && percent >= set.share.percent()) {
                return Err(RotationError::Share);
            }
            set.share.set(percent);
            Ok(())
        })
    }

    /// Takes the old certificate off the list.
    pub(crate) fn expire_old(&self) -> Result<(), RotationError> {
        self.step(|set, _| {
            if set.share.percent() < 100.0 && set.next.is_some() {
                return Err(RotationError::NotFinished);
            }
            set.current = set.next.take().ok_or(RotationError::NotAnnounced)?;
            set.share = Share::new(0.0);
            Ok(())
        })
    }

    /// Signs with a new certificate from now on, preferably an announced one. `None` without certificates.
    pub(crate) fn rotate_now(&self) -> Option<SerialNumber> {
        let validity = Validity::new(self.clocks());
        self.with_certificates(|set, issuer| {
            if !self.mode.has_certificates() {
                return None;
            }
            if set.next.is_none() {
                let number = set.count.saturating_add(1);
                set.next = issuer.platform_certificate(number, validity).ok();
                set.count = number;
            }
            set.share = Share::new(100.0);
            set.next.as_ref().map(|next| next.serial.clone())
        })
    }

    /// Serials of the listed certificates, the old one first.
    pub(crate) fn listed_serials(&self) -> Vec<SerialNumber> {
        if !self.mode.has_certificates() {
            return Vec::new();
        }
        self.with_certificates(|set, _| {
            set.listed()
                .map(|certificate| certificate.serial.clone())
                .collect()
        })
    }

    fn step<T>(
        &self,
        step: impl FnOnce(&mut CertificateSet, &Issuer) -> Result<T, RotationError>,
    ) -> Result<T, RotationError> {
        if self.mode == KeyMode::PublicKey {
            return Err(RotationError::NoCertificates);
        }
        self.with_certificates(step)
    }
}
