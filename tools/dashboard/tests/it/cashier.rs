//! The cashier as a buyer walks through it, and as a stranger knocks at it.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use wechatpay_sandbox::{Buyer, Language, LintKind, Sandbox, Step};

use crate::support::{Browser, Merchant, Reply, send, token};

async fn quiet() -> Sandbox {
    crate::builder().notify_enabled(false).start().await.unwrap()
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn an_h5_order_is_paid_and_leads_back_to_the_shop() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let json = Merchant::new(&sandbox).place("h5", "demo-0001").await;
    let url = wechatpay_core::sign::h5_url_with_redirect(
        json["h5_url"].as_str().unwrap(),
        "http://127.0.0.1:3000/orders/demo-0001?from=h5&lang=x",
    )
    .unwrap();
    let page = browser.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_shows(
        &page,
        &[
            "一杯咖啡",
            "¥9.90",
            "demo-0001",
            "Sandbox",
            "Alice",
            "Bob",
            "Carol",
            "value=\"alice\" checked",
            "See the messages of this order",
            "/_sandbox/orders/1900000001/demo-0001?lang=en&amp;shop=http%3A%2F%2F127.0.0.1%3A3000%2Forders%2Fdemo-0001",
        ],
    );
    let result = browser.press(&page, "pay", "alice").await;
    assert_shows(
        &result,
        &[
            "Payment successful",
            "content=\"5; url=http://127.0.0.1:3000/orders/demo-0001?from=h5&amp;lang=x\"",
            "href=\"http://127.0.0.1:3000/orders/demo-0001?from=h5&amp;lang=x\"",
        ],
    );
    let order = sandbox.order("demo-0001").unwrap();
    assert!(order.is_paid());
    assert_shows(&result, &[order.transaction_id.unwrap().as_str()]);
    let steps: Vec<Step> = order.timeline.into_iter().map(|entry| entry.step).collect();
    assert_eq!(
        steps,
        [Step::Placed, Step::Opened, Step::Paid { buyer: Buyer::Alice }]
    );
}

#[tokio::test]
async fn cancelling_leads_back_too_and_leaves_the_order_unpaid() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("h5", "demo-0001").await;
    let url = format!(
        "{}&redirect_url=http%3A%2F%2Flocalhost%3A3000%2F",
        sandbox.cashier_url("demo-0001").unwrap()
    );
    let page = browser.get(&url).await;
    let result = browser.press(&page, "cancel", "alice").await;
    assert_shows(&result, &["Payment cancelled", "5; url=http://localhost:3000/"]);
    assert!(!sandbox.order("demo-0001").unwrap().is_paid());
    // The link still works, and the buyer may change their mind.
    let page = browser.get(&url).await;
    browser.press(&page, "pay", "alice").await;
    assert!(sandbox.order("demo-0001").unwrap().is_paid());
}

#[tokio::test]
async fn closing_the_tab_does_nothing_and_leads_nowhere() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("h5", "demo-0001").await;
    let url = format!(
        "{}&redirect_url=http%3A%2F%2Flocalhost%3A3000%2F",
        sandbox.cashier_url("demo-0001").unwrap()
    );
    let page = browser.get(&url).await;
    let result = browser.press(&page, "leave", "alice").await;
    assert_shows(&result, &["You left the cashier"]);
    assert!(!result.text().contains("localhost:3000"));
    let steps = sandbox.order("demo-0001").unwrap().timeline;
    assert_eq!(steps.last().unwrap().step, Step::Opened);
}

#[tokio::test]
async fn a_native_code_is_read_in_all_its_spellings() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let json = Merchant::new(&sandbox).place("native", "demo-0001").await;
    let code_url = json["code_url"].as_str().unwrap();
    let encoded: String = form_urlencoded::byte_serialize(code_url.as_bytes()).collect();
    for url in [
        sandbox.cashier_url("demo-0001").unwrap(),
        format!("/cashier/native?code_url={encoded}"),
        format!("/cashier/native?code_url=+{encoded}+"),
    ] {
        let page = browser.get(&url).await;
        assert_eq!(page.status, StatusCode::OK, "{url}");
        assert_shows(&page, &["¥9.90", "Native"]);
    }
    let reply = browser.get("/cashier/native?pr=unknown00").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    let reply = browser.get("/cashier/native").await;
    assert_shows(&reply, &["name=\"code_url\""]);
    let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
    let result = browser.press(&page, "pay", "alice").await;
    assert_shows(&result, &["Payment successful", "You can close this page"]);
}

