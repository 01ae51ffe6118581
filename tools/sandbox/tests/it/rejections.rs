//! Requests that the gateway refuses before it handles them.

use bytes::Bytes;
use http::{Method, StatusCode, header::AUTHORIZATION};
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    crypto::default_provider,
    testing::{DEMO_MCHID, DemoKey},
};
use wechatpay_sandbox::{DEMO_MERCHANT_SERIAL, LintKind, Sandbox, Verdict};

use crate::support::{Merchant, Reply, direct_order, send, with_second_merchant};

const QUERY: &str = "/v3/pay/transactions/out-trade-no/demo-0001?mchid=1900000001";

/// The one request so far, as it was recorded.
fn verdict(sandbox: &Sandbox) -> Verdict {
    sandbox.requests().last().unwrap().verdict
}

fn assert_unsigned_401(reply: &Reply, field: &str) {
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(!reply.is_signed());
    assert_eq!(reply.code(), "SIGN_ERROR");
    assert_eq!(reply.number(), 268_443_699);
    let detail = &reply.json()["detail"];
    assert_eq!(detail["field"], field);
    assert_eq!(detail["location"], "authorization");
    assert!(detail["detail"]["issue"].is_string());
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(reply.header("content-language"), "zh-CN");
}

fn hint(reply: &Reply) -> String {
    reply.json()["detail"]["sandbox"]["hint"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn cause(reply: &Reply) -> String {
    reply.json()["detail"]["sandbox"]["cause"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// A request over whatever text was signed with whatever key.
fn signed_over(
    sandbox: &Sandbox,
    key: DemoKey,
    method: Method,
    target: &str,
    body: &str,
    text: impl Fn(&str, &str) -> String,
) -> http::Request<Full<Bytes>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let timestamp = Clock::system().now().to_string();
    let nonce = format!("nonce-of-this-very-test-{:?}", std::time::Instant::now());
    let nonce: String = nonce.chars().filter(char::is_ascii_digit).collect();
    let key = key.load(default_provider().unwrap().as_ref()).unwrap();
    let signature = STANDARD.encode(key.sign(&[text(&timestamp, &nonce).as_bytes()]).unwrap());
    http::Request::builder()
        .method(method)
        .uri(format!("{}{target}", sandbox.base_url()))
        .header("accept", "*/*")
        .header("user-agent", "test")
        .header("content-type", "application/json")
        .header(
            AUTHORIZATION,
            format!(
                "WECHATPAY2-SHA256-RSA2048 mchid=\"{DEMO_MCHID}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{DEMO_MERCHANT_SERIAL}\",signature=\"{signature}\""
            ),
        )
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .unwrap()
}

#[tokio::test]
async fn a_request_without_authorization_is_refused_and_told_so() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let mut request = Merchant::new(&sandbox).request(Method::GET, QUERY, b"").await;
    request.headers_mut().remove(AUTHORIZATION);
    let reply = send(request).await;
    assert_unsigned_401(&reply, "authorization");
    assert!(hint(&reply).contains("no Authorization"), "{}", hint(&reply));
    assert_eq!(reply.json()["detail"]["sign_information"]["url"], QUERY);
    assert_eq!(verdict(&sandbox), Verdict::AuthorizationMalformed);
}

#[tokio::test]
async fn an_authorization_that_cannot_be_read_is_refused() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    for bad in [
        "WECHATPAY2-SHA256-RSA2048",
        "WECHATPAY2-SHA256-RSA2048 mchid=1900000001",
        "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\"",
        "WECHATPAY2-SHA256-RSA2048 mchid=\"1\",nonce_str=\"n\",timestamp=\"soon\",serial_no=\"A\",signature=\"S\"",
    ] {
        let mut request = Merchant::new(&sandbox).request(Method::GET, QUERY, b"").await;
        request.headers_mut().insert(AUTHORIZATION, bad.parse().unwrap());
        let reply = send(request).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(!reply.is_signed());
        assert_eq!(verdict(&sandbox), Verdict::AuthorizationMalformed, "{bad}");
    }
}

#[tokio::test]
async fn another_scheme_is_refused() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let mut request = Merchant::new(&sandbox).request(Method::GET, QUERY, b"").await;
    request.headers_mut().insert(
        AUTHORIZATION,
        "WECHATPAY2-SM2-WITH-SM3 mchid=\"1\"".parse().unwrap(),
    );
    let reply = send(request).await;
    assert_unsigned_401(&reply, "authorization");
    assert_eq!(verdict(&sandbox), Verdict::OtherScheme);
}

