//! The dashboard as a developer reads it and presses its buttons, and as a stranger knocks at it.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::{AttemptOutcome, Buyer, Fault, KeyMode, OrderState, RefundState, Sandbox, Snapshot};

use crate::support::{Browser, Merchant, Reply, SHORT, Shop, direct_order, partner_order, send};

async fn quiet() -> Sandbox {
    Sandbox::builder().notify_enabled(false).start().await.unwrap()
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

/// What a form of the dashboard carries besides its own fields.
fn token(page: &Reply) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once("name=\"token\" value=\"")
        .unwrap_or_else(|| panic!("no buttons on this page: {text}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn form(browser: &Browser, fields: &[(&str, &str)]) -> http::Request<Full<Bytes>> {
    let mut request = browser.form(fields);
    *request.uri_mut() = format!("{}/_sandbox/press", browser.base_url).parse().unwrap();
    request
}

/// Presses a button of a page, and follows to the page that it leads to.
async fn press(browser: &Browser, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let token = token(page);
    let mut all = vec![("token", token.as_str())];
    all.extend_from_slice(fields);
    let reply = send(form(browser, &all)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    browser.get(reply.header("location")).await
}

fn order_fields(action: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("do", action), ("mchid", DEMO_MCHID), ("order", "demo-0001")]
}

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
async fn an_order_is_paid_and_refunded_by_its_buttons() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder().start().await.unwrap();
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
    for amount in ["6.41", "0", "abc"] {
        let mut fields = order_fields("refund");
        fields.push(("amount", amount));
        let reply = press(&browser, &page, &fields).await;
        assert_shows(&reply, &["Not refunded"]);
    }
    assert_eq!(sandbox.refunds_of("demo-0001").len(), 1);
    assert_shows(&browser.get("/_sandbox").await, &["¥9.90", "Alice pays ¥9.90"]);
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
    let sandbox = Sandbox::builder().start().await.unwrap();
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
    let sandbox = Sandbox::builder()
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
async fn a_page_is_told_that_something_has_happened() {
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
async fn strangers_are_refused() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = browser.get("/_sandbox/orders/1900000001/demo-0001").await;
    let token = token(&page);
    let mut fields = order_fields("pay");
    fields.extend([("buyer", "alice"), ("token", token.as_str())]);

    // A name that leads here is not ours, for reading and for pressing.
    for mut request in [
        form(&browser, &fields),
        http::Request::get(format!("{}/_sandbox", browser.base_url))
            .body(Full::default())
            .unwrap(),
        http::Request::get(format!("{}/_sandbox/live", browser.base_url))
            .body(Full::default())
            .unwrap(),
    ] {
        request
            .headers_mut()
            .insert("host", "rebound.example:8640".parse().unwrap());
        request
            .headers_mut()
            .insert("origin", "http://rebound.example:8640".parse().unwrap());
        assert_eq!(send(request).await.status, StatusCode::FORBIDDEN);
    }
    // A form of another site, even one that knows the token.
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut request = form(&browser, &fields);
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(
            send(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}: {value}"
        );
    }
    // No token, another token, another content type, nothing known.
    let mut none = order_fields("pay");
    none.push(("buyer", "alice"));
    assert_eq!(send(form(&browser, &none)).await.status, StatusCode::FORBIDDEN);
    none.push(("token", "guessed"));
    assert_eq!(send(form(&browser, &none)).await.status, StatusCode::FORBIDDEN);
    let mut request = form(&browser, &fields);
    request
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let nonsense = [("token", token.as_str()), ("do", "explode")];
    assert_eq!(
        send(form(&browser, &nonsense)).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(sandbox.order("demo-0001").unwrap().state, OrderState::NotPay);

    // And nobody is led away.
    fields.push(("back", "//evil.example/_sandbox"));
    let reply = send(form(&browser, &fields)).await;
    assert_eq!(reply.header("location"), "/_sandbox?done=paid");
}

#[tokio::test]
async fn what_a_merchant_writes_stays_text() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let mut order = partner_order("native", "demo-0001");
    order["description"] = json!("<script>alert(1)</script>\"'");
    Merchant::new(&sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    for path in [
        "/_sandbox",
        "/_sandbox/orders?q=<script>",
        "/_sandbox/orders/-/demo-0001?done=<script>",
        "/_sandbox/requests/1",
        "/_sandbox/notifications?q=\"><script>",
    ] {
        let path = path.replace('<', "%3C").replace('>', "%3E").replace('"', "%22");
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        assert_eq!(text.matches("<script").count(), 1, "{path}: {text}");
        // The policy would stop them, and they would do nothing.
        assert!(
            !text.contains(" style=\"") && !text.contains(" onclick"),
            "{path}"
        );
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    }
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
async fn certificates_are_rotated_by_buttons() {
    let sandbox = Sandbox::builder()
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
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
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

#[tokio::test]
async fn a_moment_is_kept_and_come_back_to() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let path = "/_sandbox/clock";
    let page = browser.get(path).await;
    assert_shows(&page, &["A moment to come back to", "Keep this moment"]);
    assert!(!page.text().contains("Back to "));
    let early = press(&browser, &page, &[("do", "go-back"), ("back", path)]).await;
    assert_shows(&early, &["has forgotten"]);
    let kept = press(&browser, &page, &[("do", "keep"), ("back", path)]).await;
    assert_shows(&kept, &["This moment is kept", "Back to "]);
    merchant.place("native", "demo-0002").await;
    for _ in 0..2 {
        let back = press(&browser, &kept, &[("do", "go-back"), ("back", path)]).await;
        assert_shows(&back, &["All is as it was"]);
        assert_eq!(sandbox.orders().len(), 1);
        merchant.place("native", "demo-0003").await;
    }
    // As a file, it is the same document as everywhere.
    let file = browser.get("/_sandbox/snapshot.json").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    let snapshot = Snapshot::from_json(&file.body).unwrap();
    sandbox.reset();
    sandbox.restore(&snapshot).unwrap();
    assert_eq!(sandbox.orders().len(), 2);
}

/// A form with a file, as browsers send it.
fn moment_form(browser: &Browser, token: &str, file: &[u8]) -> http::Request<Full<Bytes>> {
    const BOUNDARY: &str = "----WebKitFormBoundaryQm9vZXN0";
    let part = |name: &str, more: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n")
    };
    let mut body = part("token", "").into_bytes();
    body.extend_from_slice(token.as_bytes());
    body.extend_from_slice(b"\r\n");
    let more = "; filename=\"sandbox-state.json\"\r\nContent-Type: application/json";
    body.extend_from_slice(part("snapshot", more).as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    http::Request::post(format!("{}/_sandbox/moment", browser.base_url))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("accept-language", browser.language)
        .header("origin", &browser.base_url)
        .header("sec-fetch-site", "same-origin")
        .body(Full::new(body.into()))
        .unwrap()
}

#[tokio::test]
async fn a_saved_file_is_restored_by_a_form_and_a_bad_one_changes_nothing() {
    let sandbox = quiet().await;
    let mut browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let file = browser.get("/_sandbox/snapshot.json").await.body;
    merchant.place("native", "demo-0002").await;
    let page = browser.get("/_sandbox/clock").await;
    assert_shows(&page, &["multipart/form-data", "Restore the file"]);
    let token = token(&page);

    // What is refused, and what is said of it.
    let twice = Snapshot::from_json(&file).unwrap().to_json();
    let other_keys = twice.replace(DEMO_MCHID, "1999999999");
    let strange = |mut request: http::Request<Full<Bytes>>, name: &'static str, value: &'static str| {
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    for (request, status, words) in [
        (
            moment_form(&browser, &token, b"no JSON"),
            400,
            "this is no snapshot of a sandbox",
        ),
        (moment_form(&browser, &token, b""), 400, "Choose a file first"),
        (
            moment_form(&browser, &token, br#"{"version":99}"#),
            400,
            "is of version 99",
        ),
        (
            moment_form(&browser, &token, other_keys.as_bytes()),
            400,
            "other merchants",
        ),
        (moment_form(&browser, "another", &file), 403, "another run"),
        (
            strange(moment_form(&browser, &token, &file), "content-type", "text/plain"),
            400,
            "form is broken",
        ),
        (
            strange(
                moment_form(&browser, &token, &file),
                "origin",
                "http://evil.example",
            ),
            403,
            "another site",
        ),
        (
            strange(
                moment_form(&browser, &token, &file),
                "sec-fetch-site",
                "cross-site",
            ),
            403,
            "another site",
        ),
    ] {
        let reply = send(request).await;
        assert_eq!(reply.status.as_u16(), status, "{words}");
        assert_shows(&reply, &[words]);
        assert_eq!(sandbox.orders().len(), 2, "{words}");
    }
    browser.language = "zh-CN";
    let reply = send(moment_form(&browser, &token, b"[]")).await;
    assert_shows(&reply, &["这不是沙箱的快照", "一切保持原样"]);

    let reply = send(moment_form(&browser, &token, &file)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/_sandbox/clock?done=restored");
    assert_shows(
        &browser.get(reply.header("location")).await,
        &["一切已恢复到当时的状态"],
    );
    assert_eq!(sandbox.orders().len(), 1);
    let by_address = browser.get("/_sandbox/moment").await;
    assert_eq!(by_address.header("location"), "/_sandbox/clock");
}

#[tokio::test]
async fn a_file_that_is_announced_to_be_too_large_is_refused_before_it_comes() {
    let sandbox = quiet().await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.address()).await.unwrap();
    let head = format!(
        "POST /_sandbox/moment HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 999999999999\r\n\r\n",
        sandbox.address()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
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
async fn a_fault_is_switched_on_and_stands_on_what_it_spoiled() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/faults";
    let page = browser.get(path).await;
    for info in Fault::CATALOGUE {
        assert_shows(&page, &[info.name, info.text]);
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
            "It will go wrong",
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
async fn the_bill_of_a_day_is_shown_and_downloaded() {
    let sandbox = Sandbox::builder()
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

#[tokio::test]
async fn a_receiver_is_tried_by_a_button() {
    // It verifies nothing, so it takes forgeries too.
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let path = "/_sandbox/acceptance";
    let page = browser.get(path).await;
    assert_shows(&page, &["Seventeen questions"]);
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
