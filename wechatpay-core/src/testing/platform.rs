//! Fake platform: keys, encryption, signatures.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    CertificateSpec, DemoKey,
    certificate::{private_key_pem, public_key_pem},
};
use crate::{
    Clock, Config, base64,
    crypto::{Aead, CryptoProvider, PrivateKey, default_provider, x509::PlatformCertificate},
    keys::{CertificatesResponse, KeyOrigin, PinnedKeys, PlatformKey},
    notify::{NotificationReceiver, NotificationReceiverBuilder},
    sign::{LocalSigner, RequestSigner},
    types::{ApiV3Key, KeyId, Mchid, PublicKeyId, SerialNumber},
};

/// The APIv3 key of the demo merchant.
pub const DEMO_API_V3_KEY: &str = crate::config::DEMO_API_V3_KEY;
/// The demo merchant: a service provider.
pub const DEMO_MCHID: &str = "1900000001";
/// Its sub-merchant.
pub const DEMO_SUB_MCHID: &str = "1900000109";
/// Its app.
pub const DEMO_APPID: &str = "wxd678efh567hg6787";
/// AppSecret of every app of the sandbox.
pub const DEMO_APP_SECRET: &str = "5a9d0c37e1b84f26a7d05b1c9e3f6082";
/// Id of the demo public key.
pub const DEMO_PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024101500000000000001";

/// Serial of the demo merchant's certificate.
const MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const YEAR: i64 = 365 * 24 * 3600;

/// Platform for tests that knows one merchant.
///
/// It signs with the demo public key (微信支付公钥) by default. Cheap to clone. The [module documentation](super) has an
/// example.
#[derive(Clone)]
pub struct FakePlatform {
    provider: Arc<dyn CryptoProvider>,
    clock: Clock,
    pub(super) mchid: Mchid,
    pub(super) is_direct: bool,
    aead: Arc<dyn Aead>,
    api_v3_key: ApiV3Key,
    numbers: Arc<AtomicU64>,
}

impl std::fmt::Debug for FakePlatform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakePlatform")
            .field("mchid", &self.mchid)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::expect_used,
    reason = "a test kit fails loudly; everything here is fixed"
)]
impl FakePlatform {
    /// Creates a platform with the default backend and the system clock.
    ///
    /// # Panics
    /// Panics without a crypto backend.
    #[must_use]
    pub fn new() -> Self {
        Self::with_provider(default_provider().expect("a crypto backend"))
    }

    /// Creates a platform with this backend.
    ///
    /// # Panics
    /// Panics if the backend rejects the demo keys.
    #[must_use]
    pub fn with_provider(provider: Arc<dyn CryptoProvider>) -> Self {
        let api_v3_key = ApiV3Key::parse(DEMO_API_V3_KEY).expect("a sound key");
        Self {
            aead: provider.aead(&api_v3_key).expect("a sound key"),
            provider,
            clock: Clock::system(),
            mchid: Mchid::parse(DEMO_MCHID).expect("a sound mchid"),
            is_direct: false,
            api_v3_key,
            numbers: Arc::new(AtomicU64::new(1)),
        }
    }

    /// Sets the clock, also of receivers made here. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the merchant. Defaults to the demo merchant.
    #[must_use]
    pub fn mchid(mut self, mchid: Mchid) -> Self {
        self.mchid = mchid;
        self
    }

    /// Makes the merchant a direct one: payments and refunds then have `appid` and `mchid` only.
    ///
    /// By default the merchant is a service provider with a sub-merchant.
    #[must_use]
    pub fn direct(mut self) -> Self {
        self.is_direct = true;
        self
    }

    /// Returns the backend.
    #[must_use]
    pub fn provider(&self) -> &Arc<dyn CryptoProvider> {
        &self.provider
    }

    /// Returns the merchant's APIv3 key.
    #[must_use]
    pub fn api_v3_key(&self) -> &ApiV3Key {
        &self.api_v3_key
    }

    /// Returns the time in Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Returns a demo key.
    ///
    /// # Panics
    /// Panics if the backend rejects it, as it may [`DemoKey::Weak1024`].
    #[must_use]
    pub fn demo_key(&self, key: DemoKey) -> Arc<dyn PrivateKey> {
        key.load(self.provider.as_ref()).expect("a sound demo key")
    }

