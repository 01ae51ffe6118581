//! Defective certificates: one rejects the whole list.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::KeyLoadError,
    keys::{KeyStore, RefreshError, RejectedCertificate},
    testing::{CertificateSpec, DemoKey, private_key_pem, public_key_pem},
};

use super::{Reply, Rig, SERIAL_1, SERIAL_2, elliptic_key_info, modulus, rigs, rsa_key_info};

struct Defect {
    name: &'static str,
    entry: Value,
    expected: fn(&RejectedCertificate) -> bool,
}

impl Rig {
    /// Creates an entry for a certificate that may be invalid.
    pub(super) fn entry(&self, serial: &str, plaintext: &str) -> Value {
        self.platform.sealed_certificate(
            serial,
            "2020-01-01T00:00:00+08:00",
            "2030-01-01T00:00:00+08:00",
            plaintext,
        )
    }

    /// Creates an entry for a certificate of the third serial, modified by `change`.
    pub(super) fn changed(&self, change: impl FnOnce(&mut CertificateSpec)) -> Value {
        let mut spec = self.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
        change(&mut spec);
        self.entry("3C030303", &self.platform.issue(&spec))
    }

    fn defects(&self) -> Vec<Defect> {
        use RejectedCertificate as Rejected;

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
        let cases: Vec<(&'static str, Value, fn(&Rejected) -> bool)> = vec![
            ("another serial", self.entry("3C030304", &sound), |why| {
                *why == Rejected::SerialMismatch
            }),
            ("no serial at all", self.entry("../etc/passwd", &sound), |why| {
                *why == Rejected::SerialMismatch
            }),
            (
                "a public-key id for a serial",
                self.entry("PUB_KEY_ID_1", &sound),
                |why| *why == Rejected::SerialMismatch,
            ),
            (
                "1024 bits",
                with_key(rsa_key_info(&modulus(1024), &[1, 0, 1])),
                |why| matches!(why, Rejected::Key(KeyLoadError::ModulusSize { bits: 1024 })),
            ),
            (
                "2040 bits",
                with_key(rsa_key_info(&modulus(2040), &[1, 0, 1])),
                |why| matches!(why, Rejected::Key(KeyLoadError::ModulusSize { bits: 2040 })),
            ),
            (
                "16384 bits",
                with_key(rsa_key_info(&modulus(16384), &[1, 0, 1])),
                |why| matches!(why, Rejected::Key(KeyLoadError::ModulusSize { bits: 16384 })),
            ),
            (
                "exponent 1",
                with_key(rsa_key_info(&modulus(2048), &[1])),
                |why| matches!(why, Rejected::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "exponent 3",
                with_key(rsa_key_info(&modulus(2048), &[3])),
                |why| matches!(why, Rejected::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "an even exponent",
                with_key(rsa_key_info(&modulus(2048), &[1, 0, 2])),
                |why| matches!(why, Rejected::Key(KeyLoadError::WeakExponent)),
            ),
            (
                "a huge exponent",
                with_key(rsa_key_info(&modulus(2048), &[0x7F; 9])),
                |why| matches!(why, Rejected::Key(KeyLoadError::WeakExponent)),
            ),
            ("an elliptic curve", with_key(elliptic_key_info()), |why| {
                matches!(why, Rejected::Key(KeyLoadError::NotRsa))
            }),
            ("a CA", self.changed(|spec| spec.is_ca = true), |why| {
                *why == Rejected::IsCa
            }),
            (
                "the serial of a known certificate with another key",
                self.entry(
                    "1A010101",
                    &self.platform.issue(&self.spec(DemoKey::Platform2, &SERIAL_1)),
                ),
                |why| *why == Rejected::SerialReused,
            ),
            (
                "the serial of a certificate of the same response with another key",
                self.entry(
                    "2B020202",
                    &self.platform.issue(&self.spec(DemoKey::Stranger, &SERIAL_2)),
                ),
                |why| *why == Rejected::SerialReused,
            ),
            (
                "another issuer",
                {
                    let spec = self.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
                    let stranger = self.platform.demo_key(DemoKey::Stranger);
                    self.entry("3C030303", &spec.issue_pem(stranger.as_ref()).unwrap())
                },
                |why| *why == Rejected::OtherIssuer,
            ),
            (
                "two blocks",
                self.entry("3C030303", &format!("{sound}{sound}")),
                |why| matches!(why, Rejected::Key(KeyLoadError::SeveralBlocks(_))),
            ),
            (
                "bytes behind the certificate",
                self.entry("3C030303", &pem(&[&sound_der[..], &[0]].concat())),
                |why| matches!(why, Rejected::Key(KeyLoadError::Der(_))),
            ),
            (
                "half a certificate",
                self.entry("3C030303", &pem(&sound_der[..200])),
                |why| matches!(why, Rejected::Key(KeyLoadError::Der(_))),
            ),
            ("serial zero", self.changed(|spec| spec.serial = vec![0]), |why| {
                matches!(why, Rejected::Key(KeyLoadError::Der(_)))
            }),
            (
                "a serial of 24 octets",
                self.changed(|spec| spec.serial = vec![0x3C; 24]),
                |why| matches!(why, Rejected::Key(KeyLoadError::Der(_))),
            ),
            ("no PEM text", self.entry("3C030303", "hello"), |why| {
                matches!(why, Rejected::Key(KeyLoadError::NoPem { .. }))
            }),
            (
                "a public key",
                self.entry(
                    "3C030303",
                    &public_key_pem(self.platform.demo_key(DemoKey::Platform2).public_key_info()),
                ),
                |why| matches!(why, Rejected::Key(KeyLoadError::WrongKind { .. })),
            ),
            (
                "a private key",
                self.entry("3C030303", &private_key_pem(DemoKey::Stranger.pkcs8())),
                |why| matches!(why, Rejected::Key(KeyLoadError::WrongKind { .. })),
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
                |why| *why == Rejected::NotText,
            ),
            (
                "another algorithm",
                contained("algorithm", json!("AEAD_SM4_GCM")),
                |why| *why == Rejected::Container,
            ),
            (
                "a nonce of 16 bytes",
                contained("nonce", json!("0123456789abcdef")),
                |why| *why == Rejected::Container,
            ),
            (
                "a nonce of 12 characters and 36 bytes",
                contained("nonce", json!("零一二三四五六七八九十百")),
                |why| *why == Rejected::Container,
            ),
            ("no nonce", contained("nonce", json!("")), |why| {
                *why == Rejected::Container
            }),
            ("no ciphertext", contained("ciphertext", json!("")), |why| {
                *why == Rejected::Container
            }),
            (
                "a ciphertext as long as its tag",
                contained("ciphertext", json!(STANDARD.encode([0; 16]))),
                |why| *why == Rejected::Container,
            ),
            (
                "a ciphertext that is no base64",
                contained("ciphertext", json!("-_-_")),
                |why| *why == Rejected::Container,
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
async fn one_defective_certificate_rejects_the_whole_set_and_the_old_one_stays() {
    for rig in rigs() {
        let root = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let cache = rig.builder().root(root).build().unwrap();
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        let saved = cache.to_pem();

        let sound = rig.platform.certificate_entry(&rig.certificate_2());
        for defect in rig.defects() {
            for entries in [
                vec![sound.clone(), defect.entry.clone()],
                vec![defect.entry, sound.clone()],
            ] {
                let response = rig.platform.certificates_response_of(entries, rig.signer_1());
                rig.gateway.says(Reply::Response(response));
                let error = cache.refresh().await.unwrap_err();
                match &*error {
                    RefreshError::Rejected { source, .. } => assert!(
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
