//! The Chinese pages have no English sentence on any reachable page.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_MCHID, DemoKey};
use wechatpay_sandbox::{Buyer, DEMO_MERCHANT_SERIAL, Fault, KeyMode, Language, Localize as _, Sandbox};

use crate::support::{Browser, Merchant, Shop, partner_order, send};

const NATIVE: &str = "/v3/pay/partner/transactions/native";
const REFUND: &str = "/v3/ecommerce/refunds/apply";
/// Words that are English when they stand in a row.
const ROW: usize = 2;

fn order(shop: &Shop, number: &str) -> Value {
    let mut order = partner_order("native", number);
    order["notify_url"] = json!(shop.url);
    order
}

/// Traffic of a shop, with errors.
async fn traffic(sandbox: &Sandbox, shop: &Shop) {
    let merchant = Merchant::new(sandbox);
    for number in ["demo-0001", "demo-0002", "demo-0003", "demo-0004"] {
        merchant.post(NATIVE, &order(shop, number)).await;
    }
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    sandbox.fault(Fault::Lost);
    sandbox.pay("demo-0003", Buyer::Carol).unwrap_err();
    sandbox.pay("demo-0003", Buyer::Alice).unwrap();
    sandbox.cancel("demo-0002").unwrap();

    // Hints of every kind.
    merchant.post(NATIVE, &json!({ "appid": "x" })).await;
    merchant.post(NATIVE, &order(shop, "a")).await;
    let mut changed = order(shop, "demo-0002");
    changed["amount"]["total"] = json!(1);
    merchant.post(NATIVE, &changed).await;
    let mut unbound = order(shop, "demo-0009");
    unbound["sub_mchid"] = json!("1999999999");
    merchant.post(NATIVE, &unbound).await;
    unbound = order(shop, "demo-0008");
    unbound["notify_url"] = json!("https://127.0.0.1/notify?a=b");
    merchant.post(NATIVE, &unbound).await;
    let refund = json!({
        "sub_mchid": order(shop, "demo-0001")["sub_mchid"], "sp_appid": order(shop, "demo-0001")["sp_appid"],
        "out_trade_no": "demo-0001", "out_refund_no": "back-0001",
        "amount": { "refund": 300, "total": order(shop, "demo-0001")["amount"]["total"], "currency": "CNY" },
    });
    merchant.post(REFUND, &refund).await;
    let mut more = refund.clone();
    (more["out_refund_no"], more["amount"]["refund"]) = (json!("back-0002"), json!(900_000));
    merchant.post(REFUND, &more).await;
    for target in [
        "/v3/bill/tradebill?bill_date=2026",
        "/v3/bill/tradebill?bill_date=2026-01-05&a=b",
        "/v3/no/such/thing",
        "/v3/pay/partner/transactions/out-trade-no/none?sp_mchid=1900000001&sub_mchid=1900000109",
    ] {
        merchant.get(target).await;
    }

    // Signatures that do not fit: unreadable, of a stranger, of other bytes, of another time.
    let mut requests = vec![
        merchant.request(Method::GET, "/v3/certificates", b"").await,
        merchant.request(Method::POST, NATIVE, br#"{"a": 1}"#).await,
        Merchant::with(sandbox, "1911111111", DEMO_MERCHANT_SERIAL, DemoKey::Merchant)
            .request(Method::GET, "/v3/certificates", b"")
            .await,
        Merchant::with(sandbox, DEMO_MCHID, DEMO_MERCHANT_SERIAL, DemoKey::PublicKey)
            .request(Method::GET, "/v3/certificates", b"")
            .await,
        Merchant::with(sandbox, DEMO_MCHID, "AAAAAAAA", DemoKey::Merchant)
            .request(Method::GET, "/v3/certificates", b"")
            .await,
        Merchant::new(sandbox)
            .clock(crate::support::Hand::default().clock())
            .request(Method::GET, "/v3/certificates", b"")
            .await,
    ];
    requests[0].headers_mut().remove("authorization");
    *requests[1].body_mut() = http_body_util::Full::new(r#"{"a":1}"#.into());
    for request in requests {
        assert_eq!(send(request).await.status, StatusCode::UNAUTHORIZED);
    }
    let mut faulty = merchant.request(Method::GET, "/v3/certificates", b"").await;
    faulty
        .headers_mut()
        .insert("x-sandbox-fault", "nonsense".parse().unwrap());
    send(faulty).await;

    let rotation = sandbox.rotation();
    rotation.announce().unwrap();
    rotation.ramp(50.0).unwrap();
    rotation.finish().unwrap();
    rotation.expire_old().unwrap();
    sandbox.pay("demo-0004", Buyer::Bob).unwrap_err();
    sandbox
        .clock()
        .advance(std::time::Duration::from_secs(3600))
        .await
        .unwrap();
    sandbox.fault(Fault::Late(std::time::Duration::from_secs(60)));
}

/// The words in a row of a text, the longest row of it.
fn english(text: &str) -> Option<String> {
    let mut row: Vec<&str> = Vec::new();
    for word in text.split(' ').chain([""]) {
        let bare = word.trim_matches(|letter: char| "\n\t,.;:!?()…".contains(letter));
        let is_english = bare
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || matches!(letter, '\'' | '’' | '-'));
        if is_english && !bare.is_empty() {
            row.push(bare);
        } else if row.len() >= ROW {
            break;
        } else {
            row.clear();
        }
    }
    (row.len() >= ROW).then(|| row.join(" "))
}

/// Texts of a page for its readers.
///
/// Text content without code and without typed or sent values, and texts that are read aloud or shown as tooltips.
fn said(page: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut silent = 0_usize;
    let mut pieces = page.split('<');
    said.extend(pieces.next().map(str::to_owned));
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag
            .split([' ', '/'])
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        if matches!(name, "code" | "pre" | "script" | "style" | "textarea") {
            silent = if tag.starts_with('/') {
                silent.saturating_sub(1)
            } else {
                silent + 1
            };
        }
        for attribute in ["title", "aria-label", "placeholder", "label", "alt"] {
            let value = tag
                .split_once(&format!(" {attribute}=\""))
                .and_then(|(_, rest)| rest.split_once('"'));
            said.extend(value.map(|(value, _)| value.to_owned()));
        }
        if silent == 0 {
            said.push(
                text.replace("&amp;", "&")
                    .replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">"),
            );
        }
    }
    said
}