#[tokio::test]
async fn a_timestamp_may_be_three_hundred_seconds_off_and_no_more() {
    let sandbox = Sandbox::builder()
        .lenient()
        .clock(Clock::fixed(1_704_083_696))
        .start()
        .await
        .unwrap();
    for (distance, expected) in [
        (0, StatusCode::NOT_FOUND),
        (300, StatusCode::NOT_FOUND),
        (-300, StatusCode::NOT_FOUND),
        (301, StatusCode::UNAUTHORIZED),
        (-301, StatusCode::UNAUTHORIZED),
        (86_400 * 365, StatusCode::UNAUTHORIZED),
    ] {
        let merchant = Merchant::new(&sandbox).clock(Clock::fixed(1_704_083_696 + distance));
        let reply = merchant.get(QUERY).await;
        assert_eq!(reply.status, expected, "{distance}");
        if expected == StatusCode::UNAUTHORIZED {
            assert_unsigned_401(&reply, "timestamp");
            assert!(
                hint(&reply).contains(&distance.abs().to_string()),
                "{}",
                hint(&reply)
            );
            assert_eq!(verdict(&sandbox), Verdict::TimestampOff);
        }
    }
}

#[tokio::test]
async fn milliseconds_are_recognised() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox).clock(Clock::from_fn(|| Clock::system().now() * 1000 + 123));
    let reply = merchant.get(QUERY).await;
    assert_unsigned_401(&reply, "timestamp");
    assert_eq!(cause(&reply), "timestamp-in-milliseconds");
    assert_eq!(verdict(&sandbox), Verdict::TimestampInMilliseconds);
}

#[tokio::test]
async fn an_unknown_merchant_is_told_which_ones_there_are() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::with(&sandbox, "1999999999", DEMO_MERCHANT_SERIAL, DemoKey::Merchant);
    let reply = merchant.get(QUERY).await;
    assert_unsigned_401(&reply, "mchid");
    assert!(hint(&reply).contains(DEMO_MCHID));
    assert_eq!(verdict(&sandbox), Verdict::MerchantUnknown);
}

#[tokio::test]
async fn an_unknown_serial_is_told_the_right_one() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::with(&sandbox, DEMO_MCHID, "ABCDEF", DemoKey::Merchant);
    let reply = merchant.get(QUERY).await;
    assert_unsigned_401(&reply, "serial_no");
    assert!(hint(&reply).contains(DEMO_MERCHANT_SERIAL));
    assert_eq!(verdict(&sandbox), Verdict::SerialUnknown);
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_the_text_that_was_expected() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let body = direct_order("native", "demo-0001").to_string();
    let request = signed_over(
        &sandbox,
        DemoKey::Stranger,
        Method::POST,
        "/v3/pay/transactions/native",
        &body,
        |timestamp, nonce| format!("POST\n/v3/pay/transactions/native\n{timestamp}\n{nonce}\n{body}\n"),
    );
    let reply = send(request).await;
    assert_unsigned_401(&reply, "signature");
    let json = reply.json();
    let information = &json["detail"]["sign_information"];
    assert_eq!(information["method"], "POST");
    assert_eq!(information["url"], "/v3/pay/transactions/native");
    let truncated = information["truncated_sign_message"].as_str().unwrap();
    assert!(truncated.starts_with("POST\n/v3/pay/transactions/native\n"));
    assert!(
        truncated.ends_with("\n{\"amount\n"),
        "cut a few bytes into the body: {truncated}"
    );
    let whole = truncated.len() - "{\"amount".len() + body.len();
    assert_eq!(information["sign_message_length"], whole);
    assert_eq!(json["detail"]["detail"]["issue"], "sign not match");
    assert_eq!(verdict(&sandbox), Verdict::SignatureMismatch);
    // Nobody's key: that is suspected, and no cause is claimed.
    let sandbox = &json["detail"]["sandbox"];
    assert_eq!(sandbox["cause"], Value::Null);
    assert_eq!(sandbox["explanation"]["confidence"], "suspected");
    assert_eq!(
        sandbox["explanation"]["cause"],
        serde_json::json!(["key-unknown"])
    );
}

