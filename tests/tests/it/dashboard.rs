//! The sandbox's dashboard in a browser, with a running shop on axum.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use http::StatusCode;
use wechatpay_axum::{Ack, Notification, NotificationLayer, WechatPay};
use wechatpay_core::{
    api::prepay::PartnerNativePrepay,
    notify::AnyResource,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::Fen,
};
use wechatpay_sandbox::{KeyMode, RefundState, Sandbox};
use wechatpay_tests::tools::{browser, chromium, scratch};

/// A shop that places orders on demand and acknowledges genuine notifications.
async fn shop(sandbox: &Sandbox) -> SocketAddr {
    async fn order(
        State((wechatpay, address)): State<(WechatPay, SocketAddr)>,
        Path((number, total)): Path<(String, i64)>,
    ) -> (StatusCode, String) {
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "桂花乌龙 50 克",
            number.parse().unwrap(),
            format!("http://{address}/notify"),
            Fen::new(total).unwrap(),
        );
        match wechatpay.client().call(&order).await {
            Ok(_) => (StatusCode::OK, String::new()),
            Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()),
        }
    }
    async fn notified(_: Notification<AnyResource>) -> Ack {
        Ack
    }

    let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
    let refresh = wechatpay.spawn_refresh();
    let ready = async {
        while !wechatpay.is_ready() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ready)
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let layer = NotificationLayer::new(wechatpay.receiver().clone());
    let app = Router::new()
        .route("/notify", post(notified).layer(layer))
        .route("/order/{number}/{total}", get(order))
        .with_state((wechatpay, address));
    tokio::spawn(async move {
        let _refresh = refresh;
        axum::serve(listener, app).await.unwrap();
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_button_works_in_chromium_and_none_for_a_stranger() {
    // It stands still, so that only its button turns it; the shop goes by the system's time, which is near enough until then.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .keys(KeyMode::Mixed)
        .manual_clock_at(i64::try_from(now).unwrap())
        .start()
        .await
        .unwrap();
    let shop = shop(&sandbox).await;
    let folder = scratch("dashboard");
    let shop_url = format!("http://{shop}");
    let output = browser(
        "dashboard.mjs",
        &[
            sandbox.base_url().as_ref(),
            shop_url.as_ref(),
            chromium().as_os_str(),
            folder.as_os_str(),
        ],
    )
    .await;
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{text}\n{errors}\n{:#?}",
        sandbox.notifications()
    );
    println!("{text}pictures in {}", folder.display());

    let refunds = sandbox.refunds_of("dash-0001");
    assert_eq!(refunds.len(), 1);
    assert_eq!((refunds[0].amount, refunds[0].state), (350, RefundState::Success));
    assert!(!sandbox.order("dash-0002").unwrap().is_paid());
    // The one that the sign lab is to explain.
    assert_eq!(sandbox.take_refusals().len(), 1);
}
