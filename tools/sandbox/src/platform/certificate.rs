//! Certificates: issued here, and sealed for the merchant that asks.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::{Aead, CryptoProvider, KeyLoadError, OpenError, PrivateKey, SigningFailed},
    testing::{CertificateSpec, public_key_pem},
    types::SerialNumber,
};

use super::{Platform, PlatformKeys, SigningKey, validity::Validity};
use crate::{
    StartError,
    faults::Fault,
    world::{clock::rfc3339, random::Ids},
};

/// Nobody may take these certificates for real ones.
const ISSUER_NAME: &str = "WeChat Pay Sandbox Root (not Tenpay)";
/// Associated data of a sealed certificate.
const ASSOCIATED_DATA: &str = "certificate";
const SUBJECT: &str = "WeChat Pay Sandbox platform certificate";

/// The root and what it signs with.
pub struct Issuer {
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
    ) -> Result<PlatformCertificate, StartError> {
        let (odd, even) = &self.keys;
        let key = Arc::clone(if number % 2 == 1 { odd } else { even });
        let digits = format!("5AFEB0C57E57D0C500000000000000000{number:07}");
        let serial = SerialNumber::parse(&digits).map_err(|_| StartError::Demo)?;
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
    fn renewed(
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

    fn issue(
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

/// A merchant's API certificate, for `apiclient_cert.pem`.
pub(crate) fn issue_merchant_certificate(
    platform: &Platform,
    mchid: &str,
    serial: &SerialNumber,
    public_key_info: &[u8],
) -> Result<String, SigningFailed> {
    platform.issuer().issue(
        serial,
        mchid,
        Validity::for_a_year(platform.clocks()),
        public_key_info,
    )
}

/// The body of `GET /v3/certificates` for the merchant that holds this APIv3 key.
pub(crate) fn sealed_list(
    platform: &Platform,
    aead: &dyn Aead,
    fault: Option<Fault>,
    ids: &Ids,
) -> Result<Bytes, OpenError> {
    let entries = platform.with_certificates(|set, issuer| {
        let signer = set.signer();
        let mut listed: Vec<&PlatformCertificate> = set.listed().collect();
        let expired;
        match fault {
            Some(Fault::CertsReversed) => listed.reverse(),
            Some(Fault::CertsWithoutSigner) => {
                listed.retain(|certificate| signer.as_str() != certificate.serial.as_str());
            }
            Some(Fault::CertsExpired) => {
                let ended = Validity::ended(platform.clocks());
                expired = listed
                    .iter()
                    .filter_map(|certificate| issuer.renewed(certificate, ended).ok())
                    .collect::<Vec<_>>();
                listed = expired.iter().collect();
            }
            _ => {}
        }
        listed
            .into_iter()
            .map(|certificate| sealed_entry(certificate, aead, ids))
            .collect::<Result<Vec<Value>, _>>()
    })?;
    Ok(Bytes::from(json!({ "data": entries }).to_string()))
}

fn sealed_entry(certificate: &PlatformCertificate, aead: &dyn Aead, ids: &Ids) -> Result<Value, OpenError> {
    let nonce = ids.sealing_nonce();
    let sealed = aead.seal(
        nonce.as_bytes(),
        ASSOCIATED_DATA.as_bytes(),
        certificate.pem.clone().into_bytes(),
    )?;
    Ok(json!({
        "serial_no": certificate.serial.as_str(),
        "effective_time": rfc3339(certificate.not_before),
        "expire_time": rfc3339(certificate.not_after),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": ASSOCIATED_DATA,
            "ciphertext": STANDARD.encode(sealed),
        },
    }))
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