#[tokio::test]
async fn obvious_mistakes_of_the_signed_text_are_named() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let path = "/v3/pay/transactions/out-trade-no/demo-0001";
    let host = sandbox.base_url().to_owned();
    type Text = Box<dyn Fn(&str, &str) -> String>;
    let mistakes: Vec<(&str, Text)> = vec![
        (
            "url-query-dropped",
            Box::new(move |ts, nonce| format!("GET\n{path}\n{ts}\n{nonce}\n\n")),
        ),
        (
            "last-line-end-missing",
            Box::new(|ts, nonce| format!("GET\n{QUERY}\n{ts}\n{nonce}\n")),
        ),
        (
            "method-letter-case",
            Box::new(|ts, nonce| format!("get\n{QUERY}\n{ts}\n{nonce}\n\n")),
        ),
        (
            "url-absolute",
            Box::new(move |ts, nonce| format!("GET\n{host}{QUERY}\n{ts}\n{nonce}\n\n")),
        ),
        (
            "line-ends-crlf",
            Box::new(|ts, nonce| format!("GET\r\n{QUERY}\r\n{ts}\r\n{nonce}\r\n\r\n")),
        ),
    ];
    for (expected, text) in mistakes {
        let request = signed_over(&sandbox, DemoKey::Merchant, Method::GET, QUERY, "", text);
        let reply = send(request).await;
        assert_unsigned_401(&reply, "signature");
        assert_eq!(cause(&reply), expected);
    }
    let body = "{\"mchid\":\"1900000001\"}";
    let request = signed_over(
        &sandbox,
        DemoKey::Merchant,
        Method::POST,
        path,
        body,
        |ts, nonce| format!("POST\n{path}\n{ts}\n{nonce}\n\n"),
    );
    assert_eq!(cause(&send(request).await), "body-left-out");
}

#[tokio::test]
async fn the_key_of_another_merchant_is_named() {
    let sandbox = with_second_merchant(Sandbox::builder().lenient())
        .start()
        .await
        .unwrap();
    let request = signed_over(
        &sandbox,
        DemoKey::OtherMerchant,
        Method::GET,
        QUERY,
        "",
        |ts, nonce| format!("GET\n{QUERY}\n{ts}\n{nonce}\n\n"),
    );
    let reply = send(request).await;
    assert_eq!(cause(&reply), "key-of-other-merchant");
    assert!(hint(&reply).contains("1900000002"), "{}", hint(&reply));
}

#[tokio::test]
async fn a_signature_that_is_not_base64_is_named() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let mut request = Merchant::new(&sandbox).request(Method::GET, QUERY, b"").await;
    let header = request.headers()[AUTHORIZATION].to_str().unwrap();
    let (head, _) = header.split_once(",signature=\"").unwrap();
    let header = format!("{head},signature=\"@@@@\"");
    request
        .headers_mut()
        .insert(AUTHORIZATION, header.parse().unwrap());
    assert_eq!(cause(&send(request).await), "signature-not-base64");
}

#[tokio::test]
async fn a_pure_sandbox_gives_no_hints() {
    let sandbox = Sandbox::builder().lenient().pure(true).start().await.unwrap();
    let merchant = Merchant::with(&sandbox, "1999999999", DEMO_MERCHANT_SERIAL, DemoKey::Merchant);
    let reply = merchant.get(QUERY).await;
    assert_unsigned_401(&reply, "mchid");
    assert_eq!(reply.json()["detail"]["sandbox"], Value::Null);
    let reply = Merchant::new(&sandbox).get(QUERY).await;
    assert_eq!(reply.code(), "ORDER_NOT_EXIST");
    assert_eq!(reply.json()["detail"], Value::Null);
}