#[tokio::test]
async fn buyers_without_luck_may_let_another_one_pay() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
    for (buyer, words) in [("bob", "Not enough money"), ("carol", "Stopped by risk control")] {
        let result = browser.press(&page, "pay", buyer).await;
        assert_shows(&result, &[words, "Choose another buyer"]);
        assert!(!sandbox.order("demo-0001").unwrap().is_paid());
    }
    let again = browser
        .get(&format!("/cashier/again?page={}", token(&page)))
        .await;
    let result = browser.press(&again, "pay", "alice").await;
    assert_shows(&result, &["Payment successful"]);
}

#[tokio::test]
async fn paying_twice_is_refused_politely() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("h5", "demo-0001").await;
    let url = sandbox.cashier_url("demo-0001").unwrap();
    let (first, second) = (browser.get(&url).await, browser.get(&url).await);
    browser.press(&first, "pay", "alice").await;
    for page in [&first, &second] {
        let result = browser.press(page, "pay", "alice").await;
        assert_shows(&result, &["Already paid"]);
    }
    let page = browser.get(&url).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_shows(&page, &["Already paid"]);
    assert_eq!(sandbox.notifications().len(), 1);
}

#[tokio::test]
async fn a_reload_of_the_result_presses_nothing() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
    let result = format!("/cashier/result?page={}", token(&page));
    // Before a button was pressed there is no result.
    assert_eq!(browser.get(&result).await.status, StatusCode::SEE_OTHER);
    browser.press(&page, "pay", "alice").await;
    for _ in 0..3 {
        assert_shows(&browser.get(&result).await, &["Payment successful"]);
    }
    assert_eq!(sandbox.counters().payments, 1);
}

#[tokio::test]
async fn the_cashier_speaks_two_languages() {
    let sandbox = quiet().await;
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let url = sandbox.cashier_url("demo-0001").unwrap();
    let mut browser = Browser::new(&sandbox);
    assert_shows(&browser.get(&url).await, &["lang=\"en\"", "Who pays?", "中文"]);
    browser.language = "zh-CN,zh;q=0.9,en;q=0.5";
    assert_shows(
        &browser.get(&url).await,
        &["lang=\"zh-CN\"", "由谁付款？", "English"],
    );
    let page = browser.get(&format!("{url}&lang=en")).await;
    assert_shows(&page, &["Who pays?"]);
    // What was chosen stays chosen.
    let result = browser.press(&page, "cancel", "alice").await;
    assert_shows(&result, &["Payment cancelled"]);
    browser.language = "de";
    assert_shows(&browser.get(&url).await, &["Who pays?"]);

    let sandbox = crate::builder()
        .language(Language::Chinese)
        .start()
        .await
        .unwrap();
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = Browser::new(&sandbox)
        .get(&sandbox.cashier_url("demo-0001").unwrap())
        .await;
    assert_shows(&page, &["由谁付款？"]);
}

#[tokio::test]
async fn what_a_shop_says_is_shown_as_text() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let mut order = crate::support::partner_order("native", "demo-0001");
    order["description"] = "<script>alert(1)</script>\"'&".into();
    Merchant::new(&sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("<script>alert"));
}

#[tokio::test]
async fn pages_lead_back_to_this_machine_or_to_allowed_hosts_only() {
    let sandbox = crate::builder()
        .notify_enabled(false)
        .allow_notify_host("shop.test")
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    for (number, (back, is_allowed)) in [
        ("http://127.0.0.1:3000/", true),
        ("http://[::1]:3000/", true),
        ("http://shop.test/orders", true),
        ("https://evil.example/", false),
        ("javascript:alert(1)", false),
        ("//evil.example/", false),
        ("http://127.0.0.1@evil.example/", false),
        ("/relative", false),
    ]
    .into_iter()
    .enumerate()
    {
        let number = format!("demo-{number:04}");
        Merchant::new(&sandbox).place("h5", &number).await;
        let encoded: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
        let url = format!("{}&redirect_url={encoded}", sandbox.cashier_url(&number).unwrap());
        let page = browser.get(&url).await;
        let result = browser.press(&page, "pay", "alice").await.text();
        assert_eq!(result.contains(&format!("href=\"{back}\"")), is_allowed, "{back}");
        assert_eq!(result.contains("http-equiv"), is_allowed, "{back}");
        assert_eq!(
            result.contains("return address was left out"),
            !is_allowed,
            "{back}"
        );
    }
}

