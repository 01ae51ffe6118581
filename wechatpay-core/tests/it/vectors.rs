//! Sample values of the platform's documentation, checked with each backend.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Method;
use serde_json::Value;
use wechatpay_core::{
    Clock, NonceSource,
    api::{
        Endpoint as _,
        prepay::{CodeUrlResponse, DirectPayer, JsapiPrepay},
    },
    crypto::{CryptoProvider, PublicKey, pem},
    keys::{PinnedKeys, PlatformKey},
    sign::{RequestSigner, SignFuture, Signer, SigningMessage},
    types::{Fen, SerialNumber},
    verify::{Verified, Verifier, VerifyError},
};

use crate::support::providers;

/// Folder of `tests/data/vectors`.
struct Vector {
    input: Value,
    body: &'static [u8],
    message: &'static [u8],
    signature: &'static str,
}

macro_rules! vector {
    ($folder:literal, body = $body:expr) => {
        Vector {
            input: serde_json::from_str(include_str!(concat!("../data/vectors/", $folder, "/input.json")))
                .unwrap(),
            body: $body,
            message: include_bytes!(concat!("../data/vectors/", $folder, "/message.txt")),
            signature: include_str!(concat!("../data/vectors/", $folder, "/signature.txt")).trim_ascii(),
        }
    };
    ($folder:literal) => {
        vector!($folder, body = b"")
    };
    ($folder:literal, with body) => {
        vector!(
            $folder,
            body = include_bytes!(concat!("../data/vectors/", $folder, "/body.json"))
        )
    };
}

impl Vector {
    fn text(&self, key: &str) -> &str {
        self.input.get(key).and_then(Value::as_str).unwrap()
    }

    fn signature_bytes(&self) -> Vec<u8> {
        STANDARD.decode(self.signature).unwrap()
    }
}

fn invoke_jsapi() -> Vector {
    vector!("invoke_jsapi")
}

fn invoke_app() -> Vector {
    vector!("invoke_app")
}

fn request() -> Vector {
    vector!("request_jsapi_order", with body)
}

fn response() -> Vector {
    vector!("response_public_key", with body)
}

fn merchant_key(provider: &dyn CryptoProvider) -> Arc<dyn PublicKey> {
    pem::public_key(include_str!("../data/vectors/merchant_public_key.pem"), provider).unwrap()
}

/// Signer that returns the published signature and records the message.
#[derive(Debug)]
struct PublishedSigner {
    serial: SerialNumber,
    signature: Vec<u8>,
    asked: Mutex<Vec<Vec<u8>>>,
}

impl Signer for PublishedSigner {
    fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    fn sign(&self, message: SigningMessage) -> SignFuture {
        self.asked.lock().unwrap().push(message.to_vec());
        SignFuture::ready(Ok(self.signature.clone()))
    }
}

/// Creates a merchant at the time of the vector, and its signer.
fn merchant(mchid: &str, vector: &Vector) -> (RequestSigner, Arc<PublishedSigner>) {
    let published = Arc::new(PublishedSigner {
        serial: "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C".parse().unwrap(),
        signature: vector.signature_bytes(),
        asked: Mutex::default(),
    });
    let nonce = vector.text("nonce").to_owned();
    let signer = RequestSigner::new(mchid.parse().unwrap(), Arc::clone(&published) as _)
        .clock(Clock::fixed(vector.text("timestamp").parse().unwrap()))
        .nonces(NonceSource::from_fn(move || nonce.clone()));
    (signer, published)
}

#[test]
fn every_published_signature_of_the_merchant_verifies_and_none_survives_a_changed_bit() {
    for (name, provider) in providers() {
        let key = merchant_key(provider.as_ref());
        for vector in [invoke_jsapi(), invoke_app(), request()] {
            let signature = vector.signature_bytes();
            assert_eq!(key.verify(&[vector.message], &signature), Ok(()), "{name}");
            for place in [0, vector.message.len() / 2, vector.message.len() - 1] {
                let mut message = vector.message.to_vec();
                message[place] ^= 1;
                assert!(
                    key.verify(&[&message], &signature).is_err(),
                    "{name}: message {place}"
                );
            }
            for place in [0, signature.len() / 2, signature.len() - 1] {
                let mut signature = signature.clone();
                signature[place] ^= 1;
                assert!(
                    key.verify(&[vector.message], &signature).is_err(),
                    "{name}: signature {place}"
                );
            }
        }
    }
}

#[test]
fn the_parts_of_a_message_may_be_split_anywhere() {
    for (name, provider) in providers() {
        let key = merchant_key(provider.as_ref());
        let vector = request();
        let signature = vector.signature_bytes();
        for at in [0, 1, 63, 64, 65, vector.message.len()] {
            let (head, tail) = vector.message.split_at(at);
            assert_eq!(key.verify(&[head, b"", tail], &signature), Ok(()), "{name}: {at}");
        }
    }
}

#[tokio::test]
async fn jsapi_and_mini_program_parameters_are_the_published_ones() {
    let vector = invoke_jsapi();
    let (appid, prepay_id) = (
        vector.text("appid").parse().unwrap(),
        vector.text("prepay_id").parse().unwrap(),
    );
    let (signer, published) = merchant("1900009191", &vector);
    let page = signer.jsapi(&appid, &prepay_id).await.unwrap();
    let mini = signer.mini_program(&appid, &prepay_id).await.unwrap();
    assert_eq!(*published.asked.lock().unwrap(), [vector.message, vector.message]);
    assert_eq!(page.pay_sign, vector.signature);
    assert_eq!(mini.pay_sign, vector.signature);
    assert_eq!(page.package, format!("prepay_id={}", vector.text("prepay_id")));
}

