//! The platform's keys: what it signs with, and the certificates it gives out.

mod certificate;
mod curl;
pub(crate) mod documents;
mod error;
pub(crate) mod header_names;
mod key;
mod keys;
mod rotation;
mod share;
mod sign;
pub(crate) mod signing;
mod validity;
#[cfg(test)]
pub(crate) mod vectors;

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    Clock,
    crypto::{Aead, CryptoProvider},
    testing::{DEMO_PUBLIC_KEY_ID, public_key_pem},
    types::{ApiV3Key, KeyId, PublicKeyId},
};

pub(crate) use curl::curl;
pub(crate) use error::PlatformError;
pub use key::SigningKey;
pub(crate) use keys::PlatformKeys;
pub use rotation::Listed;
pub use rotation::RotationError;
pub(crate) use sign::{CompletedSignature, sign};
use validity::Clocks;

use crate::world::lock;
use certificate::Issuer;
pub(crate) use rotation::CertificateSet;
use rotation::SavedCertificates;
use share::Share;

/// Which keys the platform signs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyMode {
    /// Only a WeChat Pay public key (微信支付公钥), as for merchants since late 2024.
    ///
    /// `GET /v3/certificates` responds 404.
    #[default]
    PublicKey,
    /// Platform certificates (平台证书) only, as merchants had it before.
    Certificate,
    /// Public key and certificates, as during the change-over.
    ///
    /// A response is signed with the key that the request's `Wechatpay-Serial` names, notifications with either.
    Mixed,
}

impl KeyMode {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::PublicKey => "public-key",
            Self::Certificate => "certificate",
            Self::Mixed => "mixed",
        }
    }

    /// Returns true if responses may be signed with the public key's private key.
    pub const fn has_public_key(self) -> bool {
        matches!(self, Self::PublicKey | Self::Mixed)
    }

    /// Returns true if the platform has certificates.
    pub const fn has_certificates(self) -> bool {
        matches!(self, Self::Certificate | Self::Mixed)
    }
}

/// Certificates and whose turn it is. The keys themselves are everyone's.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedKeys {
    certificates: SavedCertificates,
    /// Remainder of the public key's share of notifications.
    callbacks: f64,
}

/// Keys and certificates of the platform, and their rotation.
pub struct Platform {
    /// Clock of signatures, which both sides must agree on.
    pub(crate) wire_clock: Clock,
    /// Clock of orders.
    clock: Clock,
    mode: KeyMode,
    provider: Arc<dyn CryptoProvider>,
    public_key: SigningKey,
    issuer: Issuer,
    certificates: Mutex<CertificateSet>,
    /// Which part of the notifications is signed with the public key in mixed mode.
    callbacks: Mutex<Share>,
}

debug_only!(Platform { mode });

impl Platform {
    pub(crate) fn new(
        mode: KeyMode,
        public_key_percent: f64,
        keys: &PlatformKeys,
        provider: Arc<dyn CryptoProvider>,
        clock: Clock,
        wire_clock: Clock,
    ) -> Result<Self, PlatformError> {
        let clocks = Clocks::read(&clock, &wire_clock);
        let id = PublicKeyId::parse(DEMO_PUBLIC_KEY_ID).map_err(|_| PlatformError::Demo)?;
        let issuer = Issuer::new(keys, provider.as_ref())?;
        Ok(Self {
            wire_clock,
            clock,
            mode,
            public_key: SigningKey {
                id: id.into(),
                key: provider.private_key(&keys.public_key)?,
            },
            certificates: Mutex::new(CertificateSet::new(&issuer, clocks)?),
            issuer,
            callbacks: Mutex::new(Share::new(public_key_percent)),
            provider,
        })
    }

    /// Both clocks, for certificates.
    fn clocks(&self) -> Clocks {
        Clocks::read(&self.clock, &self.wire_clock)
    }

    /// The kinds of keys that the platform signs with.
    pub fn mode(&self) -> KeyMode {
        self.mode
    }

    pub(crate) fn provider(&self) -> &dyn CryptoProvider {
        self.provider.as_ref()
    }

    /// Returns true if signing should leave the async worker.
    pub(crate) fn signs_slowly(&self) -> bool {
        self.provider.signs_slowly()
    }

