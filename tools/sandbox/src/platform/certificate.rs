//! Certificates of the platform, and their issuer.

use std::sync::Arc;

use wechatpay_core::{
    crypto::{CryptoProvider, KeyLoadError, PrivateKey, SigningFailed},
    testing::{CertificateSpec, public_key_pem},
    types::SerialNumber,
};

use super::{PlatformError, PlatformKeys, SigningKey, validity::Validity};

/// Nobody may take these certificates for real ones.
const ISSUER_NAME: &str = "WeChat Pay Sandbox Root (not Tenpay)";
const SUBJECT: &str = "WeChat Pay Sandbox platform certificate";

/// The root and what it signs with.
pub(crate) struct Issuer {
    /// Of the certificates with odd numbers, and of those with even ones.
    keys: (Arc<dyn PrivateKey>, Arc<dyn PrivateKey>),
    root: Arc<dyn PrivateKey>,
}

/// A certificate of the platform and its private key.
pub(crate) struct PlatformCertificate {
    /// The how many-th it is.
    pub(super) number: u32,
    pub(crate) serial: SerialNumber,
    pub(crate) pem: String,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    pub(crate) key: Arc<dyn PrivateKey>,
}

impl PlatformCertificate {
    pub(crate) fn signing_key(&self) -> SigningKey {
        SigningKey {
            id: self.serial.clone().into(),
            key: Arc::clone(&self.key),
        }
    }
}

impl Issuer {
    pub(super) fn new(keys: &PlatformKeys, provider: &dyn CryptoProvider) -> Result<Self, KeyLoadError> {
        let (odd, even) = &keys.certificates;
        Ok(Self {
            keys: (provider.private_key(odd)?, provider.private_key(even)?),
            root: provider.private_key(&keys.root)?,
        })
    }

    pub(super) fn public_key_pem(&self) -> String {
        public_key_pem(self.root.public_key_info())
    }

    pub(super) fn root_key(&self) -> Arc<dyn PrivateKey> {
        Arc::clone(&self.root)
    }

    /// The `number`-th platform certificate.
    ///
    /// The two keys alternate; a key is out of use when its turn comes again.
    pub(super) fn platform_certificate(
        &self,
        number: u32,
        validity: Validity,
    ) -> Result<PlatformCertificate, PlatformError> {
        let (odd, even) = &self.keys;
        let key = Arc::clone(if number % 2 == 1 { odd } else { even });
        let digits = format!("5AFEB0C57E57D0C500000000000000000{number:07}");
        let serial = SerialNumber::parse(&digits).map_err(|_| PlatformError::Demo)?;
        let pem = self.issue(&serial, SUBJECT, validity, key.public_key_info())?;
        Ok(PlatformCertificate {
            number,
            serial,
            pem,
            not_before: validity.not_before,
            not_after: validity.not_after,
            key,
        })
    }

    /// The same certificate with another validity.
    pub(super) fn renewed(
        &self,
        certificate: &PlatformCertificate,
        validity: Validity,
    ) -> Result<PlatformCertificate, SigningFailed> {
        let key_info = certificate.key.public_key_info();
        Ok(PlatformCertificate {
            number: certificate.number,
            serial: certificate.serial.clone(),
            pem: self.issue(&certificate.serial, SUBJECT, validity, key_info)?,
            not_before: validity.not_before,
            not_after: validity.not_after,
            key: Arc::clone(&certificate.key),
        })
    }

    pub(super) fn issue(
        &self,
        serial: &SerialNumber,
        subject: &str,
        validity: Validity,
        public_key_info: &[u8],
    ) -> Result<String, SigningFailed> {
        let spec = CertificateSpec {
            serial: octets(serial),
            subject: subject.to_owned(),
            issuer: ISSUER_NAME.to_owned(),
            not_before: validity.not_before,
            not_after: validity.not_after,
            public_key_info: public_key_info.to_vec(),
            is_ca: false,
        };
        spec.issue_pem(self.root.as_ref())
    }
}

/// The serial as X.509 wants it.
fn octets(serial: &SerialNumber) -> Vec<u8> {
    let digits = serial.as_str();
    let even = if digits.len() % 2 == 1 {
        format!("0{digits}")
    } else {
        digits.to_owned()
    };
    base16ct::upper::decode_vec(even).unwrap_or_default()
}
