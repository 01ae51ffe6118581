//! Requests that no HTTP client would send, against real servers.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail loudly and print their counts"
)]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Extension, Router, routing::post};
use wechatpay_axum::{Ack, Notification, NotificationLayer};
use wechatpay_core::{api::transactions::Transaction, testing::FakePlatform};
use wechatpay_tests::raw::{BODY_DEADLINE, play, raw_table};

async fn axum_server(platform: &FakePlatform, handled: &Arc<AtomicUsize>) -> SocketAddr {
    async fn paid(handled: Extension<Arc<AtomicUsize>>, _: Notification<Transaction>) -> Ack {
        handled.fetch_add(1, Ordering::SeqCst);
        Ack
    }
    let receiver = platform
        .receiver_builder()
        .body_deadline(BODY_DEADLINE)
        .build()
        .unwrap();
    let app = Router::new()
        .route("/notify", post(paid))
        .route_layer(NotificationLayer::new(receiver))
        .layer(Extension(Arc::clone(handled)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

async fn run(name: &str, address: SocketAddr, platform: &FakePlatform, handled: &AtomicUsize) {
    let rows = raw_table(platform, "/notify");
    let mut failures = Vec::new();
    for row in &rows {
        let before = handled.load(Ordering::SeqCst);
        let status = play(address, &row.steps).await;
        let ran = handled.load(Ordering::SeqCst) - before;
        if !row.statuses.contains(&status) || ran != usize::from(status == 204) {
            failures.push(format!(
                "{}: {status} instead of {:?}, the handler ran {ran} times",
                row.name, row.statuses
            ));
        }
    }
    println!("{name}: {} raw requests", rows.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn axum_refuses_what_no_client_would_send() {
    let platform = FakePlatform::new();
    let handled = Arc::default();
    let address = axum_server(&platform, &handled).await;
    run("axum", address, &platform, &handled).await;
}
