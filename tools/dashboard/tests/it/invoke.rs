//! Invocations of the payment sheet: JSAPI and APP, right and wrong.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::json;
use wechatpay_core::{
    Clock,
    crypto::default_provider,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey},
    types::{Appid, PrepayId},
};
use wechatpay_sandbox::{Buyer, DEMO_SUB_APPID, Sandbox};

use crate::support::{Browser, Merchant, Reply, partner_order, with_second_merchant};

async fn quiet() -> Sandbox {
    with_second_merchant(crate::builder().notify_enabled(false))
        .start()
        .await
        .unwrap()
}

/// Signs four lines with a key of one's choice.
fn sign(key: DemoKey, appid: &str, timestamp: &str, fourth: &str) -> String {
    let message = format!("{appid}\n{timestamp}\nnonce-of-this-test\n{fourth}\n");
    let key = key.load(default_provider().unwrap().as_ref()).unwrap();
    STANDARD.encode(key.sign(&[message.as_bytes()]).unwrap())
}

fn url(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

/// A JSAPI call with whatever is to be different.
struct Jsapi<'a> {
    appid: Option<&'a str>,
    timestamp: String,
    package: String,
    sign_type: &'a str,
    signature: String,
}

impl<'a> Jsapi<'a> {
    fn good(prepay_id: &str) -> Self {
        let timestamp = Clock::system().now().to_string();
        let package = format!("prepay_id={prepay_id}");
        Self {
            appid: Some(DEMO_APPID),
            signature: sign(DemoKey::Merchant, DEMO_APPID, &timestamp, &package),
            timestamp,
            package,
            sign_type: "RSA",
        }
    }

    async fn open(&self, browser: &Browser) -> Reply {
        let mut pairs = vec![
            ("timeStamp", self.timestamp.as_str()),
            ("nonceStr", "nonce-of-this-test"),
            ("package", &self.package),
            ("signType", self.sign_type),
            ("paySign", &self.signature),
            ("origin", "http://127.0.0.1:3000"),
        ];
        if let Some(appid) = self.appid {
            pairs.push(("appId", appid));
        }
        browser.get(&url("/cashier/jsapi", &pairs)).await
    }
}

fn assert_refused(reply: &Reply, words: &str) {
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text());
    assert!(reply.text().contains(words), "{words}: {}", reply.text());
    assert!(reply.text().contains("data-result=\"fail\""));
}

#[tokio::test]
async fn a_jsapi_call_signed_by_the_client_opens_the_sheet_and_tells_the_page() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    let browser = Browser::new(&sandbox);
    let json = merchant.place("jsapi", "demo-0001").await;
    let prepay_id = PrepayId::parse(json["prepay_id"].as_str().unwrap()).unwrap();
    let call = merchant
        .signer
        .jsapi(&Appid::parse(DEMO_APPID).unwrap(), &prepay_id)
        .await
        .unwrap();
    let call = serde_json::to_value(call).unwrap();
    let mut pairs: Vec<(&str, &str)> = call
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
        .collect();
    pairs.push(("origin", "http://127.0.0.1:3000"));
    let page = browser.get(&url("/cashier/jsapi", &pairs)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("data-opener=\"http://127.0.0.1:3000\""));

    let result = browser.press(&page, "pay", "alice").await;
    assert!(result.text().contains("data-result=\"ok\""));
    assert!(result.text().contains("data-auto=\"3\""));
    assert!(sandbox.order("demo-0001").unwrap().is_paid());
}

#[tokio::test]
async fn cancelling_tells_the_page_at_once() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let json = Merchant::new(&sandbox).place("jsapi", "demo-0001").await;
    let page = Jsapi::good(json["prepay_id"].as_str().unwrap())
        .open(&browser)
        .await;
    let result = browser.press(&page, "cancel", "alice").await;
    assert!(result.text().contains("data-result=\"cancel\""));
    assert!(result.text().contains("data-auto=\"0\""));
    assert!(!sandbox.order("demo-0001").unwrap().is_paid());
}