#[tokio::test]
async fn the_merchant_inside_must_be_the_one_that_signs() {
    let sandbox = with_second_merchant(Sandbox::builder().lenient())
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    let mut order = direct_order("native", "demo-0001");
    order["mchid"] = json!("1900000002");
    let reply = merchant.post("/v3/pay/transactions/native", &order).await;
    assert_unsigned_401(&reply, "mchid");
    assert_eq!(cause(&reply), "other-merchant");
    assert_eq!(verdict(&sandbox), Verdict::OtherMerchant);
    assert!(sandbox.order("demo-0001").is_none());

    for target in [
        "/v3/pay/transactions/out-trade-no/demo-0001?mchid=1900000002",
        "/v3/pay/partner/transactions/out-trade-no/demo-0001?sp_mchid=1900000002&sub_mchid=1900000109",
    ] {
        assert_unsigned_401(&merchant.get(target).await, "mchid");
    }
    let reply = merchant
        .post(
            "/v3/pay/transactions/out-trade-no/demo-0001/close",
            &json!({ "mchid": "1900000002" }),
        )
        .await;
    assert_unsigned_401(&reply, "mchid");
}

#[tokio::test]
async fn accept_and_user_agent_must_be_there_and_content_type_with_a_body() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let body = direct_order("native", "demo-0001").to_string();
    for name in ["accept", "user-agent", "content-type"] {
        let mut request = merchant
            .request(Method::POST, "/v3/pay/transactions/native", body.as_bytes())
            .await;
        request.headers_mut().remove(name);
        let reply = send(request).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{name}");
        assert_eq!(reply.code(), "INVALID_REQUEST");
        assert_eq!(reply.json()["detail"]["sandbox"]["location"], "header");
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], name);
        merchant.verify(&reply).await.unwrap();
    }
    let mut request = merchant
        .request(Method::POST, "/v3/pay/transactions/native", body.as_bytes())
        .await;
    request
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(send(request).await.code(), "INVALID_REQUEST");
}

#[tokio::test]
async fn a_nonce_that_is_used_twice_is_noted() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let request = Merchant::new(&sandbox).request(Method::GET, QUERY, b"").await;
    assert_eq!(send(request.clone()).await.code(), "ORDER_NOT_EXIST");
    assert!(!sandbox.requests()[0].has_lint(LintKind::NonceReused));
    assert_eq!(send(request).await.code(), "ORDER_NOT_EXIST");
    assert!(sandbox.requests()[1].has_lint(LintKind::NonceReused));
    assert_eq!(sandbox.lints().len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_is_not_emulated_is_refused_by_its_path() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for target in [
        "/v3/smartguide/guides?store_id=1",
        "/v3/ecommerce/profitsharing/after-sales-orders",
        "/v3/bill/tradebill/",
        "/v3",
    ] {
        let reply = merchant.get(target).await;
        assert_eq!(reply.status, StatusCode::NOT_IMPLEMENTED, "{target}");
        assert_eq!(reply.code(), "SANDBOX_NOT_EMULATED");
        let path = target.split('?').next().unwrap();
        assert!(hint(&reply).contains(path), "{}", hint(&reply));
        merchant.verify(&reply).await.unwrap();
    }
    // Who does not sign does not learn even that.
    let request = http::Request::get(format!("{}/v3/smartguide/guides", sandbox.base_url()))
        .body(Full::default())
        .unwrap();
    assert_eq!(send(request).await.status, StatusCode::UNAUTHORIZED);
}

