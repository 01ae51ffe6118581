//! The window of 300 seconds, and the form of the timestamp.

use std::sync::Arc;

use proptest::prelude::*;
use wechatpay_core::{
    Clock,
    keys::{PinnedKeys, PlatformKey},
    verify::{SignatureHeader, SignatureHeaders, Verifier, VerifyError},
};

use super::{BODY, Headers, NONCE, NOW, rigs};

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
async fn a_rejection_for_time_reports_the_seconds() {
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

/// Spellings that some parsers accept as a number.
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
    fn no_header_bytes_panic(
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
