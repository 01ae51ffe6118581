//! Restored sandboxes: same responses, retries, clocks and faults.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::post};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, DEMO_SUB_MCHID};
use wechatpay_sandbox::{
    Buyer, Fault, FaultRule, NotificationState, OrderState, RefundState, RestoreError, Sandbox, Snapshot,
    StartError,
};

use super::{DAY, NATIVE, builder, client, document, good, pay, shop};
use crate::support::{Hand, Merchant, SHORT, Shop, bytes_of, partner_order, until};

/// All bytes of some calls and of the notifications that follow from them.
async fn calls(sandbox: &Sandbox, shop: &Shop, name: &str) -> Vec<(String, Bytes)> {
    let before = shop.arrivals().len();
    let merchant = client(sandbox);
    let mut all = Vec::new();
    for scene in ["native", "app"] {
        let number = format!("{name}-{scene}");
        let mut order = partner_order(scene, &number);
        order["notify_url"] = json!(shop.url);
        let reply = merchant
            .post(&format!("/v3/pay/partner/transactions/{scene}"), &order)
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        all.push(bytes_of(&reply.headers, &reply.body));
        sandbox.pay(&number, Buyer::Alice).unwrap();
        sandbox.clock().run_until_idle().await.unwrap();
        let refund = json!({
            "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": number,
            "out_refund_no": format!("{name}-refund-{scene}"), "amount": { "refund": 100, "total": 990 },
        });
        let reply = merchant.post("/v3/ecommerce/refunds/apply", &refund).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        all.push(bytes_of(&reply.headers, &reply.body));
        // Some of what follows is still to come when the snapshot is taken.
        sandbox.clock().advance(Duration::from_secs(20)).await.unwrap();
        let reply = merchant.get("/v3/certificates").await;
        all.push(bytes_of(&reply.headers, &reply.body));
    }
    all.extend(shop.bytes_after(before));
    all
}

#[tokio::test]
async fn the_same_calls_give_the_same_bytes_after_it() {
    let shop = shop().await;
    let settings = || builder(&shop).lenient().signtest(0.5);
    let first = settings().seed(7).start().await.unwrap();
    first.rotation().announce().unwrap();
    first.rotation().ramp(30.0).unwrap();
    let before = calls(&first, &shop, "before").await;
    let snapshot = first.snapshot();
    let second = settings().restore(snapshot).start().await.unwrap();
    let after = calls(&first, &shop, "behind").await;
    assert!(after.len() > 12, "{}", after.len());
    assert_ne!(before, after);
    let restored = calls(&second, &shop, "behind").await;
    assert_eq!(after.len(), restored.len());
    for (after, restored) in after.iter().zip(&restored) {
        assert_eq!(after, restored);
    }
}

#[tokio::test]
async fn retries_go_on_where_they_were_and_a_refund_arrives() {
    let refuses = Shop::start(|_, _| 500).await;
    let first = builder(&refuses).start().await.unwrap();
    let start = first.clock().now();
    let merchant = client(&first);
    pay(&first, &merchant, &refuses, "demo-0001", json!({})).await;
    first.clock().advance(Duration::from_secs(20)).await.unwrap();
    let refund = json!({
        "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "demo-0001", "out_refund_no": "r1",
        "amount": { "refund": 100, "total": 990 },
    });
    good(&merchant, "/v3/ecommerce/refunds/apply", &refund).await;
    let snapshot = first.snapshot();
    drop(first);

    let second = builder(&refuses).restore(snapshot).start().await.unwrap();
    assert_eq!(second.refund("r1").unwrap().state, RefundState::Processing);
    second.clock().advance(Duration::from_secs(2)).await.unwrap();
    assert_eq!(second.refund("r1").unwrap().state, RefundState::Processing);
    second.clock().advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(second.refund("r1").unwrap().state, RefundState::Success);
    second.clock().advance(2 * DAY).await.unwrap();
    let notification = second.notifications().remove(0);
    let times: Vec<i64> = notification
        .attempts
        .iter()
        .map(|attempt| attempt.at - start)
        .collect();
    assert_eq!(times[..5], [0, 15, 30, 60, 240]);
    assert_eq!((times.len(), times[15]), (16, 24 * 3600 + 240));
    assert_eq!(notification.state, NotificationState::GivenUp);
}

/// A shop that never responds to the first deliveries.
async fn silent_at_first(silent: usize) -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let app = Router::new().route(
        "/notify",
        post(move || {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                if number < silent {
                    std::future::pending::<()>().await;
                }
                StatusCode::NO_CONTENT
            }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, count)
}

