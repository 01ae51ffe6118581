//! Orders over time: placed again, queried, closed, expired.

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey};
use wechatpay_sandbox::{Buyer, LintKind, OrderState, PayError, RetrySchedule, Sandbox, Step};

use crate::support::{Hand, Merchant, Reply, direct_order, partner_order, with_second_merchant};

const PARTNER: &str = "/v3/pay/partner/transactions";
const DIRECT: &str = "/v3/pay/transactions";
const OWN: &str = "sp_mchid=1900000001&sub_mchid=1900000109";

async fn quiet() -> Sandbox {
    Sandbox::builder()
        .notify_enabled(false)
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap()
}

async fn quiet_with(hand: &Hand) -> Sandbox {
    Sandbox::builder()
        .notify_enabled(false)
        .retry(RetrySchedule::none())
        .clock(hand.clock())
        .start()
        .await
        .unwrap()
}

async fn query(merchant: &Merchant, number: &str) -> Reply {
    merchant
        .get(&format!("{PARTNER}/out-trade-no/{number}?{OWN}"))
        .await
}

async fn close(merchant: &Merchant, number: &str) -> Reply {
    let body = json!({ "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID });
    merchant
        .post(&format!("{PARTNER}/out-trade-no/{number}/close"), &body)
        .await
}

fn refusal(reply: &Reply) -> (u16, String, u64) {
    (reply.status.as_u16(), reply.code(), reply.number())
}

#[tokio::test]
async fn the_same_order_again_gets_a_fresh_session() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    for (scene, key) in [
        ("jsapi", "prepay_id"),
        ("app", "prepay_id"),
        ("h5", "h5_url"),
        ("native", "code_url"),
    ] {
        let number = format!("demo-{scene}");
        let first = merchant.place(scene, &number).await;
        let second = merchant.place(scene, &number).await;
        assert_ne!(first[key], second[key]);
        let steps: Vec<Step> = sandbox
            .order(&number)
            .unwrap()
            .timeline
            .into_iter()
            .map(|entry| entry.step)
            .collect();
        assert_eq!(steps, [Step::Placed, Step::PlacedAgain]);
    }
    assert_eq!(sandbox.orders().len(), 4);
}

#[tokio::test]
async fn the_same_number_with_other_parameters_is_refused() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let expected = (400, "INVALID_REQUEST".to_owned(), 268_498_688);
    for change in [
        json!({ "description": "另一杯咖啡" }),
        json!({ "amount": { "total": 991, "currency": "CNY" } }),
        json!({ "attach": "now with it" }),
        json!({ "notify_url": "http://127.0.0.1:9/other" }),
        json!({ "time_expire": "2999-01-01T00:00:00+08:00" }),
    ] {
        let mut order = partner_order("native", "demo-0001");
        for (key, value) in change.as_object().unwrap() {
            order[key] = value.clone();
        }
        let reply = merchant.post(&format!("{PARTNER}/native"), &order).await;
        assert_eq!(refusal(&reply), expected, "{change}");
    }
    // Another scene and the other family are other parameters too.
    let reply = merchant
        .post(&format!("{PARTNER}/app"), &partner_order("app", "demo-0001"))
        .await;
    assert_eq!(refusal(&reply), expected);
    let reply = merchant
        .post(&format!("{DIRECT}/native"), &direct_order("native", "demo-0001"))
        .await;
    assert_eq!(refusal(&reply), expected);
    // The order of keys is none, and an empty key is no key.
    let mut order = partner_order("native", "demo-0001");
    order["attach"] = json!("");
    let reply = merchant.post(&format!("{PARTNER}/native"), &order).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_paid_order_is_neither_placed_again_nor_closed() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let expected = (400, "ORDERPAID".to_owned(), 268_449_538);
    let reply = merchant
        .post(
            &format!("{PARTNER}/native"),
            &partner_order("native", "demo-0001"),
        )
        .await;
    assert_eq!(refusal(&reply), expected);
    assert_eq!(refusal(&close(&merchant, "demo-0001").await), expected);
    assert!(sandbox.order("demo-0001").unwrap().is_paid());
}

