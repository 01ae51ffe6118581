//! Overhead of the library over the RSA and AES operations that it needs.
//!
//! Each table measures its candidates interleaved, round by round, in CPU time of this thread, and prints the median
//! of the ratios of the rounds, so that a slow phase of the machine affects all candidates. Ratios repeat to about 5
//! %; absolute numbers do not.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark"
)]

use std::{
    hint::black_box,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use cpu_time::ThreadTime;
use http::{Method, Request, Response};
use http_body_util::Full;
use tower::service_fn;
use wechatpay_core::{
    api::{prepay::PartnerJsapiPrepay, transactions::Transaction},
    crypto::{CryptoProvider, aws_lc::AwsLc, rust_crypto::RustCrypto},
    sign::LocalSigner,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey, FakePlatform, private_key_pem},
    types::{Fen, SerialNumber},
    verify::Verifier,
};
use wechatpay_tower::{Client, MaybeBuffered, RequestBody};

/// Rounds of each table, an odd number for the median.
const ROUNDS: usize = 31;

struct Candidate<'a> {
    name: &'static str,
    run: Box<dyn FnMut() + 'a>,
}

fn candidate<'a, T>(name: &'static str, mut run: impl FnMut() -> T + 'a) -> Candidate<'a> {
    Candidate {
        name,
        run: Box::new(move || drop(black_box(run()))),
    }
}

/// Measures all candidates and prints them relative to the first.
fn table(title: &str, iterations: u32, mut candidates: Vec<Candidate<'_>>) {
    for candidate in &mut candidates {
        (candidate.run)();
    }
    let mut micros = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for round in 0..ROUNDS {
        for offset in 0..candidates.len() {
            // Every candidate takes every place in turn.
            let index = (round + offset) % candidates.len();
            let start = ThreadTime::now();
            for _ in 0..iterations {
                (candidates[index].run)();
            }
            micros[index].push(start.elapsed().as_secs_f64() * 1e6 / f64::from(iterations));
        }
    }
    println!("\n{title}");
    println!(
        "  {:<44} {:>10} {:>10} {:>8}",
        "", "median µs", "best µs", "ratio"
    );
    for (index, candidate) in candidates.iter().enumerate() {
        let ratios = micros[index]
            .iter()
            .zip(&micros[0])
            .map(|(mine, base)| mine / base)
            .collect();
        let best = micros[index].iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "  {:<44} {:>10.1} {:>10.1} {:>8.3}",
            candidate.name,
            median(micros[index].clone()),
            best,
            median(ratios)
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!(
        "Ratios to the first line of each table (RSA-2048, CPU time of one thread, {ROUNDS} interleaved rounds)."
    );
    backend("aws-lc-rs", &(Arc::new(AwsLc) as _), &bare_aws_lc(), 20);
    backend(
        "rust-crypto",
        &(Arc::new(RustCrypto) as _),
        &bare_rust_crypto(),
        5,
    );
}

/// Operations of one backend without the library.
struct Bare {
    sign: Box<dyn Fn(&[u8]) -> Vec<u8>>,
    verify: Box<dyn Fn(&[u8], &[u8]) -> bool>,
    open: Open,
}

/// Function of nonce, associated data and sealed text.
type Open = Box<dyn Fn(&[u8], &[u8], Vec<u8>) -> Vec<u8>>;

fn bare_aws_lc() -> Bare {
    use aws_lc_rs::{
        aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
        rand::SystemRandom,
        signature::{
            KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
        },
    };
    let merchant = RsaKeyPair::from_pkcs8(DemoKey::Merchant.pkcs8()).unwrap();
    let platform = RsaKeyPair::from_pkcs8(DemoKey::PublicKey.pkcs8()).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, platform.public_key().as_ref())
        .parse()
        .unwrap();
    let aead = LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, wechatpay_core::testing::DEMO_API_V3_KEY.as_bytes()).unwrap(),
    );
    Bare {
        sign: Box::new(move |message| {
            let mut signature = vec![0; merchant.public_modulus_len()];
            merchant
                .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                .unwrap();
            signature
        }),
        verify: Box::new(move |message, signature| public.verify_sig(message, signature).is_ok()),
        open: Box::new(move |nonce, aad, mut sealed| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
            let length = aead
                .open_in_place(nonce, Aad::from(aad), &mut sealed)
                .unwrap()
                .len();
            sealed.truncate(length);
            sealed
        }),
    }
}

fn bare_rust_crypto() -> Bare {
    use aes_gcm::{Aes256Gcm, KeyInit, aead::AeadInOut};
    use rsa::pkcs8::DecodePrivateKey as _;
    use sha2::Sha256;
    let merchant = rsa::PrivateKey::from_pkcs8_der(DemoKey::Merchant.pkcs8()).unwrap();
    let public = rsa::PrivateKey::from_pkcs8_der(DemoKey::PublicKey.pkcs8())
        .unwrap()
        .to_public_key();
    let aead = Aes256Gcm::new_from_slice(wechatpay_core::testing::DEMO_API_V3_KEY.as_bytes()).unwrap();
    Bare {
        sign: Box::new(move |message| merchant.pkcs1v15_sign::<Sha256>(message).unwrap()),
        verify: Box::new(move |message, signature| {
            public.pkcs1v15_verify::<Sha256>(message, signature).is_ok()
        }),
        open: Box::new(move |nonce, aad, mut sealed| {
            let nonce: [u8; 12] = nonce.try_into().unwrap();
            aead.decrypt_in_place(&nonce.into(), aad, &mut sealed).unwrap();
            sealed
        }),
    }
}