#[tokio::test]
async fn app_parameters_are_the_published_ones() {
    let vector = invoke_app();
    let (appid, prepay_id) = (
        vector.text("appid").parse().unwrap(),
        vector.text("prepay_id").parse().unwrap(),
    );
    let (signer, published) = merchant("1900009191", &vector);
    let app = signer.app(&appid, &prepay_id).await.unwrap();
    assert_eq!(*published.asked.lock().unwrap(), [vector.message]);
    assert_eq!(app.sign, vector.signature);
}

#[tokio::test]
async fn a_typed_order_is_serialised_and_signed_to_the_published_bytes() {
    let vector = request();
    let order = JsapiPrepay::new(
        "wxd678efh567hg6787".parse().unwrap(),
        "1900007291".parse().unwrap(),
        "Image形象店-深圳腾大-QQ公仔",
        "1217752501201407033233368018".parse().unwrap(),
        "https://www.weixin.qq.com/wxpay/pay.php",
        Fen::from(100),
        DirectPayer::openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap()),
    );
    let body = serde_json::to_vec(&order.body()).unwrap();
    assert_eq!(body, vector.body);
    assert_eq!(order.path().as_str(), vector.text("path_and_query"));
    assert_eq!(JsapiPrepay::METHOD.as_str(), vector.text("method"));

    let (signer, published) = merchant("1900007291", &vector);
    let authorization = signer
        .authorize(&Method::POST, order.path().as_str(), body.into())
        .await
        .unwrap();
    assert_eq!(*published.asked.lock().unwrap(), [vector.message]);
    assert_eq!(authorization.signature, vector.signature);
    assert_eq!(authorization.timestamp, vector.text("timestamp"));
    assert_eq!(authorization.nonce, vector.text("nonce"));
}

#[test]
fn messages_made_from_their_parts_are_the_published_ones() {
    let (page, app, order) = (invoke_jsapi(), invoke_app(), request());
    for (vector, package) in [
        (&page, format!("prepay_id={}", page.text("prepay_id"))),
        (&app, app.text("prepay_id").to_owned()),
    ] {
        let message = SigningMessage::invoke(
            vector.text("appid"),
            vector.text("timestamp"),
            vector.text("nonce"),
            &package,
        )
        .unwrap();
        assert_eq!(message.to_vec(), vector.message);
    }
    let message = SigningMessage::request(
        order.text("method"),
        order.text("path_and_query"),
        order.text("timestamp"),
        order.text("nonce"),
        Bytes::from_static(order.body),
    )
    .unwrap();
    assert_eq!(message.to_vec(), order.message);
}

/// Verifies the published response `seconds` after it was signed.
async fn verify_response(
    provider: &dyn CryptoProvider,
    seconds: i64,
    body: &'static [u8],
) -> Result<Verified<Bytes>, VerifyError> {
    let vector = response();
    let key = PlatformKey::public_key(
        vector.text("serial").parse().unwrap(),
        include_str!("../data/vectors/platform_public_key.pem"),
        provider,
    )
    .unwrap();
    let signed_at: i64 = vector.text("timestamp").parse().unwrap();
    let verifier = Verifier::new(Arc::new(PinnedKeys::new([key]))).clock(Clock::fixed(signed_at + seconds));
    let headers = [
        ("Wechatpay-Timestamp", vector.text("timestamp")),
        ("Wechatpay-Nonce", vector.text("nonce")),
        ("Wechatpay-Signature", vector.signature),
        ("Wechatpay-Serial", vector.text("serial")),
    ];
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
    verifier
        .begin(pairs)?
        .key()
        .await?
        .verify(Bytes::from_static(body))
}

#[tokio::test]
async fn the_published_response_verifies_with_the_public_key() {
    for (name, provider) in providers() {
        let vector = response();
        let verified = verify_response(provider.as_ref(), 3, vector.body).await.unwrap();
        assert_eq!(verified.key_id().as_str(), vector.text("serial"), "{name}");
        assert_eq!(
            verified.signed_at().to_string(),
            vector.text("timestamp"),
            "{name}"
        );
        let reply = verified.json::<CodeUrlResponse>().unwrap();
        assert_eq!(reply.code_url, "weixin://wxpay/bizpayurl?pr=JyC91EIz1", "{name}");
    }
}

#[tokio::test]
async fn the_published_response_with_another_body_or_at_another_time_is_rejected() {
    for (name, provider) in providers() {
        let vector = response();
        for place in [0, vector.body.len() / 2, vector.body.len() - 1] {
            let mut body = vector.body.to_vec();
            body[place] ^= 1;
            let outcome = verify_response(provider.as_ref(), 3, body.leak()).await;
            assert!(
                matches!(outcome, Err(VerifyError::SignatureInvalid { .. })),
                "{name}: {place}"
            );
        }
        let late = verify_response(provider.as_ref(), 301, vector.body).await;
        assert!(
            matches!(late, Err(VerifyError::TooOld { seconds: 301 })),
            "{name}"
        );
    }
}
