//! The certificate cache: what it accepts, when it downloads, and what it gives while it cannot.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use wechatpay_core::{
    BoxError, Clock, ConfigError,
    crypto::{CryptoProvider, KeyLoadError, PrivateKey},
    keys::{
        CertificateCache, CertificateCacheBuilder, CertificatesAnswer, FetchCertificates, FetchFuture,
        KeyError, KeyOrigin, KeyStore, PinnedKeys, PlatformKey, RefreshError, RefreshSettings,
        RefusedCertificate,
    },
    testing::{CertificateSpec, DEMO_API_V3_KEY, DemoKey, FakePlatform, private_key_pem, public_key_pem},
    types::{ApiV3Key, KeyId},
    verify::{Verifier, VerifyError},
};

use crate::support::{log::Log, providers};

const NOW: i64 = 1_700_000_000;
const DAY: i64 = 24 * 3600;
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const SERIAL_1: [u8; 4] = [0x1A, 1, 1, 1];
const SERIAL_2: [u8; 4] = [0x2B, 2, 2, 2];

/// What the gateway does when it is asked for certificates.
#[derive(Clone, Debug)]
enum Reply {
    Answer(CertificatesAnswer),
    After(Duration, CertificatesAnswer),
    Unreachable,
    Hang,
}

/// A gateway that is told what to say and counts how often it is asked.
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

    /// Pauses between the calls so far, in seconds.
    fn pauses(&self) -> Vec<f64> {
        let at = self.at.lock().unwrap();
        at.windows(2)
            .map(|pair| (pair[1] - pair[0]).as_secs_f64())
            .collect()
    }
}

impl FetchCertificates for Gateway {
    fn fetch(&self) -> FetchFuture {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.at.lock().unwrap().push(Instant::now());
        let reply = self.reply.lock().unwrap().clone();
        Box::pin(async move {
            match reply {
                Reply::Answer(answer) => Ok(answer),
                Reply::After(pause, answer) => {
                    tokio::time::sleep(pause).await;
                    Ok(answer)
                }
                Reply::Unreachable => Err(BoxError::from("connection refused")),
                Reply::Hang => std::future::pending().await,
            }
        })
    }
}