#[tokio::test]
async fn a_call_without_appid_is_checked_with_the_apps_of_the_order() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let mut order = partner_order("jsapi", "demo-0001");
    order["sub_appid"] = json!(DEMO_SUB_APPID);
    order["payer"] = json!({ "sub_openid": Buyer::Bob.openid(DEMO_SUB_APPID) });
    let reply = Merchant::new(&sandbox)
        .post("/v3/pay/partner/transactions/jsapi", &order)
        .await;
    let prepay_id = reply.json()["prepay_id"].as_str().unwrap().to_owned();
    for appid in [DEMO_APPID, DEMO_SUB_APPID] {
        let mut call = Jsapi::good(&prepay_id);
        call.signature = sign(DemoKey::Merchant, appid, &call.timestamp, &call.package);
        call.appid = None;
        let page = call.open(&browser).await;
        assert_eq!(page.status, StatusCode::OK, "{appid}");
        // The order names Bob, so Bob is the one who is asked.
        assert!(page.text().contains("value=\"bob\" checked"));
    }
    let mut call = Jsapi::good(&prepay_id);
    call.signature = sign(
        DemoKey::Merchant,
        "wx0123456789abcdef",
        &call.timestamp,
        &call.package,
    );
    call.appid = None;
    assert_refused(&call.open(&browser).await, "does not fit");
}

#[tokio::test]
async fn wrong_jsapi_calls_are_explained() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    let json = merchant.place("jsapi", "demo-0001").await;
    let prepay_id = json["prepay_id"].as_str().unwrap();
    let good = || Jsapi::good(prepay_id);

    let mut call = good();
    call.signature = sign(DemoKey::Merchant, DEMO_APPID, &call.timestamp, prepay_id);
    assert_refused(
        &call.open(&browser).await,
        "fourth line of the signed text is the one of APP",
    );

    let mut call = good();
    call.signature = sign(DemoKey::OtherMerchant, DEMO_APPID, &call.timestamp, &call.package);
    assert_refused(&call.open(&browser).await, "another merchant");

    let mut call = good();
    call.signature = sign(DemoKey::Stranger, DEMO_APPID, &call.timestamp, &call.package);
    assert_refused(&call.open(&browser).await, "does not fit");

    let mut call = good();
    let earlier = (call.timestamp.parse::<i64>().unwrap() - 1).to_string();
    call.signature = sign(DemoKey::Merchant, DEMO_APPID, &earlier, &call.package);
    assert_refused(&call.open(&browser).await, "the clock was read twice");

    let mut call = good();
    call.signature = call.signature.replace('+', "-").replace('/', "_");
    assert_refused(&call.open(&browser).await, "URL-safe base64");

    let mut call = good();
    call.timestamp.push_str("000");
    assert_refused(&call.open(&browser).await, "ten digits");

    let mut call = good();
    call.sign_type = "MD5";
    assert_refused(&call.open(&browser).await, "must be RSA");

    let mut call = good();
    call.package = prepay_id.to_owned();
    assert_refused(&call.open(&browser).await, "prepay_id=");

    let mut call = good();
    call.appid = Some(DEMO_SUB_APPID);
    assert_refused(&call.open(&browser).await, "not the one in the order");

    let mut call = good();
    call.signature = "?".into();
    assert_refused(&call.open(&browser).await, "base64");

    let mut call = good();
    call.signature = String::new();
    assert_refused(&call.open(&browser).await, "paySign");

    let unknown = "wx20240101123456ffffffffffffffffffff";
    let reply = Jsapi::good(unknown).open(&browser).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);

    // An id of an APP order opens no JSAPI sheet.
    let json = merchant.place("app", "demo-0002").await;
    let reply = Jsapi::good(json["prepay_id"].as_str().unwrap())
        .open(&browser)
        .await;
    assert_refused(&reply, "another scene");
}

