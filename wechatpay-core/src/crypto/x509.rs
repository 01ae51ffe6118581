//! Platform certificates (平台证书): parsing and checks.

use std::fmt;

use der::{Decode as _, Encode as _};
use x509_cert::{Certificate, der::asn1::ObjectIdentifier, ext::pkix::BasicConstraints};

use super::{KeyLoadError, PublicKey, RsaPublicKeyInfo, block};
use crate::types::{DateTime, SerialNumber};

/// `sha256WithRSAEncryption` (1.2.840.113549.1.1.11).
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// Parts of an X.509 certificate that the library uses.
#[derive(Clone)]
pub struct PlatformCertificate {
    serial: SerialNumber,
    not_before: DateTime,
    not_after: DateTime,
    is_ca: bool,
    spki: Vec<u8>,
    tbs: Vec<u8>,
    signature: Option<Vec<u8>>,
    der: Vec<u8>,
}

impl PlatformCertificate {
    /// Reads exactly one certificate from PEM text.
    ///
    /// # Errors
    /// See [`KeyLoadError`]. RSA keys below 2048 bits or with a weak exponent are rejected.
    pub fn from_pem(text: &str) -> Result<Self, KeyLoadError> {
        Self::from_der(&block::certificate_der(text)?)
    }

    /// Reads a certificate from DER without trailing bytes.
    ///
    /// # Errors
    /// See [`KeyLoadError`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyLoadError> {
        let malformed = || KeyLoadError::Der("certificate");
        let certificate = Certificate::from_der(bytes).map_err(|_| malformed())?;
        let tbs = certificate.tbs_certificate();
        let validity = tbs.validity();
        let seconds = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| malformed())?;
            DateTime::from_unix_seconds(seconds).map_err(|_| malformed())
        };
        let spki = tbs.subject_public_key_info().to_der().map_err(|_| malformed())?;
        RsaPublicKeyInfo::parse(&spki)?;
        let is_ca = tbs
            .get_extension::<BasicConstraints>()
            .map_err(|_| malformed())?
            .is_some_and(|(_, constraints)| constraints.ca);
        let signature = (certificate.signature_algorithm().oid == SHA256_WITH_RSA)
            .then(|| certificate.signature().as_bytes().map(<[u8]>::to_vec))
            .flatten();
        Ok(Self {
            serial: SerialNumber::from_octets(tbs.serial_number().as_bytes()).map_err(|_| malformed())?,
            not_before: seconds(validity.not_before)?,
            not_after: seconds(validity.not_after)?,
            is_ca,
            tbs: tbs.to_der().map_err(|_| malformed())?,
            spki,
            signature,
            der: bytes.to_vec(),
        })
    }

    /// Returns the serial number, with two digits for each octet.
    #[must_use]
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// Returns the first instant of its validity.
    #[must_use]
    pub fn not_before(&self) -> DateTime {
        self.not_before
    }

    /// Returns the last instant of its validity.
    #[must_use]
    pub fn not_after(&self) -> DateTime {
        self.not_after
    }

    /// Returns `true` if it may issue certificates, which no platform certificate may.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.is_ca
    }

    /// Returns its key as a DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_info(&self) -> &[u8] {
        &self.spki
    }

    /// Returns the certificate as DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Returns `true` if `issuer` signed it with RSA PKCS#1 v1.5 and SHA-256.
    ///
    /// Returns `false` for any other algorithm.
    #[must_use]
    pub fn is_signed_by(&self, issuer: &dyn PublicKey) -> bool {
        self.signature
            .as_ref()
            .is_some_and(|signature| issuer.verify(&[&self.tbs], signature).is_ok())
    }
}

impl fmt::Debug for PlatformCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformCertificate")
            .field("serial", &self.serial)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("is_ca", &self.is_ca)
            .finish_non_exhaustive()
    }
}
