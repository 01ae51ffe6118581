//! Effects of notifications on orders.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::support::{Bench, Scripted};
use serde_json::{Value, json};
use shop::{MemoryOrders, Order, OrderStore, ShopStore, StoreError, StoreFuture, Stored, Version};
use wechatpay_core::{idempotency, types::OutTradeNo, watch::MemoryPendingStore};

#[tokio::test]
async fn a_payment_delivers_the_goods() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let mut events = bench.shop.events();
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    assert_eq!(
        bench.state(&number).await,
        json!({"out_trade_no": number, "status": "SUCCESS", "total": 100, "refunded": 0,
            "learned_by": "notification", "transaction_id": "4200001234202401011234567890", "fulfilled": 1})
    );
    assert_eq!(
        events.recv().await.unwrap().to_string(),
        format!("verified ✔  decrypted ✔  amount ✔  order {number} is PAID")
    );
}

#[tokio::test]
async fn coupons_lower_what_the_payer_gives_and_not_what_the_order_costs() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let mut payment = bench.platform.payment_resource(&number, 100);
    payment["amount"]["payer_total"] = json!(60);
    let delivery = bench
        .platform
        .payment_builder(&number, 100)
        .plaintext(payment.to_string());
    bench.deliver(delivery.build()).await.unwrap();
    assert_eq!(bench.state(&number).await["fulfilled"], 1);
}