    /// The key of a response; `requested` is the request's `Wechatpay-Serial`.
    ///
    /// Only mixed mode considers it: a missing or wrong id gets the certificate.
    pub(crate) fn answer_key(&self, requested: Option<&str>) -> SigningKey {
        let asks_for_public_key = requested == Some(self.public_key.id.as_str());
        match self.mode {
            KeyMode::PublicKey => self.public_key.clone(),
            KeyMode::Mixed if asks_for_public_key => self.public_key.clone(),
            KeyMode::Certificate | KeyMode::Mixed => lock(&self.certificates).next_key(),
        }
    }

    /// One key of each kind that it signs with.
    pub(crate) fn keys(&self) -> Vec<SigningKey> {
        let mut keys = Vec::new();
        if self.mode.has_public_key() {
            keys.push(self.public_key.clone());
        }
        if self.mode.has_certificates() {
            keys.push(lock(&self.certificates).next_key());
        }
        keys
    }

    /// Every key that may have signed, in use or not.
    pub fn all_keys(&self) -> Vec<SigningKey> {
        let mut keys = vec![self.public_key.clone()];
        keys.extend(
            lock(&self.certificates)
                .listed()
                .map(certificate::PlatformCertificate::signing_key),
        );
        keys
    }

    /// A different key under the same id, for signatures that must not verify.
    pub(crate) fn foreign_key(&self, key: &SigningKey) -> SigningKey {
        SigningKey {
            id: key.id.clone(),
            key: self.issuer.root_key(),
        }
    }

    /// An APIv3 key that no merchant has.
    pub(crate) fn foreign_aead(&self) -> Option<Arc<dyn Aead>> {
        let key = ApiV3Key::parse("NobodyHasThisApiV3Key0123456789a").ok()?;
        self.provider.aead(&key).ok()
    }

    /// The key for a notification.
    pub(crate) fn callback_key(&self) -> SigningKey {
        let public = match self.mode {
            KeyMode::PublicKey => true,
            KeyMode::Certificate => false,
            KeyMode::Mixed => lock(&self.callbacks).take(),
        };
        if public {
            self.public_key.clone()
        } else {
            lock(&self.certificates).next_key()
        }
    }

    /// The key that a client may have encrypted a sensitive field to.
    pub(crate) fn encryption_key(&self, id: &str) -> Option<SigningKey> {
        let id = KeyId::parse(id).ok()?;
        if self.mode.has_public_key() && self.public_key.id == id {
            return Some(self.public_key.clone());
        }
        if self.mode.has_certificates() {
            return lock(&self.certificates).key(&id);
        }
        None
    }

    /// The certificates that merchants can download, the newest last.
    pub fn certificates(&self) -> Vec<Listed> {
        self.with_certificates(|set, _| set.described())
    }

    /// The percentage of signatures that the new certificate makes.
    pub fn share_of_new_certificate(&self) -> f64 {
        self.with_certificates(|set, _| set.share())
    }

    pub(crate) fn with_certificates<T>(&self, use_them: impl FnOnce(&mut CertificateSet, &Issuer) -> T) -> T {
        use_them(&mut lock(&self.certificates), &self.issuer)
    }

    /// Certificates and whose turn it is, as a snapshot has them.
    pub(crate) fn saved(&self) -> SavedKeys {
        let (_, callbacks) = lock(&self.callbacks).saved();
        SavedKeys {
            certificates: lock(&self.certificates).saved(),
            callbacks,
        }
    }

    /// The certificates that were saved, issued again.
    ///
    /// # Errors
    /// They cannot be issued.
    pub(crate) fn certificates_of(&self, saved: &SavedKeys) -> Result<CertificateSet, PlatformError> {
        CertificateSet::from_saved(&saved.certificates, &self.issuer, self.clocks())
    }

    /// Forgets its certificates and has these instead.
    pub(crate) fn restore(&self, saved: &SavedKeys, certificates: CertificateSet) {
        *lock(&self.certificates) = certificates;
        let mut callbacks = lock(&self.callbacks);
        *callbacks = Share::from_saved((callbacks.percent(), saved.callbacks));
    }

    /// The WeChat Pay public key as a merchant downloads it.
    pub fn public_key_pem(&self) -> String {
        public_key_pem(self.public_key.key.public_key_info())
    }

    /// The root that issues platform certificates.
    pub(crate) fn root_public_key_pem(&self) -> String {
        self.issuer.public_key_pem()
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.issuer
    }
}
