//! Redaction in `Debug` and errors of all public types.
//!
//! They show no secret, payer, signature or body.

use std::{error::Error, fmt::Debug, sync::Arc};

use bytes::Bytes;
use http::Method;
use serde_json::json;
use wechatpay_core::{
    BoxError, Clock,
    api::{
        ErrorBody,
        prepay::{
            DirectPayer, H5Info, H5Prepay, H5Scene, H5Type, IdentityType, JsapiPrepay, PartnerJsapiPrepay,
            PartnerPayer, PayerIdentity,
        },
        refunds::RefundNotice,
        transactions::Transaction,
    },
    keys::{
        CertificateCache, CertificateSource, CertificatesResponse, FetchFuture, KeyError, KeyStore as _,
        RefreshError,
    },
    notify::{NotificationError, NotificationReceiver},
    sign::{Authorization, LocalSigner, SignError, Signer as _, SigningMessage},
    testing::{DemoKey, FakePlatform, private_key_pem, public_key_pem},
    types::{ApiV3Key, Fen, InvalidId, Openid, PrivateKeyPem, Redacted, Sensitive},
    verify::SignatureHeaders,
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const CANARY: &str = "CANARY";
/// 32 visible characters.
const KEY: &str = "CANARYCANARYCANARYCANARYCANARY12";

/// Checks that no secret shows.
///
/// It looks for the canary, and for base64 or bytes of a key, certificate or signature.
#[track_caller]
fn silent(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!shown.contains(CANARY), "{shown}");
        for (what, mark) in [
            ("a DER structure in base64", "MII"),
            ("a DER structure in bytes", "48, 130"),
            ("the canary in bytes", "67, 65, 78, 65, 82, 89"),
            ("the canary in hexadecimal", "43414e415259"),
        ] {
            assert!(
                !shown.to_lowercase().contains(&mark.to_lowercase()),
                "{what} in {shown}"
            );
        }
    }
}

/// Checks that an error and its sources show no secret.
#[track_caller]
fn silent_error(error: &(dyn Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        silent(&error);
        silent(&error.to_string());
        next = error.source();
    }
}

fn openid() -> Openid {
    Openid::parse("oCANARYoCANARYoCANARYoCANARY").unwrap()
}

fn identity() -> PayerIdentity {
    PayerIdentity::new(IdentityType::IdCard, "CANARY-110101", "CANARY-张三")
}

/// Responses with a body and headers full of canaries.
#[derive(Debug)]
struct Talkative;

impl CertificateSource for Talkative {
    fn fetch(&self) -> FetchFuture {
        Box::pin(async { Ok(talk(200, "{\"data\":\"CANARY\"}")) })
    }
}

fn talk(status: u16, body: &'static str) -> CertificatesResponse {
    CertificatesResponse {
        status,
        headers: vec![("Wechatpay-Signature".into(), CANARY.into())],
        body: Bytes::from_static(body.as_bytes()),
    }
}

#[test]
fn secrets_and_sensitive_texts_print_their_type_and_nothing_else() {
    silent(&ApiV3Key::parse(KEY).unwrap());
    silent(&PrivateKeyPem::from(private_key_pem(DemoKey::Merchant.pkcs8())));
    silent(&openid());
    silent(&Redacted::from("CANARY"));
    silent(&Sensitive::plain(CANARY));
    silent(&Sensitive::cipher(CANARY));
    silent(&Some(vec![Sensitive::plain(CANARY)]));
    assert_eq!(format!("{:?}", ApiV3Key::parse(KEY).unwrap()), "ApiV3Key(..)");
    assert_eq!(format!("{:?}", openid()), "Openid(..)");
    assert_eq!(format!("{:?}", Redacted::from("x")), "Redacted(..)");
    assert_eq!(format!("{:?}", PrivateKeyPem::from("x")), "PrivateKeyPem(..)");
}

#[test]
fn invalid_keys_and_ids_are_not_repeated_in_errors() {
    let ids: [InvalidId; 6] = [
        "CANARY CANARY".parse::<Openid>().unwrap_err(),
        "CANARY CANARY"
            .parse::<wechatpay_core::types::Mchid>()
            .unwrap_err(),
        "CANARY CANARY"
            .parse::<wechatpay_core::types::OutTradeNo>()
            .unwrap_err(),
        "CANARY CANARY"
            .parse::<wechatpay_core::types::SerialNumber>()
            .unwrap_err(),
        "CANARY CANARY"
            .parse::<wechatpay_core::types::PublicKeyId>()
            .unwrap_err(),
        "PUB_KEY_ID_CANARY!"
            .parse::<wechatpay_core::types::KeyId>()
            .unwrap_err(),
    ];
    for error in &ids {
        silent_error(error);
    }
    silent_error(&ApiV3Key::parse("CANARY").unwrap_err());
    silent_error(&ApiV3Key::parse(&KEY.replace('1', "é").replace('2', "")).unwrap_err());
    silent_error(&"CANARY".parse::<wechatpay_core::types::DateTime>().unwrap_err());
    silent_error(&Authorization::parse("CANARY").unwrap_err());
    silent_error(&SigningMessage::invoke("CANARY\n", "1", "N", "p").unwrap_err());
}

