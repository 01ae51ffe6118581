//! Ten thousand correct and wrong requests without a false verdict.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::{
    prelude::any,
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use wechatpay_core::{crypto::default_provider, testing::DemoKey};
use wechatpay_doctor::{Confidence, Limits, SignedRequest, VerdictKind};

use crate::kit::{doctor, key, lines};

/// Number of requests in each of the two tests, which run side by side.
const REQUESTS: usize = 5_000;

#[test]
fn no_verdict_on_random_requests_is_false() {
    examine_many(b"the signature doctor never lies!");
}

#[test]
fn no_verdict_on_other_random_requests_is_false() {
    examine_many(b"nor does it guess and call it so");
}

fn examine_many(seed: &[u8; 32]) {
    println!("seed {:?}", std::str::from_utf8(seed).unwrap());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let request = (
        proptest::sample::select(vec!["GET", "POST", "PATCH"]),
        "/v3/[a-z]{1,12}/[A-Z0-9]{1,12}(\\?[a-z]{1,8}=[a-z0-9%]{0,8})?",
        1_500_000_000_u32..2_000_000_000,
        "[A-Za-z0-9]{8,32}",
        "(|\\{\"[a-z]{1,8}\":(\"[a-zé中/<&]{0,12}\"|[0-9]{1,6}),\"[a-z]{1,5}\":null\\})",
        any::<(u8, u16, u8)>(),
    );
    let doctor = doctor().limits(Limits::frugal().candidates(250));
    let keys = [DemoKey::Merchant, DemoKey::OtherMerchant, DemoKey::Stranger].map(key);
    let publics = [DemoKey::Merchant, DemoKey::OtherMerchant].map(|of| {
        default_provider()
            .unwrap()
            .public_key(key(of).public_key_info())
            .unwrap()
    });
    let mut counts = [0_usize; 5];
    for _ in 0..REQUESTS {
        let (method, target, timestamp, nonce, body, (kind, place, flip)) =
            request.new_tree(&mut runner).unwrap().current();
        let timestamp = timestamp.to_string();
        let right = lines(method, &target, &timestamp, &nonce, &body);
        // More than half are right; the others are wrong in the message, the key or the signature's bytes.
        let kind = match kind {
            0..=147 => 0,
            148..=162 => 1,
            163..=195 => 2,
            196..=225 => 3,
            _ => 4,
        };
        counts[kind] += 1;
        let mut message = right.clone();
        if kind == 1 {
            let place = usize::from(place) % message.len();
            message[place] ^= flip.max(1);
        }
        let signer = match kind {
            2 => 1,
            3 => 2,
            _ => 0,
        };
        let mut signature = keys[signer].sign(&[&message]).unwrap();
        if kind == 4 {
            let place = usize::from(place) % signature.len();
            signature[place] ^= flip.max(1);
        }
        let text = STANDARD.encode(&signature);
        let arrived = SignedRequest::new(method, &target, &timestamp, &nonce, body.as_bytes(), &text);
        let verdict = doctor.request(&arrived);

        assert_eq!(verdict.expected_message(), right);
        let codes: Vec<_> = verdict.codes().collect();
        match kind {
            0 => assert_eq!(verdict.kind(), VerdictKind::SignatureFits, "{verdict}"),
            1 => {
                assert_eq!(verdict.kind(), VerdictKind::MessageDiffers, "{verdict}");
                assert_eq!(verdict.confidence() == Confidence::Proven, verdict.is_explained());
            }
            2 => assert_eq!(codes, ["key-of-other-merchant"]),
            3 | 4 => {
                assert_eq!(codes, ["key-unknown"]);
                assert_eq!(verdict.confidence(), Confidence::Suspected);
            }
            _ => unreachable!(),
        }
        // Whatever it calls the signed message was signed, by the key that it names.
        if let Some(signed) = verdict.signed_message() {
            assert_eq!(signed, message);
            publics[signer].verify(&[&signed], &signature).unwrap();
        }
    }
    println!("right, other message, other key, unknown key, damaged: {counts:?}");
}
