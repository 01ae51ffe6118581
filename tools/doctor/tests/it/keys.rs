//! Keys, paddings, hashes and text encodings of the signature.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use rsa::{Pkcs1v15Sign, PrivateKey, Pss, pkcs8::DecodePrivateKey as _};
use sha2::{Digest as _, Sha256, Sha512};
use wechatpay_core::testing::DemoKey;
use wechatpay_doctor::{Confidence, Label, Verdict, VerdictKind};

use crate::kit::{GET, assert_proven, doctor, sign};

fn private() -> PrivateKey {
    PrivateKey::from_pkcs8_der(DemoKey::Merchant.pkcs8()).unwrap()
}

fn examine(signature: &str) -> Verdict {
    doctor().request(&GET.request(signature))
}

fn assert_of(verdict: &Verdict, kind: VerdictKind, codes: &[&str], message: &[u8]) {
    assert_eq!(verdict.kind(), kind, "{verdict}");
    assert_proven(verdict, codes, message);
}

#[test]
fn another_key_is_named() {
    let message = GET.message();
    for (key, code, label) in [
        (DemoKey::PublicKey, "key-of-other-certificate", "the old key"),
        (
            DemoKey::OtherMerchant,
            "key-of-other-merchant",
            "merchant 1900000002",
        ),
        (DemoKey::Platform1, "key-of-platform", "the platform's key"),
    ] {
        let verdict = examine(&sign(key, &message));
        assert_of(&verdict, VerdictKind::OtherKey, &[code], &message);
        assert_eq!(verdict.signed_by().map(Label::en), Some(label));
    }
    // And what it signed, too.
    let message = String::from_utf8(message).unwrap();
    let message = message.replace("?sub_mchid=1900000109&note=a%20b", "");
    let verdict = examine(&sign(DemoKey::OtherMerchant, message.as_bytes()));
    let codes = ["key-of-other-merchant", "url-query-dropped"];
    assert_of(&verdict, VerdictKind::OtherKey, &codes, message.as_bytes());
}

#[test]
fn an_unknown_key_is_not_reported_as_a_wrong_message() {
    let verdict = examine(&sign(DemoKey::Stranger, &GET.message()));
    assert_eq!(verdict.kind(), VerdictKind::Unreadable);
    assert_eq!(verdict.codes().collect::<Vec<_>>(), ["key-unknown"]);
    assert_eq!(verdict.confidence(), Confidence::Suspected);
    assert_eq!(verdict.signed_message(), None);
}

#[test]
fn another_hash_is_named() {
    let message = GET.message();
    let sha1 = private().sign(Pkcs1v15Sign::new::<sha1::Sha1>(), &sha1::Sha1::digest(&message));
    let sha512 = private().sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(&message));
    for (signature, detail) in [(sha1, "SHA-1"), (sha512, "SHA-512")] {
        let verdict = examine(&STANDARD.encode(signature.unwrap()));
        assert_of(&verdict, VerdictKind::OtherAlgorithm, &["hash-differs"], &message);
        assert_eq!(verdict.findings()[0].detail().map(Label::en), Some(detail));
    }
}

