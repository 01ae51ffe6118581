//! A sandbox as one document, and sandboxes made of one: nothing is missing, nothing happens twice, and what is broken changes
//! nothing.

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
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Fen, Mchid, SerialNumber},
};
use wechatpay_sandbox::{
    Account, ApplymentState, Buyer, EventKind, Fault, FaultRule, KeyMode, MerchantSpec, NotificationState,
    OrderState, RefundState, RestoreError, RetrySchedule, Sandbox, SandboxBuilder, Snapshot, StartError,
};

use crate::{
    files, onboarding, sharing,
    support::{Hand, Merchant, Reply, SHORT, Shop, bytes_of, encrypted, partner_order, send, until},
};

const NATIVE: &str = "/v3/pay/partner/transactions/native";
const SHARING: &str = "/v3/ecommerce/profitsharing";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn builder(shop: &Shop) -> SandboxBuilder {
    Sandbox::builder()
        .manual_clock()
        // Signatures of one second have the same bytes.
        .wire_clock(Clock::fixed(1_767_574_800))
        .keys(KeyMode::Mixed)
        // The port is not for a snapshot to fix, so addresses have another host.
        .public_url("http://sandbox.test:1")
        .merchant(sharing::other(&shop.url))
}

fn client(sandbox: &Sandbox) -> Merchant {
    let mut merchant = Merchant::new(sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    merchant.base_url = format!("http://{}", sandbox.address());
    merchant
}

async fn good(merchant: &Merchant, path: &str, body: &Value) -> Value {
    let reply = merchant.post(path, body).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text());
    if reply.body.is_empty() {
        return Value::Null;
    }
    reply.json()
}

async fn pay(
    sandbox: &Sandbox,
    merchant: &Merchant,
    shop: &Shop,
    number: &str,
    settle_info: Value,
) -> String {
    let mut order = partner_order("native", number);
    order["notify_url"] = json!(shop.url);
    order["settle_info"] = settle_info;
    good(merchant, NATIVE, &order).await;
    let order = sandbox.pay(number, Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    order.transaction_id.unwrap()
}

/// Orders in their states, and a combined one.
async fn orders(sandbox: &Sandbox, merchant: &Merchant, shop: &Shop) {
    for scene in ["jsapi", "app", "h5", "native", "native"] {
        let path = format!("/v3/pay/partner/transactions/{scene}");
        good(merchant, &path, &partner_order(scene, &format!("open-{scene}"))).await;
    }
    good(merchant, NATIVE, &partner_order("native", "closed")).await;
    sandbox.force_order("closed", OrderState::Closed).unwrap();
    assert!(sandbox.pay("open-app", Buyer::Bob).is_err());
    let item = |number: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "attach": "附加",
            "description": "商品", "amount": { "total_amount": 100, "currency": "CNY" },
        })
    };
    let whole = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "whole1",
        "sub_orders": [item("item-0001"), item("item-0002")], "notify_url": shop.url,
    });
    good(merchant, "/v3/combine-transactions/native", &whole).await;
    sandbox.pay("whole1", Buyer::Alice).unwrap();
}

/// A share that is there and one on its way, a return, a subsidy.
async fn shares(sandbox: &Sandbox, merchant: &Merchant, id: &str) {
    for (kind, account) in [("MERCHANT_ID", sharing::OTHER), ("PERSONAL_OPENID", "oReceiver")] {
        let receiver = json!({
            "appid": DEMO_APPID, "type": kind, "account": account, "name": "某某有限公司",
            "relation_type": "SUPPLIER",
        });
        good(merchant, &format!("{SHARING}/receivers/add"), &receiver).await;
    }
    let share = |number: &str, kind: &str, account: &str| {
        json!({
            "appid": DEMO_APPID, "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "out_order_no": number,
            "finish": false,
            "receivers": [{ "type": kind, "receiver_account": account, "amount": 50, "description": "分" }],
        })
    };
    let path = format!("{SHARING}/orders");
    good(merchant, &path, &share("share-1", "MERCHANT_ID", sharing::OTHER)).await;
    sandbox.clock().advance(Duration::from_secs(4)).await.unwrap();
    good(merchant, &path, &share("share-2", "PERSONAL_OPENID", "oReceiver")).await;
    let back = json!({
        "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "share-1", "out_return_no": "back-1",
        "return_mchid": sharing::OTHER, "amount": 20, "description": "退货",
    });
    good(merchant, &format!("{SHARING}/returnorders"), &back).await;
    let subsidy =
        json!({ "sub_mchid": DEMO_SUB_MCHID, "transaction_id": id, "amount": 30, "description": "补差" });
    let paid = good(merchant, "/v3/ecommerce/subsidies/create", &subsidy).await;
    let back = json!({
        "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "subsidy-back", "transaction_id": id, "amount": 10,
        "description": "退", "subsidy_id": paid["subsidy_id"],
    });
    good(merchant, "/v3/ecommerce/subsidies/return", &back).await;
}

