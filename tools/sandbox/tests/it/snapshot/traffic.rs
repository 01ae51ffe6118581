//! Snapshots taken amid traffic.

use std::time::Duration;

use serde_json::json;
use wechatpay_sandbox::{Buyer, RetrySchedule, Sandbox, Snapshot};

use super::{NATIVE, document, good};
use crate::support::{Merchant, SHORT, Shop, partner_order};

/// Checks that a snapshot has nothing half done.
///
/// A buyer who paid is notified or will be, money is recorded, and whatever waits is scheduled.
fn is_whole(snapshot: &Snapshot) {
    let document = document(snapshot);
    let world = &document["world"];
    let list = |pointer: &str| world.pointer(pointer).unwrap().as_array().unwrap();
    let planned: Vec<String> = list("/agenda").iter().map(ToString::to_string).collect();
    let is_planned = |what: &str| planned.iter().any(|due| due.contains(what));
    let notifications = list("/notifications/notifications");
    for order in list("/orders") {
        let number = &order["key"]["out_trade_no"];
        let told = notifications
            .iter()
            .filter(|told| told["subject"] == *number)
            .count();
        let entered = list("/ledger/entries")
            .iter()
            .filter(|entry| entry["movement"]["voucher"] == *number)
            .count();
        match order["state"].as_str().unwrap() {
            // With the fee.
            "SUCCESS" => assert_eq!((told, entered), (1, 2), "{number}"),
            state => assert_eq!((state, told, entered), ("NOTPAY", 0, 0), "{number}"),
        }
    }
    for notification in notifications {
        if notification["state"] == "pending" {
            assert!(is_planned(notification["id"].as_str().unwrap()), "{notification}");
        }
    }
    assert_eq!(
        world["totals"]["payments"].as_u64().unwrap() as usize,
        notifications.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_amid_traffic_shows_a_moment_between_two_things() {
    const ORDERS: usize = 40;
    let shop = Shop::start(|number, _| if number % 3 == 0 { 204 } else { 500 }).await;
    let quick = || Sandbox::builder().retry(RetrySchedule::custom([Duration::from_millis(2); 200]));
    let sandbox = quick().start().await.unwrap();
    let traffic = tokio::spawn({
        let (sandbox, url) = (sandbox.clone(), shop.url.clone());
        async move {
            let merchant = Merchant::new(&sandbox);
            for number in 0..ORDERS {
                let number = format!("demo-{number:04}");
                let mut order = partner_order("native", &number);
                order["notify_url"] = json!(url);
                good(&merchant, NATIVE, &order).await;
                sandbox.pay(&number, Buyer::Alice).unwrap();
            }
        }
    });
    let mut taken = Vec::new();
    while !traffic.is_finished() {
        taken.push(sandbox.snapshot());
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    traffic.await.unwrap();
    taken.iter().for_each(is_whole);
    // One of the middle goes on elsewhere, and everybody who paid is told.
    let middle = taken.swap_remove(taken.len() / 2);
    let other = quick().restore(middle).start().await.unwrap();
    for order in other.orders().iter().filter(|order| order.is_paid()) {
        other.wait_acknowledged(&order.out_trade_no, SHORT).await.unwrap();
    }
    is_whole(&other.snapshot());
}
