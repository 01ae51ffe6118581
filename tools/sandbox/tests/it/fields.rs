//! The body of an order, field by field, and the rules between fields.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey},
};
use wechatpay_sandbox::{Buyer, DEMO_SUB_APPID, LintKind, Sandbox};

use crate::support::{Merchant, Reply, direct_order, partner_order, send};

const DIRECT: &str = "/v3/pay/transactions";
const PARTNER: &str = "/v3/pay/partner/transactions";

/// Puts a value at a JSON pointer; `null` takes the key out.
fn with(mut order: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = order.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(key);
    } else {
        parent.insert(key.to_owned(), value);
    }
    order
}

async fn assert_parameter_error(merchant: &Merchant, reply: &Reply, field: &str) {
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{field}: {}", reply.text());
    assert_eq!(reply.code(), "PARAM_ERROR", "{field}");
    assert_eq!(reply.json()["detail"]["sandbox"]["field"], field);
    assert_eq!(reply.json()["detail"]["sandbox"]["location"], "body");
    merchant.verify(reply).await.unwrap();
}

#[tokio::test]
async fn every_scene_of_both_families_gives_what_it_should() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let base_url = sandbox.base_url();
    for (family, order) in [
        (DIRECT, direct_order as fn(&str, &str) -> Value),
        (PARTNER, partner_order),
    ] {
        for scene in ["jsapi", "app", "h5", "native"] {
            let number = format!("demo-{scene}-{}", family.len());
            let reply = merchant
                .post(&format!("{family}/{scene}"), &order(scene, &number))
                .await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
            assert_eq!(reply.number(), 0);
            assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
            assert_eq!(reply.header("content-language"), "zh-CN");
            assert_eq!(reply.header("wechatpay-serial"), DEMO_PUBLIC_KEY_ID);
            assert_eq!(
                reply.header("wechatpay-signature-type"),
                "WECHATPAY2-SHA256-RSA2048"
            );
            merchant.verify(&reply).await.unwrap();
            let json = reply.json();
            assert_eq!(json.as_object().unwrap().len(), 1);
            match scene {
                "h5" => {
                    let url = json["h5_url"].as_str().unwrap();
                    assert!(url.starts_with(&format!("{base_url}/cashier/h5?prepay_id=wx")));
                    assert!(url.contains("&package="));
                }
                "native" => {
                    let url = json["code_url"].as_str().unwrap();
                    assert!(url.starts_with("weixin://wxpay/bizpayurl?pr="));
                }
                _ => {
                    let id = json["prepay_id"].as_str().unwrap();
                    assert!(id.starts_with("wx") && id.len() == 36);
                }
            }
            let order = sandbox.order(&number).unwrap();
            assert_eq!(order.scene.as_str(), scene);
            assert_eq!((order.total, order.is_paid()), (990, false));
        }
    }
    assert_eq!(sandbox.counters().prepays, 8);
}

#[tokio::test]
async fn the_code_of_a_native_order_may_be_the_cashier_itself() {
    let sandbox = Sandbox::builder().http_code_url(true).start().await.unwrap();
    let json = Merchant::new(&sandbox).place("native", "demo-0001").await;
    assert_eq!(
        json["code_url"].as_str().unwrap(),
        sandbox.cashier_url("demo-0001").unwrap()
    );
}

