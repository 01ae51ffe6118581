//! Signature verification: headers, window, key, signature, in this order and nothing else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use proptest::prelude::*;
use wechatpay_core::{
    Clock,
    crypto::PrivateKey,
    keys::{KeyError, KeyFuture, KeyHealth, KeyStore, PinnedKeys, PlatformKey},
    sign::SigningMessage,
    testing::{CertificateSpec, DemoKey, FakePlatform},
    types::KeyId,
    verify::{SignatureHeader, SignatureHeaders, Verified, Verifier, VerifyError},
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";
const BODY: &str = "{\"a\":1,\n\"b\":2}\n";
const SERIAL: [u8; 4] = [0x0A, 0xBC, 0xDE, 0x0F];

/// The headers of one message, to be bent.
#[derive(Clone)]
struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    fn with(&self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).and(name, value)
    }

    fn and(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.0.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    fn without(&self, name: &str) -> Self {
        let others = self.0.iter().filter(|(key, _)| !key.eq_ignore_ascii_case(name));
        Self(others.cloned().collect())
    }

    fn get(&self, name: &str) -> &[u8] {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_slice()).unwrap()
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }
}

/// A platform, its key loaded once, and a verifier that trusts it.
struct Rig {
    name: &'static str,
    platform: FakePlatform,
    id: KeyId,
    key: Arc<dyn PrivateKey>,
    verifier: Verifier,
}

fn rigs() -> Vec<Rig> {
    let rig = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider).clock(Clock::fixed(NOW));
        let (id, key) = platform.signing_key();
        let verifier = Verifier::new(platform.key_store()).clock(Clock::fixed(NOW));
        Rig {
            name,
            platform,
            id,
            key,
            verifier,
        }
    };
    providers().into_iter().map(rig).collect()
}

impl Rig {
    /// Genuine headers over [`BODY`], signed now.
    fn headers(&self) -> Headers {
        self.sign(&NOW.to_string(), NONCE, BODY)
    }

    fn sign(&self, timestamp: &str, nonce: &str, body: &str) -> Headers {
        self.sign_as(&self.id, self.key.as_ref(), timestamp, nonce, body)
    }

    fn sign_as(&self, id: &KeyId, key: &dyn PrivateKey, timestamp: &str, nonce: &str, body: &str) -> Headers {
        Headers(FakePlatform::sign_with(
            id,
            key,
            timestamp,
            nonce,
            body.as_bytes(),
        ))
    }

    async fn verify(&self, headers: &Headers, body: &str) -> Result<Verified<Bytes>, VerifyError> {
        verify_with(&self.verifier, headers, body).await
    }

    async fn refusal(&self, headers: &Headers) -> VerifyError {
        self.verify(headers, BODY).await.unwrap_err()
    }

    /// A certificate of the platform's first key, changed by `change`.
    fn certificate(&self, change: impl FnOnce(&mut CertificateSpec)) -> PlatformKey {
        let mut spec = self.platform.certificate_spec(DemoKey::Platform1, &SERIAL);
        change(&mut spec);
        self.platform.platform_key(&self.platform.issue(&spec))
    }
}

async fn verify_with(
    verifier: &Verifier,
    headers: &Headers,
    body: &str,
) -> Result<Verified<Bytes>, VerifyError> {
    let pending = verifier.begin(headers.pairs())?;
    let keyed = pending.key().await?;
    keyed.verify(Bytes::copy_from_slice(body.as_bytes()))
}

#[tokio::test]
async fn a_genuine_message_is_verified_and_tells_who_signed_it_and_when() {
    for rig in rigs() {
        let verified = rig.verify(&rig.headers(), BODY).await.unwrap();
        assert_eq!(&verified[..], BODY.as_bytes(), "{}", rig.name);
        assert_eq!(verified.key_id(), &rig.id, "{}", rig.name);
        assert_eq!(verified.signed_at(), NOW, "{}", rig.name);
    }
}