#[tokio::test]
async fn duplicates_are_acknowledged_and_deliver_nothing() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let delivery = bench.platform.payment(&number, 100);
    for _ in 0..3 {
        bench.deliver(delivery.clone()).await.unwrap();
    }
    // The platform may also tell the same payment under another id.
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    assert_eq!(bench.state(&number).await["fulfilled"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_copies_at_once_deliver_the_goods_once() {
    let bench = Bench::new();
    for _ in 0..10 {
        let number = bench.order("native", 100).await;
        let delivery = bench.platform.payment(&number, 100);
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (bench, delivery) = (bench.clone(), delivery.clone());
                tokio::spawn(async move { bench.deliver(delivery).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(bench.state(&number).await["fulfilled"], 1);
    }
}

#[tokio::test]
async fn a_payment_that_is_not_the_orders_is_refused_and_changes_nothing() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let before = bench.state(&number).await;
    let genuine = bench.platform.payment_resource(&number, 100);
    let changes: [(&str, Value); 6] = [
        ("/amount/total", json!(99)),
        ("/amount/currency", json!("USD")),
        ("/sp_appid", json!("wx0000000000000000")),
        ("/sub_mchid", json!("1900000999")),
        ("/sp_mchid", json!("1900000999")),
        ("/trade_state", json!("NOTPAY")),
    ];
    for (field, value) in changes {
        let mut payment = genuine.clone();
        *payment.pointer_mut(field).unwrap() = value;
        let delivery = bench
            .platform
            .payment_builder(&number, 100)
            .plaintext(payment.to_string());
        let refusal = bench.deliver(delivery.build()).await.unwrap_err();
        assert_eq!(refusal.status(), 403, "{field}");
        assert_eq!(bench.state(&number).await, before, "{field}");
    }
    // The genuine one still comes through.
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    assert_eq!(bench.state(&number).await["fulfilled"], 1);
}

#[tokio::test]
async fn a_payment_of_another_order_pays_that_one_only() {
    let bench = Bench::new();
    let cheap = bench.order("native", 1).await;
    let dear = bench.order("native", 1).await;
    bench.deliver(bench.platform.payment(&cheap, 1)).await.unwrap();
    assert_eq!(bench.state(&dear).await["status"], "NOTPAY");
}

#[tokio::test]
async fn a_second_payment_of_the_same_order_is_refused() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    let mut again = bench.platform.payment_resource(&number, 100);
    again["transaction_id"] = json!("4200009999202401011234567890");
    let delivery = bench
        .platform
        .payment_builder(&number, 100)
        .plaintext(again.to_string());
    assert_eq!(bench.deliver(delivery.build()).await.unwrap_err().status(), 403);
    assert_eq!(
        bench.state(&number).await["transaction_id"],
        "4200001234202401011234567890"
    );
}

#[tokio::test]
async fn an_order_that_is_not_known_is_not_acknowledged() {
    let bench = Bench::new();
    let refusal = bench
        .deliver(bench.platform.payment("ORDER-UNKNOWN", 100))
        .await
        .unwrap_err();
    assert_eq!(refusal.status(), 500);
    let refusal = bench
        .deliver(bench.platform.refund("ORDER-UNKNOWN", "R1", 100))
        .await
        .unwrap_err();
    assert_eq!(refusal.status(), 500);
}

#[tokio::test]
async fn a_notification_may_be_faster_than_the_response_to_the_order() {
    let bench = Bench::new();
    let racing = bench.clone();
    bench.gateway.next_with(move |seen| {
        let number = seen.body["out_trade_no"].as_str().unwrap().to_owned();
        Scripted::ok(json!({"code_url": "weixin://x"})).after(async move {
            racing
                .deliver(racing.platform.payment(&number, 100))
                .await
                .unwrap();
        })
    });
    let number = bench.order("native", 100).await;
    let state = bench.state(&number).await;
    assert_eq!(
        (&state["status"], &state["fulfilled"]),
        (&json!("SUCCESS"), &json!(1))
    );
}

#[tokio::test]
async fn a_payment_that_was_faster_survives_a_lost_response_and_even_a_refusal() {
    for response in [
        Scripted::ok(json!({"code_url": "weixin://x"})).unsigned(),
        Scripted::refusal(400, "PARAM_ERROR"),
    ] {
        let bench = Bench::new();
        let racing = bench.clone();
        bench.gateway.next_with(move |seen| {
            let number = seen.body["out_trade_no"].as_str().unwrap().to_owned();
            response.after(async move {
                racing
                    .deliver(racing.platform.payment(&number, 100))
                    .await
                    .unwrap();
            })
        });
        let reply = bench
            .create(&json!({"scene": "native", "total": 100, "description": "茶"}))
            .await;
        let number = crate::support::body(&reply)["out_trade_no"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(bench.state(&number).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn forged_notifications_and_unknown_kinds_are_rejected() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    let genuine = bench.platform.payment(&number, 100);
    let mut tampered = genuine.body.to_vec();
    tampered[10] ^= 1;
    assert_eq!(
        bench
            .deliver(genuine.clone().with_body(tampered))
            .await
            .unwrap_err()
            .status(),
        401
    );
    let unknown = bench
        .platform
        .delivery("COMPLAINT.CREATE", "complaint", &json!({"mchid": "1900000001"}));
    assert_eq!(bench.deliver(unknown.build()).await.unwrap_err().status(), 500);
    assert_eq!(bench.state(&number).await["status"], "NOTPAY");
}

/// A store that can be switched off.
#[derive(Debug, Default)]
struct Flaky {
    store: MemoryOrders,
    down: AtomicBool,
}

impl Flaky {
    fn check(&self) -> Result<(), StoreError> {
        if self.down.load(Ordering::Relaxed) {
            Err(StoreError("down".into()))
        } else {
            Ok(())
        }
    }
}

impl OrderStore for Flaky {
    fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            self.check()?;
            self.store.insert(order).await
        })
    }

    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
        Box::pin(async move {
            self.check()?;
            self.store.get(number).await
        })
    }

    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            self.check()?;
            self.store.replace(order, version).await
        })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move { self.check() })
    }
}

#[tokio::test]
async fn while_the_store_is_down_nothing_is_acknowledged_and_nothing_is_ordered() {
    let store = Arc::new(Flaky::default());
    let bench = Bench::with_store(ShopStore::new(
        Arc::clone(&store) as _,
        Arc::new(idempotency::MemoryStore::new()),
        Arc::new(MemoryPendingStore::new()),
    ));
    let number = bench.order("native", 100).await;
    let sent = bench.gateway.seen().len();
    store.down.store(true, Ordering::Relaxed);
    let delivery = bench.platform.payment(&number, 100);
    assert_eq!(bench.deliver(delivery.clone()).await.unwrap_err().status(), 503);
    assert_eq!(bench.shop.readyz().await.status, 503);
    assert_eq!(bench.shop.healthz().status, 200);
    let order = json!({"scene": "native", "total": 1, "description": "茶"});
    assert_eq!(bench.create(&order).await.status, 503);
    assert_eq!(bench.gateway.seen().len(), sent);

    store.down.store(false, Ordering::Relaxed);
    bench.deliver(delivery).await.unwrap();
    assert_eq!(bench.state(&number).await["fulfilled"], 1);
}
