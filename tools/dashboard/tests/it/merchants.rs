//! Merchants that come while the sandbox runs.

use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_API_V3_KEY, DEMO_MCHID, DemoKey, private_key_pem};
use wechatpay_sandbox::{EventKind, Sandbox};

use crate::support::{Merchant, Reply, direct_order, send};

const MCHID: &str = "1900000003";
const APPID: &str = "wx0123456789abcdef";

async fn call(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Reply {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("{}/_sandbox/api/merchants{path}", sandbox.base_url()))
        .header("content-type", "application/json")
        .body(Full::new(body.to_string().into()))
        .unwrap();
    send(request).await
}

#[tokio::test]
async fn an_added_merchant_with_its_own_key_sells_at_once() {
    let sandbox = crate::builder().start().await.unwrap();
    let merchant = json!({
        "mchid": MCHID, "api_v3_key": "LateDemoApiV3Key0123456789abcdef", "kind": "direct", "name": "书店",
        "appids": [APPID],
        "certificates": [{
            "serial_no": "4F30", "private_key": private_key_pem(DemoKey::OtherMerchant.pkcs8()),
        }],
    });
    let reply = call(&sandbox, "POST", "", &merchant).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let shown = reply.json();
    assert_eq!(shown["kind"], "direct");
    assert_eq!(shown["serial_nos"], json!(["4F30"]));
    assert_eq!(shown["has_private_key"], true);
    assert!(matches!(
        &sandbox.events_after(0).last().unwrap().kind,
        EventKind::MerchantAdded { mchid } if mchid == MCHID
    ));

    let client = Merchant::with(&sandbox, MCHID, "4F30", DemoKey::OtherMerchant);
    let mut order = direct_order("native", "late-0001");
    order["mchid"] = json!(MCHID);
    order["appid"] = json!(APPID);
    let reply = client.post("/v3/pay/transactions/native", &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());

    let list = call(&sandbox, "GET", "", &Value::Null).await.json();
    let mchids: Vec<&Value> = list["merchants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|merchant| &merchant["mchid"])
        .collect();
    assert_eq!(mchids, [DEMO_MCHID, MCHID]);
    assert!(!list.to_string().contains("PRIVATE"));
    let one = call(&sandbox, "GET", &format!("/{MCHID}"), &Value::Null).await;
    assert_eq!(one.json(), shown);
}

#[tokio::test]
async fn missing_members_of_a_merchant_are_generated() {
    let sandbox = crate::builder().start().await.unwrap();
    let reply = call(
        &sandbox,
        "POST",
        "",
        &json!({ "mchid": MCHID, "appids": [APPID] }),
    )
    .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let env = reply.json()["env"].to_string();
    for name in ["WECHATPAY_API_V3_KEY=", "WECHATPAY_PRIVATE_KEY="] {
        assert!(env.contains(name), "{name}");
    }
    // Its new key is one that the gateway knows: the response is about the path, not about the signature.
    let settings = sandbox.config_of(MCHID).unwrap().validate().unwrap();
    let path = "/v3/certificates";
    let authorization = settings
        .request_signer()
        .authorize(&Method::GET, path, bytes::Bytes::new())
        .await
        .unwrap();
    let request = http::Request::get(format!("{}{path}", sandbox.base_url()))
        .header("accept", "application/json")
        .header("user-agent", "test")
        .header("authorization", authorization.to_header_value().unwrap())
        .body(Full::default())
        .unwrap();
    assert_eq!(send(request).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sandbox.counters().refused_signatures, 0);
}

#[tokio::test]
async fn an_invalid_merchant_is_not_added() {
    let sandbox = crate::builder().start().await.unwrap();
    let key = private_key_pem(DemoKey::OtherMerchant.pkcs8());
    for (body, status, words) in [
        (json!({ "mchid": DEMO_MCHID }), 409, "there is a merchant"),
        (json!({}), 400, "missing field `mchid`"),
        (json!({ "mchid": "no number" }), 400, "mchid: "),
        (
            json!({ "mchid": MCHID, "api_v3_key": "short" }),
            400,
            "api_v3_key: ",
        ),
        (json!({ "mchid": MCHID, "appids": [""] }), 400, "appids[0]: "),
        (json!({ "mchid": MCHID, "kind": "bank" }), 400, "unknown variant"),
        (json!({ "mchid": MCHID, "colour": "red" }), 400, "unknown field"),
        (
            json!({ "mchid": MCHID, "certificates": [{ "serial_no": "4F30", "private_key": "secret" }] }),
            400,
            "certificates: ",
        ),
        (
            json!({ "mchid": MCHID, "certificates": [{ "serial_no": "4F30", "private_key": key, "public_key": key }] }),
            400,
            "not both",
        ),
    ] {
        let reply = call(&sandbox, "POST", "", &body).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.text());
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(words), "{body}: {message}");
        assert!(
            !message.contains("secret") && !message.contains("short"),
            "{message}"
        );
    }
    let none = call(&sandbox, "GET", &format!("/{MCHID}"), &Value::Null).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert_eq!(
        call(&sandbox, "GET", "", &Value::Null).await.json()["merchants"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_merchant_is_shown_without_its_secrets() {
    let sandbox = crate::builder().start().await.unwrap();
    let shown = call(&sandbox, "GET", "", &Value::Null).await.text();
    assert!(shown.contains("\"has_private_key\":true"), "{shown}");
    for secret in ["api_v3_key", DEMO_API_V3_KEY, "certificates", "PRIVATE"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
