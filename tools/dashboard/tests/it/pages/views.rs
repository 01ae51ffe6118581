//! Pages: the first one, both languages, live updates, credentials, bills.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;
use wechatpay_sandbox::Buyer;

use super::{assert_shows, quiet};
use crate::support::{Browser, Merchant, SHORT, direct_order};

#[tokio::test]
async fn an_empty_sandbox_says_what_to_do_next() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let page = browser.get("/_sandbox").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_shows(&page, &["cargo demo", sandbox.base_url(), "no real money moves"]);
    for path in [
        "/_sandbox/orders",
        "/_sandbox/requests",
        "/_sandbox/notifications",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    for path in [
        "/_sandbox/orders/1900000001/none",
        "/_sandbox/orders/-/none",
        "/_sandbox/requests/7",
        "/_sandbox/notifications/none",
        "/_sandbox/nothing",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(browser.get("/_sandbox/").await.header("location"), "/_sandbox");
}

#[tokio::test]
async fn an_open_page_is_told_of_changes() {
    let sandbox = quiet().await;
    let http: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let url = format!("{}/_sandbox/live", sandbox.base_url());
    let request = http::Request::get(url).body(Full::default()).unwrap();
    let response = http.request(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body();
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let mut text = String::new();
    while !text.contains("event: change") {
        let frame = tokio::time::timeout(SHORT, stream.frame())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    assert!(text.contains("order demo-0001"), "{text}");
    // An open stream does not keep the sandbox from stopping.
    tokio::time::timeout(SHORT, sandbox.shutdown()).await.unwrap();
}

#[tokio::test]
async fn both_languages_are_spoken() {
    let sandbox = quiet().await;
    let mut browser = Browser::new(&sandbox);
    let page = browser.get("/_sandbox?lang=zh").await;
    assert_shows(&page, &["总览", "lang=\"zh-CN\"", "/_sandbox/orders?lang=zh-CN"]);
    browser.language = "zh-CN,zh;q=0.9";
    assert_shows(&browser.get("/_sandbox/orders").await, &["还没有订单"]);
    assert_shows(&browser.get("/_sandbox/requests?lang=en").await, &["Requests"]);
}

#[tokio::test]
async fn the_credentials_it_shows_are_a_configuration() {
    let sandbox = quiet().await;
    let page = Browser::new(&sandbox).get("/_sandbox/connect").await;
    assert_shows(
        &page,
        &[
            "[default.wechatpay]",
            "WECHATPAY_MCHID=1900000001",
            "mchid = &quot;1900000001&quot;",
            "-----BEGIN PUBLIC KEY-----",
        ],
    );
}

#[tokio::test]
async fn the_bill_of_a_day_is_shown_and_downloaded() {
    let sandbox = crate::builder()
        .manual_clock()
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    assert_shows(&browser.get("/_sandbox/bills").await, &["Nothing was paid"]);
    let mut order = direct_order("native", "demo-0001");
    order["description"] = json!("茶, 绿茶");
    let merchant = Merchant::new(&sandbox);
    merchant.post("/v3/pay/transactions/native", &order).await;
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    assert_shows(
        &browser.get("/_sandbox/bills").await,
        &["2026-01-05", "kind=ALL", "kind=BASIC", "01-06"],
    );
    sandbox.clock().next_day_at("10:05").await.unwrap();
    let query = "?mchid=1900000001&date=2026-01-05&kind=ALL";
    let page = browser.get(&format!("/_sandbox/bills{query}")).await;
    assert_shows(
        &page,
        &[
            "ready",
            "<td>茶, 绿茶</td>",
            "<th>总交易单数</th>",
            "<td>9.90</td>",
        ],
    );
    let file = browser.get(&format!("/_sandbox/bills/file{query}")).await;
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"1900000001-2026-01-05-ALL.csv\""
    );
    assert!(file.text().starts_with("\u{feff}交易时间") && file.text().contains("`demo-0001"));
    for query in [
        "",
        "?date=2026-01-04",
        "?date=nonsense",
        "?date=2026-01-05&kind=REFUND",
    ] {
        let reply = browser.get(&format!("/_sandbox/bills/file{query}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{query}");
    }
}