#[tokio::test]
async fn all_documented_fields_together_are_taken() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let order = json!({
        "sp_appid": DEMO_APPID, "sp_mchid": DEMO_MCHID, "sub_appid": DEMO_SUB_APPID, "sub_mchid": "1900000109",
        "description": "d", "out_trade_no": "demo_*-|01", "time_expire": "2999-01-01T00:00:00+08:00",
        "attach": "a", "notify_url": "https://shop.example.com/wechatpay/notify", "goods_tag": "g",
        "limit_pay": ["no_credit"], "support_fapiao": true,
        "settle_info": { "profit_sharing": true, "subsidy_amount": 10 },
        "amount": { "total": 1, "currency": "CNY" },
        "payer": { "sp_openid": "o1", "sub_openid": "o2" },
        "detail": { "cost_price": 1, "invoice_id": "i", "goods_detail": [
            { "merchant_goods_id": "m", "wechatpay_goods_id": "w", "goods_name": "n", "quantity": 1, "unit_price": 0 }
        ] },
        "scene_info": { "payer_client_ip": "2001:db8::1", "device_id": "1", "store_info":
            { "id": "1", "name": "n", "area_code": "440305", "address": "a" } },
        "subsidy_info": { "subsidy_detail": [ { "subsidy_period_type": "DAILY",
            "subsidy_plan": [ { "subsidy_installment_num": 3, "subsidy_percent": 100 } ] } ] },
    });
    let reply = merchant.post(&format!("{PARTNER}/jsapi"), &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert!(sandbox.lints().is_empty(), "{:?}", sandbox.lints());
}

#[tokio::test]
async fn a_wrong_field_is_named_by_its_pointer() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let long = |length: usize| json!("x".repeat(length));
    for (pointer, value) in [
        ("/sp_appid", Value::Null),
        ("/sp_mchid", Value::Null),
        ("/sub_mchid", Value::Null),
        ("/sub_mchid", json!(1_900_000_109)),
        ("/description", Value::Null),
        ("/description", long(128)),
        ("/description", json!("emoji 😀")),
        ("/out_trade_no", json!("short")),
        ("/out_trade_no", long(33)),
        ("/out_trade_no", json!("with blank")),
        ("/time_expire", json!("tomorrow")),
        ("/attach", long(129)),
        ("/notify_url", Value::Null),
        ("/notify_url", json!(" http://127.0.0.1/x")),
        ("/goods_tag", long(33)),
        ("/limit_pay", json!(["no_money"])),
        ("/support_fapiao", json!("true")),
        ("/settle_info", json!(true)),
        ("/amount", Value::Null),
        ("/amount/total", Value::Null),
        ("/amount/total", json!(0)),
        ("/amount/total", json!(-1)),
        ("/amount/total", json!("990")),
        ("/amount/total", json!(9.9)),
        ("/amount/currency", json!("USD")),
        ("/payer", Value::Null),
        ("/scene_info", json!([])),
        // Unknown keys, a wrong family and a wrong scene among them.
        ("/mchid ", json!("1900000001")),
        ("/appid", json!(DEMO_APPID)),
        ("/amount/payer_total", json!(1)),
        ("/payer/openid", json!("o1")),
        ("/combine_mchid", json!("1")),
    ] {
        let order = with(partner_order("jsapi", "demo-0001"), pointer, value.clone());
        let reply = merchant.post(&format!("{PARTNER}/jsapi"), &order).await;
        assert_parameter_error(&merchant, &reply, pointer).await;
        // The platform names the field in its message, and an unknown one in the detail.
        let json = reply.json();
        let source = format!("/body{pointer}");
        if json["detail"]["location"].is_null() {
            assert_eq!(json["detail"]["value"], json!([source]));
        } else {
            let message = json["message"].as_str().unwrap();
            assert!(message.contains(&format!("“{source}")), "{message}");
            assert_eq!(json["detail"]["location"], "body");
        }
    }
    assert!(sandbox.order("demo-0001").is_none());
    for (scene, pointer, value) in [
        ("native", "/payer", json!({ "sp_openid": "o" })),
        ("app", "/payer", json!({ "sp_openid": "o" })),
        ("h5", "/scene_info", Value::Null),
        ("h5", "/scene_info/h5_info", Value::Null),
        ("h5", "/scene_info/payer_client_ip", json!("somewhere")),
        (
            "jsapi",
            "/scene_info",
            json!({ "payer_client_ip": "203.0.113.7", "h5_info": { "type": "Wap" } }),
        ),
    ] {
        let order = with(partner_order(scene, "demo-0001"), pointer, value);
        let reply = merchant.post(&format!("{PARTNER}/{scene}"), &order).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{scene} {pointer}");
        let field = reply.json()["detail"]["sandbox"]["field"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(field.starts_with(pointer), "{field}");
    }
}