#[tokio::test]
async fn an_h5_link_must_be_whole_and_come_from_a_page() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("h5", "demo-0001").await;
    let url = sandbox.cashier_url("demo-0001").unwrap();
    let (whole, _) = url.split_once("&package=").unwrap();
    for bad in [
        whole.to_owned(),
        format!("{whole}&package=0"),
        format!("{}/cashier/h5", sandbox.base_url()),
    ] {
        assert_eq!(browser.get(&bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
    // A Native order has no H5 page.
    Merchant::new(&sandbox).place("native", "demo-0002").await;
    let prepay_id = sandbox.order("demo-0002").unwrap().prepay_id.unwrap();
    let reply = browser.get(&format!("/cashier/h5?prepay_id={prepay_id}")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);

    browser.get(&url).await;
    assert!(
        sandbox
            .lints()
            .iter()
            .all(|lint| lint.kind() != LintKind::H5NoReferer)
    );
    let bare = |agent: &'static str| {
        http::Request::get(url.clone())
            .header("user-agent", agent)
            .body(Full::default())
            .unwrap()
    };
    send(bare("Mozilla/5.0 MicroMessenger/8.0")).await;
    for kind in [LintKind::H5NoReferer, LintKind::H5InsideWechat] {
        assert!(sandbox.lints().iter().any(|lint| lint.kind() == kind), "{kind}");
    }
}

#[tokio::test]
async fn another_name_for_this_machine_is_refused() {
    let sandbox = quiet().await;
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let url = sandbox.cashier_url("demo-0001").unwrap();
    let port = sandbox.address().port();
    let visit = async |host: String| {
        let request = http::Request::get(url.clone())
            .header("host", host)
            .body(Full::default())
            .unwrap();
        send(request).await
    };
    for host in ["127.0.0.1", "localhost", "[::1]", "127.0.0.2"] {
        assert_eq!(
            visit(format!("{host}:{port}")).await.status,
            StatusCode::OK,
            "{host}"
        );
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.0.2.1",
    ] {
        let reply = visit(format!("{host}:{port}")).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{host}");
        assert!(!reply.text().contains("value="));
    }
    let sandbox = crate::builder()
        .public_url("http://pay.test:8640")
        .start()
        .await
        .unwrap();
    assert_eq!(sandbox.base_url(), "http://pay.test:8640");
    let request = http::Request::get(format!("http://{}/", sandbox.address()))
        .header("host", "pay.test:8640")
        .body(Full::default())
        .unwrap();
    assert_eq!(send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_the_cashiers_own_buttons_pay() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    let page = browser.get(&sandbox.cashier_url("demo-0001").unwrap()).await;
    let token = token(&page);
    let fields = [("page", token.as_str()), ("buyer", "alice"), ("action", "pay")];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:1"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut request = browser.form(&fields);
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(
            send(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}: {value}"
        );
    }
    let guesses = [
        vec![("page", "guessed"), ("buyer", "alice"), ("action", "pay")],
        vec![("buyer", "alice"), ("action", "pay")],
    ];
    for fields in guesses {
        assert_eq!(send(browser.form(&fields)).await.status, StatusCode::FORBIDDEN);
    }
    for fields in [
        vec![("page", token.as_str()), ("buyer", "mallory"), ("action", "pay")],
        vec![("page", token.as_str()), ("buyer", "alice"), ("action", "steal")],
    ] {
        assert_eq!(send(browser.form(&fields)).await.status, StatusCode::BAD_REQUEST);
    }
    let mut json = browser.form(&fields);
    json.headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    assert_eq!(send(json).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let get = http::Request::get(format!(
        "{}/cashier/act?page={token}&buyer=alice&action=pay",
        sandbox.base_url()
    ))
    .body(Full::<Bytes>::default())
    .unwrap();
    assert_eq!(send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(!sandbox.order("demo-0001").unwrap().is_paid());

    assert_eq!(send(browser.form(&fields)).await.status, StatusCode::SEE_OTHER);
    assert!(sandbox.order("demo-0001").unwrap().is_paid());
}

#[tokio::test]
async fn every_page_says_what_it_may_load_and_who_may_frame_it() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    for path in [
        sandbox.cashier_url("demo-0001").unwrap().as_str(),
        "/",
        "/cashier/native",
        "/no/such/page",
        "/cashier/cashier.css",
        "/cashier/cashier.js",
        "/cashier/icon.svg",
        "/js/wx-bridge.js",
        "/connect/oauth2/authorize?appid=wxd678efh567hg6787&redirect_uri=http%3A%2F%2F127.0.0.1%2F&response_type=code&scope=snsapi_base",
        "/connect/oauth2/authorize",
    ] {
        let reply = browser.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self';"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'self' http://127.0.0.1:*"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        // Nothing comes from elsewhere, and nothing is inline.
        if reply.header("content-type").starts_with("text/html") {
            let text = reply.text();
            assert!(!text.contains("style=\"") && !text.contains("onclick"));
            assert!(!text.contains("src=\"http") && !text.contains("<style"));
        }
    }
    let script = browser.get(&sandbox.bridge_script_url()).await;
    assert!(script.text().contains("getBrandWCPayRequest"));
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
}
