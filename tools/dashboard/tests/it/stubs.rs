//! Stubs: a test's own responses, signed like any response.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey},
};
use wechatpay_sandbox::{Fault, Sandbox, StubError, StubResponse};

use crate::support::{Browser, Merchant, direct_order, encrypted, form, meta, post, refusal, send};

const REVERSE: &str = "/v3/new-tax-control-fapiao/fapiao-applications/{fapiao_apply_id}/reverse";
const APPLICATION: &str = "/v3/new-tax-control-fapiao/fapiao-applications/4200000444201910177461284488";
const TRANSFER: &str = "/v3/fund-app/mch-transfer/transfer-bills";
const IMAGE: &str = "/v3/merchant-service/images/{media_id}";

struct World {
    sandbox: Sandbox,
    merchant: Merchant,
}

impl World {
    async fn start() -> Self {
        let sandbox = crate::builder().start().await.unwrap();
        let merchant = Merchant::new(&sandbox);
        Self { sandbox, merchant }
    }

    async fn reverse(&self) -> crate::support::Reply {
        let path = format!("{APPLICATION}/reverse");
        self.merchant
            .post(&path, &json!({ "reverse_reason": "退货" }))
            .await
    }

    async fn admin(&self, method: &str, path: &str, body: &Value) -> crate::support::Reply {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}/_sandbox/api{path}", self.sandbox.base_url()))
            .header("content-type", "application/json")
            .body(
                if body.is_null() {
                    String::new()
                } else {
                    body.to_string()
                }
                .into(),
            )
            .unwrap();
        send(request).await
    }
}

#[tokio::test]
async fn a_stub_responds_signed_and_keeps_its_requests() {
    let world = World::start().await;
    // The way out is named where the way ends.
    let reply = world.reverse().await;
    assert_eq!(refusal(&reply), (501, "SANDBOX_NOT_EMULATED".to_owned()));
    let hint = &reply.json()["detail"]["sandbox"]["hint"];
    assert!(
        hint.as_str().unwrap().contains("POST /_sandbox/api/stubs"),
        "{hint}"
    );

    let stub = world.sandbox.stub(Method::POST, REVERSE).respond(204).unwrap();
    assert!(stub.requests().is_empty());
    let reply = world.reverse().await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(reply.body.is_empty() && reply.header("content-type").is_empty());
    world.merchant.verify(&reply).await.unwrap();
    assert_eq!(reply.number(), 0);
    let reply = world
        .merchant
        .post(&format!("{APPLICATION}/reverse?a=%E4%B8%AD&b=2"), &json!({}))
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);

    let requests = stub.requests();
    assert_eq!(requests.len(), 2);
    let request = &requests[0];
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.path(), format!("{APPLICATION}/reverse"));
    assert_eq!(
        request.path_value("fapiao_apply_id"),
        Some("4200000444201910177461284488")
    );
    assert_eq!(request.path_value("other"), None);
    assert_eq!(*request.json(), json!({ "reverse_reason": "退货" }));
    assert_eq!(request.mchid(), DEMO_MCHID);
    assert_eq!(request.header("Accept"), Some("application/json"));
    assert_eq!((request.query(), request.query_value("a")), ("", None));
    assert_eq!(requests[1].query_value("a").as_deref(), Some("中"));
    let debug = format!("{request:?}");
    assert!(
        debug.contains(request.path()) && !debug.contains("退货"),
        "{debug}"
    );

    assert!(stub.remove() && !stub.remove());
    assert_eq!(world.reverse().await.status, StatusCode::NOT_IMPLEMENTED);
    assert_eq!(stub.requests().len(), 2);
}

#[tokio::test]
async fn a_request_that_is_wrongly_signed_or_incomplete_does_not_reach_a_stub() {
    let world = World::start().await;
    let stub = world.sandbox.stub(Method::POST, REVERSE).respond(204).unwrap();
    let path = format!("{APPLICATION}/reverse");
    let mut changed = world.merchant.request(Method::POST, &path, b"{}").await;
    *changed.body_mut() = http_body_util::Full::from("{ }");
    let reply = send(changed).await;
    assert_eq!(refusal(&reply), (401, "SIGN_ERROR".to_owned()));
    assert!(!reply.is_signed());
    let mut headless = world.merchant.request(Method::POST, &path, b"{}").await;
    headless.headers_mut().remove("accept");
    assert_eq!(
        refusal(&send(headless).await),
        (400, "INVALID_REQUEST".to_owned())
    );
    let request = world.merchant.request(Method::POST, &path, b"no json").await;
    assert_eq!(refusal(&send(request).await), (400, "PARAM_ERROR".to_owned()));
    assert!(stub.requests().is_empty());
    assert_eq!(world.sandbox.take_refusals().len(), 1);
}