#[tokio::test]
async fn a_delivery_that_is_under_way_is_made_again() {
    let (url, count) = silent_at_first(1).await;
    let patient = || Sandbox::builder().notify_timeout(SHORT * 100);
    let first = patient().start().await.unwrap();
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!(url);
    good(&Merchant::new(&first), NATIVE, &order).await;
    first.pay("demo-0001", Buyer::Alice).unwrap();
    until(|| count.load(Ordering::SeqCst) > 0).await;
    let under_way = first.snapshot();
    assert!(first.notifications()[0].attempts.is_empty());
    // In place: the one that hangs has no say any more.
    first.restore(&under_way).unwrap();
    let notification = first.wait_acknowledged("demo-0001", SHORT).await.unwrap();
    assert_eq!(notification.attempts.len(), 1);
    assert_eq!(count.load(Ordering::SeqCst), 2);
    // UseBackupHost, also after the first one has stopped.
    let (url, count) = silent_at_first(1).await;
    let mut order = partner_order("native", "demo-0002");
    order["notify_url"] = json!(url);
    good(&Merchant::new(&first), NATIVE, &order).await;
    first.pay("demo-0002", Buyer::Alice).unwrap();
    until(|| count.load(Ordering::SeqCst) > 0).await;
    first.shutdown().await;
    let second = patient().restore(first.snapshot()).start().await.unwrap();
    second.wait_acknowledged("demo-0002", SHORT).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2);
    assert_eq!(second.notifications()[0].attempts.len(), 1);
}

#[tokio::test]
async fn a_clock_that_went_on_makes_up_for_what_is_overdue_in_its_order() {
    let hand = Hand::default();
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = |clock: &Hand| Sandbox::builder().clock(clock.clock()).settle_delay(DAY / 2);
    let first = sandbox(&hand).start().await.unwrap();
    let merchant = Merchant::new(&first);
    good(&merchant, NATIVE, &partner_order("native", "open-1")).await;
    let mut order = partner_order("native", "paid-1");
    order["notify_url"] = json!(shop.url);
    good(&merchant, NATIVE, &order).await;
    first.pay("paid-1", Buyer::Alice).unwrap();
    first.wait_acknowledged("paid-1", SHORT).await.unwrap();
    let refund = json!({
        "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "paid-1", "out_refund_no": "r1",
        "amount": { "refund": 100, "total": 990 },
    });
    good(&merchant, "/v3/ecommerce/refunds/apply", &refund).await;
    let snapshot = first.snapshot();
    drop(first);

    hand.forward(30 * 24 * 3600);
    let second = sandbox(&hand).restore(snapshot.clone()).start().await.unwrap();
    second.wait_acknowledged("r1", SHORT).await.unwrap();
    until(|| second.order("open-1").unwrap().state == OrderState::Closed).await;
    let names: Vec<Value> = second
        .events_after(0)
        .iter()
        .map(|event| event.to_json()["kind"].take())
        .filter(|name| name != "notified")
        .collect();
    // Bills at 10:00 of the next day are later than half a day after noon, and a week is longer.
    assert_eq!(names, ["restored", "refund", "bills-ready", "expired"]);
    assert!(
        document(&second.snapshot())["world"]["agenda"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // Nobody sets the system's clock back, but a manual one is set.
    let past = Hand::default();
    past.forward(-3600);
    let error = sandbox(&past)
        .restore(snapshot.clone())
        .start()
        .await
        .unwrap_err();
    assert!(
        matches!(error, StartError::Restore(RestoreError::Clock { seconds: 3600 })),
        "{error:?}"
    );
    let manual = Sandbox::builder()
        .manual_clock_at(0)
        .restore(snapshot.clone())
        .start()
        .await
        .unwrap();
    assert_eq!(manual.clock().now(), snapshot.taken_at());
    // A scaled one goes on from there, if it was later there.
    let later = Sandbox::builder()
        .manual_clock_at(4_000_000_000)
        .start()
        .await
        .unwrap()
        .snapshot();
    let scaled = Sandbox::builder()
        .scaled_clock(2.0)
        .restore(later)
        .start()
        .await
        .unwrap();
    assert!((4_000_000_000..4_000_001_000).contains(&scaled.clock().now()));
}

#[tokio::test]
async fn faults_of_the_builder_are_in_force_once() {
    let rules = || {
        [
            FaultRule::from(Fault::Lost).times(3),
            Fault::Status(503).on("POST /v3/refund/**").always(),
        ]
    };
    let start = |snapshot: Option<Snapshot>| async {
        let mut builder = Sandbox::builder();
        for rule in rules() {
            builder = builder.fault(rule);
        }
        if let Some(snapshot) = snapshot {
            builder = builder.restore(snapshot);
        }
        builder.start().await.unwrap()
    };
    let first = start(None).await;
    first.fault(Fault::Hang);
    let second = start(Some(first.snapshot())).await;
    assert_eq!(second.faults(), first.faults());
    first.clear_faults();
    let third = start(Some(first.snapshot())).await;
    assert_eq!(third.faults().len(), 2);
}
