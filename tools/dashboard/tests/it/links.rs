//! Links from responses to pages: sessions of the cashier, the page of a finding.

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey};
use wechatpay_sandbox::{Buyer, DEMO_MERCHANT_SERIAL, OrderState, RetrySchedule, Sandbox, SandboxBuilder};

use crate::support::{Browser, Hand, Merchant, token};

fn quiet() -> SandboxBuilder {
    crate::builder().retry(RetrySchedule::none())
}

#[tokio::test]
async fn a_seed_does_not_fix_the_tokens_of_the_cashier() {
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let sandbox = quiet().manual_clock().seed(7).start().await.unwrap();
        Merchant::new(&sandbox).place("native", "demo-0001").await;
        let browser = Browser::new(&sandbox);
        let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
        tokens.push(token(&page));
    }
    assert_ne!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn sessions_expire_in_their_time_and_the_order_does_not() {
    let hand = Hand::default();
    let sandbox = quiet().clock(hand.clock()).start().await.unwrap();
    let merchant = Merchant::new(&sandbox).clock(hand.clock());
    let browser = Browser::new(&sandbox);
    for (scene, life) in [("h5", 300), ("native", 7200)] {
        let number = format!("demo-{scene}");
        merchant.place(scene, &number).await;
        let url = sandbox.cashier_url(&number).unwrap();
        hand.forward(life);
        assert_eq!(browser.get(&url).await.status, StatusCode::OK, "{scene}");
        hand.forward(1);
        assert_eq!(browser.get(&url).await.status, StatusCode::GONE, "{scene}");
        // A fresh one for the same order works.
        merchant.place(scene, &number).await;
        let url = sandbox.cashier_url(&number).unwrap();
        assert_eq!(browser.get(&url).await.status, StatusCode::OK, "{scene}");
    }
}

#[tokio::test]
async fn a_native_code_dies_when_the_order_is_placed_again() {
    let sandbox = quiet().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let browser = Browser::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let old = sandbox.cashier_url("demo-0001").unwrap();
    merchant.place("native", "demo-0001").await;
    let new = sandbox.cashier_url("demo-0001").unwrap();
    assert_eq!(browser.get(&old).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cashier_shows_one_amount_of_a_combined_order_and_pays_all() {
    let sandbox = quiet().start().await.unwrap();
    let item = |number: &str, total: i64| {
        json!({
            "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "attach": "附加",
            "description": format!("商品 {number}"), "amount": { "total_amount": total, "currency": "CNY" },
        })
    };
    let order = json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "whole-0001",
        "sub_orders": [item("item-0001", 300), item("item-0002", 690)],
        "notify_url": "http://127.0.0.1:9/notify",
    });
    let merchant = Merchant::new(&sandbox);
    let placed = merchant.post("/v3/combine-transactions/native", &order).await;
    assert_eq!(placed.status, StatusCode::OK, "{}", placed.text());
    let browser = Browser::new(&sandbox);
    let page = browser.get(&sandbox.cashier_url("whole-0001").unwrap()).await;
    assert!(page.text().contains("¥9.90"), "{}", page.text());
    assert!(
        page.text().contains("商品 item-0001 + 商品 item-0002"),
        "{}",
        page.text()
    );
    browser.press(&page, "pay", "alice").await;
    for number in ["whole-0001", "item-0001", "item-0002"] {
        let order = sandbox.order(number).unwrap();
        assert_eq!(
            (order.state, order.paid_by),
            (OrderState::Success, Some(Buyer::Alice))
        );
    }
}

#[tokio::test]
async fn the_page_with_the_whole_finding_is_named() {
    let sandbox: Sandbox = quiet().lenient().start().await.unwrap();
    let wrong = Merchant::with(&sandbox, DEMO_MCHID, DEMO_MERCHANT_SERIAL, DemoKey::OtherMerchant);
    for number in 1..=2 {
        let reply = wrong.get("/v3/certificates").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        let see = reply.json()["detail"]["sandbox"]["see"].clone();
        let page = format!("{}/_sandbox/requests/{number}", sandbox.base_url());
        assert_eq!(see, Value::from(page.as_str()));
        let page = Browser::new(&sandbox).get(&page).await;
        assert!(page.text().contains("SIGN_ERROR"), "{}", page.text());
    }
}
