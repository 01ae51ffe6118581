//! The sign lab: pasted messages, in a browser and by a program.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_MCHID, DemoKey},
};
use wechatpay_sandbox::{Buyer, DEMO_MERCHANT_SERIAL, Sandbox};

use crate::support::{Browser, Merchant, Reply, SHORT, Shop, partner_order, send};

const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
const TARGET: &str = "/v3/pay/transactions/id/42?mchid=1900000001";
const MARKUP: &str = "<script>alert('1')</script>";

async fn quiet() -> Sandbox {
    crate::builder().notify_enabled(false).start().await.unwrap()
}

fn signature(key: DemoKey, message: &str) -> String {
    let key = key.load(default_provider().unwrap().as_ref()).unwrap();
    STANDARD.encode(key.sign(&[message.as_bytes()]).unwrap())
}

fn authorization(signature: &str) -> String {
    format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{DEMO_MCHID}\",nonce_str=\"{NONCE}\",timestamp=\"1700000000\",serial_no=\"{DEMO_MERCHANT_SERIAL}\",signature=\"{signature}\""
    )
}

/// Without the query, as many sign it.
fn without_query() -> (String, String) {
    let message = format!("GET\n/v3/pay/transactions/id/42\n1700000000\n{NONCE}\n\n");
    let header = authorization(&signature(DemoKey::Merchant, &message));
    (message, header)
}

async fn ask(sandbox: &Sandbox, question: &Value) -> Reply {
    let request = http::Request::post(format!("{}/_sandbox/api/sign/explain", sandbox.base_url()))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(question.to_string())))
        .unwrap();
    send(request).await
}

async fn paste(browser: &Browser, fields: &[(&str, &str)]) -> Reply {
    let mut request = browser.form(fields);
    *request.uri_mut() = format!("{}/_sandbox/sign", browser.base_url).parse().unwrap();
    send(request).await
}

fn assert_shows(page: &Reply, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn a_revoked_certificate_is_named_however_right_the_signature() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let (message, header) = without_query();
    let fields = [
        ("kind", "request"),
        ("method", "GET"),
        ("target", TARGET),
        ("authorization", header.as_str()),
        ("message", message.as_str()),
    ];
    let words = "has revoked its certificate";
    assert!(!paste(&browser, &fields).await.text().contains(words));
    let serial = DEMO_MERCHANT_SERIAL.parse().unwrap();
    sandbox.revoke_certificate(DEMO_MCHID, &serial).unwrap();
    // What else is wrong is still said.
    assert_shows(&paste(&browser, &fields).await, &[words, "url-query-dropped"]);
}

#[tokio::test]
async fn a_pasted_request_is_explained_line_by_line() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let empty = browser.get("/_sandbox/sign").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert_shows(
        &empty,
        &["Sign lab", "name=\"authorization\"", "aria-current=\"page\""],
    );
    assert!(!empty.text().contains("data-live"), "what is typed must stay");

    let (message, header) = without_query();
    let fields = [
        ("kind", "request"),
        ("method", "GET"),
        ("target", TARGET),
        ("authorization", header.as_str()),
        ("message", message.as_str()),
    ];
    let page = paste(&browser, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let shown = [
        "proven",
        "url-query-dropped",
        "Your message beside the right one",
        // It ends where the right one has its question mark.
        "0x0A",
        "0x3F",
        TARGET,
    ];
    assert_shows(&page, &shown);
    let chinese = Browser {
        language: "zh-CN",
        ..browser.clone()
    };
    assert_shows(
        &paste(&chinese, &fields).await,
        &["签名实验室", "已证实", "应签名的内容"],
    );

    let response = ask(
        &sandbox,
        &json!({
            "method": "GET", "target": TARGET, "authorization": format!("Authorization: {header}"),
            "message": format!("GET\n{TARGET}\n1700000000\n{NONCE}\n"),
        }),
    )
    .await;
    assert_eq!(response.status, StatusCode::OK, "{}", response.text());
    let json = response.json();
    assert_eq!(json["cause"], json!(["url-query-dropped"]));
    assert_eq!(json["confidence"], "proven");
    assert_eq!(
        json["expected_message"],
        format!("GET\n{TARGET}\n1700000000\n{NONCE}\n\n")
    );
    // What they say that they signed lacks the last line, whatever they did sign.
    assert_eq!(json["comparison"]["equal"], false);
    assert_eq!(json["comparison"]["first_difference"]["signed"], Value::Null);
    assert_eq!(json["comparison"]["first_difference"]["expected"], 0x0A);
}