#[tokio::test]
async fn an_order_is_closed_once_or_twice_and_then_is_no_more_placed() {
    let hand = Hand::default();
    let sandbox = quiet_with(&hand).await;
    let merchant = Merchant::new(&sandbox).clock(hand.clock());
    merchant.place("native", "demo-0001").await;
    hand.forward(301);
    for _ in 0..2 {
        let reply = close(&merchant, "demo-0001").await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        assert!(reply.body.is_empty());
        assert_eq!(reply.header("content-type"), "");
        merchant.verify(&reply).await.unwrap();
    }
    assert!(
        sandbox
            .lints()
            .iter()
            .all(|lint| lint.kind() != LintKind::CloseTooSoon)
    );
    let reply = query(&merchant, "demo-0001").await;
    assert_eq!(reply.json()["trade_state"], "CLOSED");
    let reply = merchant
        .post(
            &format!("{PARTNER}/native"),
            &partner_order("native", "demo-0001"),
        )
        .await;
    assert_eq!(refusal(&reply), (400, "ORDER_CLOSED".to_owned(), 268_447_914));
    assert_eq!(sandbox.pay("demo-0001", Buyer::Alice), Err(PayError::Closed));
}

#[tokio::test]
async fn closing_within_five_minutes_is_noted_and_refused_when_strict() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    assert_eq!(close(&merchant, "demo-0001").await.status, StatusCode::NO_CONTENT);
    assert!(sandbox.requests()[1].has_lint(LintKind::CloseTooSoon));

    let sandbox = Sandbox::builder().strict(true).start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!("https://shop.example.com/notify");
    merchant.post(&format!("{PARTNER}/native"), &order).await;
    assert_eq!(close(&merchant, "demo-0001").await.code(), "INVALID_REQUEST");
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);
}

#[tokio::test]
async fn an_order_that_does_not_exist_is_not_found_anywhere() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    let expected = (404, "ORDER_NOT_EXIST".to_owned(), 268_512_771);
    assert_eq!(refusal(&query(&merchant, "demo-0001").await), expected);
    assert_eq!(refusal(&close(&merchant, "demo-0001").await), expected);
    let target = format!("{PARTNER}/id/4200000000202401010000000000?{OWN}");
    assert_eq!(refusal(&merchant.get(&target).await), expected);
}

#[tokio::test]
async fn an_unpaid_order_has_less_to_tell_than_a_paid_one() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    let mut order = partner_order("h5", "demo-0001");
    order["attach"] = json!("自定义数据");
    order["scene_info"]["device_id"] = json!("013467007045764");
    merchant.post(&format!("{PARTNER}/h5"), &order).await;

    let reply = query(&merchant, "demo-0001").await;
    merchant.verify(&reply).await.unwrap();
    let unpaid = reply.json();
    assert_eq!(unpaid["sp_mchid"], DEMO_MCHID);
    assert_eq!(unpaid["sub_mchid"], DEMO_SUB_MCHID);
    assert_eq!(unpaid["sp_appid"], DEMO_APPID);
    assert_eq!(unpaid["trade_state"], "NOTPAY");
    assert_eq!(unpaid["attach"], "自定义数据");
    for key in [
        "transaction_id",
        "trade_type",
        "bank_type",
        "success_time",
        "payer",
    ] {
        assert_eq!(unpaid[key], Value::Null, "{key}");
    }
    assert_eq!(
        unpaid["amount"],
        json!({ "total": 990, "currency": "CNY", "payer_currency": "CNY" })
    );

    let transaction_id = sandbox
        .pay("demo-0001", Buyer::Alice)
        .unwrap()
        .transaction_id
        .unwrap();
    let paid = query(&merchant, "demo-0001").await.json();
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["trade_type"], "MWEB");
    assert_eq!(paid["transaction_id"], transaction_id.as_str());
    assert_eq!(
        paid["amount"],
        json!({ "total": 990, "payer_total": 990, "currency": "CNY", "payer_currency": "CNY" })
    );
    assert_eq!(paid["payer"]["sp_openid"], Buyer::Alice.openid(DEMO_APPID));
    assert_eq!(paid["scene_info"]["device_id"], "013467007045764");
    assert!(paid["success_time"].as_str().unwrap().ends_with("+08:00"));
    // The client's model reads both.
    for json in [unpaid, paid.clone()] {
        serde_json::from_value::<wechatpay_core::api::transactions::Transaction>(json).unwrap();
    }

    let by_id = merchant
        .get(&format!("{PARTNER}/id/{transaction_id}?{OWN}"))
        .await;
    assert_eq!(by_id.json(), paid);
    merchant.verify(&by_id).await.unwrap();
}

