//! `https` is TLS or an error, in every combination of features.
//!
//! A bare listener never sees a request in clear text. Run it with separate feature sets, because a workspace unites
//! them: `cargo test -p wechatpay-tower --no-default-features --features hyper,reqwest --test clear_text`.
#![cfg(any(feature = "hyper", feature = "reqwest"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{io::AsyncReadExt as _, net::TcpListener};
use wechatpay_core::{
    api::{
        prepay::NativePrepay,
        transactions::{Close, QueryByOutTradeNo},
    },
    testing::{DEMO_APPID, DEMO_MCHID, FakePlatform},
    types::Fen,
    verify::Verifier,
};
use wechatpay_tower::{
    CallError, Client,
    client::{ClientBuilder, Outcome},
};

/// A listener without TLS that records the received bytes.
struct Listener {
    base: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Listener {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let inside = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let inside = Arc::clone(&inside);
                tokio::spawn(async move {
                    let mut bytes = [0; 4096];
                    // Whoever is silent has said all; then the connection is closed, so that no call waits for a response.
                    let patience = Duration::from_millis(50);
                    while let Ok(Ok(read @ 1..)) =
                        tokio::time::timeout(patience, stream.read(&mut bytes)).await
                    {
                        inside.lock().unwrap().extend_from_slice(&bytes[..read]);
                    }
                });
            }
        });
        Self { base, seen }
    }

    /// Calls over one transport and asserts that nothing readable arrived.
    async fn sees_nothing(&self, client: Client, has_tls: bool) {
        let number = || "ORDER-0001".parse().unwrap();
        let mchid = || DEMO_MCHID.parse().unwrap();
        let order = NativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            mchid(),
            "Image形象店",
            number(),
            "https://shop.example/notify",
            Fen::from(100),
        );
        let errors: [CallError; 3] = [
            client.call(&order).await.map(drop).unwrap_err(),
            client
                .call(&Close::new(mchid(), number()))
                .await
                .map(drop)
                .unwrap_err(),
            client
                .call(&QueryByOutTradeNo::new(mchid(), number()))
                .await
                .map(drop)
                .unwrap_err(),
        ];
        let seen = self.seen.lock().unwrap().clone();
        for readable in ["HTTP/", "WECHATPAY2", "mchid", "ORDER-0001"] {
            assert!(
                !seen
                    .windows(readable.len())
                    .any(|window| window == readable.as_bytes()),
                "in clear text: {}",
                String::from_utf8_lossy(&seen)
            );
        }
        if !has_tls {
            assert!(seen.is_empty(), "{seen:?}");
            for error in errors {
                assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
                let text = error.to_string();
                assert!(
                    text.contains("https needs TLS") && text.contains("enable"),
                    "{text}"
                );
            }
        }
    }

    fn client(&self) -> (ClientBuilder, Verifier) {
        let platform = FakePlatform::new();
        let builder = Client::builder(platform.request_signer())
            .base_url(self.base.as_str())
            .timeout(Duration::from_millis(500));
        (builder, Verifier::new(platform.key_store()))
    }
}

#[cfg(feature = "hyper")]
#[tokio::test]
async fn hyper_sends_nothing_in_clear_text_to_https() {
    let listener = Listener::new().await;
    let (builder, verifier) = listener.client();
    let transport = wechatpay_tower::hyper::HyperTransport::new().unwrap();
    let client = builder.service(transport, verifier).unwrap();
    let has_tls = cfg!(any(feature = "aws-lc-rs", feature = "rust-crypto"));
    listener.sees_nothing(client, has_tls).await;
    // The settings of a merchant take the same way.
    let platform = FakePlatform::new();
    let wechatpay = wechatpay_tower::WechatPay::new(&settings(&platform, &listener.base)).unwrap();
    listener.sees_nothing(wechatpay.client().clone(), has_tls).await;
}

#[cfg(feature = "hyper")]
fn settings(platform: &FakePlatform, base_url: &str) -> wechatpay_core::Settings {
    platform.clone().direct().config(base_url).validate().unwrap()
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn reqwest_sends_nothing_in_clear_text_to_https() {
    let listener = Listener::new().await;
    let (builder, verifier) = listener.client();
    let http = ::reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = wechatpay_tower::reqwest::ReqwestService::new(http);
    let client = builder.service(transport, verifier).unwrap();
    // Nothing in this workspace turns a TLS feature of reqwest on.
    listener.sees_nothing(client, false).await;
}
