//! Tests of shop and sandbox over real sockets: orders, buyers, notifications, faults.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use shop::{ShopStore, Watching};
use tokio::net::TcpListener;
use wechatpay_axum::WechatPay;
use wechatpay_sandbox::{Buyer, Fault, KeyMode, Sandbox};

use super::{tests::call, *};

struct Demo {
    sandbox: Sandbox,
    app: Router,
}

impl Demo {
    async fn start(keys: KeyMode) -> Self {
        let sandbox = Sandbox::builder().keys(keys).signtest(1.0).start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
        let shop = Shop::new(wechatpay.clone(), ShopStore::in_memory(), address, Watching::Off).unwrap();
        let app = router(shop, wechatpay.receiver().clone());
        let server = app.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(axum::serve(listener, server).into_future());
        // The same shop, without a socket for the test's own requests.
        let app = app.layer(axum::extract::connect_info::MockConnectInfo(address));
        Self { sandbox, app }
    }

    async fn order(&self, scene: &str) -> (u16, Value) {
        let body = json!({"scene": scene, "total": 990, "description": "书签"}).to_string();
        call(&self.app, Method::POST, "/orders", &body).await
    }

    async fn state(&self, number: &str) -> (Value, Value) {
        let (_, order) = call(&self.app, Method::GET, &format!("/orders/{number}"), "").await;
        (order["status"].clone(), order["fulfilled"].clone())
    }

    async fn acknowledged(&self, number: &str) {
        let within = Duration::from_secs(10);
        self.sandbox.wait_acknowledged(number, within).await.unwrap();
    }
}

fn number(order: &Value) -> &str {
    order["out_trade_no"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scene_is_paid_with_every_kind_of_key() {
    for keys in [KeyMode::PublicKey, KeyMode::Certificate, KeyMode::Mixed] {
        let demo = Demo::start(keys).await;
        for scene in ["jsapi", "app", "h5", "native"] {
            let (status, order) = demo.order(scene).await;
            assert_eq!(status, 201, "{order}");
            demo.sandbox.pay(number(&order), Buyer::Alice).unwrap();
            demo.acknowledged(number(&order)).await;
            assert_eq!(demo.state(number(&order)).await, (json!("SUCCESS"), json!(1)));
        }
        // Each delivery was preceded by a signature probe, and none was taken for genuine.
        assert!(!demo.sandbox.lints().iter().any(|lint| lint.kind().is_fatal()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_without_notification_is_found_by_a_query() {
    let demo = Demo::start(KeyMode::PublicKey).await;
    demo.sandbox.set_notify_enabled(false);
    let (_, order) = demo.order("native").await;
    let number = number(&order);
    let sync = format!("/orders/{number}/sync");
    assert_eq!(
        call(&demo.app, Method::POST, &sync, "").await.1["status"],
        "NOTPAY"
    );
    demo.sandbox.pay(number, Buyer::Alice).unwrap();
    assert_eq!(demo.state(number).await.0, "NOTPAY");
    assert_eq!(
        call(&demo.app, Method::POST, &sync, "").await.1["status"],
        "SUCCESS"
    );
    assert_eq!(demo.state(number).await, (json!("SUCCESS"), json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_is_not_genuine_leaves_the_order_open_and_it_can_still_be_paid() {
    let demo = Demo::start(KeyMode::PublicKey).await;
    for fault in [
        Fault::NoSignHeaders,
        Fault::SignedOtherBody,
        Fault::ChangedBody,
        Fault::SignatureProbe,
    ] {
        // The client asks three times with the same number.
        for _ in 0..3 {
            demo.sandbox.fault(fault);
        }
        let (status, refusal) = demo.order("native").await;
        assert_eq!((status, &refusal["code"]), (502, &json!("OUTCOME_UNKNOWN")));
        let number = number(&refusal);
        assert_eq!(demo.state(number).await.0, "NOTPAY");
        // The gateway did place it.
        demo.sandbox.pay(number, Buyer::Alice).unwrap();
        demo.acknowledged(number).await;
        assert_eq!(demo.state(number).await, (json!("SUCCESS"), json!(1)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_order_cannot_be_paid_any_more() {
    let demo = Demo::start(KeyMode::PublicKey).await;
    let (_, order) = demo.order("h5").await;
    let number = number(&order);
    let (status, closed) = call(&demo.app, Method::POST, &format!("/orders/{number}/close"), "").await;
    assert_eq!((status, &closed["status"]), (200, &json!("CLOSED")));
    assert!(demo.sandbox.pay(number, Buyer::Alice).is_err());
}