#[test]
fn requests_do_not_name_their_payer() {
    let (appid, mchid) = (|| "wx1".parse().unwrap(), || "1900000001".parse().unwrap());
    let order = || "ORDER-1".parse().unwrap();
    let payer = DirectPayer::openid(openid()).identity(identity());
    silent(&JsapiPrepay::new(
        appid(),
        mchid(),
        "x",
        order(),
        "https://x/",
        Fen::from(1),
        payer,
    ));
    let payer = PartnerPayer::sp_openid(openid()).identity(identity());
    silent(&PartnerJsapiPrepay::new(
        appid(),
        mchid(),
        mchid(),
        "x",
        order(),
        "https://x/",
        Fen::from(1),
        payer,
    ));
    let scene = H5Scene::new(CANARY, H5Info::new(H5Type::Wap));
    let order = H5Prepay::new(appid(), mchid(), "x", order(), "https://x/", Fen::from(1), scene);
    silent(&order.payer(identity()));
}

#[test]
fn responses_do_not_name_their_payer() {
    let transaction: Transaction = serde_json::from_value(json!({
        "mchid": "1900000001", "out_trade_no": "ORDER-1", "trade_state": "SUCCESS",
        "payer": { "openid": "oCANARY", "sp_openid": "oCANARY", "sub_openid": "oCANARY" },
    }))
    .unwrap();
    silent(&transaction);
    let refund: RefundNotice = serde_json::from_value(json!({
        "mchid": "1900000001", "out_trade_no": "ORDER-1", "transaction_id": "42", "out_refund_no": "R1",
        "refund_id": "50", "refund_status": "SUCCESS", "user_received_account": "CANARY银行0403",
        "amount": { "total": 1, "refund": 1, "payer_total": 1, "payer_refund": 1 },
    }))
    .unwrap();
    silent(&refund);
    let error: ErrorBody = serde_json::from_value(json!({
        "code": "PARAM_ERROR", "message": "x", "detail": { "field": "/payer/openid", "value": "oCANARY" },
    }))
    .unwrap();
    silent(&error);
    assert!(format!("{error:?}").contains("/payer/openid"));
}

#[tokio::test]
async fn signers_and_signed_values_show_nothing() {
    for (_, provider) in providers() {
        let pem = PrivateKeyPem::from(private_key_pem(DemoKey::Merchant.pkcs8()));
        let signer = LocalSigner::new("AB".parse().unwrap(), &pem, provider.as_ref()).unwrap();
        silent(&signer);
        silent(&signer.sign(SigningMessage::invoke("wx1", "1", "N", "p").unwrap()));
        silent(&SigningMessage::request("POST", "/v3/x?CANARY", "1", "CANARY", "CANARY".into()).unwrap());

        let platform = FakePlatform::with_provider(provider);
        let signer = platform.request_signer();
        silent(&signer);
        let authorize = signer.authorize(&Method::POST, "/v3/x", "CANARY".into());
        silent(&authorize);
        let made = authorize.await.unwrap();
        let header = made.to_header_value().unwrap();
        let (app, prepay) = ("wx1".parse().unwrap(), "wx2".parse().unwrap());
        let page = signer.jsapi(&app, &prepay).await.unwrap();
        let mini = signer.mini_program(&app, &prepay).await.unwrap();
        let native = signer.app(&app, &prepay).await.unwrap();
        let shown: [(&dyn Debug, &str, &str); 5] = [
            (&made, &made.signature, &made.nonce),
            (&header, &made.signature, &made.nonce),
            (&page, &page.pay_sign, &page.nonce_str),
            (&mini, &mini.pay_sign, &mini.nonce_str),
            (&native, &native.sign, &native.noncestr),
        ];
        for (value, signature, nonce) in shown {
            let text = format!("{value:?}");
            assert!(!text.contains(signature) && !text.contains(nonce), "{text}");
        }
    }
}