#[tokio::test]
async fn sensitive_fields_are_opened_and_sealed_as_the_platform_does() {
    let world = World::start().await;
    let stub = world
        .sandbox
        .stub(Method::POST, TRANSFER)
        .sensitive("user_name")
        .respond_with(|request| {
            let body = json!({
                "out_bill_no": request.json()["out_bill_no"],
                "echo": request.decrypted("user_name").unwrap_or_default(),
                "data": [{ "phone": "13800000000" }, { "phone": "13900000000" }, {}],
            });
            StubResponse::json(200, body)
                .sensitive("echo")
                .sensitive("data/*/phone")
        })
        .unwrap();
    let merchant = world.merchant.clone().asks_for(DEMO_PUBLIC_KEY_ID);
    let sealed = json!({ "out_bill_no": "t1", "user_name": encrypted("张三") });
    let reply = merchant.post(TRANSFER, &sealed).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let key = DemoKey::Merchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let open = |pointer: &str| {
        let reply = reply.json();
        let text = reply.pointer(pointer).unwrap().as_str().unwrap();
        String::from_utf8(key.decrypt(&STANDARD.decode(text).unwrap()).unwrap().to_vec()).unwrap()
    };
    assert_eq!(reply.json()["out_bill_no"], "t1");
    assert_eq!(open("/echo"), "张三");
    assert_eq!(open("/data/0/phone"), "13800000000");
    assert_eq!(open("/data/1/phone"), "13900000000");
    assert_eq!(
        stub.requests()[0].decrypted("/user_name").as_deref(),
        Some("张三")
    );
    assert_eq!(stub.requests()[0].decrypted("out_bill_no"), None);

    // Refused as the platform does: in the clear, without the header, with a key that nobody has.
    let plain = json!({ "out_bill_no": "t2", "user_name": "张三" });
    for (merchant, body) in [
        (merchant.clone(), &plain),
        (world.merchant.clone(), &sealed),
        (
            merchant
                .clone()
                .asks_for("PUB_KEY_ID_0000000000002024000000000000"),
            &sealed,
        ),
    ] {
        let reply = merchant.post(TRANSFER, body).await;
        assert_eq!(refusal(&reply), (400, "PARAM_ERROR".to_owned()));
        assert!(reply.is_signed());
    }
    assert_eq!(stub.requests().len(), 1);
    // It is optional.
    let reply = world
        .merchant
        .post(TRANSFER, &json!({ "out_bill_no": "t3" }))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

#[tokio::test]
async fn stubs_take_turns_and_go_before_what_is_emulated() {
    let world = World::start().await;
    let native = "/v3/pay/transactions/native";
    world
        .sandbox
        .stub(Method::POST, native)
        .times(1)
        .respond_json(403, json!({ "code": "RULE_LIMIT", "message": "风控" }))
        .unwrap();
    world
        .sandbox
        .stub(Method::POST, native)
        .times(1)
        .respond_json(202, json!({ "code_url": "weixin://stub" }))
        .unwrap();
    let order = direct_order("native", "demo-0001");
    let reply = world.merchant.post(native, &order).await;
    assert_eq!(refusal(&reply), (403, "RULE_LIMIT".to_owned()));
    assert_ne!(reply.number(), 0);
    let reply = world.merchant.post(native, &order).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["code_url"]),
        (202, &json!("weixin://stub"))
    );
    world.merchant.verify(&reply).await.unwrap();
    assert!(world.sandbox.order("demo-0001").is_none());
    // Both are spent.
    let reply = world.merchant.post(native, &order).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(world.sandbox.order("demo-0001").is_some());
    let recorded = world.sandbox.requests();
    assert_eq!(
        recorded.iter().map(|request| request.stub).collect::<Vec<_>>(),
        [Some(1), Some(2), None]
    );
    assert_eq!(recorded[0].code.as_deref(), Some("RULE_LIMIT"));

    let twice = world
        .sandbox
        .stub(Method::POST, native)
        .respond(204)
        .and_then(|_| world.sandbox.stub(Method::POST, native).times(1).respond(204));
    assert!(matches!(twice, Err(StubError::Hidden { id: 3, .. })), "{twice:?}");
    assert_eq!(world.sandbox.stubs().len(), 3);
    world.sandbox.reset();
    assert!(world.sandbox.stubs().is_empty());
}