#[tokio::test]
async fn unknown_fields_have_a_number_of_their_own() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let order = with(direct_order("native", "demo-0001"), "/desciption", json!("typo"));
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_eq!(reply.number(), 270_924_358);
    let order = with(
        direct_order("native", "demo-0001"),
        "/description",
        json!("x".repeat(128)),
    );
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_eq!(reply.number(), 268_435_464);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for body in ["", "[]", "{", "mchid=1900000001"] {
        let request = merchant
            .request(Method::POST, &format!("{DIRECT}/native"), body.as_bytes())
            .await;
        let reply = send(request).await;
        assert_parameter_error(&merchant, &reply, "").await;
    }
}

#[tokio::test]
async fn null_and_empty_fields_count_as_absent_and_are_noted() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let mut order = direct_order("native", "demo-0001");
    order["attach"] = json!("");
    order["goods_tag"] = Value::Null;
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(sandbox.requests()[0].has_lint(LintKind::NullOrEmptyField));
    order["description"] = Value::Null;
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_parameter_error(&merchant, &reply, "/description").await;
}

#[tokio::test]
async fn apps_and_sub_merchants_must_belong_to_the_caller() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for (pointer, value, status, code, number) in [
        (
            "/sp_appid",
            "wx0000000000000000",
            400,
            "APPID_MCHID_NOT_MATCH",
            268_445_527,
        ),
        (
            "/sub_appid",
            "wx0000000000000000",
            400,
            "APPID_MCHID_NOT_MATCH",
            268_445_527,
        ),
        ("/sub_appid", DEMO_APPID, 400, "INVALID_REQUEST", 268_435_461),
        ("/sub_mchid", "1999999999", 403, "NO_AUTH", 268_443_701),
        ("/sub_mchid", DEMO_MCHID, 400, "PARAM_ERROR", 268_443_705),
    ] {
        let order = with(partner_order("native", "demo-0001"), pointer, json!(value));
        let reply = merchant.post(&format!("{PARTNER}/native"), &order).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str(), reply.number()),
            (status, code, number),
            "{pointer}"
        );
        merchant.verify(&reply).await.unwrap();
    }
    let order = with(
        direct_order("native", "demo-0001"),
        "/appid",
        json!("wx0000000000000000"),
    );
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_eq!(reply.code(), "APPID_MCHID_NOT_MATCH");
}

#[tokio::test]
async fn a_jsapi_order_names_its_payer_below_the_right_app() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let path = format!("{PARTNER}/jsapi");
    let place = async |payer: Value, sub_appid: Value| {
        let order = with(partner_order("jsapi", "demo-0001"), "/payer", payer);
        merchant.post(&path, &with(order, "/sub_appid", sub_appid)).await
    };
    let reply = place(json!({}), Value::Null).await;
    assert_eq!(
        (reply.code().as_str(), reply.number()),
        ("PARAM_ERROR", 268_501_013)
    );

    let reply = place(json!({ "sub_openid": "o1" }), Value::Null).await;
    assert_parameter_error(&merchant, &reply, "/sub_appid").await;

    // An openid that the sandbox gave out belongs to one app.
    let elsewhere = Buyer::Alice.openid(DEMO_SUB_APPID);
    let reply = place(json!({ "sp_openid": elsewhere }), Value::Null).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.code(), "OPENID_MISMATCH");
    assert!(
        sandbox
            .requests()
            .last()
            .unwrap()
            .has_lint(LintKind::OpenidOfOtherApp)
    );

    let reply = place(json!({ "sub_openid": elsewhere }), json!(DEMO_SUB_APPID)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

#[tokio::test]
async fn a_subsidy_needs_profit_sharing() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let order = with(
        partner_order("native", "demo-0001"),
        "/settle_info",
        json!({ "subsidy_amount": 10 }),
    );
    let reply = merchant.post(&format!("{PARTNER}/native"), &order).await;
    assert_parameter_error(&merchant, &reply, "/settle_info/subsidy_amount").await;
    // A direct merchant has no subsidies at all.
    let order = with(
        direct_order("native", "demo-0001"),
        "/settle_info",
        json!({ "profit_sharing": true, "subsidy_amount": 10 }),
    );
    let reply = merchant.post(&format!("{DIRECT}/native"), &order).await;
    assert_parameter_error(&merchant, &reply, "/settle_info/subsidy_amount").await;
}