#[tokio::test]
async fn a_direct_order_names_its_payer_as_the_order_did() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    let reply = merchant
        .post(&format!("{DIRECT}/jsapi"), &direct_order("jsapi", "demo-0001"))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let target = format!("{DIRECT}/out-trade-no/demo-0001?mchid={DEMO_MCHID}");
    let json = merchant.get(&target).await.json();
    assert_eq!(json["mchid"], DEMO_MCHID);
    assert_eq!(json["sp_mchid"], Value::Null);
    assert_eq!(json["payer"], json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }));
}

#[tokio::test]
async fn a_query_has_exactly_its_documented_parameters() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    for (query, field) in [
        ("", "sp_mchid"),
        ("?sp_mchid=1900000001", "sub_mchid"),
        ("?sp_mchid=1900000001&sub_mchid=", "sub_mchid"),
        ("?sp_mchid=1900000001&sub_mchid=1900000109&mchid=1", "mchid"),
    ] {
        let reply = merchant
            .get(&format!("{PARTNER}/out-trade-no/demo-0001{query}"))
            .await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{query}");
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], field);
        assert_eq!(reply.json()["detail"]["sandbox"]["location"], "query");
    }
}

#[tokio::test]
async fn orders_are_seen_by_their_own_family_and_parties_only() {
    let sandbox = with_second_merchant(Sandbox::builder()).start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    sandbox.set_notify_enabled(false);
    let id = sandbox
        .pay("demo-0001", Buyer::Alice)
        .unwrap()
        .transaction_id
        .unwrap();

    let direct = merchant
        .get(&format!("{DIRECT}/out-trade-no/demo-0001?mchid={DEMO_MCHID}"))
        .await;
    assert_eq!(direct.code(), "ORDER_NOT_EXIST");
    assert!(direct.text().contains("partner"), "{}", direct.text());

    let other_sub = merchant
        .get(&format!(
            "{PARTNER}/out-trade-no/demo-0001?sp_mchid={DEMO_MCHID}&sub_mchid=1900000110"
        ))
        .await;
    assert_eq!(
        refusal(&other_sub),
        (400, "INVALID_REQUEST".to_owned(), 268_447_845)
    );

    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    for target in [
        format!("{PARTNER}/id/{id}?sp_mchid=1900000002&sub_mchid={DEMO_SUB_MCHID}"),
        format!("{PARTNER}/out-trade-no/demo-0001?sp_mchid=1900000002&sub_mchid={DEMO_SUB_MCHID}"),
    ] {
        assert_eq!(other.get(&target).await.code(), "ORDER_NOT_EXIST");
    }
}

