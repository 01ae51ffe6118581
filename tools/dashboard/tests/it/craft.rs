//! Manual notifications, shell commands, the diagram as a picture, and each merchant's credentials.

use http::StatusCode;
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    testing::{DEMO_MCHID, DemoKey},
    types::{ApiV3Key, Mchid, SerialNumber},
};
use wechatpay_sandbox::{Buyer, MerchantKind, MerchantSpec, NotificationState, RetrySchedule, Sandbox};

use crate::support::{Browser, Merchant, Reply, SHORT, Shop, opened, partner_order, send};

async fn paid(sandbox: &Sandbox, shop: &Shop) -> String {
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!(shop.url);
    let reply = Merchant::new(sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    sandbox.notifications()[0].id.clone()
}

async fn api(sandbox: &Sandbox, body: &Value) -> Reply {
    let request = http::Request::post(format!("{}/_sandbox/api/notifications", sandbox.base_url()))
        .header("content-type", "application/json")
        .body(Full::new(body.to_string().into()))
        .unwrap();
    send(request).await
}

async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut request = browser.form(fields);
    *request.uri_mut() = format!("{}{path}", browser.base_url).parse().unwrap();
    send(request).await
}

fn token(page: &Reply) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"token\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn an_edited_notification_is_sealed_and_signed_like_any_other() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let id = paid(&sandbox, &shop).await;
    sandbox.wait_acknowledged("demo-0001", SHORT).await.unwrap();
    let page = browser.get(&format!("/_sandbox/notifications/{id}")).await;
    let edit = format!("/_sandbox/notifications/craft?from={id}");
    assert_shows(&page, &[&edit, "curl -i -X POST", "Send twice"]);
    let form = browser.get(&edit).await;
    assert_shows(&form, &["Edit and send", "&quot;demo-0001&quot;", &shop.url]);
    assert!(!form.text().contains("data-live"), "what is typed must stay");

    let token = token(&form);
    let mut resource: Value = serde_json::from_str(&sandbox.notifications()[0].resource).unwrap();
    resource["amount"]["total"] = json!(1);
    let resource = resource.to_string();
    let fields = [
        ("token", token.as_str()),
        ("from", id.as_str()),
        ("mchid", DEMO_MCHID),
        ("notify_url", shop.url.as_str()),
        ("event_type", "TRANSACTION.SUCCESS"),
        ("original_type", "transaction"),
        ("associated_data", "transaction"),
        ("summary", "支付成功"),
        ("resource", resource.as_str()),
    ];
    let reply = post(&browser, "/_sandbox/notifications/craft", &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_shows(
        &browser.get(reply.header("location")).await,
        &["Sealed, signed and on its way"],
    );
    shop.gets(2).await;
    let arrival = shop.arrivals().remove(1);
    let verified = opened(&sandbox, &arrival).await;
    assert_ne!(verified.id(), id);
    assert!(
        sandbox
            .notifications()
            .iter()
            .any(|other| other.resource == resource)
    );

    // By the API, from another one and from nothing.
    let reply = api(&sandbox, &json!({"from": id, "event_type": "REFUND.CLOSED"})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(reply.json()["event_type"], "REFUND.CLOSED");
    assert_eq!(reply.json()["resource"]["out_trade_no"], "demo-0001");
    let reply = api(
        &sandbox,
        &json!({"notify_url": shop.url, "event_type": "A.B", "resource": {"x": 1}}),
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    shop.gets(4).await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_and_the_text_is_kept() {
    let sandbox = crate::builder().notify_enabled(false).start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let form = browser.get("/_sandbox/notifications/craft").await;
    assert_shows(&form, &["Write a notification", "TRANSACTION.SUCCESS"]);
    let token = token(&form);
    let markup = "</textarea><script>alert(1)</script>";
    for (name, value, words) in [
        ("resource", markup, "must be a JSON object"),
        ("resource", "[1]", "must be a JSON object"),
        ("notify_url", "http://example.com/x", "this machine only"),
        ("notify_url", markup, "this machine only"),
        ("notify_url", "", "notify_url is needed"),
        ("mchid", "1", "nobody here has it"),
        ("event_type", "", "the event is needed"),
        ("summary", &"x".repeat(129), "at most 128"),
    ] {
        let mut fields = vec![("token", token.as_str())];
        let usual = [
            ("mchid", DEMO_MCHID),
            ("notify_url", "http://127.0.0.1:1/x"),
            ("event_type", "A.B"),
            ("summary", "s"),
            ("resource", "{\"kept\":1}"),
        ];
        fields.extend(usual.into_iter().filter(|(key, _)| *key != name));
        fields.push((name, value));
        let page = post(&browser, "/_sandbox/notifications/craft", &fields).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name} {value}");
        assert_shows(&page, &[words]);
        assert!(!page.text().contains("<script>alert"));
        assert!(name == "resource" || page.text().contains("&quot;kept&quot;"));
    }
    let refused = post(&browser, "/_sandbox/notifications/craft", &[("token", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let huge = "x".repeat(2 * 1024 * 1024);
    let refused = post(&browser, "/_sandbox/notifications/craft", &[("resource", &huge)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        browser.get("/_sandbox/notifications/craft?from=x").await.status,
        StatusCode::NOT_FOUND
    );
    for (body, status) in [
        (json!({"from": "x"}), StatusCode::NOT_FOUND),
        (json!({}), StatusCode::BAD_REQUEST),
        (json!({"mchid": 1}), StatusCode::BAD_REQUEST),
        (
            json!({"notify_url": "http://127.0.0.1:1/", "event_type": "A", "resource": "text"}),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        assert_eq!(api(&sandbox, &body).await.status, status, "{body}");
    }
    assert!(sandbox.notifications().is_empty());
}

#[tokio::test]
async fn a_notification_is_stopped_and_sent_twice_by_its_buttons() {
    let shop = Shop::start(|_, _| 500).await;
    let sandbox = crate::builder()
        .retry(RetrySchedule::real())
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    let id = paid(&sandbox, &shop).await;
    shop.gets(1).await;
    let path = format!("/_sandbox/notifications/{id}");
    let page = browser.get(&path).await;
    assert_shows(&page, &["Stop"]);
    let token = token(&page);
    for (action, done) in [
        ("stop", "stopped"),
        ("stop", "not-pending"),
        ("twice", "sent-twice"),
    ] {
        let fields = [
            ("token", token.as_str()),
            ("do", action),
            ("id", &id),
            ("back", &path),
        ];
        let reply = post(&browser, "/_sandbox/press", &fields).await;
        assert_eq!(
            reply.header("location"),
            format!("{path}?done={done}"),
            "{}",
            reply.text()
        );
    }
    shop.gets(3).await;
    assert_eq!(sandbox.notifications()[0].state, NotificationState::GivenUp);
}

#[tokio::test]
async fn a_request_is_a_command_and_the_diagram_a_picture() {
    let sandbox = crate::builder().notify_enabled(false).start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let empty = browser.get("/_sandbox/sequence.svg").await;
    assert_eq!(empty.header("content-type"), "image/svg+xml");
    assert_shows(&empty, &["Nothing yet", "</svg>"]);
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    Merchant::new(&sandbox).place("native", "demo-0002").await;
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let command = browser.get("/_sandbox/api/requests/1/curl").await;
    assert!(command.header("content-type").starts_with("text/plain"));
    assert_shows(
        &command,
        &[
            "curl -i -X POST 'http://127.0.0.1:",
            "-H 'Authorization: WECHATPAY2-",
            "--data-raw '{",
        ],
    );
    assert_eq!(
        browser.get("/_sandbox/api/requests/9/curl").await.status,
        StatusCode::NOT_FOUND
    );

    let all = browser.get("/_sandbox/sequence.svg").await.text();
    assert_eq!(all.matches("Place an order · Native").count(), 4, "{all}");
    assert!(all.contains("Alice pays ¥9.90"));
    let one = browser.get("/_sandbox/sequence.svg?order=demo-0002").await.text();
    assert_eq!(one.matches("Place an order · Native").count(), 2, "{one}");
    let chinese = Browser {
        language: "zh-CN",
        ..browser
    };
    assert_shows(
        &chinese.get("/_sandbox/sequence.svg?order=%3Cscript%3E").await,
        &["还没有消息"],
    );
}

#[tokio::test]
async fn each_merchant_has_credentials_of_its_own() {
    let serial = SerialNumber::parse("7777777777777777777777777777777777777777").unwrap();
    let spec = MerchantSpec::new(
        Mchid::parse("1900000555").unwrap(),
        ApiV3Key::parse("0123456789abcdef0123456789abcdef").unwrap(),
    )
    .name("Tea <house>")
    .demo_key(serial, DemoKey::OtherMerchant);
    let sandbox = crate::builder().merchant(spec).start().await.unwrap();
    let browser = Browser::new(&sandbox);
    let first = browser.get("/_sandbox/connect").await;
    assert_shows(
        &first,
        &[
            &format!("WECHATPAY_MCHID={DEMO_MCHID}"),
            "/_sandbox/connect?mchid=1900000555",
            "Tea &lt;house&gt;",
        ],
    );
    let second = browser.get("/_sandbox/connect?mchid=1900000555").await;
    assert_shows(
        &second,
        &[
            "WECHATPAY_MCHID=1900000555",
            "mchid = &quot;1900000555&quot;",
            "[default.wechatpay]",
        ],
    );
    assert!(!second.text().contains(&format!("WECHATPAY_MCHID={DEMO_MCHID}")));
}

#[tokio::test]
async fn a_merchant_sees_the_programs_of_its_kind_with_the_settings_they_need() {
    let added = |mchid: &str, kind: MerchantKind| {
        MerchantSpec::new(
            Mchid::parse(mchid).unwrap(),
            ApiV3Key::parse("0123456789abcdef0123456789abcdef").unwrap(),
        )
        .kind(kind)
    };
    let sandbox = crate::builder()
        .merchant(added("1900000555", MerchantKind::Direct))
        .merchant(added("1900000666", MerchantKind::ServiceProvider))
        .start()
        .await
        .unwrap();
    let browser = Browser::new(&sandbox);
    let platform = browser.get("/_sandbox/connect").await;
    assert_shows(
        &platform,
        &[
            "PartnerNativePrepay",
            "NativePrepay::new",
            ". ./.env.sandbox",
            ". ./.env.direct",
        ],
    );
    // The direct form is the first, and the only one without the sub-merchant.
    assert_eq!(platform.text().matches("WECHATPAY_MCHID=").count(), 2);
    assert_eq!(platform.text().matches("WECHATPAY_SUB_MCHID=").count(), 1);
    let direct = browser.get("/_sandbox/connect?mchid=1900000555").await;
    assert_shows(
        &direct,
        &[
            "import json",
            "axios-plugin",
            ". ./.env.sandbox",
            "add yours as WECHATPAY_APPID",
        ],
    );
    for absent in ["PartnerNativePrepay", ".env.direct"] {
        assert!(!direct.text().contains(absent), "{absent}");
    }
    let provider = browser.get("/_sandbox/connect?mchid=1900000666&lang=zh").await;
    assert_shows(
        &provider,
        &["PartnerNativePrepay", "请自行填写 WECHATPAY_SUB_MCHID"],
    );
    for absent in ["import json", ".env.direct"] {
        assert!(!provider.text().contains(absent), "{absent}");
    }
}
