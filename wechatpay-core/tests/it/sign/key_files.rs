//! Key files in every form, and wrong files.

use std::{sync::Arc, task::Poll};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{
    crypto::KeyLoadError,
    sign::{LocalSigner, Signer},
    testing::{DemoKey, FakePlatform, private_key_pem, public_key_pem},
    types::PrivateKeyPem,
};

use super::{load, local, merchant_pem, message, poll_once, public};
use crate::support::providers;

/// Splits off one DER element and returns its content and the rest.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match der[1] {
        short @ 0..=0x7F => (2, usize::from(short)),
        0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
    };
    (&der[start..start + length], &der[start + length..])
}

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

/// Returns the PKCS#1 key inside a PKCS#8 key.
fn pkcs1(pkcs8: &[u8]) -> Vec<u8> {
    let (content, _) = element(pkcs8);
    let (_, after_version) = element(content);
    let (_, after_algorithm) = element(after_version);
    element(after_algorithm).0.to_vec()
}

fn pkcs8_of(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[0x02, 0x01, 0x00], algorithm, &tlv(0x04, key)].concat())
}

const RSA: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
];

const P256: [u8; 21] = [
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
    0x3D, 0x03, 0x01, 0x07,
];

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

#[test]
fn a_private_key_is_read_in_every_usual_form() {
    let pkcs8 = merchant_pem();
    let one_line = pem("PRIVATE KEY", DemoKey::Merchant.pkcs8());
    let wide: String = {
        let base64 = STANDARD.encode(DemoKey::Merchant.pkcs8());
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
            lines.join("\n")
        )
    };
    let forms = [
        ("PKCS#8", pkcs8.clone()),
        (
            "PKCS#1",
            pem("RSA PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8())),
        ),
        ("CRLF", pkcs8.replace('\n', "\r\n")),
        ("CR only", pkcs8.replace('\n', "\r")),
        ("escaped LF", pkcs8.replace('\n', "\\n")),
        ("escaped CRLF", pkcs8.replace('\n', "\\r\\n")),
        ("one line of base64", one_line.clone()),
        ("blanks for line ends", pkcs8.replace('\n', " ")),
        ("lines of 76 and no last line end", wide),
        ("blanks around", format!("\n\n  {pkcs8}  \n")),
        (
            "text before",
            format!("Bag Attributes\n    friendlyName: x\n{pkcs8}"),
        ),
        ("indented, as in YAML", pkcs8.replace('\n', "\n    ")),
        ("a byte order mark", format!("\u{FEFF}{pkcs8}")),
    ];
    for (name, provider) in providers() {
        let public_key_info = local(provider.as_ref()).public_key_info().to_vec();
        for (form, text) in &forms {
            match load(text, provider.as_ref()) {
                Ok(signer) => assert_eq!(signer.public_key_info(), public_key_info, "{name}: {form}"),
                Err(error) => panic!("{name}: {form}: {error}"),
            }
        }
    }
}

