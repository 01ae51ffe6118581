//! Certificate cache: accepted certificates, downloads, and keys during an outage.

mod announced_key;
mod defects;
mod first_download;
mod health;
mod observer;
mod outage;
mod public_key_mode;
mod refresher;
mod responses;
mod rotation;
mod saved;
mod shared_download;
mod unknown_serials;
mod validity;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::time::Instant;
use wechatpay_core::{
    BoxError, Clock,
    crypto::{CryptoProvider, PrivateKey},
    keys::{
        CertificateCache, CertificateCacheBuilder, CertificateSource, CertificatesResponse, FetchFuture,
        KeyStore,
    },
    testing::{CertificateSpec, DEMO_API_V3_KEY, DemoKey, FakePlatform},
    types::{ApiV3Key, KeyId},
    verify::{Verifier, VerifyError},
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const DAY: i64 = 24 * 3600;
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const SERIAL_1: [u8; 4] = [0x1A, 1, 1, 1];
const SERIAL_2: [u8; 4] = [0x2B, 2, 2, 2];

/// Reply of the gateway to a request for certificates.
#[derive(Clone, Debug)]
enum Reply {
    Response(CertificatesResponse),
    After(Duration, CertificatesResponse),
    Unreachable,
    Hang,
}

/// Gateway with a prepared reply that counts its requests.
#[derive(Clone, Debug)]
struct Gateway {
    calls: Arc<AtomicUsize>,
    at: Arc<Mutex<Vec<Instant>>>,
    reply: Arc<Mutex<Reply>>,
}

impl Gateway {
    fn new(reply: Reply) -> Self {
        Self {
            calls: Arc::default(),
            at: Arc::default(),
            reply: Arc::new(Mutex::new(reply)),
        }
    }

    fn says(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Returns the pauses between the requests so far, in seconds.
    fn pauses(&self) -> Vec<f64> {
        let at = self.at.lock().unwrap();
        at.windows(2)
            .map(|pair| (pair[1] - pair[0]).as_secs_f64())
            .collect()
    }
}

impl CertificateSource for Gateway {
    fn fetch(&self) -> FetchFuture {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.at.lock().unwrap().push(Instant::now());
        let reply = self.reply.lock().unwrap().clone();
        Box::pin(async move {
            match reply {
                Reply::Response(response) => Ok(response),
                Reply::After(pause, response) => {
                    tokio::time::sleep(pause).await;
                    Ok(response)
                }
                Reply::Unreachable => Err(BoxError::from("connection refused")),
                Reply::Hang => std::future::pending().await,
            }
        })
    }
}

/// Platform with two certificates, at a time that tests move.
struct Rig {
    name: &'static str,
    platform: FakePlatform,
    time: Arc<AtomicI64>,
    gateway: Gateway,
}

fn rig((name, provider): (&'static str, Arc<dyn CryptoProvider>)) -> Rig {
    let time = Arc::new(AtomicI64::new(NOW));
    let platform = FakePlatform::with_provider(provider).clock(clock(&time));
    let gateway = Gateway::new(Reply::Unreachable);
    Rig {
        name,
        platform,
        time,
        gateway,
    }
}

fn rigs() -> Vec<Rig> {
    providers().into_iter().map(rig).collect()
}

fn clock(time: &Arc<AtomicI64>) -> Clock {
    let time = Arc::clone(time);
    Clock::from_fn(move || time.load(Ordering::Relaxed))
}

impl Rig {
    fn builder(&self) -> CertificateCacheBuilder {
        let key = ApiV3Key::parse(DEMO_API_V3_KEY).unwrap();
        CertificateCache::builder(key, Arc::new(self.gateway.clone()))
            .provider(Arc::clone(self.platform.provider()))
            .clock(clock(&self.time))
    }

    /// Creates an empty cache.
    fn cold(&self) -> CertificateCache {
        self.builder().build().unwrap()
    }

    /// Creates a cache that has downloaded the first certificate.
    async fn warm(&self) -> CertificateCache {
        let cache = self.cold();
        self.gateway.says(Reply::Response(self.response_1()));
        cache.refresh().await.unwrap();
        cache
    }

    fn spec(&self, key: DemoKey, serial: &[u8]) -> CertificateSpec {
        self.platform.certificate_spec(key, serial)
    }

    fn certificate_1(&self) -> String {
        self.platform.issue(&self.spec(DemoKey::Platform1, &SERIAL_1))
    }

    fn certificate_2(&self) -> String {
        self.platform.issue(&self.spec(DemoKey::Platform2, &SERIAL_2))
    }

    fn signer_1(&self) -> (KeyId, Arc<dyn PrivateKey>) {
        (id_1(), self.platform.demo_key(DemoKey::Platform1))
    }

    fn signer_2(&self) -> (KeyId, Arc<dyn PrivateKey>) {
        (id_2(), self.platform.demo_key(DemoKey::Platform2))
    }

    fn response_1(&self) -> CertificatesResponse {
        self.platform
            .certificates_response(&[self.certificate_1()], self.signer_1())
    }

    fn response_both(&self) -> CertificatesResponse {
        self.platform
            .certificates_response(&[self.certificate_1(), self.certificate_2()], self.signer_1())
    }

    /// Creates a response with any body, signed by the first certificate's key.
    fn response_of_body(&self, body: impl Into<Bytes>) -> CertificatesResponse {
        let (id, key) = self.signer_1();
        let body = body.into();
        CertificatesResponse {
            status: 200,
            headers: FakePlatform::sign_with(
                &id,
                key.as_ref(),
                &self.platform.now().to_string(),
                "0123456789abcdef",
                &body,
            ),
            body,
        }
    }

    /// Verifies a message that `signer` signed now.
    async fn verify(
        &self,
        keys: Arc<dyn KeyStore>,
        signer: &(KeyId, Arc<dyn PrivateKey>),
    ) -> Result<(), VerifyError> {
        let now = self.time.load(Ordering::Relaxed);
        let headers = FakePlatform::sign_with(&signer.0, signer.1.as_ref(), &now.to_string(), "nonce", b"{}");
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let verifier = Verifier::new(keys).clock(Clock::fixed(now));
        let keyed = verifier.begin(pairs)?.key().await?;
        keyed.verify(Bytes::from_static(b"{}")).map(drop)
    }

    /// Moves both clocks.
    async fn pass(&self, time: Duration) {
        self.time
            .fetch_add(i64::try_from(time.as_secs()).unwrap(), Ordering::Relaxed);
        tokio::time::advance(time).await;
    }
}

fn id(text: &str) -> KeyId {
    text.parse().unwrap()
}

fn id_1() -> KeyId {
    id("1A010101")
}

fn id_2() -> KeyId {
    id("2B020202")
}

fn forged(number: usize) -> KeyId {
    id(&format!("F{number:07X}"))
}

fn ids(cache: &CertificateCache) -> Vec<String> {
    cache.snapshot().iter().map(|key| key.id().to_string()).collect()
}

/// Returns the error chain as one text.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Encodes DER: tag, length, content.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(u8::try_from(length).unwrap()),
        0x80..0x100 => out.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

/// Encodes the `SubjectPublicKeyInfo` of an RSA key with this modulus and exponent.
fn rsa_key_info(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let unsigned = |octets: &[u8]| {
        let sign: &[u8] = if octets.first().is_some_and(|first| *first >= 0x80) {
            &[0]
        } else {
            &[]
        };
        tlv(0x02, &[sign, octets].concat())
    };
    let key = tlv(0x30, &[unsigned(modulus), unsigned(exponent)].concat());
    let algorithm = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    tlv(
        0x30,
        &[&algorithm[..], &tlv(0x03, &[&[0], key.as_slice()].concat())].concat(),
    )
}

/// Encodes the `SubjectPublicKeyInfo` of a point that need not be on P-256.
fn elliptic_key_info() -> Vec<u8> {
    let algorithm = [
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07,
    ];
    let point = [&[0x00, 0x04][..], &[0x5A; 64]].concat();
    tlv(0x30, &[&algorithm[..], &tlv(0x03, &point)].concat())
}

/// Returns an odd number of `bits` bits.
fn modulus(bits: usize) -> Vec<u8> {
    let mut octets = vec![0xC3; bits / 8];
    octets[bits / 8 - 1] = 0xC5;
    octets
}
