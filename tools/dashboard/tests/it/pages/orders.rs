//! Orders: paid, refunded, cancelled and closed by buttons.

use http::StatusCode;
use serde_json::json;
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::{OrderState, RefundState};

use super::{assert_shows, order_fields, press, quiet};
use crate::support::{Browser, Merchant, SHORT, Shop, partner_order};

#[tokio::test]
async fn an_order_is_paid_and_refunded_by_its_buttons() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!(shop.url);
    let reply = Merchant::new(&sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    assert_eq!(reply.status, StatusCode::OK);

    let list = browser.get("/_sandbox/orders").await;
    let path = format!("/_sandbox/orders/{DEMO_MCHID}/demo-0001");
    assert_shows(&list, &["demo-0001", "¥9.90", "NOTPAY", "一杯咖啡", &path]);
    let page = browser.get(&path).await;
    assert_shows(
        &page,
        &["/cashier/native?pr=", "1900000109", "Place an order · Native"],
    );

    let mut fields = order_fields("pay");
    fields.extend([("buyer", "bob"), ("back", path.as_str())]);
    let page = press(&browser, &page, &fields).await;
    assert_shows(&page, &["has not enough money", "Bob could not pay"]);
    let mut fields = order_fields("pay");
    fields.extend([("buyer", "alice"), ("back", path.as_str())]);
    let page = press(&browser, &page, &fields).await;
    assert_shows(&page, &["role=\"status\"", "SUCCESS", "Alice paid"]);
    sandbox.wait_acknowledged("demo-0001", SHORT).await.unwrap();
    let page = browser.get(&path).await;
    assert_shows(
        &page,
        &["TRANSACTION.SUCCESS", "acknowledged", "dot good", "Notification"],
    );

    let mut fields = order_fields("refund");
    fields.extend([("amount", "3.5"), ("back", path.as_str())]);
    let page = press(&browser, &page, &fields).await;
    assert_shows(&page, &["¥3.50", "PROCESSING", "REFUND", "value=\"6.40\""]);
    let refund = sandbox.refunds_of("demo-0001").pop().unwrap();
    assert_eq!((refund.amount, refund.total), (350, 990));
    let settle = [
        ("do", "settle"),
        ("mchid", DEMO_MCHID),
        ("refund", refund.out_refund_no.as_str()),
        ("to", "ABNORMAL"),
        ("back", path.as_str()),
    ];
    press(&browser, &page, &settle).await;
    let refund = sandbox.refund(&refund.out_refund_no).unwrap();
    assert_eq!(refund.state, RefundState::Abnormal);
    sandbox
        .wait_acknowledged(&refund.out_refund_no, SHORT)
        .await
        .unwrap();
    assert_shows(&browser.get(&path).await, &["REFUND.ABNORMAL"]);

    // More than is left is not given back, and what is no amount neither.
    for (amount, told) in [
        ("6.41", "Not refunded: at most ¥6.40 is left."),
        ("0", "“0” is not an amount"),
        ("-1", "“-1” is not an amount"),
        ("0.001", "“0.001” is not an amount"),
        ("<b>abc</b>", "“&lt;b&gt;abc&lt;/b&gt;” is not an amount"),
    ] {
        let mut fields = order_fields("refund");
        fields.push(("amount", amount));
        let reply = press(&browser, &page, &fields).await;
        assert_shows(&reply, &[told]);
    }
    assert_eq!(sandbox.refunds_of("demo-0001").len(), 1);
    assert_shows(&browser.get("/_sandbox").await, &["¥9.90", "Alice pays ¥9.90"]);
}

/// Visitors from the shop and from the cashier find their way back.
///
/// Nobody is led elsewhere.
#[tokio::test]
async fn an_order_leads_back_to_the_shop_that_it_was_opened_from() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("jsapi", "demo-0001").await;
    let path = "/_sandbox/orders/-/demo-0001";
    let page = browser
        .get(&format!(
            "{path}?shop=http%3A%2F%2F127.0.0.1%3A3000%2F%3Forder%3Ddemo-0001"
        ))
        .await;
    assert_shows(
        &page,
        &[
            "href=\"http://127.0.0.1:3000/?order=demo-0001\"",
            "Back to this order in the shop",
        ],
    );
    for bad in [
        "",
        "?shop=https%3A%2F%2Fevil.example%2F",
        "?shop=javascript%3Aalert(1)",
    ] {
        let page = browser.get(&format!("{path}{bad}")).await;
        assert!(!page.text().contains("Back to this order"), "{bad}");
    }
}

#[tokio::test]
async fn an_order_is_cancelled_and_closed_by_its_buttons() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("jsapi", "demo-0001").await;
    let path = format!("/_sandbox/orders/{DEMO_MCHID}/demo-0001");
    let page = browser.get(&path).await;
    let page = press(&browser, &page, &order_fields("cancel")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);
    let page = browser.get(&path).await;
    press(&browser, &page, &order_fields("close")).await;
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::Closed);
    let mut fields = order_fields("pay");
    fields.push(("buyer", "alice"));
    let page = press(&browser, &page, &fields).await;
    assert_shows(&page, &["The order is closed."]);
}