#[tokio::test]
async fn two_merchants_may_use_the_same_number() {
    let sandbox = with_second_merchant(Sandbox::builder()).start().await.unwrap();
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    let mut order = direct_order("native", "demo-0001");
    order["mchid"] = json!("1900000002");
    order["appid"] = json!("wx0123456789abcdef");
    let reply = other.post(&format!("{DIRECT}/native"), &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(sandbox.orders().len(), 2);
    assert_eq!(sandbox.order("demo-0001").unwrap().mchid, DEMO_MCHID);
}

#[tokio::test]
async fn time_expire_is_the_last_payable_moment_and_no_close() {
    let hand = Hand::default();
    let sandbox = quiet_with(&hand).await;
    let merchant = Merchant::new(&sandbox).clock(hand.clock());
    let mut order = partner_order("native", "demo-0001");
    // 2024-01-01T12:34:56+08:00 is now; ten minutes later.
    order["time_expire"] = json!("2024-01-01T12:44:56+08:00");
    let path = format!("{PARTNER}/native");
    assert_eq!(merchant.post(&path, &order).await.status, StatusCode::OK);
    hand.forward(600);
    assert_eq!(merchant.post(&path, &order).await.status, StatusCode::OK);
    hand.forward(1);
    assert_eq!(sandbox.pay("demo-0001", Buyer::Alice), Err(PayError::Expired));
    assert_eq!(merchant.post(&path, &order).await.code(), "ORDER_CLOSED");
    assert_eq!(
        query(&merchant, "demo-0001").await.json()["trade_state"],
        "NOTPAY"
    );
    // A moment in the past is moved to a minute from now.
    order["out_trade_no"] = json!("demo-0002");
    assert_eq!(merchant.post(&path, &order).await.status, StatusCode::OK);
    hand.forward(60);
    sandbox.pay("demo-0002", Buyer::Alice).unwrap();
}

#[tokio::test]
async fn an_unpaid_order_closes_itself_after_seven_days() {
    let hand = Hand::default();
    let sandbox = quiet_with(&hand).await;
    let merchant = Merchant::new(&sandbox).clock(hand.clock());
    merchant.place("native", "demo-0001").await;
    hand.forward(7 * 24 * 3600);
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);
    hand.forward(1);
    assert_eq!(
        query(&merchant, "demo-0001").await.json()["trade_state"],
        "CLOSED"
    );
    assert_eq!(sandbox.pay("demo-0001", Buyer::Alice), Err(PayError::Closed));
}

#[tokio::test]
async fn buyers_differ_in_their_luck() {
    let sandbox = quiet().await;
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    assert_eq!(sandbox.pay("demo-0001", Buyer::Bob), Err(PayError::NotEnough));
    assert_eq!(sandbox.pay("demo-0001", Buyer::Carol), Err(PayError::Blocked));
    sandbox.cancel("demo-0001").unwrap();
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);
    let paid = sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    assert_eq!(paid.paid_by, Some(Buyer::Alice));
    assert_eq!(sandbox.pay("demo-0001", Buyer::Alice), Err(PayError::AlreadyPaid));
    assert_eq!(sandbox.cancel("demo-0001"), Err(PayError::AlreadyPaid));
    assert_eq!(sandbox.pay("demo-9999", Buyer::Alice), Err(PayError::NoSuchOrder));
    assert_eq!(sandbox.counters().payments, 1);
    let steps: Vec<Step> = paid.timeline.into_iter().map(|entry| entry.step).collect();
    assert_eq!(steps.len(), 5);
    assert_eq!(steps[4], Step::Paid { buyer: Buyer::Alice });
}

#[tokio::test]
async fn sixty_four_buyers_at_once_pay_one_order_once() {
    let sandbox = quiet().await;
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let sandbox = sandbox.clone();
            tokio::task::spawn_blocking(move || sandbox.pay("demo-0001", Buyer::Alice).is_ok())
        })
        .collect();
    let mut paid = 0;
    for task in tasks {
        paid += usize::from(task.await.unwrap());
    }
    assert_eq!(paid, 1);
    assert_eq!(sandbox.notifications().len(), 1);
}