#[tokio::test]
async fn keys_and_key_stores_show_nothing() {
    for (_, provider) in providers() {
        let platform = FakePlatform::with_provider(Arc::clone(&provider)).clock(Clock::fixed(NOW));
        silent(&provider);
        silent(&platform);
        silent(&platform.demo_key(DemoKey::Merchant));
        let key = platform.pinned_public_key();
        silent(&key);
        silent(&key.key());
        silent(&provider.aead(&ApiV3Key::parse(KEY).unwrap()).unwrap());
        silent(&platform.key_store());

        let certificate = platform.issue(&platform.certificate_spec(DemoKey::Platform1, &[0xAB]));
        let builder = CertificateCache::builder(ApiV3Key::parse(KEY).unwrap(), Arc::new(Talkative))
            .provider(Arc::clone(&provider))
            .pin(key)
            .root(public_key_pem(platform.demo_key(DemoKey::Root).public_key_info()))
            .saved_certificates(&certificate);
        silent(&builder);
        let cache = builder.clock(Clock::fixed(NOW)).build().unwrap();
        silent(&cache);
        silent(&cache.snapshot());
        silent(&cache.health());
        silent(&cache.refresher());
        silent(&cache.fetch(&"ABCD".parse().unwrap()));
        silent(&cache.encryption_key());
        silent_error(&cache.refresh().await.unwrap_err());
        silent(&talk(200, CANARY));

        let receiver = NotificationReceiver::builder(
            "1900000001".parse().unwrap(),
            ApiV3Key::parse(KEY).unwrap(),
            platform.key_store(),
        )
        .provider(provider);
        silent(&receiver);
        silent(&receiver.build().unwrap());
    }
}

#[test]
fn signature_headers_and_their_errors_show_no_value() {
    let pairs: [(&str, &[u8]); 5] = [
        ("Wechatpay-Timestamp", b"1700000000"),
        ("Wechatpay-Nonce", b"CANARY"),
        ("Wechatpay-Signature", b"CANARYCA"),
        ("Wechatpay-Serial", b"AB"),
        ("Wechatpay-Signature-Type", b"WECHATPAY2-SHA256-RSA2048"),
    ];
    silent(&SignatureHeaders::from_pairs(pairs).unwrap());
    for name in [
        "Wechatpay-Timestamp",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
        "Wechatpay-Signature-Type",
    ] {
        let bent = pairs.map(|(key, value)| {
            if key == name {
                (key, &b"CANARY!"[..])
            } else {
                (key, value)
            }
        });
        silent_error(&SignatureHeaders::from_pairs(bent).unwrap_err());
    }
}

#[tokio::test]
async fn rejected_certificates_show_no_content() {
    for (_, provider) in providers() {
        let platform = FakePlatform::with_provider(Arc::clone(&provider)).clock(Clock::fixed(NOW));
        let signer = || platform.signing_key();
        let entry = |serial: &str, text: &str| {
            platform.sealed_certificate(serial, "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", text)
        };
        let mut odd = entry("AB", "x");
        odd["encrypt_certificate"]["algorithm"] = json!(CANARY);
        let bodies = [
            vec![entry("CANARY", "CANARY")],
            vec![entry("AB", &private_key_pem(DemoKey::Merchant.pkcs8()))],
            vec![entry(
                "AB",
                "-----BEGIN CANARY-----\nCANARY\n-----END CANARY-----",
            )],
            vec![odd],
            vec![json!({ "serial_no": { "CANARY": CANARY } })],
        ];
        for entries in bodies {
            let response = platform.certificates_response_of(entries, signer());
            let gateway = Fixed(response);
            let cache = CertificateCache::builder(platform.api_v3_key().clone(), Arc::new(gateway))
                .provider(Arc::clone(&provider))
                .clock(Clock::fixed(NOW))
                .build()
                .unwrap();
            silent_error(&cache.refresh().await.unwrap_err());
        }
    }
}

#[derive(Debug)]
struct Fixed(CertificatesResponse);

impl CertificateSource for Fixed {
    fn fetch(&self) -> FetchFuture {
        let response = self.0.clone();
        Box::pin(async { Ok(response) })
    }
}

#[test]
fn a_foreign_cause_is_kept_as_source_and_not_repeated_in_the_message() {
    let cause = || BoxError::from(CANARY);
    let errors: [&dyn Error; 4] = [
        &SignError::Remote(cause()),
        &RefreshError::Transport(cause()),
        &NotificationError::BodyAborted(cause()),
        &KeyError::Unavailable(Arc::new(RefreshError::Transport(cause()))),
    ];
    for error in errors {
        assert!(!error.to_string().contains(CANARY), "{error}");
        assert!(error.source().is_some(), "{error}");
    }
}
