//! A day's bill beside the shop's books, uploaded by a form.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::{Buyer, Sandbox};

use crate::support::{Browser, Merchant, Reply, send};

const BOUNDARY: &str = "----WebKitFormBoundaryZcVp2A9kqkBCeF5s";

/// Three paid orders.
async fn day() -> (Sandbox, Browser, String) {
    let sandbox = crate::builder().notify_enabled(false).start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for number in ["demo-0001", "demo-0002", "demo-0003"] {
        merchant.place("native", number).await;
        sandbox.pay(number, Buyer::Alice).unwrap();
    }
    let browser = Browser::new(&sandbox);
    let page = browser.get("/_sandbox/bills").await.text();
    let (_, rest) = page.split_once("name=\"date\" value=\"").unwrap();
    let date = rest.split_once('"').unwrap().0.to_owned();
    (sandbox, browser, date)
}

async fn upload(browser: &Browser, date: &str, mchid: &str, books: &[u8]) -> Reply {
    let mut body = Vec::new();
    for (name, value) in [
        ("mchid", mchid.as_bytes()),
        ("date", date.as_bytes()),
        ("books", books),
    ] {
        let filename = if name == "books" {
            "; filename=\"books.csv\"\r\nContent-Type: text/csv"
        } else {
            ""
        };
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    post(
        browser,
        &format!("multipart/form-data; boundary={BOUNDARY}"),
        body,
    )
    .await
}

async fn post(browser: &Browser, kind: &str, body: Vec<u8>) -> Reply {
    let request = http::Request::post(format!("{}/_sandbox/bills/reconcile", browser.base_url))
        .header("content-type", kind)
        .header("accept-language", browser.language)
        .header("origin", &browser.base_url)
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    send(request).await
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn books_that_differ_from_the_bill_are_told_from_books_that_agree() {
    let (_sandbox, browser, date) = day().await;
    let good = "out_trade_no,amount_fen,state\ndemo-0001,990,paid\ndemo-0002,990,paid\ndemo-0003,990,paid\n";
    let page = upload(&browser, &date, DEMO_MCHID, good.as_bytes()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_shows(&page, &["both agree", "¥29.70"]);
    assert!(!page.text().contains("data-live"), "the result must stay");

    let bad = "商户订单号,金额（元）,状态\r\ndemo-0001,9.91,已支付\r\ndemo-0002,9.90,未支付\r\ndemo-0004,1,已支付\r\ndemo-0004,1,已支付\r\n";
    let words = [
        "they differ",
        "amount differs",
        "state differs",
        "missing in your books",
        "missing in the bill",
        "twice in your books",
        "¥9.91",
        "demo-0003",
        "demo-0004",
    ];
    assert_shows(&upload(&browser, &date, DEMO_MCHID, bad.as_bytes()).await, &words);
    let chinese = Browser {
        language: "zh-CN",
        ..browser.clone()
    };
    let words = [
        "存在差异",
        "金额不一致",
        "状态不一致",
        "商户缺单",
        "账单缺单",
        "商户账目重复",
    ];
    assert_shows(&upload(&chinese, &date, DEMO_MCHID, bad.as_bytes()).await, &words);

    // A day without a bill, and no bill at all to look at.
    let page = upload(&browser, "2020-01-01", DEMO_MCHID, good.as_bytes()).await;
    assert_shows(&page, &["There is no bill of this day", "missing in the bill"]);
    let back = browser.get("/_sandbox/bills/reconcile").await;
    assert_eq!(back.header("location"), "/_sandbox/bills");
}

#[tokio::test]
async fn wrong_files_and_forms_are_told_clearly() {
    let (sandbox, browser, date) = day().await;
    for (books, words) in [
        (b"".as_slice(), ["the file is empty", ""]),
        (
            b"out_trade_no,amount_fen\ndemo-0001,9.90",
            ["Line 2, column <code>amount_fen</code>", "whole numbers"],
        ),
        (b"out_trade_no,amount_fen\n\xd6\xd0,1", ["Line 2", "not UTF-8"]),
        (
            b"out_trade_no,<script>alert(1)</script>\n",
            ["Line 1", "no amount_fen"],
        ),
        (
            b"out_trade_no,fen,state\nA,1,<script>alert(1)</script>",
            ["Line 2", "paid or unpaid"],
        ),
    ] {
        let page = upload(&browser, &date, DEMO_MCHID, books).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert_shows(&page, &words);
        assert!(!page.text().contains("<script>alert"));
    }
    // A number that is markup is shown as text.
    let books = b"out_trade_no,fen\n<script>alert(1)</script>,1";
    let page = upload(&browser, &date, DEMO_MCHID, books).await;
    assert_shows(&page, &["&lt;script&gt;alert(1)"]);
    assert!(!page.text().contains("<script>alert"));
    for (date, mchid) in [("yesterday", DEMO_MCHID), (date.as_str(), "1"), ("", "")] {
        let page = upload(&browser, date, mchid, b"x").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{date} {mchid}");
    }
    for (kind, body, status) in [
        ("text/plain", b"x".to_vec(), StatusCode::BAD_REQUEST),
        ("multipart/form-data", b"x".to_vec(), StatusCode::BAD_REQUEST),
        (
            "multipart/form-data; boundary=b",
            vec![b'-'; 9 * 1024 * 1024],
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        assert_eq!(post(&browser, kind, body).await.status, status, "{kind}");
    }
    let foreign = http::Request::post(format!("{}/_sandbox/bills/reconcile", sandbox.base_url()))
        .header("content-type", "multipart/form-data; boundary=b")
        .header("origin", "https://evil.example")
        .body(Full::default())
        .unwrap();
    assert_eq!(send(foreign).await.status, StatusCode::FORBIDDEN);
}