/// A sub-merchant, another account for one, a file.
async fn papers(sandbox: &Sandbox, merchant: &Merchant) {
    good(merchant, "/v3/ecommerce/applyments/", &onboarding::application()).await;
    sandbox
        .walk_applyment(onboarding::NUMBER, ApplymentState::Finish)
        .unwrap();
    let change = json!({
        "modify_mode": "MODIFY_MODE_ASYNC", "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "招商银行",
        "bank_address_code": "110000", "account_number": encrypted("6214000000004321"),
        "account_name": encrypted("张三丰"),
    });
    let path = format!("/v3/apply4sub/sub_merchants/{DEMO_SUB_MCHID}/modify-settlement");
    good(merchant, &path, &change).await;
    let reply = files::upload(merchant, files::PICTURE, "papers.png", b"\x89PNG").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

/// One of everything, at best on its way.
async fn everything(sandbox: &Sandbox, shop: &Shop) {
    let merchant = client(sandbox);
    for rule in [
        Fault::Status(503).on("/v3/never/**").always().ttl(DAY),
        Fault::Lost.on_event("NEVER.*").probability(0.25),
        Fault::Delay(Duration::from_secs(1)).times(0),
    ] {
        sandbox.fault(rule);
    }
    orders(sandbox, &merchant, shop).await;
    let shared = json!({ "profit_sharing": true, "subsidy_amount": 500 });
    let id = pay(sandbox, &merchant, shop, "shared", shared).await;
    shares(sandbox, &merchant, &id).await;
    pay(sandbox, &merchant, shop, "refunded", json!({})).await;
    for (number, to) in [
        ("refund-1", Some(RefundState::Closed)),
        ("refund-2", Some(RefundState::Abnormal)),
        ("refund-3", None),
    ] {
        let refund = json!({
            "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "refunded",
            "out_refund_no": number, "amount": { "refund": 100, "total": 990, "currency": "CNY" },
            "notify_url": shop.url,
        });
        good(&merchant, "/v3/ecommerce/refunds/apply", &refund).await;
        if let Some(to) = to {
            sandbox.settle_refund(number, to).unwrap();
        }
    }
    papers(sandbox, &merchant).await;
    let late = MerchantSpec::new(
        Mchid::parse("1900000004").unwrap(),
        ApiV3Key::parse("LateDemoApiV3Key0123456789abcdef").unwrap(),
    );
    let late = late.demo_key("4F2F".parse().unwrap(), DemoKey::OtherMerchant);
    sandbox.add_merchant(late).unwrap();
    sandbox.top_up(DEMO_MCHID, Account::Operation, Fen::from(500));
    let withdrawal = json!({
        "out_request_no": "w1", "amount": 100, "account_type": "OPERATION", "notify_url": shop.url,
    });
    good(&merchant, "/v3/merchant/fund/withdraw", &withdrawal).await;
    let mut order = partner_order("native", "keyword");
    order["attach"] = json!("[[sandbox:late=10m]]");
    good(&merchant, NATIVE, &order).await;
    sandbox.pay("keyword", Buyer::Alice).unwrap();
    sandbox.rotation().announce().unwrap();
    sandbox.rotation().ramp(30.0).unwrap();
    sandbox
        .clock()
        .advance(Duration::from_millis(1500))
        .await
        .unwrap();
    assert_eq!(merchant.get("/v3/certificates").await.status, StatusCode::OK);
    sandbox.set_refund_funds(false);
    sandbox.set_notify_enabled(false);
}

/// A shop that wants to hear of refunds again and again.
async fn shop() -> Shop {
    Shop::start(|_, arrival| {
        let body = String::from_utf8_lossy(&arrival.body);
        if body.contains("REFUND.") { 500 } else { 204 }
    })
    .await
}

fn document(snapshot: &Snapshot) -> Value {
    serde_json::from_str(&snapshot.to_json()).unwrap()
}

/// How long something took is real time.
fn without_durations(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("took");
            object.values_mut().for_each(without_durations);
        }
        Value::Array(array) => array.iter_mut().for_each(without_durations),
        _ => {}
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(array) => !array.is_empty(),
        Value::Object(object) => object.values().any(is_something),
    }
}