/// A platform with two certificates, at a time that tests move.
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

    /// A cache that holds nothing yet.
    fn cold(&self) -> CertificateCache {
        self.builder().build().unwrap()
    }

    /// A cache that has downloaded the first certificate.
    async fn warm(&self) -> CertificateCache {
        let cache = self.cold();
        self.gateway.says(Reply::Answer(self.answer_1()));
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

    fn answer_1(&self) -> CertificatesAnswer {
        self.platform
            .certificates_answer(&[self.certificate_1()], self.signer_1())
    }

    fn answer_both(&self) -> CertificatesAnswer {
        self.platform
            .certificates_answer(&[self.certificate_1(), self.certificate_2()], self.signer_1())
    }

    /// An answer with any body, signed by the first certificate's key.
    fn answer_of_body(&self, body: impl Into<Bytes>) -> CertificatesAnswer {
        let (id, key) = self.signer_1();
        let body = body.into();
        CertificatesAnswer {
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

    /// Verifies a message that `signer` signed just now.
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

/// The whole chain of an error as one text.
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

// The first download (T31).

#[tokio::test]
async fn the_first_answer_is_verified_with_the_key_inside_it() {
    for rig in rigs() {
        let cache = rig.warm().await;
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
        let key = cache.get(&id_1()).unwrap();
        assert_eq!(key.origin(), KeyOrigin::Downloaded, "{}", rig.name);
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
    }
}

#[tokio::test]
async fn a_first_answer_that_nobody_inside_signed_is_refused() {
    for rig in rigs() {
        let stranger = rig.platform.demo_key(DemoKey::Stranger);
        let pems = [rig.certificate_1()];
        let unsigned = CertificatesAnswer {
            headers: Vec::new(),
            ..rig.answer_1()
        };
        let stale = CertificatesAnswer {
            headers: FakePlatform::sign_with(
                &id_1(),
                rig.signer_1().1.as_ref(),
                &(NOW - 301).to_string(),
                "nonce",
                &rig.answer_1().body,
            ),
            ..rig.answer_1()
        };
        let probe = {
            let mut answer = rig.answer_1();
            answer.headers.retain(|(name, _)| name != "Wechatpay-Signature");
            answer
                .headers
                .push(("Wechatpay-Signature".into(), b"WECHATPAY/SIGNTEST/x".to_vec()));
            answer
        };
        for (answer, expected) in [
            // A stranger in the name of the certificate, in its own name, and in nobody's.
            (
                rig.platform
                    .certificates_answer(&pems, (id_1(), Arc::clone(&stranger))),
                "signature_invalid",
            ),
            (
                rig.platform
                    .certificates_answer(&pems, (id("ABCDEF"), Arc::clone(&stranger))),
                "key_unknown",
            ),
            (
                rig.platform
                    .certificates_answer(&pems, (FakePlatform::public_key_id().into(), stranger)),
                "key_unknown",
            ),
            (unsigned, "header_missing"),
            (stale, "too_old"),
            (probe, "probe"),
        ] {
            let cache = rig.cold();
            rig.gateway.says(Reply::Answer(answer));
            let error = cache.refresh().await.unwrap_err();
            assert!(
                matches!(&*error, RefreshError::Unverified(cause) if cause.code() == expected),
                "{}: {expected}: {}",
                rig.name,
                chain(&*error)
            );
            assert!(cache.snapshot().is_empty(), "{}: {expected}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_first_answer_sealed_with_another_api_v3_key_is_refused() {
    for rig in rigs() {
        let other = ApiV3Key::parse("AnotherApiV3KeyAnotherApiV3Key12").unwrap();
        let cache = CertificateCache::builder(other, Arc::new(rig.gateway.clone()))
            .provider(Arc::clone(rig.platform.provider()))
            .clock(Clock::fixed(NOW))
            .build()
            .unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        let error = cache.refresh().await.unwrap_err();
        assert!(matches!(*error, RefreshError::DoesNotOpen), "{}", rig.name);
        assert!(cache.snapshot().is_empty(), "{}", rig.name);
    }
}

#[tokio::test]
async fn an_answer_signed_with_a_key_that_is_only_inside_it_is_accepted() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let pems = [rig.certificate_1(), rig.certificate_2()];
        let answer = rig.platform.certificates_answer(&pems, rig.signer_2());
        rig.gateway.says(Reply::Answer(answer));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);
    }
}

#[tokio::test]
async fn an_answer_may_be_signed_with_the_pinned_public_key() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        let answer = rig
            .platform
            .certificates_answer(&[rig.certificate_1()], rig.platform.signing_key());
        rig.gateway.says(Reply::Answer(answer));
        cache.refresh().await.unwrap();
        assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
    }
}

#[tokio::test]
async fn json_escapes_and_missing_associated_data_are_read_as_json_means_them() {
    for rig in rigs() {
        let text = String::from_utf8(rig.answer_1().body.to_vec()).unwrap();
        let escaped = text
            .replace('/', "\\/")
            .replace('+', "\\u002b")
            .replace("AEAD", "\\u0041EAD");
        assert_ne!(escaped, text);
        let mut bodies = vec![escaped];
        for associated_data in [json!(null), json!(""), Value::String("absent".into())] {
            let mut entry = rig.platform.certificate_entry(&rig.certificate_1());
            let sealed = rig
                .platform
                .seal("0123456789ab", "", rig.certificate_1().into_bytes());
            let container = &mut entry["encrypt_certificate"];
            container["nonce"] = json!("0123456789ab");
            container["ciphertext"] = json!(STANDARD.encode(sealed));
            if associated_data == "absent" {
                container.as_object_mut().unwrap().remove("associated_data");
            } else {
                container["associated_data"] = associated_data;
            }
            bodies.push(json!({ "data": [entry], "added_later": { "x": 1 } }).to_string());
        }
        for body in bodies {
            let cache = rig.cold();
            rig.gateway.says(Reply::Answer(rig.answer_of_body(body)));
            let outcome = cache.refresh().await;
            assert!(outcome.is_ok(), "{}: {}", rig.name, chain(&*outcome.unwrap_err()));
        }
    }
}

// Refused certificates (T29).

/// DER: tag, length, content.
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

/// The `SubjectPublicKeyInfo` of an RSA key with this modulus and exponent.
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

/// The `SubjectPublicKeyInfo` of a point on P-256; nobody looks whether it lies on the curve.
fn elliptic_key_info() -> Vec<u8> {
    let algorithm = [
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07,
    ];
    let point = [&[0x00, 0x04][..], &[0x5A; 64]].concat();
    tlv(0x30, &[&algorithm[..], &tlv(0x03, &point)].concat())
}

/// An odd number of `bits` bits.
fn modulus(bits: usize) -> Vec<u8> {
    let mut octets = vec![0xC3; bits / 8];
    octets[bits / 8 - 1] = 0xC5;
    octets
}

struct Defect {
    name: &'static str,
    entry: Value,
    expected: fn(&RefusedCertificate) -> bool,
}

impl Rig {
    /// An entry for a certificate that need not be sound.
    fn entry(&self, serial: &str, plaintext: &str) -> Value {
        self.platform.sealed_certificate(
            serial,
            "2020-01-01T00:00:00+08:00",
            "2030-01-01T00:00:00+08:00",
            plaintext,
        )
    }

    /// An entry for a certificate of the third serial, changed by `change`.
    fn changed(&self, change: impl FnOnce(&mut CertificateSpec)) -> Value {
        let mut spec = self.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
        change(&mut spec);
        self.entry("3C030303", &self.platform.issue(&spec))
    }

    fn defects(&self) -> Vec<Defect> {
        use RefusedCertificate as Refused;

        let sound = self
            .platform
            .issue(&self.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]));
        let sound_der = {
            let body: String = sound.lines().filter(|line| !line.starts_with("-----")).collect();
            STANDARD.decode(body).unwrap()
        };
        let pem = |der: &[u8]| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(der)
            )
        };
        let contained = |key: &str, value: Value| {
            let mut entry = self.entry("3C030303", &sound);
            entry["encrypt_certificate"][key] = value;
            entry
        };
        let with_key = |info: Vec<u8>| self.changed(|spec| spec.public_key_info = info);
        let cases: Vec<(&'static str, Value, fn(&Refused) -> bool)> = vec![
            ("another serial", self.entry("3C030304", &sound), |why| {
                *why == Refused::SerialMismatch
            }),
            ("no serial at all", self.entry("../etc/passwd", &sound), |why| {
                *why == Refused::SerialMismatch
            }),
            (
                "a public-key id for a serial",
                self.entry("PUB_KEY_ID_1", &sound),
                |why| *why == Refused::SerialMismatch,
            ),
            (
                "1024 bits",
                with_key(rsa_key_info(&modulus(1024), &[1, 0, 1])),
                |why| matches!(why, Refused::Key(KeyLoadError::ModulusSize { bits: 1024 })),
            ),
            (
                "2040 bits",
                with_key(rsa_key_info(&modulus(2040), &[1, 0, 1])),
                |why| matches!(why, Refused::Key(KeyLoadError::ModulusSize { bits: 2040 })),
            ),
            (
                "16384 bits",
                with_key(rsa_key_info(&modulus(16384), &[1, 0, 1])),
                |why| matches!(why, Refused::Key(KeyLoadError::ModulusSize { bits: 16384 })),
            ),
            (
                "exponent 1",
                with_key(rsa_key_info(&modulus(2048), &[1])),
                |why| matches!(why, Refused::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "exponent 3",
                with_key(rsa_key_info(&modulus(2048), &[3])),
                |why| matches!(why, Refused::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "an even exponent",
                with_key(rsa_key_info(&modulus(2048), &[1, 0, 2])),
                |why| matches!(why, Refused::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "a huge exponent",
                with_key(rsa_key_info(&modulus(2048), &[0x7F; 9])),
                |why| matches!(why, Refused::Key(KeyLoadError::WeakExponent)),
            ),
            ("an elliptic curve", with_key(elliptic_key_info()), |why| {
                matches!(why, Refused::Key(KeyLoadError::NotRsa))
            }),
            ("a CA", self.changed(|spec| spec.is_ca = true), |why| {
                *why == Refused::IsCa
            }),
            (
                "the serial of a known certificate with another key",
                self.entry(
                    "1A010101",
                    &self.platform.issue(&self.spec(DemoKey::Platform2, &SERIAL_1)),
                ),
                |why| *why == Refused::SerialReused,
            ),
            (
                "the serial of a certificate of the same answer with another key",
                self.entry(
                    "2B020202",
                    &self.platform.issue(&self.spec(DemoKey::Stranger, &SERIAL_2)),
                ),
                |why| *why == Refused::SerialReused,
            ),
            (
                "another issuer",
                {
                    let spec = self.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
                    let stranger = self.platform.demo_key(DemoKey::Stranger);
                    self.entry("3C030303", &spec.issue_pem(stranger.as_ref()).unwrap())
                },
                |why| *why == Refused::OtherIssuer,
            ),
            (
                "two blocks",
                self.entry("3C030303", &format!("{sound}{sound}")),
                |why| matches!(why, Refused::Key(KeyLoadError::SeveralBlocks(_))),
            ),
            (
                "bytes behind the certificate",
                self.entry("3C030303", &pem(&[&sound_der[..], &[0]].concat())),
                |why| matches!(why, Refused::Key(KeyLoadError::Der(_))),
            ),
            (
                "half a certificate",
                self.entry("3C030303", &pem(&sound_der[..200])),
                |why| matches!(why, Refused::Key(KeyLoadError::Der(_))),
            ),
            ("serial zero", self.changed(|spec| spec.serial = vec![0]), |why| {
                matches!(why, Refused::Key(KeyLoadError::Der(_)))
            }),
            (
                "a serial of 24 octets",
                self.changed(|spec| spec.serial = vec![0x3C; 24]),
                |why| matches!(why, Refused::Key(KeyLoadError::Der(_))),
            ),
            ("no PEM text", self.entry("3C030303", "hello"), |why| {
                matches!(why, Refused::Key(KeyLoadError::NoPem { .. }))
            }),
            (
                "a public key",
                self.entry(
                    "3C030303",
                    &public_key_pem(self.platform.demo_key(DemoKey::Platform2).public_key_info()),
                ),
                |why| matches!(why, Refused::Key(KeyLoadError::WrongKind { .. })),
            ),
            (
                "a private key",
                self.entry("3C030303", &private_key_pem(DemoKey::Stranger.pkcs8())),
                |why| matches!(why, Refused::Key(KeyLoadError::WrongKind { .. })),
            ),
            (
                "no text",
                {
                    let sealed = self
                        .platform
                        .seal("0123456789ab", "certificate", vec![0xFF, 0xFE, 0x80]);
                    let mut entry = contained("nonce", json!("0123456789ab"));
                    entry["encrypt_certificate"]["ciphertext"] = json!(STANDARD.encode(sealed));
                    entry
                },
                |why| *why == Refused::NotText,
            ),
            (
                "another algorithm",
                contained("algorithm", json!("AEAD_SM4_GCM")),
                |why| *why == Refused::Container,
            ),
            (
                "a nonce of 16 bytes",
                contained("nonce", json!("0123456789abcdef")),
                |why| *why == Refused::Container,
            ),
            (
                "a nonce of 12 characters and 36 bytes",
                contained("nonce", json!("零一二三四五六七八九十百")),
                |why| *why == Refused::Container,
            ),
            ("no nonce", contained("nonce", json!("")), |why| {
                *why == Refused::Container
            }),
            ("no ciphertext", contained("ciphertext", json!("")), |why| {
                *why == Refused::Container
            }),
            (
                "a ciphertext as long as its tag",
                contained("ciphertext", json!(STANDARD.encode([0; 16]))),
                |why| *why == Refused::Container,
            ),
            (
                "a ciphertext that is no base64",
                contained("ciphertext", json!("-_-_")),
                |why| *why == Refused::Container,
            ),
        ];
        cases
            .into_iter()
            .map(|(name, entry, expected)| Defect {
                name,
                entry,
                expected,
            })
            .collect()
    }
}

#[tokio::test]
async fn one_certificate_with_a_defect_refuses_the_whole_set_and_the_old_one_stays() {
    for rig in rigs() {
        let root = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let cache = rig.builder().root(root).build().unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        let saved = cache.to_pem();

        let sound = rig.platform.certificate_entry(&rig.certificate_2());
        for defect in rig.defects() {
            for entries in [
                vec![sound.clone(), defect.entry.clone()],
                vec![defect.entry, sound.clone()],
            ] {
                let answer = rig.platform.certificates_answer_of(entries, rig.signer_1());
                rig.gateway.says(Reply::Answer(answer));
                let error = cache.refresh().await.unwrap_err();
                match &*error {
                    RefreshError::Refused { source, .. } => assert!(
                        (defect.expected)(source),
                        "{}: {} gave {source:?}",
                        rig.name,
                        defect.name
                    ),
                    other => panic!("{}: {} gave {other:?}", rig.name, defect.name),
                }
                assert_eq!(cache.to_pem(), saved, "{}: {}", rig.name, defect.name);
                assert!(cache.health().refresh_failing, "{}: {}", rig.name, defect.name);
            }
        }
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
    }
}

#[tokio::test]
async fn five_minutes_are_allowed_at_both_ends_and_a_certificate_may_be_listed_twice() {
    for rig in rigs() {
        for change in [
            (|spec| spec.not_before = NOW + 300) as fn(&mut CertificateSpec),
            |spec| spec.not_after = NOW - 300,
        ] {
            let other = rig.changed(change);
            let one = rig.platform.certificate_entry(&rig.certificate_1());
            let entries = vec![one.clone(), other, one];
            let answer = rig.platform.certificates_answer_of(entries, rig.signer_1());
            let cache = rig.cold();
            rig.gateway.says(Reply::Answer(answer));
            cache.refresh().await.unwrap();
            assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
            // Both verify, and neither is preferred to the one that needs no tolerance.
            let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
            rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
            assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
            assert_eq!(cache.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);
        }
    }
}

/// What is out of its time, and what is said of it.
fn out_of_time(rig: &Rig) -> Vec<(&'static str, Value, RefusedCertificate)> {
    vec![
        (
            "ended 301 s ago",
            rig.changed(|spec| spec.not_after = NOW - 301),
            RefusedCertificate::Expired,
        ),
        (
            "ended years ago",
            rig.changed(|spec| (spec.not_before, spec.not_after) = (NOW - 2000 * DAY, NOW - 1000 * DAY)),
            RefusedCertificate::Expired,
        ),
        (
            "begins in 301 s",
            rig.changed(|spec| spec.not_before = NOW + 301),
            RefusedCertificate::NotYetValid,
        ),
        (
            "begins tomorrow",
            rig.changed(|spec| spec.not_before = NOW + DAY),
            RefusedCertificate::NotYetValid,
        ),
    ]
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_left_out_and_the_others_are_taken() {
    for rig in rigs() {
        let root = || public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        for (case, entry, _) in out_of_time(&rig) {
            let (one, two) = (rig.certificate_1(), rig.certificate_2());
            let entries = |rig: &Rig| {
                [&one, &two]
                    .map(|pem| rig.platform.certificate_entry(pem))
                    .to_vec()
            };
            for at in 0..3 {
                let mut list = entries(&rig);
                list.insert(at, entry.clone());
                let answer = rig.platform.certificates_answer_of(list, rig.signer_2());

                // The first start, with the list's only other certificates, and a process that runs.
                let cold = rig.builder().root(root()).build().unwrap();
                let warm = rig.builder().root(root()).build().unwrap();
                rig.gateway.says(Reply::Answer(rig.answer_1()));
                warm.refresh().await.unwrap();
                rig.gateway.says(Reply::Answer(answer));
                for cache in [cold, warm] {
                    let outcome = cache.refresh().await;
                    assert!(outcome.is_ok(), "{}: {case}: {outcome:?}", rig.name);
                    assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}: {case}", rig.name);
                    assert!(!cache.health().refresh_failing, "{}: {case}", rig.name);
                    for signer in [rig.signer_1(), rig.signer_2()] {
                        rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
                    }
                    // What was left out verifies nothing.
                    let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
                    let error = rig.verify(Arc::new(cache), &signer).await.unwrap_err();
                    assert_eq!(error.code(), "key_unknown", "{}: {case}", rig.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_left_out_is_warned_of_once() {
    for rig in rigs() {
        let log = Log::listen();
        let (_, early, _) = out_of_time(&rig).remove(2);
        let late = rig.entry("4D040404", &{
            let mut spec = rig.spec(DemoKey::Platform2, &[0x4D, 4, 4, 4]);
            spec.not_after = NOW - DAY;
            rig.platform.issue(&spec)
        });
        let one = rig.platform.certificate_entry(&rig.certificate_1());
        let cache = rig.cold();
        for (entries, expected) in [
            (vec![&one, &early], vec!["3C030303"]),
            (vec![&one, &early], vec![]),
            (vec![&late, &one, &early], vec!["4D040404"]),
            (vec![&one], vec![]),
        ] {
            let entries = entries.into_iter().cloned().collect();
            let answer = rig.platform.certificates_answer_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Answer(answer));
            cache.refresh().await.unwrap();
            let lines = log.take();
            assert_eq!(lines.len(), expected.len(), "{}: {lines:?}", rig.name);
            for (line, serial) in lines.iter().zip(expected) {
                assert!(
                    line.starts_with("WARN") && line.contains(serial),
                    "{}: {line}",
                    rig.name
                );
            }
        }
    }
}

#[tokio::test]
async fn a_list_with_nothing_valid_is_refused_and_the_old_set_stays() {
    for rig in rigs() {
        for (case, entry, expected) in out_of_time(&rig) {
            let warm = rig.warm().await;
            let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
            for signer in [rig.signer_1(), signer] {
                let answer = rig
                    .platform
                    .certificates_answer_of(vec![entry.clone(); 2], signer);
                rig.gateway.says(Reply::Answer(answer));
                for (cache, keys) in [(rig.cold(), 0), (warm.clone(), 1)] {
                    match &*cache.refresh().await.unwrap_err() {
                        RefreshError::Refused { serial, source } => {
                            assert_eq!(
                                (serial.as_str(), source),
                                ("3C030303", &expected),
                                "{}: {case}",
                                rig.name
                            );
                        }
                        other => panic!("{}: {case} gave {other:?}", rig.name),
                    }
                    assert_eq!(cache.snapshot().len(), keys, "{}: {case}", rig.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_out_of_its_time_excuses_no_other_defect() {
    use RefusedCertificate as Refused;
    for rig in rigs() {
        let late: fn(&mut CertificateSpec) = |spec| spec.not_after = NOW - DAY;
        let issued = |key: DemoKey, serial: &[u8]| {
            let mut spec = rig.spec(key, serial);
            late(&mut spec);
            rig.platform.issue(&spec)
        };
        let foreign = {
            let mut spec = rig.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
            late(&mut spec);
            spec.issue_pem(rig.platform.demo_key(DemoKey::Stranger).as_ref())
                .unwrap()
        };
        type Expected = fn(&Refused) -> bool;
        let cases: [(&str, Value, Expected); 6] = [
            (
                "another serial",
                rig.entry("3C030304", &issued(DemoKey::Platform2, &[0x3C, 3, 3, 3])),
                |why| *why == Refused::SerialMismatch,
            ),
            (
                "a CA",
                rig.changed(|spec| {
                    spec.is_ca = true;
                    spec.not_after = NOW - DAY;
                }),
                |why| *why == Refused::IsCa,
            ),
            (
                "a weak key",
                rig.changed(|spec| {
                    spec.public_key_info = rsa_key_info(&modulus(1024), &[1, 0, 1]);
                    spec.not_after = NOW - DAY;
                }),
                |why| matches!(why, Refused::Key(_)),
            ),
            (
                "the serial of a known certificate",
                rig.entry("1A010101", &issued(DemoKey::Platform2, &SERIAL_1)),
                |why| *why == Refused::SerialReused,
            ),
            (
                "the serial of a certificate beside it",
                rig.entry("2B020202", &issued(DemoKey::Stranger, &SERIAL_2)),
                |why| *why == Refused::SerialReused,
            ),
            ("another issuer", rig.entry("3C030303", &foreign), |why| {
                *why == Refused::OtherIssuer
            }),
        ];
        let root = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let cache = rig.builder().root(root).build().unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        for (case, entry, expected) in cases {
            let entries = vec![rig.platform.certificate_entry(&rig.certificate_2()), entry];
            let answer = rig.platform.certificates_answer_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Answer(answer));
            match &*cache.refresh().await.unwrap_err() {
                RefreshError::Refused { source, .. } => {
                    assert!(expected(source), "{}: {case} gave {source:?}", rig.name);
                }
                other => panic!("{}: {case} gave {other:?}", rig.name),
            }
            assert_eq!(ids(&cache), ["1A010101"], "{}: {case}", rig.name);
        }
    }
}

#[tokio::test]
async fn only_what_is_used_of_the_list_is_read() {
    for rig in rigs() {
        let sound = rig.platform.certificate_entry(&rig.certificate_1());
        let changed = |change: fn(&mut serde_json::Map<String, Value>)| {
            let mut entry = sound.clone();
            change(entry.as_object_mut().unwrap());
            entry
        };
        let cases = [
            (
                "no dates",
                changed(|entry| {
                    entry.remove("effective_time");
                    entry.remove("expire_time");
                }),
            ),
            (
                "names with a blank",
                changed(|entry| {
                    let date = entry.remove("effective_time").unwrap();
                    entry.insert("effective_time ".into(), date);
                    let date = entry.remove("expire_time").unwrap();
                    entry.insert(" expire_time".into(), date);
                }),
            ),
            (
                "dates of another form",
                changed(|entry| {
                    entry.insert("effective_time".into(), json!("20200101000000"));
                    entry.insert("expire_time".into(), json!(1_700_000_000));
                }),
            ),
            (
                "no dates but null",
                changed(|entry| {
                    entry.insert("effective_time".into(), Value::Null);
                    entry.insert("expire_time".into(), json!({ "at": [] }));
                }),
            ),
            // The certificate itself says until when it is valid.
            (
                "an end that has passed",
                changed(|entry| {
                    entry.insert("expire_time".into(), json!("2020-01-01T00:00:00+08:00"));
                }),
            ),
            (
                "a beginning that is to come",
                changed(|entry| {
                    entry.insert("effective_time".into(), json!("2099-01-01T00:00:00+08:00"));
                }),
            ),
            (
                "members that nobody knows",
                changed(|entry| {
                    entry.insert("status".into(), json!({ "a": [1, null] }));
                }),
            ),
        ];
        for (case, entry) in cases {
            let cache = rig.cold();
            let answer = rig.platform.certificates_answer_of(vec![entry], rig.signer_1());
            rig.gateway.says(Reply::Answer(answer));
            let outcome = cache.refresh().await;
            assert!(outcome.is_ok(), "{}: {case}: {outcome:?}", rig.name);
            let expiry = cache.get(&id_1()).unwrap().expires_at();
            assert_eq!(expiry, Some(NOW + 3 * 365 * DAY), "{}: {case}", rig.name);
        }
    }
}

#[tokio::test]
async fn the_serial_in_a_refusal_is_one_or_a_question_mark() {
    for rig in rigs() {
        let cache = rig.cold();
        for (serial, shown) in [("00abcdef", "00ABCDEF"), ("CANARY\nCANARY", "?"), ("", "?")] {
            let entries = vec![rig.entry(serial, &rig.certificate_1())];
            let answer = rig.platform.certificates_answer_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Answer(answer));
            let error = cache.refresh().await.unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("platform certificate {shown} was refused"),
                "{}",
                rig.name
            );
        }
    }
}

// Broken answers (T30).

#[tokio::test(start_paused = true)]
async fn no_broken_answer_shrinks_the_ring_and_the_next_good_one_is_taken() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let saved = cache.to_pem();
        let status = |status| {
            Reply::Answer(CertificatesAnswer {
                status,
                ..rig.answer_1()
            })
        };
        let body = |text: &str| Reply::Answer(rig.answer_of_body(text.to_owned()));
        let one = rig.platform.certificate_entry(&rig.certificate_1());
        let many = rig.platform.certificates_answer_of(vec![one; 33], rig.signer_1());
        let html = "<html><body>502 Bad Gateway</body></html>";
        let deep = format!("{{\"data\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let cases: Vec<(&str, Reply, fn(&RefreshError) -> bool)> = vec![
            ("404", status(404), |why| {
                matches!(why, RefreshError::NoCertificates)
            }),
            ("401", status(401), |why| {
                matches!(why, RefreshError::Status { status: 401 })
            }),
            ("204", status(204), |why| {
                matches!(why, RefreshError::Status { status: 204 })
            }),
            ("302", status(302), |why| {
                matches!(why, RefreshError::Status { status: 302 })
            }),
            ("429", status(429), |why| {
                matches!(why, RefreshError::Status { status: 429 })
            }),
            ("500", status(500), |why| {
                matches!(why, RefreshError::Status { status: 500 })
            }),
            ("503", status(503), |why| {
                matches!(why, RefreshError::Status { status: 503 })
            }),
            ("HTML", body(html), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("nothing", body(""), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("an empty object", body("{}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("null", body("{\"data\":null}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("numbers", body("{\"data\":[1,2]}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("a deep one", body(&deep), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("an empty list", body("{\"data\":[]}"), |why| {
                matches!(why, RefreshError::NoCertificates)
            }),
            ("33 entries", Reply::Answer(many), |why| {
                matches!(
                    why,
                    RefreshError::Refused {
                        source: RefusedCertificate::Count,
                        ..
                    }
                )
            }),
            ("no answer", Reply::Unreachable, |why| {
                matches!(why, RefreshError::Transport(_))
            }),
            ("no end", Reply::Hang, |why| {
                matches!(why, RefreshError::Timeout { seconds: 10 })
            }),
        ];
        for (number, (case, reply, expected)) in (1..).zip(cases) {
            rig.gateway.says(reply);
            let started = Instant::now();
            let error = cache.refresh().await.unwrap_err();
            assert!(expected(&error), "{}: {case} gave {error:?}", rig.name);
            assert!(
                started.elapsed() <= Duration::from_millis(10_100),
                "{}: {case}",
                rig.name
            );
            assert_eq!(cache.to_pem(), saved, "{}: {case}", rig.name);
            assert_eq!(cache.health().failures, number, "{}: {case}", rig.name);
            rig.verify(Arc::new(cache.clone()), &rig.signer_1())
                .await
                .unwrap();
        }
        rig.gateway.says(Reply::Answer(rig.answer_both()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);
        assert!(!cache.health().refresh_failing, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_merchant_without_certificates_keeps_its_pinned_public_key() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Answer(CertificatesAnswer {
            status: 404,
            headers: Vec::new(),
            body: Bytes::from_static(b"{\"code\":\"RESOURCE_NOT_EXISTS\"}"),
        }));
        let error = cache.refresh().await.unwrap_err();
        assert!(error.to_string().contains("public key"), "{}: {error}", rig.name);
        rig.verify(Arc::new(cache), &rig.platform.signing_key())
            .await
            .unwrap();
    }
}

fn no_certificates() -> Reply {
    Reply::Answer(CertificatesAnswer {
        status: 404,
        headers: Vec::new(),
        body: Bytes::from_static(b"{\"code\":\"RESOURCE_NOT_EXISTS\"}"),
    })
}

#[tokio::test(start_paused = true)]
async fn beside_a_public_key_a_404_is_an_end_and_forged_serials_are_unknown() {
    for rig in rigs() {
        let pinned = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        let alone = rig.cold();
        rig.gateway.says(no_certificates());
        for number in 0..3 {
            let outcome = pinned.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unknown)),
                "{}: {outcome:?}",
                rig.name
            );
            let stranger = (forged(number), rig.platform.demo_key(DemoKey::Stranger));
            let error = rig.verify(Arc::new(pinned.clone()), &stranger).await.unwrap_err();
            assert_eq!(error.code(), "key_unknown", "{}", rig.name);
            // Without any key nobody can be told apart.
            let outcome = alone.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unavailable(_))),
                "{}: {outcome:?}",
                rig.name
            );
        }
        let health = pinned.health();
        assert!(
            !health.refresh_failing && health.is_ready(),
            "{}: {health:?}",
            rig.name
        );
        assert_eq!(health.failures, 0, "{}", rig.name);
        assert!(alone.health().refresh_failing, "{}", rig.name);

        // An outage is an outage again, and certificates that come after all are taken.
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Unreachable);
        let outcome = pinned.fetch(&forged(9)).await;
        assert!(
            matches!(outcome, Err(KeyError::Unavailable(_))),
            "{}: {outcome:?}",
            rig.name
        );
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        assert!(pinned.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn beside_a_public_key_a_404_is_asked_again_at_the_usual_time() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(no_certificates());
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(24 * HOUR).await;
        assert!(
            (3..=6).contains(&rig.gateway.calls()),
            "{}: {}",
            rig.name,
            rig.gateway.calls()
        );
    }
}

// Panics and settings of somebody else.

/// Panics where it is called, or where it is polled, until it is told not to.
#[derive(Clone, Debug)]
struct Panicking {
    gateway: Gateway,
    at_once: bool,
    left: Arc<AtomicUsize>,
}

impl FetchCertificates for Panicking {
    fn fetch(&self) -> FetchFuture {
        let fetched = self.gateway.fetch();
        let (at_once, left) = (self.at_once, Arc::clone(&self.left));
        let panics = move || {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
        };
        if at_once {
            assert!(!panics(), "a test that panics where it is called");
            return fetched;
        }
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!panics(), "a test that panics where it is polled");
            fetched.await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_fetcher_that_panics_is_a_failure_and_does_not_end_the_refresh() {
    for rig in rigs() {
        for at_once in [true, false] {
            let fetcher = Panicking {
                gateway: rig.gateway.clone(),
                at_once,
                left: Arc::new(AtomicUsize::new(3)),
            };
            rig.gateway.says(Reply::Answer(rig.answer_1()));
            let key = ApiV3Key::parse(DEMO_API_V3_KEY).unwrap();
            let cache = CertificateCache::builder(key, Arc::new(fetcher))
                .provider(Arc::clone(rig.platform.provider()))
                .clock(clock(&rig.time))
                .build()
                .unwrap();
            // One by hand, one on demand, the third by the timer.
            let error = cache.refresh().await.unwrap_err();
            assert!(
                matches!(*error, RefreshError::Panicked),
                "{}: {error:?}",
                rig.name
            );
            let outcome = cache.fetch(&id_1()).await;
            assert!(
                matches!(&outcome, Err(KeyError::Unavailable(error)) if matches!(error.downcast_ref(), Some(RefreshError::Panicked))),
                "{}: {outcome:?}",
                rig.name
            );
            let guard = cache.spawn_refresh();
            tokio::time::sleep(Duration::from_secs(15)).await;
            let health = cache.health();
            assert!(guard.is_running(), "{}", rig.name);
            assert!(
                health.refresh_failing && health.failures == 3,
                "{}: {health:?}",
                rig.name
            );
            tokio::time::sleep(HOUR).await;
            let health = cache.health();
            assert!(
                !health.refresh_failing && health.is_ready(),
                "{}: {health:?}",
                rig.name
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn settings_without_a_pause_neither_spin_nor_panic() {
    for rig in rigs() {
        for time in [Duration::ZERO, Duration::from_nanos(1)] {
            let mut settings = RefreshSettings::default();
            settings.interval = time;
            settings.interval_before_expiry = time;
            settings.deadline = time;
            settings.backoff_start = time;
            settings.backoff_limit = time;
            settings.on_demand_interval = time;
            for reply in [Reply::Unreachable, Reply::Answer(rig.answer_1())] {
                rig.gateway.says(reply);
                let before = rig.gateway.calls();
                let cache = rig.builder().settings(settings).build().unwrap();
                let _guard = cache.spawn_refresh();
                tokio::time::sleep(Duration::from_secs(100)).await;
                for number in 0..100 {
                    let _ = cache.fetch(&forged(number)).await;
                }
                let calls = rig.gateway.calls() - before;
                assert!((80..=130).contains(&calls), "{}: {calls}", rig.name);
            }
        }
        let mut settings = RefreshSettings::default();
        settings.interval = Duration::MAX;
        settings.interval_before_expiry = Duration::MAX;
        settings.deadline = Duration::MAX;
        settings.backoff_start = Duration::MAX;
        settings.backoff_limit = Duration::MAX;
        settings.on_demand_interval = Duration::MAX;
        settings.request_wait = Duration::MAX;
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        let cache = rig.builder().settings(settings).build().unwrap();
        let _guard = cache.spawn_refresh();
        assert!(cache.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

// Rotation (T28).

#[tokio::test(start_paused = true)]
async fn old_and_new_key_and_public_key_verify_side_by_side_while_the_set_is_refreshed() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        rig.pass(2 * MINUTE).await;

        // The successor shows up in a signature first; asking for it brings it.
        rig.gateway
            .says(Reply::After(Duration::from_millis(300), rig.answer_both()));
        let signers = [rig.signer_1(), rig.signer_2(), rig.platform.signing_key()];
        let refreshing = tokio::spawn({
            let cache = cache.clone();
            async move { cache.refresh().await }
        });
        for round in 0..9 {
            let signer = &signers[round % 3];
            let outcome = rig.verify(Arc::new(cache.clone()), signer).await;
            assert!(outcome.is_ok(), "{}: round {round}: {outcome:?}", rig.name);
        }
        refreshing.await.unwrap().unwrap();
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        assert_eq!(cache.snapshot().len(), 3, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_no_longer_listed_stays_until_it_expires() {
    for rig in rigs() {
        let cache = rig.cold();
        let mut spec = rig.spec(DemoKey::Platform1, &SERIAL_1);
        spec.not_after = NOW + 5 * DAY;
        let old = rig.platform.issue(&spec);
        let answer = rig.platform.certificates_answer(&[old], rig.signer_1());
        rig.gateway.says(Reply::Answer(answer));
        cache.refresh().await.unwrap();

        let answer = || {
            rig.platform
                .certificates_answer(&[rig.certificate_2()], rig.signer_2())
        };
        rig.gateway.says(Reply::Answer(answer()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);

        rig.time.store(NOW + 5 * DAY + 300, Ordering::Relaxed);
        rig.verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap();
        rig.time.store(NOW + 5 * DAY + 301, Ordering::Relaxed);
        let expired = rig
            .verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap_err();
        assert_eq!(expired.code(), "key_expired", "{}", rig.name);
        rig.gateway.says(Reply::Answer(answer()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["2B020202"], "{}", rig.name);
    }
}

#[tokio::test]
async fn a_key_that_is_pinned_for_later_outlives_a_refresh() {
    for rig in rigs() {
        let mut spec = rig.spec(DemoKey::Platform2, &SERIAL_2);
        spec.not_before = NOW + 5 * DAY;
        let later = rig.platform.platform_key(&rig.platform.issue(&spec));
        let cache = rig.builder().pin(later).build().unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["2B020202", "1A010101"], "{}", rig.name);
    }
}

// Who may cause a download, and how often (T5).

#[tokio::test(start_paused = true)]
async fn five_hundred_forged_serials_cause_one_download() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.pass(2 * MINUTE).await;
        for number in 0..500 {
            let signer = (forged(number), rig.signer_1().1);
            let error = rig.verify(Arc::new(cache.clone()), &signer).await.unwrap_err();
            assert_eq!(error.code(), "key_unknown", "{}", rig.name);
        }
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_forged_serials_cause_one_download_a_minute_and_cost_no_key() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let (pem, signer) = ([rig.certificate_1()], rig.signer_1());
        for number in 0..100_000 {
            // 100 000 in ten minutes.
            if number % 1000 == 0 {
                rig.pass(Duration::from_secs(6)).await;
                let answer = rig.platform.certificates_answer(&pem, signer.clone());
                rig.gateway.says(Reply::Answer(answer));
                rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
            }
            let outcome = cache.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unknown)),
                "{}: {outcome:?}",
                rig.name
            );
            assert!(cache.get(&id_1()).is_some(), "{}", rig.name);
        }
        let calls = rig.gateway.calls();
        assert!((8..=12).contains(&calls), "{}: {calls}", rig.name);
        // The first one was not asked for by a serial.
        assert!(
            rig.gateway.pauses().iter().skip(1).all(|pause| *pause >= 60.0),
            "{}",
            rig.name
        );
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_public_key_id_never_downloads() {
    for rig in rigs() {
        let cache = rig.cold();
        let outcome = cache.fetch(&FakePlatform::public_key_id().into()).await;
        assert!(matches!(outcome, Err(KeyError::Unknown)), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 0, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_serial_is_remembered_as_unknown_only_after_a_download_that_did_not_bring_it() {
    for rig in rigs() {
        let cache = rig.warm().await;
        // The minute's download is spent on another: refused, but not remembered.
        assert!(
            matches!(cache.fetch(&forged(1)).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        assert!(
            matches!(cache.fetch(&id_2()).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(boxed)",
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);

        // A download runs and does not bring it: remembered.
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        assert!(
            matches!(cache.fetch(&id_2()).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 3, "{}", rig.name);
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(ready)",
            "{}",
            rig.name
        );

        // The next set makes it forget.
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(boxed)",
            "{}",
            rig.name
        );
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Answer(rig.answer_both()));
        assert!(cache.fetch(&id_2()).await.is_ok(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_flood_of_unknown_serials_only_so_many_are_remembered() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.answer_1()));
        // All of them wait for the one download, and all learn from it that they do not exist.
        let waiting: Vec<_> = (0..10_000)
            .map(|number| tokio::spawn(cache.fetch(&forged(number))))
            .collect();
        for outcome in waiting {
            assert!(
                matches!(outcome.await.unwrap(), Err(KeyError::Unknown)),
                "{}",
                rig.name
            );
        }
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        let is_remembered =
            |number: &usize| format!("{:?}", cache.fetch(&forged(*number))) == "KeyFuture(ready)";
        let remembered = (0..10_000).filter(is_remembered).count();
        // 1024, and what waits to be evicted.
        assert!((1..2048).contains(&remembered), "{}: {remembered}", rig.name);
    }
}

// One download for all who wait.

#[tokio::test(start_paused = true)]
async fn sixty_four_cold_callers_cause_one_download_and_all_get_the_key() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.answer_1()));
        let callers: Vec<_> = (0..64)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.fetch(&id_1()).await })
            })
            .collect();
        for caller in callers {
            let outcome = caller.await.unwrap();
            assert!(outcome.is_ok(), "{}: {outcome:?}", rig.name);
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_many_threads_too_cold_callers_share_one_download() {
    for rig in rigs() {
        for _ in 0..20 {
            let cache = rig.cold();
            let gateway = rig.gateway.calls();
            rig.gateway
                .says(Reply::After(Duration::from_millis(20), rig.answer_1()));
            let callers: Vec<_> = (0..64)
                .map(|_| {
                    let cache = cache.clone();
                    tokio::spawn(async move { cache.fetch(&id_1()).await })
                })
                .collect();
            for caller in callers {
                let outcome = caller.await.unwrap();
                assert!(outcome.is_ok(), "{}: {outcome:?}", rig.name);
            }
            assert_eq!(rig.gateway.calls() - gateway, 1, "{}", rig.name);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refreshes_at_the_same_time_are_one_download() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.answer_1()));
        let refreshes: Vec<_> = (0..16)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.refresh().await })
            })
            .collect();
        for refresh in refreshes {
            refresh.await.unwrap().unwrap();
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);

        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_known_serial_does_not_wait_for_a_running_download() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Hang);
        let hanging = tokio::spawn({
            let cache = cache.clone();
            async move { cache.refresh().await }
        });
        tokio::task::yield_now().await;
        let started = Instant::now();
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
        assert_eq!(started.elapsed(), Duration::ZERO, "{}", rig.name);
        assert!(!hanging.is_finished(), "{}", rig.name);
        hanging.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_neither_stops_the_download_nor_wedges_the_gate() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(500), rig.answer_1()));
        let leader = tokio::time::timeout(Duration::from_millis(50), cache.fetch(&id_1()));
        assert!(leader.await.is_err(), "{}", rig.name);
        let follower = cache.fetch(&id_1()).await;
        assert!(follower.is_ok(), "{}: {follower:?}", rig.name);
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_is_dropped_leaves_the_old_set_and_the_gate_open() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Hang);
        let dropped = tokio::time::timeout(Duration::from_secs(1), cache.refresh());
        assert!(dropped.await.is_err(), "{}", rig.name);
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
        rig.gateway.says(Reply::Answer(rig.answer_both()));
        cache.refresh().await.unwrap();
        assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cold_cache_whose_download_was_dropped_says_unavailable_and_not_unknown() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway.says(Reply::Hang);
        let dropped = tokio::time::timeout(Duration::from_secs(1), cache.refresh());
        assert!(dropped.await.is_err(), "{}", rig.name);
        // Nothing was ever learnt, so nobody can say that there is no such key.
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert_eq!(error.code(), "key_unavailable", "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_two_seconds_for_an_unknown_serial_and_then_may_be_sent_again() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.pass(2 * MINUTE).await;
        rig.gateway.says(Reply::Hang);
        let started = Instant::now();
        let error = rig.verify(Arc::new(cache), &rig.signer_2()).await.unwrap_err();
        let waited = started.elapsed();
        assert!(
            (2000..2100).contains(&waited.as_millis()),
            "{}: {waited:?}",
            rig.name
        );
        assert!(
            matches!(
                error,
                VerifyError::KeyUnavailable {
                    source: KeyError::StillRefreshing,
                    ..
                }
            ),
            "{}",
            rig.name
        );
        assert!(error.is_retryable(), "{}", rig.name);
    }
}

// Outages.

#[tokio::test(start_paused = true)]
async fn known_keys_verify_through_an_outage() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Unreachable);
        for _ in 0..50 {
            rig.pass(HOUR).await;
            assert!(cache.refresh().await.is_err(), "{}", rig.name);
            rig.verify(Arc::new(cache.clone()), &rig.signer_1())
                .await
                .unwrap();
        }
        assert!(cache.is_refresh_failing(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cold_outage_asks_once_and_tells_everybody_to_come_again() {
    for rig in rigs() {
        let cache = rig.cold();
        let callers: Vec<_> = (0..200)
            .map(|number| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.fetch(&forged(number)).await })
            })
            .collect();
        for caller in callers {
            let outcome = caller.await.unwrap();
            assert!(
                matches!(&outcome, Err(KeyError::Unavailable(why)) if matches!(why.downcast_ref(), Some(RefreshError::Transport(_)))),
                "{}: {outcome:?}",
                rig.name
            );
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert!(error.is_retryable(), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn once_a_download_succeeds_again_an_unknown_serial_is_unknown_and_no_longer_an_outage() {
    for rig in rigs() {
        let cache = rig.cold();
        let outage = cache.fetch(&forged(1)).await;
        assert!(matches!(outage, Err(KeyError::Unavailable(_))), "{}", rig.name);
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        cache.refresh().await.unwrap();
        let unknown = cache.fetch(&forged(1)).await;
        assert!(
            matches!(unknown, Err(KeyError::Unknown)),
            "{}: {unknown:?}",
            rig.name
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_key_is_refused_and_retryable_while_its_successor_cannot_be_had() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        let error = rig
            .verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap_err();
        assert!(!error.is_retryable(), "{}: {error:?}", rig.name);
        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert_eq!(error.code(), "key_expired", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
    }
}

// The refresher.

/// A rig whose wall clock follows the paused clock of tokio, as it must when hours pass by themselves.
fn flowing(mut rig: Rig) -> Rig {
    let start = Instant::now();
    let now = move || NOW + i64::try_from(start.elapsed().as_secs()).unwrap();
    rig.platform = rig.platform.clock(Clock::from_fn(now));
    rig
}

/// A gateway that signs its answer when it is asked.
#[derive(Debug)]
struct Signing {
    gateway: Gateway,
    platform: FakePlatform,
    pem: String,
}

impl FetchCertificates for Signing {
    fn fetch(&self) -> FetchFuture {
        let signer = (id_1(), self.platform.demo_key(DemoKey::Platform1));
        let answer = self
            .platform
            .certificates_answer(std::slice::from_ref(&self.pem), signer);
        self.gateway.says(Reply::Answer(answer));
        self.gateway.fetch()
    }
}

impl Rig {
    /// A cache in front of a gateway that always answers with a certificate that expires in `days`.
    fn answered(&self, days: i64) -> CertificateCache {
        let mut spec = self.spec(DemoKey::Platform1, &SERIAL_1);
        spec.not_after = NOW + days * DAY;
        let signing = Signing {
            gateway: self.gateway.clone(),
            platform: self.platform.clone(),
            pem: self.platform.issue(&spec),
        };
        let platform = self.platform.clone();
        CertificateCache::builder(ApiV3Key::parse(DEMO_API_V3_KEY).unwrap(), Arc::new(signing))
            .provider(Arc::clone(self.platform.provider()))
            .clock(Clock::from_fn(move || platform.now()))
            .build()
            .unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_downloads_at_once_and_then_every_six_hours_more_or_less() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        tokio::time::sleep(100 * HOUR).await;
        let pauses = rig.gateway.pauses();
        assert!((13..=21).contains(&pauses.len()), "{}: {pauses:?}", rig.name);
        let hours = 4.8 * 3600.0 - 1.0..=7.2 * 3600.0 + 1.0;
        assert!(
            pauses.iter().all(|pause| hours.contains(pause)),
            "{}: {pauses:?}",
            rig.name
        );
        let spread = pauses.iter().any(|pause| (pause - pauses[0]).abs() > 1.0);
        assert!(spread, "{}: a fleet would ask in step: {pauses:?}", rig.name);
        assert!(guard.is_running(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn within_ten_days_of_expiry_the_refresher_looks_every_hour() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(9);
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(50 * HOUR).await;
        let pauses = rig.gateway.pauses();
        let hours = 0.8 * 3600.0 - 1.0..=1.2 * 3600.0 + 1.0;
        assert!(pauses.len() > 40, "{}: {pauses:?}", rig.name);
        assert!(
            pauses.iter().all(|pause| hours.contains(pause)),
            "{}: {pauses:?}",
            rig.name
        );
    }
}

#[tokio::test(start_paused = true)]
async fn failures_back_off_from_five_seconds_to_ten_minutes_and_a_success_ends_it() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.cold();
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(HOUR).await;
        let pauses = rig.gateway.pauses();
        let expected = [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 600.0, 600.0, 600.0];
        for (pause, expected) in pauses.iter().zip(expected) {
            let allowed = expected * 0.8 - 0.1..=expected * 1.2 + 0.1;
            assert!(
                allowed.contains(pause),
                "{}: {pause} is not about {expected}",
                rig.name
            );
        }
        assert!(pauses.len() >= 9, "{}: {pauses:?}", rig.name);

        rig.gateway.says(Reply::Answer(rig.answer_1()));
        let answered_at = rig.gateway.calls();
        // The answer is dated now, and the cache's clock stands still at the same time.
        rig.time.store(rig.platform.now(), Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(721)).await;
        assert_eq!(rig.gateway.calls(), answered_at + 1, "{}", rig.name);
        assert!(!cache.is_refresh_failing(), "{}", rig.name);
        tokio::time::sleep(4 * HOUR).await;
        assert_eq!(rig.gateway.calls(), answered_at + 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_ends_when_the_last_cache_is_dropped() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        let clone = cache.clone();
        tokio::time::sleep(HOUR).await;
        drop(cache);
        tokio::time::sleep(HOUR).await;
        assert!(guard.is_running(), "{}", rig.name);
        drop(clone);
        tokio::time::sleep(2 * MINUTE).await;
        assert!(!guard.is_running(), "{}", rig.name);
        tokio::time::sleep(24 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_ends_when_its_guard_is_dropped() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        tokio::time::sleep(HOUR).await;
        drop(guard);
        tokio::time::sleep(100 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        assert!(cache.get(&id_1()).is_some(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_of_a_cache_with_saved_certificates_does_not_download_at_once() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig
            .builder()
            .saved_certificates(rig.certificate_1())
            .build()
            .unwrap();
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(4 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 0, "{}", rig.name);
        tokio::time::sleep(4 * HOUR).await;
        assert!(rig.gateway.calls() > 0, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_settings_are_followed() {
    for rig in rigs() {
        let mut settings = RefreshSettings::default();
        settings.deadline = Duration::from_secs(3);
        settings.request_wait = Duration::from_millis(500);
        settings.on_demand_interval = Duration::from_secs(10);
        let cache = rig.builder().settings(settings).build().unwrap();
        rig.gateway.says(Reply::Hang);
        let started = Instant::now();
        let outcome = cache.fetch(&id_1()).await;
        assert!(matches!(outcome, Err(KeyError::StillRefreshing)), "{}", rig.name);
        assert_eq!(started.elapsed().as_millis() / 100, 5, "{}", rig.name);
        let error = cache.refresh().await.unwrap_err();
        assert!(
            matches!(*error, RefreshError::Timeout { seconds: 3 }),
            "{}",
            rig.name
        );
        rig.pass(Duration::from_secs(10)).await;
        rig.gateway.says(Reply::Answer(rig.answer_1()));
        assert!(cache.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

// Kept over a restart.

#[tokio::test]
async fn saved_certificates_are_the_ring_of_the_next_start() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Answer(rig.answer_both()));
        cache.refresh().await.unwrap();
        let pem = cache.to_pem();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 2, "{}", rig.name);

        let next = rig.builder().saved_certificates(&pem).build().unwrap();
        assert_eq!(ids(&next), ["1A010101", "2B020202"], "{}", rig.name);
        assert_eq!(next.to_pem(), pem, "{}", rig.name);
        for signer in [rig.signer_1(), rig.signer_2()] {
            rig.verify(Arc::new(next.clone()), &signer).await.unwrap();
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test]
async fn saved_certificates_are_judged_like_downloaded_ones() {
    for rig in rigs() {
        let root = || public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let issue = |change: fn(&mut CertificateSpec)| {
            let mut spec = rig.spec(DemoKey::Platform1, &SERIAL_1);
            change(&mut spec);
            rig.platform.issue(&spec)
        };
        let foreign = rig
            .spec(DemoKey::Platform1, &SERIAL_1)
            .issue_pem(rig.platform.demo_key(DemoKey::Stranger).as_ref())
            .unwrap();
        let twin = rig.platform.issue(&rig.spec(DemoKey::Platform2, &SERIAL_1));
        type Expected = fn(&ConfigError) -> bool;
        let cases: [(&str, String, Expected); 6] = [
            ("a CA", issue(|spec| spec.is_ca = true), |why| {
                matches!(why, ConfigError::SavedCertificate(RefusedCertificate::IsCa))
            }),
            ("another issuer", foreign, |why| {
                matches!(
                    why,
                    ConfigError::SavedCertificate(RefusedCertificate::OtherIssuer)
                )
            }),
            (
                "one serial, two keys",
                format!("{}{twin}", rig.certificate_1()),
                |why| {
                    matches!(
                        why,
                        ConfigError::SavedCertificate(RefusedCertificate::SerialReused)
                    )
                },
            ),
            (
                "an elliptic curve",
                issue(|spec| spec.public_key_info = elliptic_key_info()),
                |why| matches!(why, ConfigError::Key(KeyLoadError::NotRsa)),
            ),
            (
                "a private key",
                private_key_pem(DemoKey::Stranger.pkcs8()),
                |why| matches!(why, ConfigError::Key(KeyLoadError::WrongKind { .. })),
            ),
            ("half a text", rig.certificate_1()[..300].to_owned(), |why| {
                matches!(why, ConfigError::Key(KeyLoadError::DamagedPem(_)))
            }),
        ];
        for (case, pem, expected) in cases {
            let error = rig
                .builder()
                .root(root())
                .saved_certificates(pem)
                .build()
                .unwrap_err();
            assert!(expected(&error), "{}: {case} gave {error:?}", rig.name);
        }
        // Time has passed, or the clock was set back: no reason not to start.
        for out_of_time in [
            issue(|spec| spec.not_after = NOW - 301),
            issue(|spec| spec.not_before = NOW + 301),
        ] {
            let mixed = format!("{out_of_time}{}", rig.certificate_2());
            let cache = rig
                .builder()
                .root(root())
                .saved_certificates(mixed)
                .build()
                .unwrap();
            assert_eq!(ids(&cache), ["2B020202"], "{}", rig.name);
        }
        let empty = rig.builder().saved_certificates("").build().unwrap();
        assert!(empty.snapshot().is_empty(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_saved_certificate_does_not_take_the_place_of_a_pinned_one() {
    for rig in rigs() {
        let pinned = rig.platform.platform_key(&rig.certificate_1());
        let twin = rig.platform.issue(&rig.spec(DemoKey::Platform2, &SERIAL_1));
        let error = rig
            .builder()
            .pin(pinned)
            .saved_certificates(twin)
            .build()
            .unwrap_err();
        assert!(
            matches!(
                error,
                ConfigError::SavedCertificate(RefusedCertificate::SerialReused)
            ),
            "{}: {error:?}",
            rig.name
        );
    }
}

#[tokio::test]
async fn a_root_may_be_given_as_certificate_or_public_key_and_must_be_one() {
    for rig in rigs() {
        let mut spec = rig.spec(DemoKey::Root, &[9, 9]);
        spec.is_ca = true;
        let certificate = rig.platform.issue(&spec);
        let key = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        for root in [certificate, key] {
            let cache = rig.builder().root(root).build().unwrap();
            rig.gateway.says(Reply::Answer(rig.answer_1()));
            cache.refresh().await.unwrap();
        }
        for bad in [String::new(), private_key_pem(DemoKey::Root.pkcs8())] {
            assert!(rig.builder().root(bad).build().is_err(), "{}", rig.name);
        }
    }
}

// Which key to announce and to encrypt with.

#[tokio::test]
async fn the_public_key_is_preferred_then_the_certificate_that_became_valid_last() {
    for rig in rigs() {
        let mut newer = rig.spec(DemoKey::Platform2, &SERIAL_2);
        newer.not_before = NOW - DAY;
        newer.not_after = NOW + DAY;
        let newer = rig.platform.issue(&newer);
        let mut future = rig.spec(DemoKey::Stranger, &[0x4D, 4]);
        future.not_before = NOW + DAY;
        let future = rig.platform.issue(&future);
        let key = |pem: &str| rig.platform.platform_key(pem);
        let chosen = |keys: &PinnedKeys| {
            let encryption = keys.encryption_key().map(|key| key.id().clone());
            assert_eq!(keys.announced(), encryption, "{}", rig.name);
            encryption.map(|id| id.to_string())
        };
        let at = |time| move |keys: PinnedKeys| keys.clock(Clock::fixed(time));

        let certificates = || [key(&newer), key(&rig.certificate_1()), key(&future)];
        let keys = at(NOW)(PinnedKeys::new(certificates()));
        assert_eq!(chosen(&keys).as_deref(), Some("2B020202"), "{}", rig.name);
        let keys = at(NOW + DAY + 1)(PinnedKeys::new(certificates()));
        assert_eq!(chosen(&keys).as_deref(), Some("4D04"), "{}", rig.name);
        let with_public = certificates()
            .into_iter()
            .chain([rig.platform.pinned_public_key()]);
        let keys = at(NOW)(PinnedKeys::new(with_public));
        let public_key = FakePlatform::public_key_id();
        assert_eq!(
            chosen(&keys).as_deref(),
            Some(public_key.as_str()),
            "{}",
            rig.name
        );
        let none = PinnedKeys::new(Vec::<PlatformKey>::new());
        assert_eq!(chosen(&none), None, "{}", rig.name);
        assert!(!none.health().is_ready(), "{}", rig.name);
    }
}

#[tokio::test]
async fn what_is_announced_is_also_encrypted_with_while_it_is_valid() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .announce(id_1())
            .build()
            .unwrap();
        // Not downloaded yet: announcing it makes the platform sign with it, and encrypting needs a key that is there.
        assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
        let public_key: KeyId = FakePlatform::public_key_id().into();
        assert_eq!(cache.encryption_key().unwrap().id(), &public_key, "{}", rig.name);

        rig.gateway.says(Reply::Answer(rig.answer_both()));
        cache.refresh().await.unwrap();
        assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
        assert_eq!(cache.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);

        // Expired: neither announced nor encrypted with.
        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        assert_eq!(cache.announced(), Some(public_key.clone()), "{}", rig.name);
        assert_eq!(cache.encryption_key().unwrap().id(), &public_key, "{}", rig.name);

        let keys = [
            rig.platform.pinned_public_key(),
            rig.platform.platform_key(&rig.certificate_1()),
        ];
        let pinned = PinnedKeys::new(keys).clock(clock(&rig.time)).announce(id_1());
        assert_eq!(pinned.announced(), Some(id_1()), "{}", rig.name);
        assert_eq!(pinned.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);
    }
}

// What a health page shows.

#[tokio::test(start_paused = true)]
async fn health_tells_what_works_and_since_when() {
    for rig in rigs() {
        let cache = rig.cold();
        let health = cache.health();
        assert!(!health.is_ready() && !health.refresh_failing, "{}", rig.name);
        assert_eq!(
            (health.usable_keys, health.last_success),
            (0, None),
            "{}",
            rig.name
        );

        rig.gateway.says(Reply::Answer(rig.answer_both()));
        cache.refresh().await.unwrap();
        let health = cache.health();
        assert!(health.is_ready(), "{}", rig.name);
        assert_eq!(health.usable_keys, 2, "{}", rig.name);
        assert_eq!(health.last_success, Some(NOW), "{}", rig.name);
        assert_eq!((health.refreshes, health.failures), (1, 0), "{}", rig.name);
        let expiry = health.newest_expiry.unwrap().unix_seconds();
        assert_eq!(expiry, NOW + 3 * 365 * DAY, "{}", rig.name);

        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        let health = cache.health();
        assert!(health.is_ready() && health.refresh_failing, "{}", rig.name);
        assert_eq!(health.last_success, Some(NOW), "{}", rig.name);
        assert_eq!((health.refreshes, health.failures), (1, 1), "{}", rig.name);

        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        assert!(!cache.health().is_ready(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_public_key_has_no_expiry_in_health() {
    for rig in rigs() {
        let health = rig.platform.key_store().health();
        assert!(health.is_ready(), "{}", rig.name);
        assert_eq!(health.newest_expiry, None, "{}", rig.name);
    }
}

#[test]
fn handles_go_to_other_threads() {
    fn handle<T: Clone + Send + Sync + 'static>() {}
    handle::<CertificateCache>();
    handle::<PinnedKeys>();
    handle::<Verifier>();
}