#[test]
fn another_padding_is_named() {
    let message = GET.message();
    let digest = Sha256::digest(&message);
    let mut random = Counter(7);
    for salt in [32, 222] {
        let signature = private().sign_with_rng(&mut random, Pss::<Sha256>::new_with_salt(salt), &digest);
        let verdict = examine(&STANDARD.encode(signature.unwrap()));
        assert_of(&verdict, VerdictKind::OtherAlgorithm, &["padding-pss"], &message);
    }
    // The message under PSS may be wrong as well.
    let mistaken = String::from_utf8(message.clone()).unwrap().replace("GET", "get");
    let scheme = Pss::<Sha256>::new_with_salt(32);
    let signature = private()
        .sign_with_rng(&mut random, scheme, &Sha256::digest(&mistaken))
        .unwrap();
    let verdict = examine(&STANDARD.encode(signature));
    let codes = ["padding-pss", "method-letter-case"];
    assert_of(&verdict, VerdictKind::OtherAlgorithm, &codes, mistaken.as_bytes());

    let raw =
        |content: &[u8]| STANDARD.encode(private().sign(Pkcs1v15Sign::new_unprefixed(), content).unwrap());
    assert_of(
        &examine(&raw(&digest)),
        VerdictKind::OtherAlgorithm,
        &["digest-info-missing"],
        &message,
    );
    assert_of(
        &examine(&raw(&message)),
        VerdictKind::OtherAlgorithm,
        &["message-not-hashed"],
        &message,
    );
    let mut info = vec![
        0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20,
    ];
    info.extend_from_slice(&digest);
    assert_of(
        &examine(&raw(&info)),
        VerdictKind::OtherAlgorithm,
        &["digest-info-without-null"],
        &message,
    );
}

#[test]
fn another_text_encoding_is_named() {
    let message = GET.message();
    let right = sign(DemoKey::Merchant, &message);
    let bytes = STANDARD.decode(&right).unwrap();
    assert!(right.contains('+') && right.contains('/') && right.ends_with('='));
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let wrapped: Vec<&str> = (0..right.len())
        .step_by(64)
        .map(|at| &right[at..right.len().min(at + 64)])
        .collect();
    let percent = right.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
    for (signature, code) in [
        (URL_SAFE.encode(&bytes), "signature-url-safe"),
        (
            right.trim_end_matches('=').to_owned(),
            "signature-without-padding",
        ),
        (hex.clone(), "signature-hex"),
        (STANDARD.encode(&hex), "signature-hex-in-base64"),
        (STANDARD.encode(&right), "signature-base64-twice"),
        (wrapped.join("\n"), "signature-line-wrapped"),
        (wrapped.join("\\n"), "signature-line-wrapped"),
        (right.replace('+', " "), "signature-blanks-for-pluses"),
        (percent, "signature-percent-encoded"),
        (right.replace('/', "\\/"), "signature-escaped"),
        (format!("'{right}'"), "signature-quoted"),
        (STANDARD.encode(reversed), "signature-byte-order"),
        (
            STANDARD.encode([&[0], bytes.as_slice()].concat()),
            "signature-length",
        ),
    ] {
        assert_of(
            &examine(&signature),
            VerdictKind::OtherSpelling,
            &[code],
            &message,
        );
    }
}

#[test]
fn text_that_is_no_signature_is_named() {
    let sure = Confidence::Proven;
    for (text, code, confidence) in [
        ("", "signature-empty", sure),
        ("WECHATPAY/SIGNTEST/abc", "signature-probe", sure),
        ("-----BEGIN PRIVATE KEY-----", "signature-is-pem", sure),
        ("@@@@", "signature-not-base64", sure),
        (
            "0CB01533B8C1EF103065174F50BCA001",
            "signature-of-api-v2",
            Confidence::Suspected,
        ),
        ("AAAA", "key-of-other-size", Confidence::Suspected),
    ] {
        let verdict = examine(text);
        assert_eq!(verdict.codes().collect::<Vec<_>>(), [code], "{text}");
        assert_eq!(
            (verdict.kind(), verdict.confidence()),
            (VerdictKind::Unreadable, confidence),
            "{text}"
        );
    }
    let right = sign(DemoKey::Merchant, &GET.message());
    let cut = &right[..right.len() - 8];
    assert_eq!(examine(cut).codes().collect::<Vec<_>>(), ["key-of-other-size"]);
}

/// Counter as a source of salts, which need not be random here.
struct Counter(u64);

impl rsa::rand_core::TryRng for Counter {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        Ok(self.0 ^ (self.0 >> 29))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for byte in out {
            *byte = self.try_next_u64()? as u8;
        }
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Counter {}
