//! A possible effect at one host is never denied because of another.
//!
//! Over real sockets and both transports.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use wechatpay_core::{
    api::{
        Endpoint,
        funds::{AccountType, Withdraw},
        prepay::NativePrepay,
        profit_sharing::{Receiver, ReceiverType, Share},
    },
    sign::{RequestSigner, SignError, SignFuture, Signer, SigningMessage},
    testing::{DEMO_APPID, DEMO_MCHID, DemoKey, FakePlatform, private_key_pem},
    types::{Fen, SerialNumber},
    verify::Verifier,
};
use wechatpay_tower::{
    CallError, Client,
    client::{ClientBuilder, Outcome},
    hyper::HyperTransport,
    reqwest::ReqwestService,
    retry::RetryPolicy,
};

use crate::{
    bank::{ask, give_back},
    bare::{Host, signed},
};

fn order() -> NativePrepay {
    NativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "Image形象店",
        "ORDER-0001".parse().unwrap(),
        "https://shop.example/notify",
        Fen::from(100),
    )
}

fn share() -> Share {
    let receiver = Receiver::new(
        ReceiverType::MerchantId,
        "1900000109",
        Fen::from(100),
        "分给商户A",
    );
    Share::new(
        "4208450740201411110007820472".parse().unwrap(),
        "P20150806125346".parse().unwrap(),
        vec![receiver],
        true,
    )
    .appid(DEMO_APPID.parse::<wechatpay_core::types::Appid>().unwrap())
}

fn withdrawal() -> Withdraw {
    Withdraw::new(
        "20190611222222222200000000012122".parse().unwrap(),
        Fen::from(1),
        AccountType::Basic,
    )
}

/// A signer that succeeds once and is throttled afterwards.
#[derive(Debug)]
struct Throttled {
    inner: wechatpay_core::sign::LocalSigner,
    signed: AtomicU32,
    most: u32,
}

impl Signer for Throttled {
    fn serial(&self) -> &SerialNumber {
        self.inner.serial()
    }

    fn sign(&self, message: SigningMessage) -> SignFuture {
        if self.signed.fetch_add(1, Ordering::Relaxed) < self.most {
            return self.inner.sign(message);
        }
        SignFuture::new(async { Err(SignError::Remote("ThrottlingException".into())) })
    }
}

fn throttled_after(platform: &FakePlatform, most: u32) -> RequestSigner {
    let pem = private_key_pem(DemoKey::Merchant.pkcs8()).into();
    let inner = wechatpay_core::sign::LocalSigner::new(
        "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".parse().unwrap(),
        &pem,
        platform.provider().as_ref(),
    )
    .unwrap();
    let signed = AtomicU32::new(0);
    RequestSigner::new(
        DEMO_MCHID.parse().unwrap(),
        Arc::new(Throttled { inner, signed, most }),
    )
}

/// Makes a client over each transport.
fn clients(platform: &FakePlatform, build: impl Fn() -> ClientBuilder) -> [Client; 2] {
    let reqwest = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let verifier = || Verifier::new(platform.key_store());
    [
        build()
            .service(HyperTransport::new().unwrap(), verifier())
            .unwrap(),
        build().service(ReqwestService::new(reqwest), verifier()).unwrap(),
    ]
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(1))
}

fn hosts(platform: &FakePlatform, main: SocketAddr, backup: SocketAddr) -> ClientBuilder {
    Client::builder(platform.request_signer())
        .base_url(format!("http://{main}"))
        .backups([format!("http://{backup}")])
        .retry(quick())
}

/// Calls each write and asserts that its outcome is unknown.
async fn each_is_unknown(client: &Client, main: &Host, sent: usize, why: &str) {
    async fn one<E: Endpoint>(client: &Client, request: &E, main: &Host, sent: usize, why: &str)
    where
        E::Response: std::fmt::Debug,
    {
        let error = client.call(request).await.unwrap_err();
        let requests = main.requests();
        assert!(!requests.is_empty(), "{why}: carried out at the main host");
        assert_eq!(error.outcome(), Outcome::Unknown, "{why}: {error}");
        assert_eq!(error.attempts().unsettled(), sent > 1, "{why}: {error}");
        assert_eq!(
            error.attempts().count(),
            u32::try_from(sent).unwrap(),
            "{why}: {error}"
        );
        assert!(error.to_string().contains("query by your own number"), "{error}");
    }
    one(client, &give_back(), main, sent, why).await;
    one(client, &order(), main, sent, why).await;
    one(client, &share(), main, sent, why).await;
    one(client, &withdrawal(), main, sent, why).await;
}

