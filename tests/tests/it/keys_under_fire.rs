//! Platform keys at run time: forged serials, a rotation, an unreachable gateway.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router, routing::post};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use tower::ServiceExt as _;
use wechatpay_axum::{Ack, Notification, NotificationLayer, WechatPay};
use wechatpay_core::{
    api::{
        prepay::PartnerNativePrepay,
        transactions::{self, Transaction},
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey, FakePlatform},
    types::{Fen, KeyId},
};
use wechatpay_sandbox::{AttemptOutcome, Buyer, KeyMode, RetrySchedule, Sandbox};
use wechatpay_tower::hyper::HyperTransport;

/// An application on a socket, with a client of the sandbox.
struct Shop {
    address: SocketAddr,
    wechatpay: WechatPay,
    paid: Arc<AtomicUsize>,
    _refresh: Option<wechatpay_core::keys::RefreshGuard>,
}

impl Shop {
    async fn start(sandbox: &Sandbox) -> Self {
        async fn paid(paid: Extension<Arc<AtomicUsize>>, _: Notification<Transaction>) -> Ack {
            paid.fetch_add(1, Ordering::SeqCst);
            Ack
        }
        let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
        let refresh = wechatpay.spawn_refresh();
        let paid_count = Arc::<AtomicUsize>::default();
        let app = Router::new()
            .route("/notify", post(paid))
            .route_layer(NotificationLayer::new(wechatpay.receiver().clone()))
            .layer(Extension(Arc::clone(&paid_count)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        tokio::time::timeout(Duration::from_secs(10), async {
            while !wechatpay.is_ready() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
        Self {
            address,
            wechatpay,
            paid: paid_count,
            _refresh: refresh,
        }
    }

    async fn order(&self, number: &str) {
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "x",
            number.parse().unwrap(),
            format!("http://{}/notify", self.address),
            Fen::from(100),
        );
        self.wechatpay.client().call(&order).await.unwrap();
    }

    /// Delivers a forged notification and returns the status.
    async fn deliver(
        &self,
        client: &HyperTransport<Full<Bytes>>,
        delivery: &wechatpay_core::testing::Delivery,
    ) -> StatusCode {
        let mut request = Request::post(format!("http://{}/notify", self.address));
        for (name, value) in &delivery.headers {
            request = request.header(name, value.as_slice());
        }
        client
            .clone()
            .oneshot(request.body(Full::new(delivery.body.clone())).unwrap())
            .await
            .unwrap()
            .status()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_forged_serials_cause_at_most_one_download_and_disturb_nobody() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .keys(KeyMode::Certificate)
        .start()
        .await
        .unwrap();
    let shop = Shop::start(&sandbox).await;
    let before = sandbox.counters().certificate_downloads;
    let platform = FakePlatform::new();
    let client = HyperTransport::new().unwrap();

    for number in 0..20 {
        shop.order(&format!("GENUINE-{number}")).await;
    }
    let forgeries = async {
        for batch in 0..50_u32 {
            let batch = (0..10_u32).map(|number| {
                let id = KeyId::parse(&format!("F{:06X}", batch * 10 + number)).unwrap();
                let stranger = platform.demo_key(DemoKey::Stranger);
                platform
                    .payment_builder("FORGED-1", 1)
                    .signed_by(id, stranger)
                    .build()
            });
            let mut responses = Vec::new();
            for delivery in batch {
                responses.push(shop.deliver(&client, &delivery).await);
            }
            assert!(
                responses.iter().all(|status| *status == StatusCode::UNAUTHORIZED),
                "{responses:?}"
            );
        }
    };
    let payments = async {
        for number in 0..20 {
            let number = format!("GENUINE-{number}");
            sandbox.pay(&number, Buyer::Alice).unwrap();
            sandbox
                .wait_acknowledged(&number, Duration::from_secs(10))
                .await
                .unwrap();
        }
    };
    tokio::join!(forgeries, payments);
    let downloads = sandbox.counters().certificate_downloads - before;
    assert!(downloads <= 1, "{downloads} downloads");
    assert_eq!(shop.paid.load(Ordering::SeqCst), 20);
    for notification in sandbox.notifications() {
        assert_eq!(
            notification.attempts.len(),
            1,
            "no genuine notification was rejected: {notification:?}"
        );
    }
    println!(
        "500 forged serials: {downloads} certificate download(s); 20 of 20 genuine notifications accepted at once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_under_load_refuses_no_genuine_callback() {
    for mode in [KeyMode::Certificate, KeyMode::Mixed] {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .keys(mode)
            .retry(RetrySchedule::none())
            .start()
            .await
            .unwrap();
        let shop = Shop::start(&sandbox).await;
        let mut count = 0;
        let rotation = sandbox.rotation();
        // Before it, announced, a share, all, and without the old one.
        for step in 0..5 {
            match step {
                1 => drop(rotation.announce().unwrap()),
                2 => rotation.ramp(50.0).unwrap(),
                3 => rotation.finish().unwrap(),
                4 => rotation.expire_old().unwrap(),
                _ => {}
            }
            let numbers: Vec<String> = (0..20).map(|number| format!("STEP-{step}-{number}")).collect();
            for number in &numbers {
                shop.order(number).await;
            }
            for number in &numbers {
                sandbox.pay(number, Buyer::Alice).unwrap();
            }
            for number in &numbers {
                sandbox
                    .wait_acknowledged(number, Duration::from_secs(10))
                    .await
                    .unwrap();
                count += 1;
            }
        }
        assert_eq!(shop.paid.load(Ordering::SeqCst), count);
        let refused = sandbox
            .notifications()
            .iter()
            .flat_map(|notification| &notification.attempts)
            .filter(|attempt| !matches!(attempt.outcome, AttemptOutcome::Acknowledged { .. }))
            .count();
        assert_eq!(refused, 0, "{mode:?}");
        println!("{mode:?}: {count} notifications during a rotation, none refused");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_gateway_does_not_stop_verification_with_the_keys_that_are_held() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .keys(KeyMode::Certificate)
        .start()
        .await
        .unwrap();
    let shop = Shop::start(&sandbox).await;
    shop.order("BEFORE-1").await;
    // The platform still delivers; only its gateway is gone. Deliveries are made by hand from here on.
    sandbox.pay("BEFORE-1", Buyer::Alice).unwrap();
    sandbox
        .wait_acknowledged("BEFORE-1", Duration::from_secs(10))
        .await
        .unwrap();
    let platform = FakePlatform::new();
    let listed = sandbox.rotation().listed();
    let id = KeyId::Certificate(listed[0].clone());
    sandbox.shutdown().await;
    let client = HyperTransport::new().unwrap();
    let genuine = platform
        .payment_builder("AFTER-1", 1)
        .signed_by(id, platform.demo_key(DemoKey::Platform1))
        .build();
    assert_eq!(shop.deliver(&client, &genuine).await, StatusCode::NO_CONTENT);
    // An unknown serial may be a new key: not refused for good, but to be sent again.
    let unknown = platform
        .payment_builder("AFTER-2", 1)
        .signed_by(KeyId::parse("ABC").unwrap(), platform.demo_key(DemoKey::Stranger))
        .build();
    assert_eq!(
        shop.deliver(&client, &unknown).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(shop.deliver(&client, &genuine).await, StatusCode::NO_CONTENT);
    assert!(shop.wechatpay.health().refresh_failing);
    let query = transactions::PartnerQueryByOutTradeNo::new(
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        "BEFORE-1".parse().unwrap(),
    );
    let error = shop.wechatpay.client().call(&query).await.unwrap_err();
    assert_eq!(error.outcome(), wechatpay_tower::client::Outcome::NotSent);
}