/// A page under a foreign name for this machine must not sign.
///
/// The demo keys are public, so it could.
#[tokio::test]
async fn a_web_page_is_refused_however_well_it_signs() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let echo = json!({"echo_message": "x", "notify_url": "http://127.0.0.1:9/containers/create"});
    let echo = echo.to_string();
    let own = sandbox.base_url().to_owned();
    for (name, value) in [
        ("origin", "http://rebound.evil.example"),
        ("origin", own.as_str()),
        ("origin", "null"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-user", "?1"),
    ] {
        for (method, target, body) in [
            (Method::POST, "/v3/security/echo", echo.as_str()),
            (Method::GET, QUERY, ""),
        ] {
            let mut request = merchant.request(method, target, body.as_bytes()).await;
            request.headers_mut().insert(name, value.parse().unwrap());
            let reply = send(request).await;
            assert_eq!(
                (reply.status, reply.code()),
                (StatusCode::FORBIDDEN, "SANDBOX_WEB_PAGE".into())
            );
            assert!(hint(&reply).contains(name), "{}", hint(&reply));
            assert!(!reply.is_signed());
        }
    }
    assert!(sandbox.notifications().is_empty());
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| request.verdict == Verdict::Unread)
    );
    // The `fetch` of Node.js sends this one, and nothing else of a browser.
    let mut request = merchant.request(Method::GET, QUERY, b"").await;
    request
        .headers_mut()
        .insert("sec-fetch-mode", "cors".parse().unwrap());
    assert_eq!(send(request).await.code(), "ORDER_NOT_EXIST");
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let body = vec![b' '; 5 * 1024 * 1024];
    let request = Merchant::new(&sandbox)
        .request(Method::POST, "/v3/pay/transactions/native", &body)
        .await;
    let reply = send(request).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!reply.is_signed());
}

#[tokio::test]
async fn a_refusal_after_a_good_signature_is_signed() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let reply = merchant.get(QUERY).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.code(), "ORDER_NOT_EXIST");
    assert_eq!(reply.number(), 268_512_771);
    merchant.verify(&reply).await.unwrap();
}

#[tokio::test]
async fn the_whole_finding_is_told_to_its_merchant_only() {
    const PATH: &str = "/v3/pay/transactions/out-trade-no/demo-0001";
    let wrong = |sandbox: &Sandbox| {
        signed_over(sandbox, DemoKey::Merchant, Method::GET, QUERY, "", |ts, nonce| {
            format!("GET\n{PATH}\n{ts}\n{nonce}\n\n")
        })
    };
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for number in 1..=2 {
        let reply = send(wrong(&sandbox)).await;
        assert_unsigned_401(&reply, "signature");
        assert!(reply.json()["detail"]["sandbox"]["explanation"].is_object());
        // Without pages there is none to be named.
        assert_eq!(reply.json()["detail"]["sandbox"]["see"], Value::Null);
        // What is kept is what was sent.
        let kept = sandbox.request(number).unwrap();
        assert_eq!(kept.response.unwrap().body, reply.body);
    }
    // Whoever names no merchant or certificate of this sandbox is told neither the finding nor its page.
    for (mchid, serial) in [("1999999999", DEMO_MERCHANT_SERIAL), (DEMO_MCHID, "4F2E")] {
        let stranger = Merchant::with(&sandbox, mchid, serial, DemoKey::Merchant);
        let told = stranger.get(QUERY).await.json()["detail"]["sandbox"].clone();
        assert!(told["hint"].is_string());
        assert_eq!((&told["explanation"], &told["see"]), (&Value::Null, &Value::Null));
    }
    // Another response in the place of this one stays what it is.
    let good = merchant
        .post(
            "/v3/pay/transactions/native",
            &direct_order("native", "demo-0001"),
        )
        .await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text());
    let mut request = wrong(&sandbox);
    request
        .headers_mut()
        .insert("x-sandbox-fault", "other-response".parse().unwrap());
    assert_eq!(send(request).await.body, good.body);

    let pure = Sandbox::builder().lenient().pure(true).start().await.unwrap();
    let reply = send(wrong(&pure)).await;
    assert_unsigned_401(&reply, "signature");
    assert_eq!(reply.json()["detail"]["sandbox"], Value::Null);
}