fn backend(name: &str, provider: &Arc<dyn CryptoProvider>, bare: &Bare, signs: u32) {
    let platform = FakePlatform::with_provider(Arc::clone(provider));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let pem = private_key_pem(DemoKey::Merchant.pkcs8()).into();
    let serial = SerialNumber::parse("5157F09EFDC096DE15EBE81A47057A7232F1B8E1").unwrap();
    // Inline, so that the work stays on the measured thread.
    let local = LocalSigner::new(serial, &pem, provider.as_ref())
        .unwrap()
        .spawn_blocking(false);
    let signer = wechatpay_core::sign::RequestSigner::new(DEMO_MCHID.parse().unwrap(), Arc::new(local));
    let order = PartnerJsapiPrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        "Image形象店-深圳腾大-QQ公仔",
        "1217752501201407033233368018".parse().unwrap(),
        "https://shop.example/wechatpay/notify",
        Fen::from(100),
        wechatpay_core::api::prepay::PartnerPayer::sp_openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap()),
    )
    .attach("自定义数据说明")
    .goods_tag("WXG");
    let body = Bytes::from(serde_json::to_vec(&order).unwrap());

    // sign
    let target = "/v3/pay/partner/transactions/jsapi";
    let message = wechatpay_core::sign::SigningMessage::request(
        "POST",
        target,
        "1554208460",
        "593BEC0C930BF1AFEB40B4A08C8FB242",
        body.clone(),
    )
    .unwrap()
    .to_vec();
    table(
        &format!("{name}: sign a POST of {} bytes", body.len()),
        signs,
        vec![
            candidate("bare RSA sign", || (bare.sign)(&message)),
            candidate("RequestSigner::authorize to a header value", || {
                let authorize = signer.authorize(&Method::POST, target, body.clone());
                ready(authorize).unwrap().to_header_value().unwrap()
            }),
        ],
    );

    // receive
    let receiver = platform.receiver();
    let delivery = platform.payment("1217752501201407033233368018", 100);
    let header = |name: &str| delivery.header(name).unwrap().to_vec();
    let signed = [
        header("wechatpay-timestamp"),
        b"\n".to_vec(),
        header("wechatpay-nonce"),
        b"\n".to_vec(),
        delivery.body.to_vec(),
        b"\n".to_vec(),
    ]
    .concat();
    let signature = decode(&header("wechatpay-signature"));
    let envelope: serde_json::Value = serde_json::from_slice(&delivery.body).unwrap();
    let resource = &envelope["resource"];
    let sealed = decode(resource["ciphertext"].as_str().unwrap().as_bytes());
    let nonce = resource["nonce"].as_str().unwrap().as_bytes().to_vec();
    let aad = resource["associated_data"].as_str().unwrap().as_bytes().to_vec();
    table(
        &format!("{name}: receive a notification of {} bytes", delivery.body.len()),
        signs * 20,
        vec![
            candidate("bare RSA verify, parsed key", || {
                assert!((bare.verify)(&signed, &signature));
            }),
            candidate("bare RSA verify and AES-GCM open", || {
                assert!((bare.verify)(&signed, &signature));
                (bare.open)(&nonce, &aad, sealed.clone())
            }),
            candidate("headers and body to a typed Transaction", || {
                let pending = receiver.begin("POST", delivery.pairs()).unwrap();
                ready(pending.ready())
                    .unwrap()
                    .finish(delivery.body.clone())
                    .unwrap()
                    .decode::<Transaction>()
                    .unwrap()
            }),
        ],
    );

    // client round trip
    let reply = Bytes::from_static(br#"{"prepay_id":"wx201410272009395522657a690389285100"}"#);
    let headers = platform.sign(&reply);
    let response_message = [
        headers[0].1.clone(),
        b"\n".to_vec(),
        headers[1].1.clone(),
        b"\n".to_vec(),
        reply.to_vec(),
        b"\n".to_vec(),
    ]
    .concat();
    let response_signature = decode(
        &headers
            .iter()
            .find(|(name, _)| name == "Wechatpay-Signature")
            .unwrap()
            .1,
    );
    let service = service_fn(move |_: Request<MaybeBuffered<RequestBody>>| {
        let mut response = Response::new(Full::new(reply.clone()));
        for (name, value) in &headers {
            response.headers_mut().insert(
                http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                http::HeaderValue::from_bytes(value).unwrap(),
            );
        }
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let client = Client::builder(signer.clone())
        .service(service, Verifier::new(platform.key_store()))
        .unwrap();
    table(
        &format!("{name}: client round trip, in-process service"),
        signs,
        vec![
            candidate("bare RSA sign and bare RSA verify", || {
                assert!((bare.verify)(&response_message, &response_signature));
                (bare.sign)(&message)
            }),
            candidate("Client::call through the whole stack", || {
                runtime.block_on(client.call(&order)).unwrap()
            }),
        ],
    );
}

/// Returns the value of a future that never waits, without a runtime.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn decode(base64: &[u8]) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(base64).unwrap()
}