#[tokio::test]
async fn a_file_comes_unsigned_and_an_upload_is_taken_apart() {
    let world = World::start().await;
    world
        .sandbox
        .stub(Method::GET, IMAGE)
        .respond(StubResponse::file("image/png", &b"\x89PNG"[..]).header("x-more", "1"))
        .unwrap();
    let reply = world.merchant.get("/v3/merchant-service/images/a%2Bb").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(!reply.is_signed());
    assert_eq!(
        (reply.header("content-type"), reply.header("x-more")),
        ("image/png", "1")
    );
    assert_eq!(reply.body, &b"\x89PNG"[..]);

    let path = "/v3/merchant-service/images/upload";
    let stub = world
        .sandbox
        .stub(Method::POST, path)
        .respond_json(200, json!({ "media_id": "m1" }))
        .unwrap();
    let signed = meta("a.png", b"\x89PNG");
    let body = form(&signed, "a.png", b"\x89PNG");
    let reply = post(&world.merchant, path, signed.as_bytes(), body.clone()).await;
    assert_eq!(reply.json()["media_id"], "m1", "{}", reply.text());
    let request = &stub.requests()[0];
    assert_eq!(request.json()["filename"], "a.png");
    let file = request.file().unwrap();
    assert_eq!(
        (file.name.as_str(), &file.content[..]),
        ("a.png", &b"\x89PNG"[..])
    );
    // The whole form signed is wrong at any upload.
    let reply = post(&world.merchant, path, &body, body.clone()).await;
    assert_eq!(
        reply.json()["detail"]["sandbox"]["cause"],
        "upload-whole-form-signed"
    );
    assert_eq!(world.sandbox.take_refusals().len(), 1);
    // Without a stub it is an upload still, and a form is no JSON.
    let other = post(&world.merchant, "/v3/a/upload", signed.as_bytes(), body.clone()).await;
    assert_eq!(refusal(&other), (501, "SANDBOX_NOT_EMULATED".to_owned()));
    let order = post(
        &world.merchant,
        "/v3/pay/transactions/native",
        &body,
        body.clone(),
    )
    .await;
    assert_eq!(refusal(&order), (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn stubs_have_delays_and_faults_and_a_broken_function_is_501() {
    let world = World::start().await;
    let path = format!("{APPLICATION}/reverse");
    let stub = world
        .sandbox
        .stub(Method::POST, REVERSE)
        .delay(Duration::from_millis(150))
        .respond_json(200, json!({ "a": 1 }))
        .unwrap();
    let start = Instant::now();
    let reply = world.merchant.post(&path, &json!({})).await;
    assert!(start.elapsed() >= Duration::from_millis(150));
    world.merchant.verify(&reply).await.unwrap();
    world
        .sandbox
        .fault(Fault::BadSignature.on("POST /v3/new-tax-control-fapiao/**"));
    let reply = world.merchant.post(&path, &json!({})).await;
    world.merchant.verify(&reply).await.unwrap_err();
    world
        .sandbox
        .fault(Fault::AcceptedBut(500).on("POST /v3/new-tax-control-fapiao/**"));
    let reply = world.merchant.post(&path, &json!({})).await;
    assert_eq!(reply.status, 500);
    assert_eq!(stub.requests().len(), 3);
    world.sandbox.fault(Fault::Status(503));
    assert_eq!(world.merchant.post(&path, &json!({})).await.status, 503);
    assert_eq!(stub.requests().len(), 3);

    world.sandbox.clear_stubs();
    let handle = world.sandbox.clone();
    world
        .sandbox
        .stub(Method::POST, REVERSE)
        .times(1)
        .respond_with(move |request| {
            // The handle may be used.
            handle.reset();
            StubResponse::json(200, json!({ "id": request.path_value("fapiao_apply_id") }))
        })
        .unwrap();
    let reply = world.merchant.post(&path, &json!({})).await;
    assert_eq!(reply.json()["id"], "4200000444201910177461284488");
    world
        .sandbox
        .stub(Method::POST, REVERSE)
        .times(1)
        .respond_with(|_| panic!("on purpose"))
        .unwrap();
    world
        .sandbox
        .stub(Method::POST, REVERSE)
        .respond_with(|_| StubResponse::from(99))
        .unwrap();
    for words in ["its function panicked", "99 is not the status"] {
        let reply = world.merchant.post(&path, &json!({})).await;
        assert_eq!(refusal(&reply), (501, "SANDBOX_STUB_BROKEN".to_owned()));
        let hint = reply.json()["detail"]["sandbox"]["hint"].to_string();
        assert!(hint.contains(words), "{hint}");
    }
}

#[tokio::test]
async fn a_snapshot_has_no_stubs_and_a_restore_leaves_them() {
    let world = World::start().await;
    let before = world.sandbox.snapshot();
    world.sandbox.stub(Method::POST, REVERSE).respond(204).unwrap();
    assert!(!world.sandbox.snapshot().to_json().contains("fapiao-applications"));
    world.sandbox.restore(&before).unwrap();
    assert_eq!(world.reverse().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn stubs_are_made_and_removed_by_http() {
    let world = World::start().await;
    let stub = json!({
        "method": "post", "path": REVERSE, "status": 200, "body": { "state": "DONE", "phone": "1" },
        "headers": { "x-more": "1" }, "times": 2, "delay": "1ms",
        "sensitive_request": ["user_name"], "sensitive_response": ["phone"],
    });
    let reply = world.admin("POST", "/stubs", &stub).await;
    assert_eq!((reply.status, reply.json()), (StatusCode::OK, json!({ "id": 1 })));
    let reply = world.reverse().await;
    assert_eq!(
        (reply.json()["state"].as_str(), reply.header("x-more")),
        (Some("DONE"), "1")
    );
    assert_ne!(reply.json()["phone"], "1");
    world.merchant.verify(&reply).await.unwrap();
    let listed = world.admin("GET", "/stubs", &Value::Null).await.json();
    assert_eq!(
        listed["stubs"],
        json!([{ "id": 1, "method": "POST", "path": REVERSE, "times": 2, "responses": 1, "requests": [1] }])
    );
    let request = world.admin("GET", "/requests/1", &Value::Null).await.json();
    assert_eq!(request["stub"], 1);
    let mut browser = Browser::new(&world.sandbox);
    browser.language = "zh-CN";
    for page in ["/_sandbox/requests", "/_sandbox/requests/1"] {
        assert!(browser.get(page).await.text().contains("桩 1"), "{page}");
    }

    let file = json!({ "method": "GET", "path": IMAGE, "file": { "content_type": "image/png", "base64": "iVBORw==" } });
    assert_eq!(world.admin("POST", "/stubs", &file).await.json()["id"], 2);
    let reply = world.merchant.get("/v3/merchant-service/images/1").await;
    assert_eq!(reply.body, &b"\x89PNG"[..]);
    let nothing = json!({ "method": "DELETE", "path": "/v3/merchant-service/complaint-notifications" });
    assert_eq!(world.admin("POST", "/stubs", &nothing).await.json()["id"], 3);
    let path = "/v3/merchant-service/complaint-notifications";
    let request = world.merchant.request(Method::DELETE, path, b"").await;
    assert_eq!(send(request).await.status, StatusCode::NO_CONTENT);

    assert_eq!(world.admin("DELETE", "/stubs/9", &Value::Null).await.status, 404);
    let left = world.admin("DELETE", "/stubs/2", &Value::Null).await.json();
    assert_eq!(left["stubs"].as_array().unwrap().len(), 2);
    let left = world.admin("DELETE", "/stubs", &Value::Null).await.json();
    assert_eq!(left, json!({ "stubs": [] }));
}

#[tokio::test]
async fn a_stub_that_cannot_be_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let good = || json!({ "method": "POST", "path": REVERSE, "status": 200, "body": {} });
    let with = |key: &str, value: Value| {
        let mut stub = good();
        stub[key] = value;
        stub
    };
    for (stub, words) in [
        (json!({}), "missing field `method`"),
        (with("path", json!("/v2/a")), "it begins with /v3/"),
        (with("path", json!("/v3/a?b=c")), "no query"),
        (with("path", json!("/v3/{a}/{a}")), "twice"),
        (
            with("method", json!("CONNECT")),
            "GET, POST, PUT, PATCH or DELETE",
        ),
        (with("method", json!("a b")), "GET, POST, PUT, PATCH or DELETE"),
        (with("status", json!(42)), "42 is not the status"),
        (with("status", json!(70_000)), "invalid value"),
        (with("status", json!(204)), "status 204 has no body"),
        (with("times", json!(0)), "times is at least 1"),
        (with("delay", json!("soon")), "delay is a span"),
        (
            with("headers", json!({ "Wechatpay-Serial": "x" })),
            "the sandbox signs",
        ),
        (
            with("sensitive_request", json!(["a//b"])),
            "not the path of a field",
        ),
        (with("sensitive_response", json!(["name"])), "no text at `name`"),
        (
            with("file", json!({ "content_type": "a/b", "base64": "" })),
            "not both",
        ),
        (with("colour", json!("red")), "unknown field `colour`"),
    ] {
        let reply = world.admin("POST", "/stubs", &stub).await;
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, 400, "{stub}");
        assert!(message.contains(words), "{stub}: {message}");
    }
    let mut file = good();
    file["body"] = Value::Null;
    for (status, base64, words) in [(200, "%", "not base64"), (206, "", "status 200")] {
        file["status"] = json!(status);
        file["file"] = json!({ "content_type": "image/png", "base64": base64 });
        let reply = world.admin("POST", "/stubs", &file).await;
        assert!(reply.text().contains(words), "{}", reply.text());
    }
    assert!(world.sandbox.stubs().is_empty());
    assert_eq!(world.admin("POST", "/stubs", &good()).await.status, 200);
    let reply = world.admin("POST", "/stubs", &good()).await;
    assert_eq!(reply.status, 409);
    assert!(reply.text().contains("stub 1 for "), "{}", reply.text());
    assert_eq!(world.sandbox.stubs().len(), 1);
}
