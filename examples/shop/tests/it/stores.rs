//! Two shops on one store, like two processes: the same rules for every store.

use std::time::Duration;

use serde_json::{Value, json};
use shop::{ShopEvent, ShopSettings, ShopStore};
use tokio::sync::broadcast::error::TryRecvError;
use wechatpay_stores::testing::{MariadbServer, PostgresServer, RedisServer};

use crate::support::{Bench, body};

async fn opened(url: &str) -> ShopStore {
    let settings = ShopSettings::parse(None, Some(url)).unwrap();
    settings.open_store().await.unwrap()
}

async fn shops(url: &str) -> (Bench, Bench) {
    // Both at once: they make the same tables.
    let (one, other) = tokio::join!(opened(url), opened(url));
    (Bench::with_store(one), Bench::with_store(other))
}

/// Which notifications an order heard, and under which fences.
async fn heard(bench: &Bench, number: &str) -> Vec<(String, u64)> {
    let receipt = body(&bench.shop.receipt(number).await);
    let heard = receipt["heard"].as_array().unwrap().iter();
    heard
        .map(|heard| {
            let id = heard["event"].as_str().unwrap().to_owned();
            (id, heard["fence"].as_u64().unwrap())
        })
        .collect()
}

/// Sends copies of one notification to both shops at once; one delivers the goods.
///
/// A copy that is refused is sent again and then acknowledged.
async fn copies_hand_over_once(one: &Bench, other: &Bench) {
    for _ in 0..5 {
        let number = one.order("native", 100).await;
        assert_eq!(other.state(&number).await["status"], "NOTPAY");
        let mut told = [one.shop.events(), other.shop.events()];
        let delivery = one.platform.payment(&number, 100);
        let copies = (0..12).map(|copy| {
            let bench = [one, other][copy % 2].clone();
            let delivery = delivery.clone();
            tokio::spawn(async move {
                // As the platform does, only quicker.
                loop {
                    match bench.deliver(delivery.clone()).await {
                        Ok(()) => return,
                        Err(refusal) => {
                            assert!([409, 503].contains(&refusal.status().as_u16()), "{refusal:?}");
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            })
        });
        for copy in copies.collect::<Vec<_>>() {
            copy.await.unwrap();
        }
        // Also under another id.
        other.deliver(one.platform.payment(&number, 100)).await.unwrap();
        for bench in [one, other] {
            assert_eq!(bench.state(&number).await["fulfilled"], 1);
        }
        let mut handed_over = 0;
        for events in &mut told {
            loop {
                match events.try_recv() {
                    Ok(ShopEvent::Paid { .. }) => handed_over += 1,
                    Ok(_) => {}
                    Err(TryRecvError::Empty) => break,
                    Err(error) => unreachable!("{error}"),
                }
            }
        }
        assert_eq!(handed_over, 1);
        let heard = heard(other, &number).await;
        // Both ids tell of one event, which was handled once, under whatever fence.
        assert_eq!(heard.len(), 1, "{heard:?}");
    }
}

/// Checks that a failed notification leaves nothing and releases its lease.
///
/// The other shop handles it at once.
async fn what_is_not_taken_leaves_nothing(one: &Bench, other: &Bench) {
    let number = one.order("native", 100).await;
    for bad in [
        one.platform.payment("NOBODY-KNOWS-IT", 100),
        one.platform.payment(&number, 99),
    ] {
        for bench in [one, other] {
            assert!(bench.deliver(bad.clone()).await.is_err());
        }
    }
    assert_eq!(other.state(&number).await["status"], "NOTPAY");
    assert_eq!(heard(other, &number).await, []);
    one.deliver(one.platform.payment(&number, 100)).await.unwrap();
    assert_eq!(other.state(&number).await["fulfilled"], 1);
}

/// Notifies both shops of a refund, and of a console refund before its payment.
async fn order_does_not_matter(one: &Bench, other: &Bench) {
    let number = one.paid_order(100).await;
    let reply = other.refund(&number, 100).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let refund = body(&reply)["out_refund_no"].as_str().unwrap().to_owned();
    let notice = one.platform.refund(&number, &refund, 100);
    one.deliver(notice.clone()).await.unwrap();
    other.deliver(notice).await.unwrap();
    assert_eq!(one.state(&number).await["status"], "REFUND");
    assert_eq!(one.refund(&number, 1).await.status, 400);

    let number = one.order("native", 100).await;
    other
        .deliver(one.platform.refund(&number, "CONSOLE-1", 100))
        .await
        .unwrap();
    one.deliver(one.platform.payment(&number, 100)).await.unwrap();
    let state = other.state(&number).await;
    // All money went back before the payment became known: the goods stay.
    assert_eq!(
        (&state["status"], &state["fulfilled"]),
        (&json!("REFUND"), &json!(0))
    );
}

async fn all_rules(url: &str) -> (Bench, Bench) {
    let (one, other) = shops(url).await;
    copies_hand_over_once(&one, &other).await;
    what_is_not_taken_leaves_nothing(&one, &other).await;
    order_does_not_matter(&one, &other).await;
    let ready = one.shop.readyz().await;
    assert_eq!(
        (ready.status, body(&ready)),
        (
            200,
            json!({ "platform_key": true, "store": true, "warnings": [] })
        )
    );
    (one, other)
}

/// Kills and restarts a store: nothing is lost, nothing is acknowledged meanwhile.
async fn a_store_that_dies(one: &Bench, other: &Bench, kill: impl FnOnce(), restart: impl FnOnce()) {
    let number = one.order("native", 100).await;
    let done = one.platform.payment(&number, 100);
    one.deliver(done.clone()).await.unwrap();
    let waiting = one.order("native", 100).await;
    let undone = one.platform.payment(&waiting, 100);

    kill();
    assert_eq!(one.deliver(undone.clone()).await.unwrap_err().status(), 503);
    assert_eq!(one.shop.readyz().await.status, 503);
    assert_eq!(one.shop.healthz().status, 200);
    assert_eq!(one.shop.order(&number).await.status, 503);

    restart();
    for bench in [one, other] {
        // Connections are made anew.
        let mut tries = 0;
        while bench.shop.readyz().await.status != 200 {
            tries += 1;
            assert!(tries < 200, "it is not ready again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bench.deliver(done.clone()).await.unwrap();
        bench.deliver(undone.clone()).await.unwrap();
        for number in [&number, &waiting] {
            assert_eq!(bench.state(number).await["fulfilled"], 1);
            assert_eq!(heard(bench, number).await.len(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_keep_the_rules_in_memory() {
    let store = opened("memory").await;
    let (one, other) = (Bench::with_store(store.clone()), Bench::with_store(store));
    copies_hand_over_once(&one, &other).await;
    what_is_not_taken_leaves_nothing(&one, &other).await;
    order_does_not_matter(&one, &other).await;
}

/// Defines a test of all rules at a server that then dies.
macro_rules! survived {
    ($name:ident, $Server:ty) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let server = std::sync::Mutex::new(<$Server>::start().unwrap());
            let url = server.lock().unwrap().url();
            let (one, other) = all_rules(&url).await;
            let kill = || server.lock().unwrap().kill().unwrap();
            a_store_that_dies(&one, &other, kill, || {
                server.lock().unwrap().restart().unwrap()
            })
            .await;
        }
    };
}

survived!(payments_keep_the_rules_and_survive_a_redis_that_dies, RedisServer);
survived!(
    payments_keep_the_rules_and_survive_a_postgresql_that_dies,
    PostgresServer
);
survived!(
    payments_keep_the_rules_and_survive_a_mariadb_that_dies,
    MariadbServer
);

/// A new file is switched to write-ahead logging by whoever comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_shops_open_one_new_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..10 {
        let url = format!("sqlite://{}/{file}.db", folder.path().display());
        let shops = (0..8).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { opened(&url).await })
        });
        for shop in shops.collect::<Vec<_>>() {
            shop.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_keep_the_rules_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    all_rules(&url).await;
}

/// A Redis without persistence is reported by `/readyz`.
#[tokio::test]
async fn readyz_warns_of_a_redis_that_evicts() {
    let server =
        RedisServer::start_with(&[("maxmemory-policy", "allkeys-lru"), ("appendonly", "no")]).unwrap();
    let bench = Bench::with_store(opened(&server.url()).await);
    let ready = body(&bench.shop.readyz().await);
    let warnings: Vec<&str> = ready["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("maxmemory-policy")),
        "{ready}"
    );
}