#[tokio::test]
async fn wrong_keys_are_told_from_wrong_messages() {
    let sandbox = quiet().await;
    let right = format!("GET\n{TARGET}\n1700000000\n{NONCE}\n\n");
    for (key, kind, cause) in [
        (DemoKey::Merchant, "signature-fits", None),
        (DemoKey::OtherMerchant, "unreadable", Some("key-unknown")),
        (DemoKey::PublicKey, "other-key", Some("key-of-platform")),
    ] {
        let header = authorization(&signature(key, &right));
        let question = json!({"method": "GET", "target": TARGET, "authorization": header});
        let json = ask(&sandbox, &question).await.json();
        assert_eq!(json["verdict"], kind, "{json}");
        assert_eq!(json["cause"].get(0).and_then(Value::as_str), cause, "{json}");
    }
    // A merchant of the real platform brings its own public key along.
    let key = DemoKey::OtherMerchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let encoded = STANDARD.encode(key.public_key_info());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n");
    let question = json!({
        "method": "GET", "target": TARGET, "mchid": "1666666666", "serial_no": "AB", "timestamp": "1700000000",
        "nonce": NONCE, "signature": signature(DemoKey::OtherMerchant, &right), "public_key": pem,
    });
    let json = ask(&sandbox, &question).await.json();
    assert_eq!(json["verdict"], "signature-fits", "{json}");
    assert_eq!(json["signed_by"], "the key that was pasted");
    let mut question = question;
    question["public_key"] = json!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
    let reply = ask(&sandbox, &question).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_shows(&reply, &["That is a private key"]);
}

#[tokio::test]
async fn a_payment_sheet_with_the_line_of_the_other_kind_is_named() {
    let sandbox = quiet().await;
    let placed = Merchant::new(&sandbox).place("jsapi", "demo-0001").await;
    let id = placed["prepay_id"].as_str().unwrap();
    let package = format!("prepay_id={id}");
    let message = format!("wx8888888888888888\n1700000000\n{NONCE}\n{id}\n");
    let question = json!({
        "kind": "page", "appid": "wx8888888888888888", "timestamp": "1700000000", "nonce": NONCE, "package": package,
        "signature": signature(DemoKey::Merchant, &message),
    });
    let json = ask(&sandbox, &question).await.json();
    assert_eq!(json["cause"], json!(["package-bare-id"]), "{json}");
    assert_eq!(json["line"], 4);

    let page = paste(
        &Browser::new(&sandbox),
        &[
            ("kind", "app"),
            ("appid", "wx8888888888888888"),
            ("timestamp", "1700000000"),
            ("nonce", NONCE),
            ("package", id),
            ("signature", &signature(DemoKey::Merchant, &message)),
        ],
    )
    .await;
    assert_shows(&page, &["told good", "The signature fits"]);
}

#[tokio::test]
async fn a_callback_whose_body_was_rewritten_is_named() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder().start().await.unwrap();
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = json!(shop.url);
    let merchant = Merchant::new(&sandbox);
    merchant.post("/v3/pay/partner/transactions/native", &order).await;
    sandbox.order("demo-0001").unwrap();
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    sandbox.wait_acknowledged("demo-0001", SHORT).await.unwrap();
    let arrival = shop.arrivals().remove(0);
    let headers: Vec<String> = arrival
        .pairs()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
        .collect();
    let headers = headers.join("\r\n");
    let pretty: Value = serde_json::from_slice(&arrival.body).unwrap();
    let pretty = serde_json::to_string_pretty(&pretty).unwrap();
    let question = json!({"kind": "response", "headers": headers, "body": pretty});
    let json = ask(&sandbox, &question).await.json();
    assert_eq!(json["verdict"], "message-differs", "{json}");
    assert_eq!(json["confidence"], "proven");
    assert!(
        json["cause"][0].as_str().unwrap().starts_with("body-changed-"),
        "{json}"
    );
    let question = json!({
        "kind": "response", "headers": headers, "body": STANDARD.encode(&arrival.body), "body_form": "base64",
    });
    assert_eq!(ask(&sandbox, &question).await.json()["verdict"], "signature-fits");

    // The notification's page leads here, filled in.
    let browser = Browser::new(&sandbox);
    let id = &sandbox.notifications()[0].id;
    let link = format!("/_sandbox/sign?notification={id}");
    assert_shows(
        &browser.get(&format!("/_sandbox/notifications/{id}")).await,
        &[&link],
    );
    assert_shows(
        &browser.get(&link).await,
        &["The signature fits", "wechatpay-nonce: "],
    );
}

