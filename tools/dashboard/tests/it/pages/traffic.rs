//! Requests and notifications: shown, replayed, sent again, explained.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::{AttemptOutcome, Buyer};

use super::{assert_shows, order_fields, press, quiet};
use crate::support::{Browser, Merchant, SHORT, Shop, direct_order, partner_order, send};

#[tokio::test]
async fn a_request_is_shown_and_replayed() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant
        .post("/v3/pay/transactions/native", &direct_order("native", "it's-1"))
        .await;
    merchant.place("native", "demo-0001").await;
    let list = browser.get("/_sandbox/requests").await;
    assert_shows(
        &list,
        &[
            "/v3/pay/partner/transactions/native",
            "/_sandbox/requests/2",
            "chip good",
        ],
    );
    let page = browser.get("/_sandbox/requests/2").await;
    assert_shows(
        &page,
        &[
            "The signature fits.",
            "authorization: WECHATPAY2",
            "curl -i -X POST",
            "&quot;sub_mchid&quot;",
        ],
    );
    press(&browser, &page, &[("do", "replay"), ("number", "2")]).await;
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[2].status, StatusCode::OK);
    assert_eq!(requests[2].body, requests[1].body);
    assert_ne!(
        requests[2].headers["authorization"],
        requests[1].headers["authorization"]
    );
    let problems = browser.get("/_sandbox/requests?only=problems").await;
    assert_shows(&problems, &["/_sandbox/requests/1", "PARAM_ERROR"]);
    assert!(!problems.text().contains("/_sandbox/requests/2\""));
}

#[tokio::test]
async fn a_notification_is_sent_again() {
    let shop = Shop::start(|number, _| if number == 1 { 500 } else { 204 }).await;
    let sandbox = crate::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!(shop.url);
    let merchant = Merchant::new(&sandbox);
    merchant.post("/v3/pay/partner/transactions/native", &order).await;
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    let list = browser.get("/_sandbox/notifications").await;
    assert_shows(
        &list,
        &["TRANSACTION.SUCCESS", "pending", "dot bad", "dot planned", "+10"],
    );
    let id = sandbox.notifications()[0].id.clone();
    press(&browser, &list, &[("do", "send"), ("id", &id)]).await;
    sandbox.wait_acknowledged("demo-0001", SHORT).await.unwrap();
    let notification = &sandbox.notifications()[0];
    assert!(matches!(
        notification.attempts[1].outcome,
        AttemptOutcome::Acknowledged(StatusCode::NO_CONTENT)
    ));
    let page = browser.get(&format!("/_sandbox/notifications/{id}")).await;
    assert_shows(&page, &["#1 500", "#2 204", "transaction_id", "PUB_KEY_ID_"]);
}

#[tokio::test]
async fn the_notifications_of_an_order_are_sent_newest_first() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder()
        .settle_delay(Duration::ZERO)
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    for number in ["demo-0001", "demo-0002"] {
        let mut order = partner_order("native", number);
        order["notify_url"] = json!(shop.url);
        merchant.post("/v3/pay/partner/transactions/native", &order).await;
        sandbox.pay(number, Buyer::Alice).unwrap();
    }
    shop.gets(2).await;
    let path = "/_sandbox/orders/-/demo-0001";
    let page = browser.get(path).await;
    assert!(!page.text().contains("newest first"), "one alone has no order");
    let mut refund = order_fields("refund");
    refund.extend([("amount", "1.00"), ("back", path)]);
    press(&browser, &page, &refund).await;
    shop.gets(3).await;

    for path in [path, "/_sandbox/notifications?q=demo-0001"] {
        let before = shop.arrivals().len();
        let page = browser.get(path).await;
        assert_shows(&page, &["Send all, newest first"]);
        let mut fields = order_fields("newest-first");
        fields.push(("back", path));
        assert_shows(&press(&browser, &page, &fields).await, &["the newest first"]);
        shop.gets(before + 2).await;
        let events: Vec<String> = shop.arrivals()[before..]
            .iter()
            .map(|arrival| {
                serde_json::from_slice::<serde_json::Value>(&arrival.body).unwrap()["event_type"].to_string()
            })
            .collect();
        assert_eq!(events, ["\"REFUND.SUCCESS\"", "\"TRANSACTION.SUCCESS\""]);
    }
    // Those of several orders are not turned round, and there must be some.
    let page = browser.get("/_sandbox/notifications").await;
    assert!(!page.text().contains("newest first"));
    let none = [
        ("do", "newest-first"),
        ("mchid", DEMO_MCHID),
        ("order", "demo-0009"),
    ];
    assert_shows(&press(&browser, &page, &none).await, &["has forgotten"]);
}

#[tokio::test]
async fn what_the_signature_doctor_found_is_drawn() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    let mut request = merchant.request(http::Method::GET, "/v3/certificates", b"").await;
    *request.uri_mut() = format!("{}/v3/certificates?a=b", sandbox.base_url())
        .parse()
        .unwrap();
    assert_eq!(send(request).await.status, StatusCode::UNAUTHORIZED);
    assert_shows(&browser.get("/_sandbox/requests").await, &["url-query-dropped"]);
    let page = browser.get("/_sandbox/requests/1").await;
    assert_shows(
        &page,
        &[
            "Why the signature does not fit",
            "proven",
            "<del><code>/v3/certificates↵</code></del>",
            "?a=b↵</code></ins>",
        ],
    );
    assert_eq!(sandbox.take_refusals().len(), 1);
}