#[tokio::test]
async fn an_unreachable_backup_does_not_settle_a_sent_request() {
    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    let closed = Host::closed().await;
    for client in clients(&platform, || hosts(&platform, main.address, closed)) {
        each_is_unknown(&client, &main, 3, "closed backup").await;
    }
}

#[tokio::test]
async fn a_refusal_by_the_backup_does_not_settle_a_sent_request() {
    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    for (status, code) in [
        (403, "NOT_ENOUGH"),
        (400, "PARAM_ERROR"),
        (404, "RESOURCE_NOT_EXISTS"),
    ] {
        let signer = platform.clone();
        let body = format!(r#"{{"code":"{code}","message":"基本账户余额不足，请充值后重新发起"}}"#);
        let backup = Host::new(move |_| Some(signed(&signer, status, &body))).await;
        for client in clients(&platform, || hosts(&platform, main.address, backup.address)) {
            each_is_unknown(&client, &main, 2, code).await;
        }
        assert_eq!(
            backup.requests().len(),
            8,
            "each call was repeated at the backup, once"
        );
    }
}

#[tokio::test]
async fn a_signer_that_fails_later_does_not_settle_a_sent_request() {
    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    let backup = Host::closed().await;
    for transport in 0..2 {
        for call in 0..4 {
            let signer = throttled_after(&platform, 1);
            let client = clients(&platform, || {
                Client::builder(signer.clone())
                    .base_url(main.base())
                    .backups([format!("http://{backup}")])
                    .retry(quick())
            })[transport]
                .clone();
            let error = match call {
                0 => client.call(&give_back()).await.map(drop),
                1 => client.call(&order()).await.map(drop),
                2 => client.call(&share()).await.map(drop),
                _ => client.call(&withdrawal()).await.map(drop),
            }
            .unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
            assert!(
                error.attempts().unsettled() && error.attempts().count() == 2,
                "{error}"
            );
            assert_eq!(main.requests().len(), 1);
        }
    }
    // A signer that fails at once has sent nothing.
    let signer = throttled_after(&platform, 0);
    for client in clients(&platform, || {
        Client::builder(signer.clone()).base_url(main.base())
    }) {
        let error = client.call(&give_back()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        assert!(error.to_string().contains("ThrottlingException"), "{error}");
    }
}

#[tokio::test]
async fn a_policy_of_one_attempt_sends_once() {
    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    let signer = platform.clone();
    let backup =
        Host::new(move |_| Some(signed(&signer, 403, r#"{"code":"NOT_ENOUGH","message":"x"}"#))).await;
    let build = || hosts(&platform, main.address, backup.address).retry(RetryPolicy::none());
    for client in clients(&platform, build) {
        each_is_unknown(&client, &main, 1, "once").await;
        let error = client.call(&ask()).await.unwrap_err();
        assert!(matches!(error, CallError::Read { .. }) && error.attempts().count() == 1);
        assert_eq!(main.requests().len(), 1);
    }
    assert_eq!(backup.requests().len(), 0);
}

#[tokio::test]
async fn the_verified_success_of_a_repeat_settles_a_call_by_number() {
    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    let signer = platform.clone();
    let backup = Host::new(move |_| {
        Some(signed(
            &signer,
            200,
            r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#,
        ))
    })
    .await;
    for client in clients(&platform, || hosts(&platform, main.address, backup.address)) {
        client.call(&order()).await.unwrap();
        assert_eq!((main.requests().len(), backup.requests().len()), (1, 1));
    }
    // An unsigned one does not.
    let unsigned = Host::new(|_| Some(crate::bare::plain(200, &[], r#"{"code_url":"weixin://x"}"#))).await;
    for client in clients(&platform, || hosts(&platform, main.address, unsigned.address)) {
        let error = client.call(&order()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    }
}

#[tokio::test]
async fn a_request_that_was_never_sent_is_reported_as_not_sent() {
    let platform = FakePlatform::new();
    let (main, backup) = (Host::closed().await, Host::closed().await);
    for client in clients(&platform, || hosts(&platform, main, backup)) {
        let error = client.call(&give_back()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        let text = error.to_string();
        assert!(
            text.starts_with("POST /v3/refund/domestic/refunds was not sent (3 attempts): ")
                && text.contains("onnection refused"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn certificates_come_from_the_other_host_when_the_connection_breaks() {
    use wechatpay_core::keys::CertificateSource as _;

    let platform = FakePlatform::new();
    let main = Host::breaking().await;
    let backup = Host::new(|_| Some(crate::bare::plain(404, &[], "{}"))).await;
    let fetcher = hosts(&platform, main.address, backup.address)
        .certificates(HyperTransport::new().unwrap())
        .unwrap();
    assert_eq!(fetcher.fetch().await.unwrap().status, 404);
    assert_eq!((main.requests().len(), backup.requests().len()), (1, 1));
}