#[tokio::test]
async fn nothing_is_forgotten_and_all_goes_on() {
    let shop = shop().await;
    let first = builder(&shop).seed(7).start().await.unwrap();
    everything(&first, &shop).await;
    let id = first.order("shared").unwrap().transaction_id.unwrap();
    let snapshot = first.snapshot();
    let taken = document(&snapshot);
    assert_eq!(taken["version"], 1);
    assert_eq!(snapshot.taken_at(), first.clock().now());
    // Every table has something in it, or this test would show nothing of it.
    for (name, table) in taken["world"].as_object().unwrap() {
        assert!(is_something(table), "{name}: {table}");
    }
    for pointer in [
        "/shares/receivers",
        "/shares/shares",
        "/shares/returns",
        "/settlements/accounts",
        "/settlements/changes",
        "/ledger/entries",
        "/ledger/balances",
        "/faults/rules",
        "/faults/keywords",
        "/keys/certificates/next",
        "/notifications/notifications/0/attempts/0/sent/headers",
        "/totals/certificate_downloads",
    ] {
        let part = taken["world"].pointer(pointer).unwrap_or(&Value::Null);
        assert!(is_something(part), "{pointer}");
    }
    let text = taken.to_string();
    for due in [
        "notify",
        "missed-query",
        "close-order",
        "bills-ready",
        "settle-share",
        "settle-return",
        "settle-withdrawal",
        "change-settlement",
        "settle-refund",
    ] {
        assert!(text.contains(&format!("\"due\":{{\"{due}\"")), "{due}");
    }
    assert!(!format!("{snapshot:?}").contains("refund-1"));

    // Written, read and restored elsewhere, it is the same document.
    let read = Snapshot::from_json(snapshot.to_json().as_bytes()).unwrap();
    let second = builder(&shop).seed(8).start().await.unwrap();
    second.restore(&read).unwrap();
    assert_eq!(document(&second.snapshot()), taken);
    assert!(matches!(
        second.events_after(0).last().unwrap().kind,
        EventKind::Restored { .. }
    ));
    // Who came later came along, and is not known in a sandbox that starts anew.
    assert!(second.config_of("1900000004").is_some());
    // The handle shows the same.
    assert_eq!(second.orders(), first.orders());
    assert_eq!(second.refunds(), first.refunds());
    assert_eq!(second.withdrawals(), first.withdrawals());
    assert_eq!(second.media(), first.media());
    assert_eq!(second.lints(), first.lints());
    assert_eq!(second.counters().payments, first.counters().payments);
    assert_eq!(second.shares_of("shared"), first.shares_of("shared"));
    assert_eq!(second.rotation().listed(), first.rotation().listed());
    assert_eq!(second.clock().now(), first.clock().now());
    assert_eq!(
        second.balance(DEMO_SUB_MCHID, Account::Basic),
        first.balance(DEMO_SUB_MCHID, Account::Basic)
    );

    // The gateway and the admin API answer the same, to the byte.
    let clients = [client(&first), client(&second)];
    let number = format!("sp_mchid={DEMO_MCHID}&sub_mchid={DEMO_SUB_MCHID}");
    let sub = format!("sub_mchid={DEMO_SUB_MCHID}");
    for target in [
        format!("/v3/pay/partner/transactions/out-trade-no/refunded?{number}"),
        format!("/v3/pay/partner/transactions/id/{id}?{number}"),
        "/v3/combine-transactions/out-trade-no/whole1".to_owned(),
        format!("/v3/ecommerce/refunds/out-refund-no/refund-2?{sub}"),
        format!("{SHARING}/orders?{sub}&transaction_id={id}&out_order_no=share-1"),
        format!("{SHARING}/orders/{id}/amounts"),
        format!("/v3/ecommerce/fund/balance/{DEMO_SUB_MCHID}"),
        "/v3/merchant/fund/withdraw/out-request-no/w1".to_owned(),
        format!("/v3/ecommerce/applyments/out-request-no/{}", onboarding::NUMBER),
    ] {
        let [one, other] = [clients[0].get(&target).await, clients[1].get(&target).await];
        assert_eq!(one.status, StatusCode::OK, "{target}: {}", one.text());
        assert_eq!(
            (&one.headers, &one.body),
            (&other.headers, &other.body),
            "{target}"
        );
    }
    let shown = async |merchant: &Merchant, call: &str| {
        let url = format!("{}/_sandbox/api/{call}", merchant.base_url);
        send(http::Request::get(url).body(Full::default()).unwrap()).await
    };
    for call in [
        "orders/refunded",
        "refunds",
        "notifications",
        "certs",
        "clock",
        "lints",
    ] {
        let [one, other] = [shown(&clients[0], call).await, shown(&clients[1], call).await];
        assert_eq!(one.status, StatusCode::OK, "{call}");
        assert_eq!(one.body, other.body, "{call}");
    }

    // And from here on the same happens in both.
    for sandbox in [&first, &second] {
        sandbox.set_notify_enabled(true);
        sandbox.clock().advance(8 * DAY).await.unwrap();
    }
    let [mut one, mut other] = [&first, &second].map(|sandbox| document(&sandbox.snapshot()));
    assert_eq!(other["world"]["agenda"], json!([]));
    without_durations(&mut one);
    without_durations(&mut other);
    assert_eq!(one, other);
    assert_eq!(second.refund("refund-3").unwrap().state, RefundState::Success);
    assert_eq!(second.order("open-native").unwrap().state, OrderState::Closed);

    // Back to the beginning, in place: the clock goes back too.
    first.restore(&snapshot).unwrap();
    let mut again = document(&first.snapshot());
    // Requests stay in the log, and are counted on.
    assert_eq!(again["world"]["requests"], first.counters().requests);
    again["world"]["requests"] = taken["world"]["requests"].clone();
    assert_eq!(again, taken);
    // And a third one begins with it.
    let third = builder(&shop).restore(read).start().await.unwrap();
    assert_eq!(document(&third.snapshot()), taken);
}

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