#[tokio::test]
async fn a_foreign_page_is_told_nothing() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let json = Merchant::new(&sandbox).place("jsapi", "demo-0001").await;
    let call = Jsapi::good(json["prepay_id"].as_str().unwrap());
    for origin in [
        "https://evil.example",
        "http://127.0.0.1:3000@evil.example",
        "http://127.0.0.1.evil.example",
        "null",
        "*",
    ] {
        let page = browser
            .get(&url(
                "/cashier/jsapi",
                &[
                    ("appId", DEMO_APPID),
                    ("timeStamp", &call.timestamp),
                    ("nonceStr", "nonce-of-this-test"),
                    ("package", &call.package),
                    ("signType", "RSA"),
                    ("paySign", &call.signature),
                    ("origin", origin),
                ],
            ))
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().contains("data-opener"), "{origin}");
    }
}

/// An APP call with whatever is to be different.
async fn open_app(browser: &Browser, pairs: &[(&str, &str)], change: (&str, &str)) -> Reply {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, value)| if *key == change.0 { change } else { (*key, *value) })
        .collect();
    browser.get(&url("/cashier/app", &pairs)).await
}

#[tokio::test]
async fn an_app_call_is_verified_and_comes_back_with_a_code() {
    let sandbox = quiet().await;
    let merchant = Merchant::new(&sandbox);
    let browser = Browser::new(&sandbox);
    for (number, action, buyer, code) in [
        ("demo-0001", "pay", "alice", "0"),
        ("demo-0002", "cancel", "alice", "-2"),
        ("demo-0003", "pay", "carol", "-1"),
    ] {
        let json = merchant.place("app", number).await;
        let prepay_id = PrepayId::parse(json["prepay_id"].as_str().unwrap()).unwrap();
        let call = merchant
            .signer
            .app(&Appid::parse(DEMO_APPID).unwrap(), &prepay_id)
            .await
            .unwrap();
        let call = serde_json::to_value(call).unwrap();
        let mut pairs: Vec<(&str, &str)> = call
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
            .collect();
        pairs.push(("redirect_url", "http://localhost:3000/back?order=1"));
        let page = browser.get(&url("/cashier/app", &pairs)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let result = browser.press(&page, action, buyer).await.text();
        let back = format!("http://localhost:3000/back?order=1&amp;errCode={code}");
        assert!(result.contains(&back), "{result}");
    }
}

#[tokio::test]
async fn wrong_app_calls_are_explained_and_come_back_with_minus_one() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    let json = merchant.place("app", "demo-0001").await;
    let prepay_id = json["prepay_id"].as_str().unwrap();
    let timestamp = Clock::system().now().to_string();
    let good = sign(DemoKey::Merchant, DEMO_APPID, &timestamp, prepay_id);
    let swapped = sign(
        DemoKey::Merchant,
        DEMO_APPID,
        &timestamp,
        &format!("prepay_id={prepay_id}"),
    );
    let stranger = sign(DemoKey::Stranger, DEMO_APPID, &timestamp, prepay_id);
    let pairs = [
        ("appid", DEMO_APPID),
        ("partnerid", DEMO_MCHID),
        ("prepayid", prepay_id),
        ("package", "Sign=WXPay"),
        ("noncestr", "nonce-of-this-test"),
        ("timestamp", &timestamp),
        ("sign", &good),
        ("redirect_url", "http://localhost:3000/"),
    ];
    let unchanged = ("sign", good.as_str());
    assert_eq!(open_app(&browser, &pairs, unchanged).await.status, StatusCode::OK);
    // The sub-merchant's number is what an old page asks for.
    let sub = ("partnerid", DEMO_SUB_MCHID);
    assert_eq!(open_app(&browser, &pairs, sub).await.status, StatusCode::OK);
    for (key, value, words) in [
        (
            "sign",
            swapped.as_str(),
            "fourth line of the signed text is the one of JSAPI",
        ),
        ("sign", stranger.as_str(), "does not fit"),
        ("partnerid", "1900000002", "partnerid is not the merchant"),
        ("package", "prepay_id=1", "Sign=WXPay"),
        ("appid", "", "appid"),
        ("timestamp", "1", "ten digits"),
    ] {
        let reply = open_app(&browser, &pairs, (key, value)).await;
        assert_refused(&reply, words);
        assert!(reply.text().contains("http://localhost:3000/?errCode=-1"));
    }
}