#[tokio::test]
async fn other_headers_and_another_case_of_the_names_do_not_matter() {
    for rig in rigs() {
        let headers = rig.headers();
        let shouted = Headers(
            headers
                .0
                .iter()
                .map(|(name, value)| (name.to_ascii_uppercase(), value.clone()))
                .collect(),
        );
        let crowded = headers
            .and("Request-ID", "08F78BB6B2061-0")
            .and("Wechatpay-Nonces", "x")
            .and("X-Wechatpay-Nonce", "x");
        for headers in [shouted, crowded] {
            assert!(rig.verify(&headers, BODY).await.is_ok(), "{}", rig.name);
        }
    }
}

// T1: headers left out.

#[tokio::test]
async fn each_missing_header_is_refused_by_name() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let headers = rig.headers().without(header.as_str());
            if header == SignatureHeader::SignatureType {
                assert!(rig.verify(&headers, BODY).await.is_ok(), "{}", rig.name);
                continue;
            }
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(error, VerifyError::HeaderMissing(missing) if missing == header),
                "{}: {error:?}",
                rig.name
            );
        }
        let error = rig.refusal(&Headers(Vec::new())).await;
        assert_eq!(error.code(), "header_missing", "{}", rig.name);
    }
}

// T3, T27: the window.

#[tokio::test]
async fn the_window_is_300_seconds_on_either_side() {
    for rig in rigs() {
        for (distance, expected) in [
            (-301, Err("too_old")),
            (-300, Ok(())),
            (-299, Ok(())),
            (0, Ok(())),
            (299, Ok(())),
            (300, Ok(())),
            (301, Err("too_new")),
        ] {
            let headers = rig.sign(&(NOW + distance).to_string(), NONCE, BODY);
            let outcome = rig.verify(&headers, BODY).await;
            let outcome = outcome.map(drop).map_err(|error| error.code());
            assert_eq!(outcome, expected, "{}: {distance}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_refusal_for_time_says_by_how_many_seconds() {
    for rig in rigs() {
        let old = rig
            .refusal(&rig.sign(&(NOW - 3600).to_string(), NONCE, BODY))
            .await;
        assert!(
            matches!(old, VerifyError::TooOld { seconds: 3600 }),
            "{}",
            rig.name
        );
        let new = rig
            .refusal(&rig.sign(&(NOW + 3600).to_string(), NONCE, BODY))
            .await;
        assert!(
            matches!(new, VerifyError::TooNew { seconds: 3600 }),
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn the_measured_skew_comes_from_verified_messages_only_and_widens_nothing() {
    for rig in rigs() {
        assert_eq!(rig.verifier.clock_skew(), 0, "{}", rig.name);
        let late = rig.sign(&(NOW - 7).to_string(), NONCE, BODY);
        rig.verify(&late, BODY).await.unwrap();
        assert_eq!(rig.verifier.clock_skew(), 7, "{}", rig.name);

        let forged = rig.sign(&(NOW - 200).to_string(), NONCE, BODY);
        assert!(rig.verify(&forged, "{}").await.is_err(), "{}", rig.name);
        assert_eq!(rig.verifier.clock_skew(), 7, "{}", rig.name);

        let outside = rig.sign(&(NOW - 301).to_string(), NONCE, BODY);
        assert_eq!(rig.refusal(&outside).await.code(), "too_old", "{}", rig.name);
    }
}

// T6: the algorithm is not the message's to choose.

#[tokio::test]
async fn only_the_rsa_signature_type_is_taken() {
    for rig in rigs() {
        for other in [
            "",
            " ",
            "none",
            "wechatpay2-sha256-rsa2048",
            "WECHATPAY2-SHA256-RSA2048 ",
            " WECHATPAY2-SHA256-RSA2048",
            "WECHATPAY2-SHA256-RSA2048,WECHATPAY2-SHA256-RSA2048",
            "WECHATPAY2-SM2-WITH-SM3",
            "WECHATPAY2-SHA1-RSA2048",
            "WECHATPAY2-SHA256-RSA2048-PSS",
            "SHA256-RSA2048",
        ] {
            let headers = rig.headers().with("Wechatpay-Signature-Type", other);
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(error, VerifyError::AlgorithmUnsupported),
                "{}: {other:?}",
                rig.name
            );
        }
    }
}

// T7, T11: the text of the timestamp.

/// Spellings of a time that some parser somewhere takes for a number.
fn odd_timestamps() -> Vec<String> {
    [
        "+1700000000",
        "01700000000",
        "001700000000",
        " 1700000000",
        "1700000000 ",
        "17 0000000",
        "1700000000\t",
        "1700000000.",
        "1700000000.0",
        "1.70000e9",
        "1_700_000_0",
        "0x6553F100",
        "１７００００００００",
        "٠١٢٣٤٥٦٧٨٩",
        "1700000000000",
        "170000000",
        "",
        "0",
        "-1",
        "-700000000",
        "-1700000000",
        "NaN",
        "99999999999999999999",
        "1700000000,1700000000",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([i64::MIN.to_string(), i64::MAX.to_string(), u64::MAX.to_string()])
    .collect()
}

#[tokio::test]
async fn a_timestamp_is_ten_ascii_digits_and_nothing_else() {
    for rig in rigs() {
        let genuine = rig.headers();
        for text in odd_timestamps() {
            // Signed as it is, and put over a signature for the plain number.
            let signed_so = rig.sign(&text, NONCE, BODY);
            let put_over = genuine.with("Wechatpay-Timestamp", &text);
            for headers in [signed_so, put_over] {
                let error = rig.refusal(&headers).await;
                assert!(
                    matches!(
                        error,
                        VerifyError::HeaderMalformed {
                            header: SignatureHeader::Timestamp,
                            ..
                        }
                    ),
                    "{}: {text:?} gave {error:?}",
                    rig.name
                );
            }
        }
    }
}

#[test]
fn no_clock_and_no_timestamp_makes_the_window_overflow() {
    for rig in rigs() {
        for clock in [i64::MIN, i64::MIN + 1, -1, 0, 1, NOW, i64::MAX - 1, i64::MAX] {
            let verifier = Verifier::new(rig.platform.key_store()).clock(Clock::fixed(clock));
            for timestamp in ["0000000000", "0000000001", "1700000000", "9999999999"] {
                let headers = rig.headers().with("Wechatpay-Timestamp", timestamp);
                let near = clock.abs_diff(timestamp.parse().unwrap()) <= 300;
                let outcome = verifier.begin(headers.pairs());
                assert_eq!(outcome.is_ok(), near, "{}: {timestamp} at {clock}", rig.name);
            }
        }
    }
}

proptest! {
    #[test]
    fn a_window_never_panics_and_never_lets_a_far_time_through(clock: i64, seconds in 0_i64..=9_999_999_999) {
        let headers = Headers(vec![
            ("Wechatpay-Timestamp".into(), format!("{seconds:010}").into()),
            ("Wechatpay-Nonce".into(), NONCE.into()),
            ("Wechatpay-Signature".into(), "AAAA".into()),
            ("Wechatpay-Serial".into(), "ABCDEF".into()),
        ]);
        let keys = Arc::new(PinnedKeys::new(Vec::<PlatformKey>::new()));
        let near = Verifier::new(keys).clock(Clock::fixed(clock)).begin(headers.pairs()).is_ok();
        prop_assert_eq!(near, clock.abs_diff(seconds) <= 300);
    }

    #[test]
    fn whatever_bytes_the_headers_hold_reading_them_does_not_panic(
        pairs in proptest::collection::vec(
            (
                proptest::sample::select(vec![
                    "wechatpay-timestamp", "Wechatpay-Nonce", "WECHATPAY-SIGNATURE", "wechatpay-serial",
                    "wechatpay-signature-type", "wechatpay-", "", "content-type",
                ]),
                proptest::collection::vec(any::<u8>(), 0..80),
            ),
            0..8,
        )
    ) {
        let _ = SignatureHeaders::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_slice())));
    }
}

// T8: one header, one value.

#[tokio::test]
async fn each_header_may_stand_only_once_whatever_its_values_case_and_place() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let genuine = rig.headers();
            let value = genuine.get(header.as_str()).to_vec();
            for second in [value.clone(), b"x".to_vec(), Vec::new()] {
                for name in [
                    header.as_str().to_owned(),
                    header.as_str().to_uppercase(),
                    header.to_string(),
                ] {
                    let behind = genuine.clone().and(&name, &second);
                    let mut in_front = genuine.clone();
                    in_front.0.insert(0, (name.clone(), second.clone()));
                    for headers in [behind, in_front] {
                        let error = rig.refusal(&headers).await;
                        assert!(
                            matches!(error, VerifyError::HeaderDuplicate(doubled) if doubled == header),
                            "{}: {name} gave {error:?}",
                            rig.name
                        );
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn values_that_a_proxy_joined_with_a_comma_are_refused() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let genuine = rig.headers();
            let value = String::from_utf8(genuine.get(header.as_str()).to_vec()).unwrap();
            for joined in [
                format!("{value},{value}"),
                format!("{value}, {value}"),
                format!("{value},"),
                format!(",{value}"),
            ] {
                let error = rig.refusal(&genuine.with(header.as_str(), &joined)).await;
                assert!(
                    matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                    "{}: {header} gave {error:?}",
                    rig.name
                );
            }
        }
    }
}

// T9: what no value may hold.

#[tokio::test]
async fn blanks_control_bytes_and_bytes_beyond_ascii_are_refused_anywhere_in_any_header() {
    let bad = (0_u8..=0x20).chain(0x7F..=0xFF);
    for rig in rigs() {
        let genuine = rig.headers();
        for byte in bad.clone() {
            for header in SignatureHeader::ALL {
                let value = genuine.get(header.as_str());
                for place in [0, 1, value.len() / 2, value.len()] {
                    let mut bent = value.to_vec();
                    bent.insert(place, byte);
                    let error = rig.refusal(&genuine.with(header.as_str(), &bent)).await;
                    assert!(
                        matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                        "{}: {byte:#04x} in {header} gave {error:?}",
                        rig.name
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn empty_values_are_malformed_and_not_missing() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let error = rig.refusal(&rig.headers().with(header.as_str(), "")).await;
            assert!(
                matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                "{}: {header} gave {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_nonce_has_1_to_128_characters_and_is_not_a_list() {
    for rig in rigs() {
        for good in ["0", "-._~!*'()@/?=+:&%$#<>[]{}|^`\\", &"n".repeat(128)] {
            let headers = rig.sign(&NOW.to_string(), good, BODY);
            assert!(rig.verify(&headers, BODY).await.is_ok(), "{}: {good}", rig.name);
        }
        for bad in [
            "",
            "a,b",
            "a;b",
            "\"a\"",
            "a b",
            "a\nb",
            &"n".repeat(129),
            &"n".repeat(100_000),
        ] {
            let error = rig.refusal(&rig.sign(&NOW.to_string(), bad, BODY)).await;
            assert_eq!(error.code(), "header_malformed", "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_serial_is_hexadecimal_or_a_public_key_id_of_at_most_64_characters() {
    for rig in rigs() {
        for bad in [
            "0",
            "+1F",
            "-1F",
            "0x1F",
            "AB_CD_EF",
            "1F:2A",
            "constructor",
            "../../etc/passwd",
            "PUB_KEY_ID_",
            "pub_key_id_0119000000012024101500000000000001",
            "PUB_KEY_ID_011900000001-2024",
            &"F".repeat(41),
            &"0".repeat(65),
            &format!("PUB_KEY_ID_{}", "1".repeat(54)),
            &"F".repeat(100_000),
        ] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", bad)).await;
            assert!(
                matches!(
                    error,
                    VerifyError::HeaderMalformed {
                        header: SignatureHeader::Serial,
                        ..
                    }
                ),
                "{}: {bad:.40} gave {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_signature_is_canonical_standard_base64_of_at_most_1024_characters() {
    for rig in rigs() {
        let genuine = String::from_utf8(rig.headers().get("Wechatpay-Signature").to_vec()).unwrap();
        let malformed = [
            genuine.replace('+', "-").replace('/', "_"),
            genuine.trim_end_matches('=').to_owned(),
            format!("{genuine}="),
            format!(
                "{}B==",
                genuine
                    .trim_end_matches("==")
                    .strip_suffix(|_: char| true)
                    .unwrap()
            ),
            genuine.replacen('A', "*", 1).replacen('B', "*", 1),
            "A".repeat(1028),
            "A".repeat(100_000),
        ];
        for bad in malformed {
            let headers = rig.headers().with("Wechatpay-Signature", &bad);
            if headers.get("Wechatpay-Signature") == genuine.as_bytes() {
                continue; // this signature happens to hold none of the characters that were to be replaced
            }
            let error = rig.refusal(&headers).await;
            assert_eq!(error.code(), "header_malformed", "{}: {bad:.40}", rig.name);
        }
        for other_length in ["AAAA".repeat(256), "AAAA".to_owned(), format!("AAAA{genuine}")] {
            let error = rig
                .refusal(&rig.headers().with("Wechatpay-Signature", &other_length))
                .await;
            assert_eq!(error.code(), "signature_invalid", "{}", rig.name);
        }
    }
}

// T10: one message can be read in one way only.

/// All ways to cut `message` at its line ends into `lines` lines and a body.
fn cuts(message: &[u8], lines: usize) -> Vec<Vec<Vec<u8>>> {
    let content = message.strip_suffix(b"\n").unwrap_or(message);
    if lines == 0 {
        return vec![vec![content.to_vec()]];
    }
    let ends = (0..content.len()).filter(|place| content[*place] == b'\n');
    ends.flat_map(|end| {
        let (line, rest) = (&message[..end], &message[end + 1..]);
        cuts(rest, lines - 1).into_iter().map(move |mut cut| {
            cut.insert(0, line.to_vec());
            cut
        })
    })
    .collect()
}

#[tokio::test]
async fn a_line_end_moved_from_the_body_into_a_header_is_refused() {
    for rig in rigs() {
        let body = "first\nsecond\nthird";
        let genuine = rig.sign(&NOW.to_string(), NONCE, body);
        let message = format!("{NOW}\n{NONCE}\n{body}\n");
        let (mut accepted, mut refused) = (0, 0);
        for cut in cuts(message.as_bytes(), 2) {
            let headers = genuine
                .with("Wechatpay-Timestamp", &cut[0])
                .with("Wechatpay-Nonce", &cut[1]);
            let body = String::from_utf8(cut[2].clone()).unwrap();
            match rig.verify(&headers, &body).await {
                Ok(_) => accepted += 1,
                Err(error) => {
                    assert_eq!(error.code(), "header_malformed", "{}: {cut:?}", rig.name);
                    refused += 1;
                }
            }
        }
        assert_eq!((accepted, refused), (1, 5), "{}", rig.name);
    }
}

proptest! {
    #[test]
    fn no_two_requests_that_are_accepted_give_the_same_message(
        method in "[A-Z\n\r\0]{0,3}",
        path in "[/a\n\r\0]{0,4}",
        timestamp in "[0-9\n\r\0]{0,4}",
        nonce in "[a\n\r\0]{0,4}",
        body in "[a\n\r\0]{0,8}",
    ) {
        let made = SigningMessage::request(&method, &path, &timestamp, &nonce, body.clone().into());
        let lines = [&method, &path, &timestamp, &nonce];
        let sound = lines.iter().all(|line| !line.contains(['\n', '\r', '\0']));
        prop_assert_eq!(made.is_ok(), sound);
        let Ok(message) = made else { return Ok(()) };
        let message = message.to_vec();
        // Every other reading of the same bytes has a line end in a line.
        for cut in cuts(&message, 4) {
            let text: Vec<&str> = cut.iter().map(|part| std::str::from_utf8(part).unwrap()).collect();
            let again =
                SigningMessage::request(text[0], text[1], text[2], text[3], Bytes::copy_from_slice(&cut[4]));
            if let Ok(again) = again {
                prop_assert_eq!(again.to_vec(), message.clone());
                prop_assert_eq!(
                    (text[0], text[1], text[2], text[3], text[4]),
                    (&*method, &*path, &*timestamp, &*nonce, &*body)
                );
            }
        }
    }

    #[test]
    fn no_two_invocations_that_are_accepted_give_the_same_message(
        appid in "[a\n\r\0]{0,3}",
        timestamp in "[0-9\n\r\0]{0,3}",
        nonce in "[a\n\r\0]{0,3}",
        package in "[a=\n\r\0]{0,5}",
    ) {
        let made = SigningMessage::invoke(&appid, &timestamp, &nonce, &package);
        let lines = [&appid, &timestamp, &nonce, &package];
        prop_assert_eq!(made.is_ok(), lines.iter().all(|line| !line.contains(['\n', '\r', '\0'])));
        if let Ok(message) = made {
            let text = String::from_utf8(message.to_vec()).unwrap();
            let read: Vec<&str> = text.split_terminator('\n').collect();
            prop_assert_eq!(read, lines.map(std::string::String::as_str));
        }
    }

    #[test]
    fn the_headers_that_are_accepted_hold_no_line_end(
        timestamp in "[0-9\n]{9,11}",
        nonce in "[a-c\n\r\0 ,]{0,4}",
    ) {
        let pairs = [
            ("Wechatpay-Timestamp", timestamp.as_bytes()),
            ("Wechatpay-Nonce", nonce.as_bytes()),
            ("Wechatpay-Signature", b"AAAA".as_slice()),
            ("Wechatpay-Serial", b"AB"),
        ];
        let sound = timestamp.len() == 10
            && !timestamp.contains('\n')
            && !nonce.is_empty()
            && !nonce.contains(['\n', '\r', '\0', ' ', ',']);
        prop_assert_eq!(SignatureHeaders::from_pairs(pairs).is_ok(), sound);
    }
}

// Probes of the platform.

#[tokio::test]
async fn a_probe_is_its_own_kind_after_form_and_window() {
    for rig in rigs() {
        let probe = "WECHATPAY/SIGNTEST/ZmFrZQ==";
        let headers = rig.headers().with("Wechatpay-Signature", probe);
        let error = rig.refusal(&headers).await;
        assert!(matches!(error, VerifyError::Probe), "{}", rig.name);
        assert!(!error.is_retryable(), "{}", rig.name);

        // No base64 either: the prefix alone decides.
        let broken = rig
            .headers()
            .with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/!!!");
        assert_eq!(rig.refusal(&broken).await.code(), "probe", "{}", rig.name);

        let stale = headers.with("Wechatpay-Timestamp", (NOW - 301).to_string());
        assert_eq!(rig.refusal(&stale).await.code(), "too_old", "{}", rig.name);
        let bare = headers.without("Wechatpay-Nonce");
        assert_eq!(rig.refusal(&bare).await.code(), "header_missing", "{}", rig.name);
        let unknown = headers.with("Wechatpay-Serial", "ABCDEF");
        assert_eq!(rig.refusal(&unknown).await.code(), "probe", "{}", rig.name);
        let lower = rig.headers().with("Wechatpay-Signature", probe.to_lowercase());
        assert_ne!(rig.refusal(&lower).await.code(), "probe", "{}", rig.name);
    }
}

// Which key.

#[tokio::test]
async fn a_key_that_is_not_in_the_ring_is_unknown() {
    for rig in rigs() {
        for id in [
            "1234567890ABCDEF",
            "PUB_KEY_ID_0119000000012024101500000000000002",
        ] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", id)).await;
            assert!(
                matches!(&error, VerifyError::KeyUnknown { id: unknown } if unknown.as_str() == id),
                "{}: {error:?}",
                rig.name
            );
            assert!(!error.is_retryable(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_certificate_serial_is_known_in_any_case_and_with_leading_zeros() {
    for rig in rigs() {
        let keys = Arc::new(PinnedKeys::new([rig.certificate(|_| {})]));
        let verifier = Verifier::new(keys).clock(Clock::fixed(NOW));
        let key = rig.platform.demo_key(DemoKey::Platform1);
        let id: KeyId = "ABCDE0F".parse().unwrap();
        let headers = rig.sign_as(&id, key.as_ref(), &NOW.to_string(), NONCE, BODY);
        for alias in [
            "ABCDE0F".to_owned(),
            "abcde0f".to_owned(),
            "0ABCDE0F".to_owned(),
            format!("{:0>64}", "aBcDe0F"),
        ] {
            let verified = verify_with(&verifier, &headers.with("Wechatpay-Serial", &alias), BODY)
                .await
                .unwrap();
            assert_eq!(verified.key_id(), &id, "{}: {alias}", rig.name);
        }
        for other in ["ABCDE0F0", "ABCDE", "BCDE0F"] {
            let error = verify_with(&verifier, &headers.with("Wechatpay-Serial", other), BODY).await;
            assert_eq!(error.unwrap_err().code(), "key_unknown", "{}: {other}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_public_key_id_is_compared_byte_for_byte() {
    for rig in rigs() {
        let id = rig.id.as_str();
        for other in [id.replace("_0119", "_119"), id.replace("_0119", "_00119")] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", &other)).await;
            assert_eq!(error.code(), "key_unknown", "{}: {other}", rig.name);
        }
        // The digits alone are a serial, and serials are another name space.
        let digits = id.replace("PUB_KEY_ID_", "");
        let error = rig
            .refusal(&rig.headers().with("Wechatpay-Serial", &digits))
            .await;
        assert!(
            error.code() == "key_unknown" || error.code() == "header_malformed",
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn a_certificate_verifies_from_a_little_before_its_first_second_to_a_little_after_its_last() {
    type Change = fn(&mut CertificateSpec);
    let cases: [(&str, Change, Result<(), &str>); 4] = [
        (
            "ended within the allowance",
            |spec| spec.not_after = NOW - 300,
            Ok(()),
        ),
        (
            "ended earlier",
            |spec| spec.not_after = NOW - 301,
            Err("key_expired"),
        ),
        (
            "begins within the allowance",
            |spec| spec.not_before = NOW + 300,
            Ok(()),
        ),
        (
            "begins later",
            |spec| spec.not_before = NOW + 301,
            Err("key_expired"),
        ),
    ];
    for rig in rigs() {
        let key = rig.platform.demo_key(DemoKey::Platform1);
        for (case, change, expected) in cases {
            let certificate = rig.certificate(change);
            let headers = rig.sign_as(
                &certificate.id().clone(),
                key.as_ref(),
                &NOW.to_string(),
                NONCE,
                BODY,
            );
            let verifier = Verifier::new(Arc::new(PinnedKeys::new([certificate]))).clock(Clock::fixed(NOW));
            let outcome = verify_with(&verifier, &headers, BODY).await;
            if let Err(error) = &outcome {
                assert!(!error.is_retryable(), "{}: {case}", rig.name);
            }
            let outcome = outcome.map(drop).map_err(|error| error.code());
            assert_eq!(outcome, expected, "{}: {case}", rig.name);
        }
    }
}

// The signature itself.

#[tokio::test]
async fn another_key_than_the_one_named_does_not_verify() {
    for rig in rigs() {
        for key in [
            DemoKey::Stranger,
            DemoKey::Merchant,
            DemoKey::Platform1,
            DemoKey::Root,
        ] {
            let key = rig.platform.demo_key(key);
            let headers = rig.sign_as(&rig.id, key.as_ref(), &NOW.to_string(), NONCE, BODY);
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(&error, VerifyError::SignatureInvalid { id } if *id == rig.id),
                "{}: {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_change_of_anything_that_was_signed_is_found() {
    for rig in rigs() {
        let genuine = rig.headers();
        let other_time = genuine.with("Wechatpay-Timestamp", (NOW + 1).to_string());
        let other_nonce = genuine.with("Wechatpay-Nonce", NONCE.to_lowercase());
        let mut bent = genuine.get("Wechatpay-Signature").to_vec();
        bent[10] = if bent[10] == b'A' { b'B' } else { b'A' };
        let other_signature = genuine.with("Wechatpay-Signature", &bent);
        for headers in [&other_time, &other_nonce, &other_signature] {
            assert_eq!(
                rig.refusal(headers).await.code(),
                "signature_invalid",
                "{}",
                rig.name
            );
        }
        let flipped = BODY.replace('1', "2");
        for body in [
            "",
            "{}",
            BODY.trim_end(),
            &flipped,
            &BODY.replace('\n', "\r\n"),
            &format!("{BODY} "),
        ] {
            let error = rig.verify(&genuine, body).await.unwrap_err();
            assert_eq!(error.code(), "signature_invalid", "{}: {body:?}", rig.name);
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_signed_and_verified_like_any_other() {
    for rig in rigs() {
        let headers = rig.sign(&NOW.to_string(), NONCE, "");
        let verified = rig.verify(&headers, "").await.unwrap();
        assert!(verified.is_empty(), "{}", rig.name);
        assert!(verified.json::<()>().is_ok(), "{}", rig.name);
        assert!(rig.verify(&headers, "{}").await.is_err(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_type_asked_for_says_where_and_not_what() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Answer {
        amount: Amount,
    }
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Amount {
        total: i64,
    }

    for rig in rigs() {
        let body = "{\"amount\":{\"total\":\"CANARY\"}}";
        let verified = rig
            .verify(&rig.sign(&NOW.to_string(), NONCE, body), body)
            .await
            .unwrap();
        let error = verified.json::<Answer>().unwrap_err();
        assert_eq!(error.path(), "amount.total", "{}", rig.name);
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{}", rig.name);
    }
}

// Cheap checks first.

/// A store that counts how often it is asked.
#[derive(Debug, Default)]
struct CountingStore {
    gets: AtomicUsize,
    fetches: AtomicUsize,
    refresh_failing: bool,
    known: Option<Arc<PlatformKey>>,
}

impl KeyStore for CountingStore {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.known.clone().filter(|key| key.id() == id)
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        KeyFuture::ready(Err(KeyError::StillRefreshing))
    }

    fn announced(&self) -> Option<KeyId> {
        None
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        None
    }

    fn is_refresh_failing(&self) -> bool {
        self.refresh_failing
    }

    fn health(&self) -> KeyHealth {
        KeyHealth::default()
    }
}

#[tokio::test]
async fn the_store_is_asked_only_after_form_window_and_probe_were_checked() {
    for rig in rigs() {
        let store = Arc::new(CountingStore::default());
        let verifier = Verifier::new(Arc::clone(&store) as _).clock(Clock::fixed(NOW));
        let genuine = rig.headers();
        for refused in [
            genuine.without("Wechatpay-Nonce"),
            genuine.clone().and("Wechatpay-Serial", "AB"),
            genuine.with("Wechatpay-Serial", "no serial"),
            genuine.with("Wechatpay-Signature-Type", "none"),
            genuine.with("Wechatpay-Timestamp", (NOW - 301).to_string()),
            genuine.with("Wechatpay-Timestamp", (NOW + 301).to_string()),
            genuine.with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x"),
        ] {
            assert!(
                verify_with(&verifier, &refused, BODY).await.is_err(),
                "{}",
                rig.name
            );
        }
        assert_eq!(store.gets.load(Ordering::Relaxed), 0, "{}", rig.name);
        assert_eq!(store.fetches.load(Ordering::Relaxed), 0, "{}", rig.name);

        let error = verify_with(&verifier, &genuine, BODY).await.unwrap_err();
        assert_eq!(error.code(), "key_unavailable", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
        assert_eq!(store.gets.load(Ordering::Relaxed), 1, "{}", rig.name);
        assert_eq!(store.fetches.load(Ordering::Relaxed), 1, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_key_that_expired_while_the_refresh_fails_may_be_tried_again() {
    for rig in rigs() {
        let store = CountingStore {
            refresh_failing: true,
            known: Some(Arc::new(rig.certificate(|spec| spec.not_after = NOW - 301))),
            ..CountingStore::default()
        };
        let verifier = Verifier::new(Arc::new(store)).clock(Clock::fixed(NOW));
        let headers = rig.headers().with("Wechatpay-Serial", "ABCDE0F");
        let error = verify_with(&verifier, &headers, BODY).await.unwrap_err();
        assert_eq!(error.code(), "key_expired", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
    }
}
