//! Signed requests: the five lines, nonce and time.

use std::{collections::HashSet, sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::Method;
use wechatpay_core::{
    NonceSource,
    sign::{RequestSigner, SignError},
    testing::DemoKey,
};

use super::{MCHID, NONCE, NOW, SERIAL, local, public, request_signer, verifies};
use crate::support::providers;

#[tokio::test]
async fn a_request_signature_verifies_over_the_five_lines() {
    for (name, provider) in providers() {
        let key = public(provider.as_ref(), DemoKey::Merchant);
        let signer = request_signer(local(provider.as_ref()));
        let body = "{\"description\":\"Image形象店\"}";
        for (method, path, body) in [
            (Method::GET, "/v3/certificates", ""),
            (Method::GET, "/v3/pay/transactions/id/42?mchid=1900000001", ""),
            (Method::POST, "/v3/pay/transactions/jsapi", body),
            (Method::POST, "/v3/x", "ends in a line end\n"),
        ] {
            let authorization = signer
                .authorize(&method, path, Bytes::from_static(body.as_bytes()))
                .await
                .unwrap();
            let message = format!("{method}\n{path}\n{NOW}\n{NONCE}\n{body}\n");
            assert!(
                verifies(key.as_ref(), message.as_bytes(), &authorization.signature),
                "{name}: {path}"
            );
            assert_eq!(authorization.mchid, MCHID, "{name}");
            assert_eq!(authorization.serial.as_str(), SERIAL, "{name}");
            assert_eq!(authorization.timestamp, NOW.to_string(), "{name}");
            assert_eq!(authorization.nonce, NONCE, "{name}");
        }
    }
}

#[tokio::test]
async fn each_signature_has_a_new_nonce_and_the_current_time() {
    for (name, provider) in providers() {
        let signer = RequestSigner::new(MCHID.parse().unwrap(), Arc::new(local(provider.as_ref())));
        let mut nonces = HashSet::new();
        for _ in 0..20 {
            let authorization = signer
                .authorize(&Method::GET, "/v3/x", Bytes::new())
                .await
                .unwrap();
            assert_eq!(authorization.nonce.len(), 32, "{name}");
            assert!(
                authorization
                    .nonce
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric()),
                "{name}"
            );
            let now = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .as_secs();
            assert!(
                now.abs_diff(authorization.timestamp.parse().unwrap()) < 10,
                "{name}"
            );
            assert!(nonces.insert(authorization.nonce), "{name}");
        }
    }
}

#[test]
fn ten_thousand_nonces_differ_and_use_the_whole_alphabet_evenly() {
    let source = NonceSource::system();
    let nonces: HashSet<String> = (0..10_000).map(|_| source.next().unwrap()).collect();
    assert_eq!(nonces.len(), 10_000);
    let mut counts = std::collections::HashMap::<char, u32>::new();
    for character in nonces.iter().flat_map(|nonce| nonce.chars()) {
        *counts.entry(character).or_default() += 1;
    }
    assert_eq!(counts.len(), 62);
    // 320 000 characters over 62: about 5161 each. A favoured character would have half as many more.
    assert!(
        counts.values().all(|count| (4500..5900).contains(count)),
        "{counts:?}"
    );
}

#[tokio::test]
async fn a_line_end_in_a_signed_component_is_an_error() {
    for (name, provider) in providers() {
        let signer = request_signer(local(provider.as_ref()));
        let error = signer
            .authorize(&Method::GET, "/v3/x\n/v3/y", Bytes::new())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
        assert!(error.to_string().contains("path and query"), "{name}: {error}");
        let crooked = signer.clone().nonces(NonceSource::from_fn(|| "a\nb".into()));
        let error = crooked
            .authorize(&Method::GET, "/v3/x", Bytes::new())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
        let error = crooked
            .jsapi(&"wx1".parse().unwrap(), &"wx2".parse().unwrap())
            .await
            .unwrap_err();
        assert!(matches!(error, SignError::Message(_)), "{name}: {error:?}");
    }
}