    /// Returns the id of the demo public key.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn public_key_id() -> PublicKeyId {
        PublicKeyId::parse(DEMO_PUBLIC_KEY_ID).expect("a sound id")
    }

    /// Returns the default signing key of this platform, and its id.
    #[must_use]
    pub fn signing_key(&self) -> (KeyId, Arc<dyn PrivateKey>) {
        (Self::public_key_id().into(), self.demo_key(DemoKey::PublicKey))
    }

    /// Returns the demo public key as a merchant pins it.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn pinned_public_key(&self) -> PlatformKey {
        let pem = public_key_pem(self.demo_key(DemoKey::PublicKey).public_key_info());
        PlatformKey::public_key(Self::public_key_id(), &pem, self.provider.as_ref()).expect("a sound key")
    }

    /// Returns a key store in public-key mode.
    #[must_use]
    pub fn key_store(&self) -> Arc<PinnedKeys> {
        Arc::new(PinnedKeys::new([self.pinned_public_key()]).clock(self.clock.clone()))
    }

    /// Returns a receiver for the merchant, in public-key mode.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn receiver(&self) -> NotificationReceiver {
        self.receiver_builder().build().expect("a sound receiver")
    }

    /// Starts to build a receiver for the merchant, in public-key mode.
    pub fn receiver_builder(&self) -> NotificationReceiverBuilder {
        NotificationReceiver::builder(self.mchid.clone(), self.api_v3_key.clone(), self.key_store())
            .provider(Arc::clone(&self.provider))
            .clock(self.clock.clone())
    }

    /// Returns the merchant's signer.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn request_signer(&self) -> RequestSigner {
        let pem = private_key_pem(DemoKey::Merchant.pkcs8());
        let serial = SerialNumber::parse(MERCHANT_SERIAL).expect("a sound serial");
        let signer = LocalSigner::new(serial, &pem.into(), self.provider.as_ref()).expect("a sound key");
        RequestSigner::new(self.mchid.clone(), Arc::new(signer)).clock(self.clock.clone())
    }

    /// Returns the settings of the merchant for a gateway at this URL, in public-key mode.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn config(&self, base_url: impl Into<String>) -> Config {
        let public_key = self.demo_key(DemoKey::PublicKey);
        let mut config = Config::default();
        config.mchid = Some(self.mchid.as_str().to_owned());
        config.sub_mchid = (!self.is_direct).then(|| DEMO_SUB_MCHID.to_owned());
        config.appid = Some(DEMO_APPID.to_owned());
        config.serial_no = Some(MERCHANT_SERIAL.to_owned());
        config.private_key = Some(private_key_pem(DemoKey::Merchant.pkcs8()).into());
        config.api_v3_key = Some(DEMO_API_V3_KEY.into());
        config.public_key_id = Some(DEMO_PUBLIC_KEY_ID.to_owned());
        config.public_key = Some(public_key_pem(public_key.public_key_info()));
        config.base_url = Some(base_url.into());
        config
    }

    /// Describes a certificate for a demo key with this serial.
    ///
    /// It is valid from two years ago until three years from now.
    #[must_use]
    pub fn certificate_spec(&self, key: DemoKey, serial: &[u8]) -> CertificateSpec {
        CertificateSpec {
            serial: serial.to_vec(),
            subject: "Sandbox platform certificate".into(),
            issuer: "Sandbox Root CA - not Tenpay".into(),
            not_before: self.now().saturating_sub(2 * YEAR),
            not_after: self.now().saturating_add(3 * YEAR),
            public_key_info: self.demo_key(key).public_key_info().to_vec(),
            is_ca: false,
        }
    }

    /// Issues a certificate with the demo root.
    ///
    /// # Panics
    /// Panics if the backend fails to sign.
    #[must_use]
    pub fn issue(&self, spec: &CertificateSpec) -> String {
        spec.issue_pem(self.demo_key(DemoKey::Root).as_ref())
            .expect("a signature")
    }

    /// Reads a certificate as a platform key.
    ///
    /// # Panics
    /// Panics if the certificate is invalid.
    #[must_use]
    pub fn platform_key(&self, certificate_pem: &str) -> PlatformKey {
        let certificate = PlatformCertificate::from_pem(certificate_pem).expect("a sound certificate");
        PlatformKey::certificate(&certificate, KeyOrigin::Pinned, self.provider.as_ref())
            .expect("a sound key")
    }

    /// Returns the response to `GET /v3/certificates` with these certificates, signed by `signer`.
    ///
    /// # Panics
    /// Panics if a certificate is invalid. Pass such an entry to
    /// [`certificates_response_of`](Self::certificates_response_of).
    #[must_use]
    pub fn certificates_response(
        &self,
        pems: &[String],
        signer: (KeyId, Arc<dyn PrivateKey>),
    ) -> CertificatesResponse {
        let entries = pems.iter().map(|pem| self.certificate_entry(pem)).collect();
        self.certificates_response_of(entries, signer)
    }

    /// Returns one entry of the list of certificates.
    ///
    /// # Panics
    /// Panics if the certificate is invalid.
    #[must_use]
    pub fn certificate_entry(&self, pem: &str) -> Value {
        let certificate = PlatformCertificate::from_pem(pem).expect("a sound certificate");
        self.sealed_certificate(
            certificate.serial().as_str(),
            &certificate.not_before().to_string(),
            &certificate.not_after().to_string(),
            pem,
        )
    }

    /// Returns one entry with any texts.
    #[must_use]
    pub fn sealed_certificate(&self, serial: &str, effective: &str, expire: &str, plaintext: &str) -> Value {
        let nonce = format!("cert{:08}", self.next_number());
        let sealed = self.seal(&nonce, "certificate", plaintext.as_bytes().to_vec());
        json!({
            "serial_no": serial,
            "effective_time": effective,
            "expire_time": expire,
            "encrypt_certificate": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": nonce,
                "associated_data": "certificate",
                "ciphertext": base64::encode(sealed),
            },
        })
    }

    /// Returns the response with these entries.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
    pub fn certificates_response_of(
        &self,
        entries: Vec<Value>,
        signer: (KeyId, Arc<dyn PrivateKey>),
    ) -> CertificatesResponse {
        let body = Bytes::from(json!({ "data": entries }).to_string());
        let nonce = format!("{:032x}", self.next_number());
        let headers = Self::sign_with(
            &signer.0,
            signer.1.as_ref(),
            &self.now().to_string(),
            &nonce,
            &body,
        );
        CertificatesResponse {
            status: 200,
            headers,
            body,
        }
    }

    /// Returns the five signature headers over `body`.
    ///
    /// # Panics
    /// Panics if the backend fails to sign.
    #[must_use]
    pub fn sign_with(
        id: &KeyId,
        key: &dyn PrivateKey,
        timestamp: &str,
        nonce: &str,
        body: &[u8],
    ) -> Vec<(String, Vec<u8>)> {
        let message: [&[u8]; 6] = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"];
        let signature = base64::encode(key.sign(&message).expect("a signature"));
        [
            ("Wechatpay-Timestamp", timestamp),
            ("Wechatpay-Nonce", nonce),
            ("Wechatpay-Serial", id.as_str()),
            ("Wechatpay-Signature", &signature),
            ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
        .collect()
    }

    /// Signs a body now with the default key.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> Vec<(String, Vec<u8>)> {
        let (id, key) = self.signing_key();
        let nonce = format!("{:032x}", self.next_number());
        Self::sign_with(&id, key.as_ref(), &self.now().to_string(), &nonce, body)
    }

    /// Encrypts a text with the merchant's APIv3 key.
    ///
    /// # Panics
    /// Panics if the nonce does not have 12 bytes.
    #[must_use]
    pub fn seal(&self, nonce: &str, associated_data: &str, plaintext: Vec<u8>) -> Vec<u8> {
        self.aead
            .seal(nonce.as_bytes(), associated_data.as_bytes(), plaintext)
            .expect("a nonce of 12 bytes")
    }

    pub(super) fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

impl Default for FakePlatform {
    fn default() -> Self {
        Self::new()
    }
}