#[tokio::test]
async fn a_refused_request_leads_to_the_lab_filled_in() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let reply = Merchant::with(&sandbox, DEMO_MCHID, DEMO_MERCHANT_SERIAL, DemoKey::PublicKey)
        .get("/v3/certificates?a=1")
        .await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    let link = "/_sandbox/sign?request=1";
    assert_shows(&browser.get("/_sandbox/requests").await, &[link]);
    assert_shows(&browser.get("/_sandbox/requests/1").await, &[link]);
    let page = browser.get(link).await;
    assert_shows(
        &page,
        &[
            "key-of-platform",
            "/v3/certificates?a=1",
            "WECHATPAY2-SHA256-RSA2048 mchid=",
        ],
    );
    for link in [
        "/_sandbox/sign?request=2",
        "/_sandbox/sign?request=x",
        "/_sandbox/sign?notification=x",
    ] {
        assert_eq!(browser.get(link).await.status, StatusCode::NOT_FOUND, "{link}");
    }
    assert_eq!(sandbox.take_refusals().len(), 1);
}

#[tokio::test]
async fn whatever_is_pasted_is_answered_clearly_and_escaped() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let huge = "x".repeat(3 * 1024 * 1024);
    let (_, header) = without_query();
    let names = [
        "method",
        "target",
        "host",
        "authorization",
        "headers",
        "mchid",
        "serial_no",
        "timestamp",
        "nonce",
        "signature",
        "body",
        "appid",
        "package",
        "message",
        "body_form",
        "message_form",
        "public_key",
    ];
    for kind in ["request", "page", "app", "response", MARKUP] {
        for value in [MARKUP, "", "\0\u{feff}\r\n", "%", "&#x27;\"", "汉字"] {
            let mut fields = vec![("kind", kind)];
            fields.extend(names.map(|name| (name, value)));
            let page = paste(&browser, &fields).await;
            assert!(
                matches!(page.status.as_u16(), 200 | 400),
                "{kind} {value}: {}",
                page.status
            );
            assert!(!page.text().contains("<script>alert"), "{kind} {value}");
        }
    }
    let good = [
        ("kind", "request"),
        ("method", "GET"),
        ("target", TARGET),
        ("authorization", header.as_str()),
    ];
    for (name, value, words) in [
        ("body", huge.as_str(), "more than one mebibyte"),
        ("authorization", "Bearer abc", "WECHATPAY2-SHA256-RSA2048"),
        ("authorization", "", "no Authorization header"),
        (
            "target",
            "https://api.mch.weixin.qq.com/v3",
            "begins with a slash",
        ),
        ("method", "", "This field is needed"),
        ("public_key", "AAAA", "no certificate and no RSA public key"),
    ] {
        let mut fields: Vec<(&str, &str)> = good.into_iter().filter(|(key, _)| *key != name).collect();
        fields.push((name, value));
        let page = paste(&browser, &fields).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name}");
        assert_shows(&page, &["role=\"alert\"", words]);
    }
    let mut fields = good.to_vec();
    fields.extend([("body", "?"), ("body_form", "base64")]);
    assert_shows(&paste(&browser, &fields).await, &["said to be base64"]);

    // Not a form, not UTF-8, not of this site.
    let raw = |kind: &str, body: Vec<u8>| {
        http::Request::post(format!("{}/_sandbox/sign", sandbox.base_url()))
            .header("content-type", kind)
            .body(Full::new(Bytes::from(body)))
            .unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        ("text/plain", b"x".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (form, b"body=%FF%FE".to_vec(), StatusCode::BAD_REQUEST),
        (form, b"body=\xff".to_vec(), StatusCode::BAD_REQUEST),
        (form, vec![b'a'; 8 * 1024 * 1024], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(send(raw(kind, body)).await.status, status);
    }
    let mut foreign = raw(form, b"kind=request".to_vec());
    foreign
        .headers_mut()
        .insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(send(foreign).await.status, StatusCode::FORBIDDEN);
    let unknown = ask(&sandbox, &json!({"private_key": "x"})).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let nothing = ask(&sandbox, &json!({})).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
}