/// A shop that never answers the first so many deliveries.
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
    // Elsewhere, also after the first one has stopped.
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
    let hand = Hand::new();
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
    let names: Vec<&str> = second
        .events_after(0)
        .iter()
        .map(|event| event.kind.name())
        .filter(|name| *name != "notified")
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
    let past = Hand::new();
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
async fn what_cannot_be_restored_changes_nothing() {
    let shop = shop().await;
    let sandbox = builder(&shop).seed(7).start().await.unwrap();
    everything(&sandbox, &shop).await;
    let taken = sandbox.snapshot();
    let whole = document(&taken);
    let read = |value: &Value| Snapshot::from_json(value.to_string().as_bytes());
    let refused = |value: &Value| -> RestoreError {
        let error = match read(value) {
            Ok(snapshot) => sandbox.restore(&snapshot).unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(document(&sandbox.snapshot()), whole);
        assert!(!error.to_string().contains("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
        error
    };
    // Each table may be missing, or something else.
    for name in whole["world"].as_object().unwrap().keys() {
        let mut less = whole.clone();
        less["world"].as_object_mut().unwrap().remove(name);
        let error = refused(&less).to_string();
        assert!(error.contains(&format!("missing field `{name}`")), "{error}");
        let mut other = whole.clone();
        other["world"][name] = json!("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
        assert!(matches!(refused(&other), RestoreError::Malformed(_)), "{name}");
    }
    let changed = |pointer: &str, value: Value| {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed
    };
    let version = refused(&changed("/version", json!(2)));
    assert_eq!(version, RestoreError::Version { found: 2 });
    let merchant = refused(&changed(&format!("/owner/merchants/{DEMO_MCHID}"), json!("00")));
    assert_eq!(
        merchant.to_string(),
        "the snapshot is of other merchants: 1900000001 is unknown here or has other keys"
    );
    let keys = refused(&changed("/owner/keys", json!("public-key")));
    assert_eq!(
        keys.to_string(),
        "the snapshot is of a sandbox with other keys: public-key, and here mixed"
    );
    let first = whole["world"]["orders"][0].clone();
    assert_eq!(
        refused(&changed("/world/orders/1", first)),
        RestoreError::Broken("one order stands there twice".to_owned())
    );
    for (pointer, value) in [
        ("/world/refunds/0/amount", json!(i64::MAX)),
        ("/world/orders/0/total", json!(-1)),
        ("/world/withdrawals/0/amount", json!(i64::MIN)),
    ] {
        assert!(
            matches!(refused(&changed(pointer, value)), RestoreError::Broken(_)),
            "{pointer}"
        );
    }
    let json = taken.to_json();
    for cut in [0, 1, json.len() / 2, json.len() - 1] {
        // Not in the middle of a character.
        let cut = json.floor_char_boundary(cut);
        assert!(Snapshot::from_json(&json.as_bytes()[..cut]).is_err(), "{cut}");
    }
    // A merchant more is no harm, one that is missing is.
    let more = MerchantSpec::new(
        wechatpay_core::types::Mchid::parse("1900000003").unwrap(),
        wechatpay_core::types::ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
    )
    .demo_key(SerialNumber::parse("4F2F").unwrap(), DemoKey::OtherMerchant);
    let other = builder(&shop).merchant(more).start().await.unwrap();
    assert_eq!(other.restore(&taken), Ok(()));
    let back = builder(&shop).start().await.unwrap();
    assert!(matches!(
        back.restore(&other.snapshot()),
        Err(RestoreError::Merchant { mchid }) if mchid == "1900000003"
    ));
    // Time belongs to one world at a time.
    let turn = sandbox.clock();
    let (turned, restored) = tokio::join!(turn.advance(DAY), async {
        tokio::task::yield_now().await;
        sandbox.restore(&taken)
    });
    assert_eq!((turned.is_ok(), restored), (true, Err(RestoreError::Turning)));
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

#[tokio::test]
async fn the_admin_api_takes_and_restores() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let url = |call: &str| format!("{}/_sandbox/api/{call}", sandbox.base_url());
    let call = async |call: &str, kind: &str, body: Bytes| -> Reply {
        let request = http::Request::post(url(call)).header("content-type", kind);
        send(request.body(Full::new(body)).unwrap()).await
    };
    good(
        &Merchant::new(&sandbox),
        NATIVE,
        &partner_order("native", "demo-0001"),
    )
    .await;
    let taken = call("snapshot", "application/json", Bytes::new()).await;
    assert_eq!(taken.header("content-type"), "application/json");
    assert_eq!(taken.json(), document(&sandbox.snapshot()));
    sandbox.reset();
    assert!(sandbox.orders().is_empty());
    let restored = call("restore", "application/json", taken.body.clone()).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
    assert_eq!(restored.json(), json!({ "taken_at": sandbox.clock().now() }));
    assert_eq!(sandbox.orders().len(), 1);

    let mut other = taken.json();
    other["version"] = json!(7);
    for (kind, body, status, words) in [
        ("text/plain", taken.body.clone(), 415, "application/json"),
        (
            "application/json",
            Bytes::from_static(b"{"),
            400,
            "this is no snapshot",
        ),
        (
            "application/json",
            Bytes::from(other.to_string()),
            409,
            "version 7",
        ),
    ] {
        let reply = call("restore", kind, body).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text());
        assert!(reply.text().contains(words), "{}", reply.text());
        assert_eq!(sandbox.orders().len(), 1);
    }
    // Larger than what other calls take.
    let large = format!("{{\"version\":1,\"x\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let reply = call("restore", "application/json", large.into()).await;
    assert!(reply.text().contains("unknown field `x`"), "{}", reply.text());
}

/// Nothing is half done in a snapshot: who paid is told, money is entered, and whatever waits is planned.
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