#[test]
fn the_kind_of_a_wrong_file_is_named() {
    for (name, provider) in providers() {
        let provider = provider.as_ref();
        let platform = FakePlatform::with_provider(Arc::clone(
            &providers()
                .into_iter()
                .find(|(other, _)| *other == name)
                .unwrap()
                .1,
        ));
        let certificate = platform.issue(&platform.certificate_spec(DemoKey::Merchant, &[0x51, 0x57]));
        let public_key = public_key_pem(platform.demo_key(DemoKey::Merchant).public_key_info());
        let private_key = merchant_pem();
        let rsa_key = pem("RSA PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8()));
        let old_encrypted = rsa_key.replace(
            "KEY-----\nMII",
            "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMII",
        );
        assert!(old_encrypted.contains("Proc-Type"));
        let half = &private_key[..private_key.len() / 2];
        let cases: Vec<(&str, String, &str)> = vec![
            (
                "a certificate",
                certificate,
                "this is a certificate, not a private key",
            ),
            (
                "a public key",
                public_key,
                "this is a public key, not a private key",
            ),
            (
                "an encrypted key",
                pem("ENCRYPTED PRIVATE KEY", &[1; 40]),
                "openssl pkcs8 -topk8 -nocrypt",
            ),
            (
                "an old encrypted key",
                old_encrypted,
                "openssl pkcs8 -topk8 -nocrypt",
            ),
            (
                "an EC key",
                pem("EC PRIVATE KEY", &[1; 40]),
                "this is an elliptic-curve key, not a private key; API v3 uses RSA",
            ),
            (
                "an EC key in PKCS#8",
                pem("PRIVATE KEY", &pkcs8_of(&P256, &[1; 40])),
                "not an RSA key",
            ),
            (
                "a request",
                pem("CERTIFICATE REQUEST", &[1; 40]),
                "this is a certificate request",
            ),
            (
                "an SSH key",
                pem("OPENSSH PRIVATE KEY", &[1; 40]),
                "another kind of PEM text",
            ),
            (
                "a file name",
                "/etc/wechatpay/apiclient_key.pem".into(),
                "looks like the name of a file",
            ),
            (
                "another file name",
                "apiclient_key.pem".into(),
                "looks like the name of a file",
            ),
            ("nothing", String::new(), "the text is empty"),
            ("blanks", " \n".into(), "the text is empty"),
            (
                "bare base64",
                STANDARD.encode(DemoKey::Merchant.pkcs8()),
                "-----BEGIN PRIVATE KEY-----",
            ),
            (
                "two keys",
                format!("{private_key}{private_key}"),
                "use a text with a private key alone",
            ),
            (
                "a chain",
                format!("{private_key}{}", pem("CERTIFICATE", &[1; 40])),
                "more than one PEM block",
            ),
            ("half a file", half.to_owned(), "the END line is missing"),
            (
                "a cut END line",
                private_key.trim_end().trim_end_matches('-').to_owned(),
                "the END line does not end",
            ),
            (
                "an END line of something else",
                private_key.replace("END PRIVATE", "END PUBLIC"),
                "another label",
            ),
            ("no base64", private_key.replace("MII", "M*I"), "not base64"),
            ("a cut line", private_key.replacen("MII", "MI", 1), "not base64"),
            (
                "bytes that are no key",
                pem("PRIVATE KEY", &[1; 40]),
                "PKCS#8 private key is malformed",
            ),
            (
                "PKCS#1 under the label of PKCS#8",
                pem("PRIVATE KEY", &pkcs1(DemoKey::Merchant.pkcs8())),
                "malformed",
            ),
            (
                "PKCS#8 under the label of PKCS#1",
                pem("RSA PRIVATE KEY", DemoKey::Merchant.pkcs8()),
                "malformed",
            ),
            (
                "bytes behind the key",
                pem("PRIVATE KEY", &[DemoKey::Merchant.pkcs8(), &[0]].concat()),
                "malformed",
            ),
            (
                "1024 bits",
                private_key_pem(DemoKey::Weak1024.pkcs8()),
                "1024 bits",
            ),
        ];
        for (case, text, hint) in cases {
            let error = load(&text, provider).unwrap_err();
            let shown = error.to_string();
            assert!(shown.contains(hint), "{name}: {case}: {shown}");
            // The beginning of every key file in base64.
            assert!(
                !format!("{shown} {error:?}").contains("MII"),
                "{name}: {case}: {shown}"
            );
        }
    }
}

#[test]
fn a_public_key_setting_names_the_wrong_file_too() {
    use wechatpay_core::crypto::pem::{certificate_der, public_key, split_certificates};

    for (name, provider) in providers() {
        let provider = provider.as_ref();
        let private = public_key(&merchant_pem(), provider).unwrap_err().to_string();
        assert!(
            private.contains("this is a private key, not a public key"),
            "{name}: {private}"
        );
        assert!(
            private.contains("keep your private key secret"),
            "{name}: {private}"
        );
        let certificate = certificate_der(&merchant_pem()).unwrap_err().to_string();
        assert!(
            certificate.contains("this is a private key, not a certificate"),
            "{name}: {certificate}"
        );
        assert!(split_certificates(&merchant_pem()).is_err(), "{name}");
        assert_eq!(split_certificates("no PEM at all").unwrap().len(), 0, "{name}");
        let key = local(provider);
        let (bits, _) = element(element(element(key.public_key_info()).0).1);
        let rsa_public = pem("RSA PUBLIC KEY", &bits[1..]);
        assert!(public_key(&rsa_public, provider).is_ok(), "{name}");
    }
}

#[test]
fn a_key_with_a_weak_exponent_or_inconsistent_numbers_is_rejected() {
    let key = pkcs1(DemoKey::Merchant.pkcs8());
    let (numbers, _) = element(&key);
    let (_, after_version) = element(numbers);
    let (modulus, after_modulus) = element(after_version);
    let (_, private) = element(after_modulus);
    let with_exponent = |exponent: &[u8]| {
        let content = [
            &[0x02, 0x01, 0x00],
            &tlv(0x02, modulus)[..],
            &tlv(0x02, exponent),
            private,
        ]
        .concat();
        pem("PRIVATE KEY", &pkcs8_of(&RSA, &tlv(0x30, &content)))
    };
    for (name, provider) in providers() {
        for weak in [&[0x03][..], &[0x11], &[0x01, 0x00, 0x00], &[0x01]] {
            let error = load(&with_exponent(weak), provider.as_ref()).unwrap_err();
            assert_eq!(error, KeyLoadError::WeakExponent, "{name}");
        }
        // Another exponent than the private one fits.
        let error = load(&with_exponent(&[0x01, 0x00, 0x03]), provider.as_ref()).unwrap_err();
        assert!(
            matches!(error, KeyLoadError::Backend(_) | KeyLoadError::SelfTest),
            "{name}: {error:?}"
        );
        // A flipped bit in each of the private numbers: n, d, p, q, and what is derived of them.
        let key = public(provider.as_ref(), DemoKey::Merchant);
        for place in (300..1200).step_by(50) {
            let mut bent = DemoKey::Merchant.pkcs8().to_vec();
            bent[place] ^= 0x10;
            let Ok(signer) = load(&pem("PRIVATE KEY", &bent), provider.as_ref()) else {
                continue;
            };
            // A backend may derive those numbers anew. Then the key is sound.
            let Poll::Ready(Ok(signature)) = poll_once(signer.spawn_blocking(false).sign(message())) else {
                panic!("{name}: {place}: loaded and does not sign");
            };
            assert!(
                place > 800,
                "{name}: a key with a wrong byte at {place} was taken"
            );
            assert!(
                key.verify(&message().parts(), &signature).is_ok(),
                "{name}: {place}"
            );
        }
    }
}

#[test]
fn a_certificate_gives_the_serial_and_must_belong_to_the_key() {
    for (name, provider) in providers() {
        let platform = FakePlatform::with_provider(Arc::clone(&provider));
        let issue = |key| platform.issue(&platform.certificate_spec(key, &[0x51, 0x57, 0xF0]));
        let key = PrivateKeyPem::from(merchant_pem());
        let signer =
            LocalSigner::from_certificate(&issue(DemoKey::Merchant), &key, provider.as_ref()).unwrap();
        assert_eq!(signer.serial().as_str(), "5157F0", "{name}");
        let other = LocalSigner::from_certificate(&issue(DemoKey::OtherMerchant), &key, provider.as_ref());
        assert_eq!(other.unwrap_err(), KeyLoadError::KeyPairMismatch, "{name}");
        let swapped = LocalSigner::from_certificate(
            &merchant_pem(),
            &PrivateKeyPem::from(issue(DemoKey::Merchant)),
            provider.as_ref(),
        );
        assert!(
            matches!(swapped.unwrap_err(), KeyLoadError::WrongKind { .. }),
            "{name}"
        );
    }
}
