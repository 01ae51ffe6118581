//! The manual clock, what it drives, and what a seed fixes.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{DateTime, Fen},
};
use wechatpay_sandbox::{
    Account, Buyer, ClockError, EventKind, NotificationState, OrderState, Sandbox, SandboxBuilder, StartError,
};

use crate::support::{Merchant, Reply, Shop, bytes_of, partner_order, until};

const NATIVE: &str = "/v3/pay/partner/transactions/native";
const NUMBER: &str = "demo-0001";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn manual() -> SandboxBuilder {
    Sandbox::builder().manual_clock()
}

async fn place(sandbox: &Sandbox, number: &str, notify_url: &str) -> Reply {
    let mut order = partner_order("native", number);
    order["notify_url"] = json!(notify_url);
    let reply = Merchant::new(sandbox).post(NATIVE, &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply
}

#[tokio::test]
async fn a_manual_clock_stands_until_it_is_turned() {
    let sandbox = manual().start().await.unwrap();
    let clock = sandbox.clock();
    assert!(clock.is_manual());
    let start = clock.now();
    assert_eq!(
        DateTime::from_unix_seconds(start).unwrap().to_string(),
        "2026-01-05T09:00:00+08:00"
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(clock.now(), start);
    let turn = clock.advance(Duration::from_millis(1500)).await.unwrap();
    assert_eq!((turn.from, turn.to), (start, start + 1));
    clock.advance(Duration::from_millis(500)).await.unwrap();
    assert_eq!(clock.now(), start + 2);
    let on_the_wire = sandbox.core_clock().now();
    assert!(
        Clock::system().now().abs_diff(on_the_wire) < 5,
        "signatures go by the system's time"
    );

    clock.next_day_at("10:05").await.unwrap();
    assert_eq!(
        (clock.today(), clock.yesterday()),
        ("2026-01-06".into(), "2026-01-05".into())
    );
    let to: DateTime = "2026-01-06T10:06:00+08:00".parse().unwrap();
    clock.advance_to(to).await.unwrap();
    assert_eq!(clock.now(), to.unix_seconds());
    assert_eq!(
        clock
            .advance_to("2026-01-06T10:05:59+08:00".parse().unwrap())
            .await,
        Err(ClockError::Past)
    );
    assert_eq!(clock.next_day_at("10.05").await, Err(ClockError::TimeOfDay));
}

#[tokio::test]
async fn a_running_clock_is_not_turned() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let clock = sandbox.clock();
    assert!(!clock.is_manual());
    assert_eq!(clock.advance(DAY).await, Err(ClockError::Running));
    assert_eq!(clock.next_day_at("10:05").await, Err(ClockError::Running));
    assert!(clock.run_until_idle().await.is_ok());
}

/// The clock of a demo: in step with the machine until it is turned.
#[tokio::test]
async fn an_adjustable_clock_runs_and_is_turned_forward() {
    let sandbox = Sandbox::builder().adjustable_clock().start().await.unwrap();
    let clock = sandbox.clock();
    assert_eq!((clock.is_manual(), clock.is_adjustable()), (false, true));
    assert_eq!(clock.factor(), 1.0);
    let system = Clock::system();
    assert!(system.now().abs_diff(clock.now()) < 5);
    let merchant = Merchant::new(&sandbox);
    for number in ["demo-0001", "demo-0002"] {
        let reply = merchant.post(NATIVE, &partner_order("native", number)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
    // Nobody listens where its notification goes.
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();

    let day = clock.today();
    let turn = clock.next_day_at("10:05").await.unwrap();
    assert_eq!(clock.yesterday(), day);
    assert!(
        turn.events
            .iter()
            .any(|event| matches!(event.kind, EventKind::BillsReady { .. }))
    );
    assert!(
        sandbox.notifications()[0].attempts.len() > 5,
        "its retries happened on the way"
    );
    clock.advance(8 * DAY).await.unwrap();
    assert_eq!(sandbox.order("demo-0002").unwrap().state, OrderState::Closed);
    assert!(clock.now() > system.now() + 8 * 24 * 3600);
    assert!(
        system.now().abs_diff(sandbox.core_clock().now()) < 5,
        "signatures go by the system's time"
    );
    let reply = merchant.post(NATIVE, &partner_order("native", "demo-0003")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let before = clock.now();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(clock.now() > before, "it goes on by itself");
}

/// A week passes in three seconds; who signs goes by the system's time.
#[tokio::test]
async fn a_scaled_clock_lets_days_pass_by_themselves() {
    const FACTOR: f64 = 200_000.0;
    let sandbox = Sandbox::builder().scaled_clock(FACTOR).start().await.unwrap();
    let clock = sandbox.clock();
    assert_eq!((clock.is_manual(), clock.factor()), (false, FACTOR));
    assert_eq!(clock.advance(DAY).await, Err(ClockError::Running));
    let merchant = Merchant::new(&sandbox);
    for number in ["demo-0001", "demo-0002"] {
        let reply = merchant.post(NATIVE, &partner_order("native", number)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
    // Nobody listens where its notification goes.
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let is_over = || {
        sandbox.order("demo-0002").unwrap().state == OrderState::Closed
            && sandbox.notifications()[0].state == NotificationState::GivenUp
    };
    until(is_over).await;
    let attempts = &sandbox.notifications()[0].attempts;
    assert_eq!(attempts.len(), 16);
    assert!(attempts[15].at - attempts[0].at >= 24 * 3600 + 240);
    let timeline = sandbox.order("demo-0002").unwrap().timeline;
    assert!(timeline[1].at - timeline[0].at > 7 * 24 * 3600);
}

#[tokio::test]
async fn a_clock_that_cannot_go_so_fast_does_not_start() {
    for factor in [0.5, 0.0, -1.0, 1e7, f64::NAN] {
        let error = Sandbox::builder().scaled_clock(factor).start().await.unwrap_err();
        assert!(matches!(error, StartError::ClockFactor), "{error}");
    }
    // Who changes his mind is not held to it.
    assert!(
        Sandbox::builder()
            .scaled_clock(0.5)
            .manual_clock()
            .start()
            .await
            .is_ok()
    );
    for (clock, factor) in [(Sandbox::builder(), 1.0), (manual(), 0.0)] {
        assert_eq!(clock.start().await.unwrap().clock().factor(), factor);
    }
}

#[tokio::test]
async fn signatures_go_by_the_wire_clock() {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .wire_clock(Clock::fixed(1_000_000_000))
        .start()
        .await
        .unwrap();
    let reply = place(&sandbox, NUMBER, "http://127.0.0.1:9/notify").await;
    assert_eq!(reply.header("date"), "Sun, 09 Sep 2001 01:46:40 GMT");
    Merchant::new(&sandbox).verify(&reply).await.unwrap();
    let of_today = Merchant::new(&sandbox).clock(Clock::system());
    assert_eq!(of_today.get("/v3/certificates").await.code(), "SIGN_ERROR");
    assert_eq!(sandbox.take_refusals().len(), 1);
}

#[tokio::test]
async fn the_first_attempt_needs_no_turn_and_the_retries_do() {
    let shop = Shop::start(|number, _| if number < 4 { 500 } else { 204 }).await;
    let sandbox = manual().start().await.unwrap();
    let clock = sandbox.clock();
    place(&sandbox, NUMBER, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let turn = clock.run_until_idle().await.unwrap();
    assert_eq!(turn.from, turn.to);
    assert_eq!(shop.arrivals().len(), 1);

    let start = clock.now();
    clock.advance(Duration::from_secs(14)).await.unwrap();
    assert_eq!(shop.arrivals().len(), 1);
    clock.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(shop.arrivals().len(), 2);
    let turn = clock.advance(DAY).await.unwrap();
    let times: Vec<i64> = sandbox.notifications()[0]
        .attempts
        .iter()
        .map(|attempt| attempt.at - start)
        .collect();
    assert_eq!(times, [0, 15, 30, 60]);
    let told: Vec<i64> = turn
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Notified { .. }))
        .map(|event| event.at - start)
        .collect();
    assert_eq!(told, [30, 60]);
}

#[tokio::test]
async fn the_whole_schedule_of_a_day_passes_in_no_time() {
    let started = Instant::now();
    let shop = Shop::start(|_, _| 500).await;
    let sandbox = manual().start().await.unwrap();
    place(&sandbox, NUMBER, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let clock = sandbox.clock();
    clock.run_until_idle().await.unwrap();
    let start = clock.now();
    clock.advance(Duration::from_secs(24 * 3600 + 239)).await.unwrap();
    assert_eq!(sandbox.notifications()[0].state, NotificationState::Pending);
    clock.advance(Duration::from_secs(1)).await.unwrap();
    let notification = sandbox.notifications().remove(0);
    assert_eq!(notification.state, NotificationState::GivenUp);
    assert_eq!(notification.attempts.len(), 16);
    assert_eq!(notification.attempts[15].at - start, 24 * 3600 + 240);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn an_order_closes_itself_when_the_clock_gets_there() {
    let sandbox = manual().start().await.unwrap();
    place(&sandbox, NUMBER, "http://127.0.0.1:9/notify").await;
    let clock = sandbox.clock();
    let turn = clock.advance(7 * DAY).await.unwrap();
    assert!(turn.events.is_empty());
    assert_eq!(sandbox.order(NUMBER).unwrap().state, OrderState::NotPay);
    let turn = clock.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(
        turn.events.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["09:00:01  $$$  closed after seven days   order demo-0001"]
    );
    assert_eq!(sandbox.order(NUMBER).unwrap().state, OrderState::Closed);
}

#[tokio::test]
async fn two_hands_turn_the_clock_one_after_the_other() {
    let shop = Shop::start(|_, _| 500).await;
    let sandbox = manual().start().await.unwrap();
    place(&sandbox, NUMBER, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let (first, second) = (sandbox.clock(), sandbox.clock());
    let start = first.now();
    let hour = Duration::from_secs(3600);
    let (first, second) = tokio::join!(first.advance(hour), second.advance(hour));
    let mut turns = [first.unwrap(), second.unwrap()].map(|turn| (turn.from - start, turn.to - start));
    turns.sort();
    assert_eq!(turns, [(0, 3600), (3600, 7200)]);
    // Eight retries stand within two hours, whoever turned.
    assert_eq!(shop.arrivals().len(), 1 + 8);
}

#[tokio::test]
async fn a_turn_that_is_dropped_can_be_made_again() {
    let shop = Shop::start(|_, _| 500).await;
    let sandbox = manual().start().await.unwrap();
    place(&sandbox, NUMBER, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let clock = sandbox.clock();
    let dropped = tokio::time::timeout(Duration::from_nanos(1), clock.advance(DAY + DAY)).await;
    assert!(dropped.is_err());
    clock.advance(DAY + DAY).await.unwrap();
    assert_eq!(sandbox.notifications()[0].attempts.len(), 16);
}

#[tokio::test]
async fn a_sandbox_that_stopped_has_no_time_any_more() {
    let sandbox = manual().start().await.unwrap();
    place(&sandbox, NUMBER, "http://127.0.0.1:9/notify").await;
    sandbox.shutdown().await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    assert_eq!(sandbox.clock().advance(DAY).await, Err(ClockError::Stopped));
}

/// One call of each kind that makes numbers of its own.
fn more_calls(sandbox: &Sandbox, notify_url: &str) -> [(&'static str, Value); 5] {
    let item = |number: &str| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "attach": "附加",
            "description": "商品", "amount": { "total_amount": 100, "currency": "CNY" },
        })
    };
    sandbox.top_up(DEMO_MCHID, Account::Operation, Fen::from(100));
    [
        (
            "/v3/ecommerce/refunds/apply",
            json!({
                "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "demo-app",
                "out_refund_no": "refund-1", "amount": { "refund": 100, "total": 990 },
            }),
        ),
        (
            "/v3/combine-transactions/native",
            json!({
                "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "whole-1",
                "sub_orders": [item("item-0001"), item("item-0002")], "notify_url": notify_url,
            }),
        ),
        (
            "/v3/ecommerce/profitsharing/receivers/add",
            json!({
                "appid": DEMO_APPID, "type": "PERSONAL_OPENID", "account": "oReceiver", "relation_type": "OTHERS",
            }),
        ),
        (
            "/v3/ecommerce/profitsharing/orders",
            json!({
                "appid": DEMO_APPID, "sub_mchid": DEMO_SUB_MCHID, "out_order_no": "share-1", "finish": true,
                "transaction_id": sandbox.order("demo-native").unwrap().transaction_id,
                "receivers": [{
                    "type": "PERSONAL_OPENID", "receiver_account": "oReceiver", "amount": 10, "description": "分",
                }],
            }),
        ),
        (
            "/v3/merchant/fund/withdraw",
            json!({
                "out_request_no": "w1", "amount": 100, "account_type": "OPERATION", "notify_url": notify_url,
            }),
        ),
    ]
}

/// All bytes of a run: responds with their headers, and notifications with theirs.
async fn traffic(seed: u64, shop: &Shop) -> Vec<(String, Bytes)> {
    let before = shop.arrivals().len();
    // The port is not for a seed to fix, so addresses have another host.
    let sandbox = manual()
        .wire_clock(Clock::fixed(1_767_574_800))
        .lenient()
        .seed(seed)
        .signtest(0.5)
        .public_url("http://sandbox.test:1")
        .start()
        .await
        .unwrap();
    let address = format!("http://{}", sandbox.address());
    let clock = sandbox.clock();
    let mut merchant = Merchant::new(&sandbox);
    merchant.base_url = address;
    let mut all = Vec::new();
    for scene in ["native", "jsapi", "app"] {
        let number = format!("demo-{scene}");
        let mut order = partner_order(scene, &number);
        order["notify_url"] = json!(shop.url);
        order["settle_info"] = json!({ "profit_sharing": scene == "native" });
        let reply = merchant
            .post(&format!("/v3/pay/partner/transactions/{scene}"), &order)
            .await;
        all.push(bytes_of(&reply.headers, &reply.body));
        sandbox.pay(&number, Buyer::Alice).unwrap();
        // Deliveries are under way while the next request is answered: that changes nothing.
        let target = format!(
            "/v3/pay/partner/transactions/out-trade-no/{number}?sp_mchid=1900000001&sub_mchid=1900000109"
        );
        let reply = merchant.get(&target).await;
        all.push(bytes_of(&reply.headers, &reply.body));
        clock.run_until_idle().await.unwrap();
    }
    for (path, body) in more_calls(&sandbox, &shop.url) {
        let reply = merchant.post(path, &body).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text());
        all.push(bytes_of(&reply.headers, &reply.body));
    }
    sandbox.pay("whole-1", Buyer::Alice).unwrap();
    clock.next_day_at("10:00").await.unwrap();
    for target in [
        "/v3/certificates",
        "/v3/bill/tradebill?bill_date=2026-01-05&tar_type=GZIP",
        "/v3/bill/fundflowbill?bill_date=2026-01-05&account_type=OPERATION",
    ] {
        let reply = merchant.get(target).await;
        all.push(bytes_of(&reply.headers, &reply.body));
        if let Some(url) = serde_json::from_slice::<Value>(&reply.body).unwrap()["download_url"].as_str() {
            let file = merchant
                .get(url.strip_prefix("http://sandbox.test:1").unwrap())
                .await;
            all.push(bytes_of(&file.headers, &file.body));
        }
    }
    all.extend(shop.bytes_after(before));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_and_the_same_calls_give_the_same_bytes() {
    // Every third delivery is refused, so that retries are among the bytes.
    let shop = Shop::start(|number, _| if number % 3 == 0 { 500 } else { 204 }).await;
    let first = traffic(7, &shop).await;
    // Begins with the same count of deliveries modulo three.
    while shop.arrivals().len() % 3 != 0 {
        let request = http::Request::post(&shop.url)
            .body(http_body_util::Full::default())
            .unwrap();
        crate::support::send(request).await;
    }
    let second = traffic(7, &shop).await;
    assert!(first.len() > 24, "{}", first.len());
    assert_eq!(first.len(), second.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second);
    }
    while shop.arrivals().len() % 3 != 0 {
        let request = http::Request::post(&shop.url)
            .body(http_body_util::Full::default())
            .unwrap();
        crate::support::send(request).await;
    }
    assert_ne!(first, traffic(8, &shop).await);
}

#[tokio::test]
async fn without_a_seed_no_two_runs_are_alike() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let sandbox = manual().start().await.unwrap();
        ids.push(place(&sandbox, NUMBER, "http://127.0.0.1:9/notify").await.json()["code_url"].clone());
    }
    assert_ne!(ids[0], ids[1]);
}
