//! Controls: certificates, clock, faults, acceptance run.

use http::StatusCode;
use wechatpay_sandbox::{Buyer, Fault, KeyMode};

use super::{assert_shows, form, press, quiet, token};
use crate::support::{Browser, Merchant, Shop, partner_order, send};

#[tokio::test]
async fn certificates_are_rotated_by_buttons() {
    let sandbox = crate::builder()
        .keys(KeyMode::Mixed)
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/keys";
    let old = sandbox.rotation().listed()[0].clone();
    let page = browser.get(path).await;
    assert_shows(&page, &[old.as_str(), "PUB_KEY_ID_", "Rotate at once"]);
    let rotate = async |step| {
        let page = browser.get(path).await;
        press(
            &browser,
            &page,
            &[("do", "rotate"), ("step", step), ("back", path)],
        )
        .await
    };
    assert_shows(
        &rotate("announce").await,
        &["The keys have changed.", "Successor"],
    );
    assert_eq!(sandbox.rotation().listed().len(), 2);
    assert_shows(&rotate("ramp-50").await, &["50 %"]);
    assert_shows(&rotate("ramp-10").await, &["not possible now"]);
    assert_shows(&rotate("expire").await, &["not possible now"]);
    assert_shows(&rotate("finish").await, &["100 %"]);
    rotate("expire").await;
    let new = sandbox.rotation().listed();
    assert!(new.len() == 1 && new[0] != old);
    rotate("at-once").await;
    assert_eq!(sandbox.rotation().listed().len(), 2);
}

#[tokio::test]
async fn a_manual_clock_is_turned_by_buttons() {
    let sandbox = crate::builder().manual_clock().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    merchant.place("native", "demo-0002").await;
    // Nobody listens there, so it will be tried again.
    sandbox.pay("demo-0002", Buyer::Alice).unwrap();
    sandbox.clock().run_until_idle().await.unwrap();
    let path = "/_sandbox/clock";
    let page = browser.get(path).await;
    assert_shows(
        &page,
        &[
            "09:00:00",
            "2026-01-05",
            "A notification is tried again",
            "An unpaid order closes",
            "demo-0001",
        ],
    );
    let turn = async |by| {
        let page = browser.get(path).await;
        press(&browser, &page, &[("do", "turn"), ("by", by), ("back", path)]).await
    };
    assert_shows(&turn("3600").await, &["10:00:00", "what was due has happened"]);
    assert!(sandbox.notifications()[0].attempts.len() > 3);
    assert_shows(&turn("next-day").await, &["10:05:00", "2026-01-06"]);
    assert_shows(&turn("86400").await, &["2026-01-07"]);
    for by in ["-1", "1e3", "99999999999"] {
        let token = token(&page);
        let reply = send(form(&browser, &[("token", &token), ("do", "turn"), ("by", by)])).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{by}");
    }
}

/// The clock of `cargo demo`.
#[tokio::test]
async fn an_adjustable_clock_is_turned_by_buttons() {
    let sandbox = crate::builder().adjustable_clock().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/clock";
    let page = browser.get(path).await;
    let today = sandbox.clock().today();
    assert_shows(&page, &[&today, "+1 day"]);
    let fields = [("do", "turn"), ("by", "next-day"), ("back", path)];
    let page = press(&browser, &page, &fields).await;
    assert_eq!(sandbox.clock().yesterday(), today);
    assert_shows(&page, &["10:05:0", &sandbox.clock().today()]);
}

#[tokio::test]
async fn a_fault_is_switched_on_and_stands_on_what_it_spoiled() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/faults";
    let page = browser.get(path).await;
    for info in Fault::CATALOGUE {
        assert_shows(&page, &[info.name, info.text.en]);
    }
    let fields = [
        ("do", "fault"),
        ("fault", "status=503"),
        ("argument", "500"),
        ("on", "POST /v3/pay/**"),
        ("times", "1"),
        ("back", path),
    ];
    let page = press(&browser, &page, &fields).await;
    assert_shows(
        &page,
        &[
            "The fault fires",
            "<code>status=500</code>",
            "/v3/pay/**",
            "Take back",
        ],
    );
    let merchant = Merchant::new(&sandbox);
    let order = partner_order("native", "demo-0001");
    let reply = merchant.post("/v3/pay/partner/transactions/native", &order).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    for path in [
        "/_sandbox",
        "/_sandbox/requests",
        "/_sandbox/requests?only=faults",
        "/_sandbox/requests/1",
    ] {
        assert_shows(&browser.get(path).await, &["⚡ status=500"]);
    }
    assert_shows(
        &browser.get("/_sandbox/requests/1").await,
        &["SYSTEM_ERROR", "wechatpay-signature"],
    );
    assert_eq!(
        merchant
            .post("/v3/pay/partner/transactions/native", &order)
            .await
            .status,
        StatusCode::OK
    );
    let page = browser.get(path).await;
    assert_shows(&page, &[">over<"]);
    let bad = [("do", "fault"), ("fault", "status=503"), ("argument", "200")];
    assert_shows(&press(&browser, &page, &bad).await, &["no such fault"]);
    press(&browser, &page, &[("do", "unfault"), ("id", "1")]).await;
    assert!(sandbox.faults().is_empty());
    press(&browser, &page, &[("do", "fault"), ("fault", "lost")]).await;
    press(&browser, &page, &[("do", "unfault"), ("id", "all")]).await;
    assert!(sandbox.faults().is_empty());
}

#[tokio::test]
async fn a_receiver_is_tried_by_a_button() {
    // It verifies nothing, so it takes forgeries too.
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/acceptance";
    let page = browser.get(path).await;
    assert_shows(&page, &["Seventeen cases"]);
    let elsewhere = [
        ("do", "accept"),
        ("url", "https://shop.example/notify"),
        ("back", path),
    ];
    assert_shows(
        &press(&browser, &page, &elsewhere).await,
        &["to this machine only"],
    );
    let fields = [("do", "accept"), ("url", shop.url.as_str()), ("back", path)];
    press(&browser, &page, &fields).await;
    let over = async {
        loop {
            let page = browser.get(path).await;
            if !page.text().contains("data-again") {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let page = tokio::time::timeout(std::time::Duration::from_secs(120), over)
        .await
        .unwrap();
    assert_shows(&page, &["not safe", "A4", "chip bad"]);
}
