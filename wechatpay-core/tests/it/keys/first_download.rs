//! First download: the list is verified with a certificate that it contains.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    keys::{CertificateCache, CertificatesResponse, KeyOrigin, KeyStore, RefreshError},
    testing::{DemoKey, FakePlatform},
    types::ApiV3Key,
};

use super::{NOW, Reply, chain, id, id_1, ids, rigs};

#[tokio::test]
async fn the_first_response_is_verified_with_the_key_inside_it() {
    for rig in rigs() {
        let cache = rig.warm().await;
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
        let key = cache.get(&id_1()).unwrap();
        assert_eq!(key.origin(), KeyOrigin::Downloaded, "{}", rig.name);
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
    }
}

#[tokio::test]
async fn a_first_response_that_no_key_inside_it_signed_is_rejected() {
    for rig in rigs() {
        let stranger = rig.platform.demo_key(DemoKey::Stranger);
        let pems = [rig.certificate_1()];
        let unsigned = CertificatesResponse {
            headers: Vec::new(),
            ..rig.response_1()
        };
        let stale = CertificatesResponse {
            headers: FakePlatform::sign_with(
                &id_1(),
                rig.signer_1().1.as_ref(),
                &(NOW - 301).to_string(),
                "nonce",
                &rig.response_1().body,
            ),
            ..rig.response_1()
        };
        let probe = {
            let mut response = rig.response_1();
            response.headers.retain(|(name, _)| name != "Wechatpay-Signature");
            response
                .headers
                .push(("Wechatpay-Signature".into(), b"WECHATPAY/SIGNTEST/x".to_vec()));
            response
        };
        for (response, expected) in [
            // A stranger in the name of the certificate, in its own name, and in nobody's.
            (
                rig.platform
                    .certificates_response(&pems, (id_1(), Arc::clone(&stranger))),
                "signature_invalid",
            ),
            (
                rig.platform
                    .certificates_response(&pems, (id("ABCDEF"), Arc::clone(&stranger))),
                "key_unknown",
            ),
            (
                rig.platform
                    .certificates_response(&pems, (FakePlatform::public_key_id().into(), stranger)),
                "key_unknown",
            ),
            (unsigned, "header_missing"),
            (stale, "too_old"),
            (probe, "probe"),
        ] {
            let cache = rig.cold();
            rig.gateway.says(Reply::Response(response));
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
async fn a_first_response_encrypted_with_another_api_v3_key_is_rejected() {
    for rig in rigs() {
        let other = ApiV3Key::parse("AnotherApiV3KeyAnotherApiV3Key12").unwrap();
        let cache = CertificateCache::builder(other, Arc::new(rig.gateway.clone()))
            .provider(Arc::clone(rig.platform.provider()))
            .clock(Clock::fixed(NOW))
            .build()
            .unwrap();
        rig.gateway.says(Reply::Response(rig.response_1()));
        let error = cache.refresh().await.unwrap_err();
        assert!(matches!(*error, RefreshError::DoesNotOpen), "{}", rig.name);
        assert!(cache.snapshot().is_empty(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_response_signed_with_a_key_that_is_only_inside_it_is_accepted() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let pems = [rig.certificate_1(), rig.certificate_2()];
        let response = rig.platform.certificates_response(&pems, rig.signer_2());
        rig.gateway.says(Reply::Response(response));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);
    }
}

#[tokio::test]
async fn a_response_may_be_signed_with_the_pinned_public_key() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        let response = rig
            .platform
            .certificates_response(&[rig.certificate_1()], rig.platform.signing_key());
        rig.gateway.says(Reply::Response(response));
        cache.refresh().await.unwrap();
        assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
    }
}

#[tokio::test]
async fn json_escapes_and_missing_associated_data_are_accepted() {
    for rig in rigs() {
        let text = String::from_utf8(rig.response_1().body.to_vec()).unwrap();
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
            rig.gateway.says(Reply::Response(rig.response_of_body(body)));
            let outcome = cache.refresh().await;
            assert!(outcome.is_ok(), "{}: {}", rig.name, chain(&*outcome.unwrap_err()));
        }
    }
}