#[tokio::test]
async fn an_identity_must_be_encrypted_to_the_key_that_is_named() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let provider = default_provider().unwrap();
    let encrypt = |key: DemoKey| {
        let private = key.load(provider.as_ref()).unwrap();
        let public = provider.public_key(private.public_key_info()).unwrap();
        STANDARD.encode(public.encrypt("张三".as_bytes()).unwrap())
    };
    let order = |ciphertext: String| {
        let mut order = partner_order("jsapi", "demo-0001");
        order["payer"]["identity"] =
            json!({ "type": "IDCARD", "number": ciphertext.clone(), "name": ciphertext });
        order
    };
    let path = format!("{PARTNER}/jsapi");
    let merchant = Merchant::new(&sandbox);
    let naming = merchant.clone().asks_for(DEMO_PUBLIC_KEY_ID);

    let reply = naming.post(&path, &order(encrypt(DemoKey::PublicKey))).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    for (merchant, ciphertext, issue) in [
        (
            merchant.clone(),
            encrypt(DemoKey::PublicKey),
            "Wechatpay-Serial missing",
        ),
        (
            merchant.clone().asks_for("ABCDEF"),
            encrypt(DemoKey::PublicKey),
            "key unknown",
        ),
        (naming.clone(), encrypt(DemoKey::Platform1), "does not decrypt"),
        (naming.clone(), "in the clear".to_owned(), "does not decrypt"),
    ] {
        let reply = merchant.post(&path, &order(ciphertext)).await;
        assert_parameter_error(&merchant, &reply, "/payer/identity/number").await;
        assert_eq!(reply.json()["detail"]["sandbox"]["issue"], issue);
    }
}

#[tokio::test]
async fn what_production_refuses_is_noted_here_and_refused_when_strict() {
    let order = |url: &str| with(direct_order("h5", "demo-0001"), "/notify_url", json!(url));
    let local = with(
        direct_order("h5", "demo-0001"),
        "/scene_info/payer_client_ip",
        json!("127.0.0.1"),
    );
    let local = with(local, "/notify_url", json!("https://shop.example.com/n"));
    for (order, kind) in [
        (order("http://shop.example.com/n"), LintKind::NotifyUrlNotPublic),
        (order("https://127.0.0.1:3000/n"), LintKind::NotifyUrlNotPublic),
        (order("https://192.168.1.5/n"), LintKind::NotifyUrlNotPublic),
        (order("https://shop/n"), LintKind::NotifyUrlNotPublic),
        (
            order("https://shop.example.com/n?a=1"),
            LintKind::NotifyUrlHasQuery,
        ),
        (order("https://shop.example.com"), LintKind::NotifyUrlNoPath),
        (local, LintKind::PayerIpLoopback),
    ] {
        for strict in [false, true] {
            let sandbox = Sandbox::builder().strict(strict).start().await.unwrap();
            let reply = Merchant::new(&sandbox)
                .post(&format!("{DIRECT}/h5"), &order)
                .await;
            assert!(sandbox.requests()[0].has_lint(kind), "{kind}");
            let expected = if strict {
                StatusCode::BAD_REQUEST
            } else {
                StatusCode::OK
            };
            assert_eq!(reply.status, expected, "{kind}");
            assert_eq!(sandbox.order("demo-0001").is_none(), strict);
        }
    }
}