/// Pages of the dashboard that a page links to.
///
/// Of pages that differ in a filter alone one is enough, and files are no pages.
fn links(page: &str) -> Vec<String> {
    page.split("href=\"/_sandbox")
        .skip(1)
        .filter_map(|rest| {
            Some(format!(
                "/_sandbox{}",
                rest.split_once('"')?.0.replace("&amp;", "&")
            ))
        })
        .filter(|path| !path.contains("lang=en") && !path.contains("/bills/file") && !path.contains('.'))
        .collect()
}

#[tokio::test]
async fn no_page_speaks_english_to_who_reads_chinese() {
    let shop = Shop::start(|count, _| [204, 500, 200][count % 3]).await;
    let sandbox = crate::builder()
        .manual_clock()
        .keys(KeyMode::Mixed)
        .lenient()
        .start()
        .await
        .unwrap();
    traffic(&sandbox, &shop).await;
    let mut browser = Browser::new(&sandbox);
    browser.language = "zh-CN";
    let page = browser.get("/_sandbox/acceptance").await.text();
    let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
    let token = rest.split_once('"').unwrap().0;
    let mut press = browser.form(&[
        ("token", token),
        ("do", "accept"),
        ("url", &shop.url),
        ("back", "/_sandbox"),
    ]);
    *press.uri_mut() = format!("{}/_sandbox/press", browser.base_url).parse().unwrap();
    assert_eq!(send(press).await.status, StatusCode::SEE_OTHER);
    let over = async {
        while browser
            .get("/_sandbox/acceptance")
            .await
            .text()
            .contains("data-again")
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(120), over)
        .await
        .unwrap();

    let mut open = vec![
        "/_sandbox".to_owned(),
        "/_sandbox/sequence.svg".to_owned(),
        "/_sandbox/nowhere".to_owned(),
    ];
    let mut known: BTreeSet<String> = open.iter().cloned().collect();
    let mut found = BTreeSet::new();
    while let Some(path) = open.pop() {
        let page = browser.get(&path).await.text();
        for text in said(&page) {
            if let Some(row) = english(&text) {
                found.insert(format!("{path}: {row} — {}", text.trim()));
            }
        }
        open.extend(links(&page).into_iter().filter(|path| known.insert(path.clone())));
    }
    println!("{} pages", known.len());
    assert!(known.len() > 60, "{known:#?}");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn sentences_are_told_from_names() {
    assert_eq!(
        english("签名者 the key that was pasted。").as_deref(),
        Some("the key that was")
    );
    assert_eq!(english("No such order").as_deref(), Some("such order"));
    assert_eq!(english("JSAPI 下单 native"), None);
    assert_eq!(
        english("there is no such order").as_deref(),
        Some("there is no such order")
    );
    assert_eq!(english("demo-0001 · POST /v3/pay/transactions/native"), None);
    assert_eq!(
        said("<p title=\"a\">b <code>c</code></p>"),
        ["", "a", "b ", "", ""]
    );
}

/// Hints follow `Accept-Language`, and are English by default.
#[tokio::test]
async fn a_hint_is_in_the_language_of_the_client() {
    let sandbox = crate::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for (asked, hint, issue) in [
        (None, "/description: required and missing", "required and missing"),
        (
            Some("en"),
            "/description: required and missing",
            "required and missing",
        ),
        (
            Some("fr"),
            "/description: required and missing",
            "required and missing",
        ),
        (
            Some("zh-CN,zh;q=0.9,en;q=0.8"),
            "/description：必填字段缺失",
            "必填字段缺失",
        ),
    ] {
        let mut body = partner_order("native", "demo-0001");
        body.as_object_mut().unwrap().remove("description");
        let mut request = merchant
            .request(Method::POST, NATIVE, body.to_string().as_bytes())
            .await;
        if let Some(asked) = asked {
            let headers = request.headers_mut();
            headers.insert(http::header::ACCEPT_LANGUAGE, asked.parse().unwrap());
        }
        let reply = send(request).await.json();
        assert_eq!(reply["detail"]["sandbox"]["hint"], hint, "{asked:?}");
        assert_eq!(reply["detail"]["sandbox"]["issue"], issue, "{asked:?}");
        // The platform's own words are Chinese whatever is asked for.
        assert!(reply["message"].as_str().unwrap().contains("必填项"));
    }
    // What is kept has no language.
    let requests = sandbox.requests();
    let kept: Vec<_> = requests
        .iter()
        .filter_map(|request| request.hint.as_ref())
        .collect();
    assert_eq!(kept.len(), 4);
    for hint in kept {
        assert_eq!(hint.to_string(), "/description: required and missing");
        assert_eq!(hint.in_language(Language::Chinese), "/description：必填字段缺失");
    }
}

/// The doctor's sentences follow as well, and the page that the response leads to.
#[tokio::test]
async fn a_diagnosis_is_in_the_language_of_the_client() {
    let sandbox = crate::builder().lenient().start().await.unwrap();
    let stranger = Merchant::with(&sandbox, DEMO_MCHID, DEMO_MERCHANT_SERIAL, DemoKey::PublicKey);
    let mut request = stranger.request(Method::GET, "/v3/certificates", b"").await;
    let headers = request.headers_mut();
    headers.insert(http::header::ACCEPT_LANGUAGE, "zh-CN".parse().unwrap());
    let reply = send(request).await.json();
    let sandboxed = &reply["detail"]["sandbox"];
    let hint = sandboxed["hint"].as_str().unwrap();
    assert!(
        hint.starts_with(sandboxed["explanation"]["hint_zh"].as_str().unwrap()),
        "{hint}"
    );
    assert!(hint.ends_with("（微信支付公钥）"), "{hint}");
    let explanation = &sandboxed["explanation"];
    assert_eq!(explanation["signed_by"], "the WeChat Pay public key");
    assert_eq!(explanation["signed_by_zh"], "微信支付公钥");
    assert_eq!(explanation["mistakes"][0]["detail_zh"], "微信支付公钥");
    assert!(sandboxed["see"].is_string());
}
