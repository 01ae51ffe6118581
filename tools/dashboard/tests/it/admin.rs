//! The admin API: everything by HTTP, as a test in another language does it.

use http::{Method, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use wechatpay_core::testing::DEMO_API_V3_KEY;
use wechatpay_sandbox::{KeyMode, Sandbox, SandboxBuilder};

use crate::support::{Merchant, Reply, Shop, direct_order, send};

const NATIVE: &str = "/v3/pay/transactions/native";
const NUMBER: &str = "demo-0001";

/// A sandbox, and a program that knows its address only.
struct Admin {
    sandbox: Sandbox,
    merchant: Merchant,
}

impl Admin {
    async fn start(builder: SandboxBuilder) -> Self {
        let sandbox = builder.start().await.unwrap();
        let merchant = Merchant::new(&sandbox);
        Self { sandbox, merchant }
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> http::Request<Full<bytes::Bytes>> {
        let body = if body.is_null() {
            Full::default()
        } else {
            Full::new(body.to_string().into())
        };
        http::Request::builder()
            .method(method)
            .uri(format!("{}/_sandbox/api{path}", self.sandbox.base_url()))
            .header("content-type", "application/json")
            .body(body)
            .unwrap()
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        send(self.request(method, path, &body)).await
    }

    /// A call that works.
    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let reply = self.call(method, path, body).await;
        assert_eq!(reply.status, StatusCode::OK, "{method} {path}: {}", reply.text());
        reply.json()
    }

    async fn get(&self, path: &str) -> Value {
        self.done("GET", path, Value::Null).await
    }

    async fn place(&self, notify_url: &str) -> Reply {
        let mut order = direct_order("native", NUMBER);
        order["notify_url"] = json!(notify_url);
        self.merchant.post(NATIVE, &order).await
    }
}

fn problem(reply: &Reply) -> (u16, String) {
    let code = reply.json()["error"]["code"].as_str().unwrap().to_owned();
    assert!(reply.json()["error"]["message"].is_string());
    (reply.status.as_u16(), code)
}

#[tokio::test]
async fn an_order_is_paid_refunded_and_told_of_by_http() {
    let shop = Shop::start(|_, _| 204).await;
    let admin = Admin::start(crate::builder().manual_clock().seed(7)).await;
    let info = admin.get("/info").await;
    assert_eq!(info["base_url"], admin.sandbox.base_url());
    assert_eq!(info["clock"]["is_manual"], true);
    let env = info["env"].as_array().unwrap();
    assert!(
        env.iter()
            .any(|line| line.as_str().unwrap().starts_with("WECHATPAY_MCHID="))
    );

    assert_eq!(admin.place(&shop.url).await.status, StatusCode::OK);
    let path = format!("/orders/{NUMBER}");
    assert_eq!(admin.get(&path).await["state"], "NOTPAY");
    let poor = admin
        .call("POST", &format!("{path}/pay"), json!({ "buyer": "bob" }))
        .await;
    assert_eq!(problem(&poor), (409, "conflict".to_owned()));
    let paid = admin.done("POST", &format!("{path}/pay"), Value::Null).await;
    assert_eq!(paid["state"], "SUCCESS");
    admin.done("POST", "/clock/idle", Value::Null).await;
    assert_eq!(shop.arrivals().len(), 1);

    let refund = admin
        .done("POST", &format!("{path}/refund"), json!({ "amount": 300 }))
        .await;
    let number = refund["out_refund_no"].as_str().unwrap();
    let settled = admin
        .done(
            "POST",
            &format!("/refunds/{number}/settle"),
            json!({ "to": "SUCCESS" }),
        )
        .await;
    assert_eq!(settled["state"], "SUCCESS");
    admin.done("POST", "/clock/idle", Value::Null).await;
    assert_eq!(shop.arrivals().len(), 2);
    let again = admin
        .call(
            "POST",
            &format!("/refunds/{number}/settle"),
            json!({ "to": "CLOSED" }),
        )
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let told = admin.get(&format!("/notifications?about={NUMBER}")).await;
    let told = told["notifications"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    let id = told[0]["id"].as_str().unwrap();
    let attempt = admin
        .done("POST", &format!("/notifications/{id}/send"), Value::Null)
        .await;
    assert_eq!((&attempt["status"], shop.arrivals().len()), (&json!(204), 3));
    let one = admin.get(&format!("/notifications/{id}")).await;
    assert!(one["resource"]["out_trade_no"] == NUMBER && one["sent"]["body"].is_string());

    // A day later there are bills, and the sandbox has said what happened on the way.
    let turn = admin.done("POST", "/clock/advance", json!({ "by": "1d" })).await;
    assert_eq!(
        turn["to"].as_i64().unwrap() - turn["from"].as_i64().unwrap(),
        86_400
    );
    let turn = admin
        .done("POST", "/clock/advance", json!({ "next_day_at": "10:05" }))
        .await;
    let kinds: Vec<&str> = turn["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"bills-ready"), "{kinds:?}");
    let bill = admin.call("GET", "/bills/2026-01-05/ALL", Value::Null).await;
    assert!(
        bill.text().contains(NUMBER) && bill.text().contains("9.90"),
        "{}",
        bill.text()
    );
    let refunds = admin.get(&format!("/refunds?order={NUMBER}")).await;
    assert_eq!(refunds["refunds"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn faults_are_made_listed_and_taken_back_by_http() {
    let admin = Admin::start(crate::builder()).await;
    let rule = json!({ "do": "status=503", "when": { "path": "/v3/pay/**" }, "times": 0 });
    let id = admin.done("POST", "/faults", rule.clone()).await["id"].clone();
    let reply = admin.place("http://127.0.0.1:9/notify").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let listed = admin.get("/faults").await;
    assert_eq!(listed["faults"][0]["fired"], 1);
    let request = admin.get("/requests").await["requests"][0].clone();
    assert_eq!(request["faults"], json!(["status=503"]));
    admin.done("DELETE", &format!("/faults/{id}"), Value::Null).await;
    assert_eq!(
        admin.place("http://127.0.0.1:9/notify").await.status,
        StatusCode::OK
    );
    let gone = admin.call("DELETE", &format!("/faults/{id}"), Value::Null).await;
    assert_eq!(problem(&gone), (404, "no-such-fault".to_owned()));
    admin
        .done("PUT", "/faults", json!({ "faults": [rule, { "do": "lost" }] }))
        .await;
    assert_eq!(admin.sandbox.faults().len(), 2);
    admin.done("DELETE", "/faults", Value::Null).await;
    assert!(admin.sandbox.faults().is_empty());

    // Every example of the catalogue is one that the API takes.
    let catalogue = admin.get("/faults/catalogue").await;
    for fault in catalogue["faults"].as_array().unwrap() {
        admin
            .done("POST", "/faults", json!({ "do": fault["example"] }))
            .await;
    }
    let bad = admin.call("POST", "/faults", json!({ "do": "nonsense" })).await;
    assert_eq!(problem(&bad), (400, "bad-request".to_owned()));
}

#[tokio::test]
async fn a_request_is_shown_with_what_was_signed_and_replayed() {
    let admin = Admin::start(crate::builder()).await;
    admin.place("http://127.0.0.1:9/notify").await;
    let request = admin.get("/requests/1").await;
    let message = request["sign_message"].as_str().unwrap();
    assert!(message.starts_with("POST\n/v3/pay/transactions/native\n") && message.ends_with("}\n"));
    assert_eq!(request["headers"]["authorization"], "(withheld)");
    assert!(request["response"]["body"].as_str().unwrap().contains("code_url"));
    let replayed = admin.done("POST", "/requests/1/replay", Value::Null).await;
    assert_eq!(
        (&replayed["number"], &replayed["status"]),
        (&json!(2), &json!(200))
    );
    let none = admin.call("GET", "/requests/99", Value::Null).await;
    assert_eq!(problem(&none), (404, "no-such-request".to_owned()));
}

#[tokio::test]
async fn a_seed_by_http_begins_the_same_ids_again() {
    let admin = Admin::start(crate::builder().manual_clock()).await;
    let mut runs = Vec::new();
    for number in ["demo-0001", "demo-0002"] {
        admin.done("PUT", "/seed", json!({ "seed": 7 })).await;
        let reply = admin.merchant.post(NATIVE, &direct_order("native", number)).await;
        runs.push((
            reply.json()["code_url"].clone(),
            reply.header("wechatpay-nonce").to_owned(),
        ));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_reset_forgets_what_happened_and_what_was_to_happen() {
    let shop = Shop::start(|_, _| 500).await;
    let admin = Admin::start(crate::builder().manual_clock()).await;
    admin.place(&shop.url).await;
    admin
        .done("POST", &format!("/orders/{NUMBER}/pay"), Value::Null)
        .await;
    admin.done("POST", "/faults", json!({ "do": "lost" })).await;
    admin.done("POST", "/clock/idle", Value::Null).await;
    assert_eq!(shop.arrivals().len(), 1);
    admin.done("POST", "/reset", Value::Null).await;
    for (path, key) in [
        ("/orders", "orders"),
        ("/requests", "requests"),
        ("/notifications", "notifications"),
        ("/faults", "faults"),
        ("/lints", "lints"),
    ] {
        assert_eq!(admin.get(path).await[key], json!([]), "{path}");
    }
    // The retry of a notification that is forgotten does not come.
    admin.done("POST", "/clock/advance", json!({ "by": "1h" })).await;
    assert_eq!(shop.arrivals().len(), 1);
    // The same number is free again, and is paid and told of as if it were the first.
    assert_eq!(admin.place(&shop.url).await.status, StatusCode::OK);
    admin
        .done("POST", &format!("/orders/{NUMBER}/pay"), Value::Null)
        .await;
    admin.done("POST", "/clock/idle", Value::Null).await;
    assert_eq!(shop.arrivals().len(), 2);
}

#[tokio::test]
async fn certificates_rotate_by_http() {
    let admin = Admin::start(crate::builder().keys(KeyMode::Certificate)).await;
    let before = admin.get("/certs").await["certificates"][0]["serial_no"].clone();
    let both = admin
        .done("POST", "/certs/rotate", json!({ "step": "announce" }))
        .await;
    assert_eq!(both["certificates"].as_array().unwrap().len(), 2);
    admin
        .done("POST", "/certs/rotate", json!({ "step": "ramp", "percent": 50 }))
        .await;
    admin
        .done("POST", "/certs/rotate", json!({ "step": "finish" }))
        .await;
    admin
        .done("POST", "/certs/rotate", json!({ "step": "expire-old" }))
        .await;
    let after = admin.get("/certs").await["certificates"].clone();
    assert!(after.as_array().unwrap().len() == 1 && after[0]["serial_no"] != before);
    let reply = admin.merchant.get("/v3/certificates").await;
    assert_eq!(after[0]["serial_no"], reply.header("wechatpay-serial"));
    let none = Admin::start(crate::builder()).await;
    let refused = none.call("POST", "/certs/rotate", Value::Null).await;
    assert_eq!(problem(&refused), (409, "conflict".to_owned()));
}

#[tokio::test]
async fn events_are_streamed_from_the_one_that_is_known() {
    let admin = Admin::start(crate::builder()).await;
    admin.place("http://127.0.0.1:9/notify").await;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<bytes::Bytes>>();
    let response = client
        .request(admin.request("GET", "/events?after=0", &Value::Null))
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut text = String::new();
    let mut is_paid = false;
    while !text.contains("event: paid") {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        if text.contains("event: request") && !is_paid {
            is_paid = true;
            admin
                .done("POST", &format!("/orders/{NUMBER}/pay"), Value::Null)
                .await;
        }
    }
    let mut ids = Vec::new();
    for message in text.split("\n\n").filter(|message| message.contains("data: {")) {
        let (_, data) = message.split_once("data: ").unwrap();
        let event: Value = serde_json::from_str(data).unwrap();
        assert!(message.contains(&format!("event: {}", event["kind"].as_str().unwrap())));
        ids.push(event["id"].as_u64().unwrap());
    }
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_of_another_site_presses_nothing() {
    let admin = Admin::start(crate::builder()).await;
    admin.place("http://127.0.0.1:9/notify").await;
    let pay = format!("/orders/{NUMBER}/pay");
    for (name, text) in [
        ("host", "evil.example:8640"),
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1:1"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let mut request = admin.request("POST", &pay, &json!({}));
        request.headers_mut().insert(name, text.parse().unwrap());
        assert_eq!(
            problem(&send(request).await),
            (403, "refused".to_owned()),
            "{name}: {text}"
        );
    }
    // Nor does it read, by another name of this machine.
    let mut request = admin.request("GET", "/info", &Value::Null);
    request
        .headers_mut()
        .insert("host", "evil.example".parse().unwrap());
    assert_eq!(send(request).await.status, StatusCode::FORBIDDEN);
    // What a form can send is no JSON.
    let mut request = admin.request("POST", &pay, &json!({}));
    request
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(problem(&send(request).await), (415, "not-json".to_owned()));
    assert!(!admin.sandbox.order(NUMBER).unwrap().is_paid());
    let reply = admin.call("GET", "/info", Value::Null).await;
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_merchant_is_shown_without_its_secrets() {
    let admin = Admin::start(crate::builder()).await;
    let shown = admin.get("/merchants").await.to_string();
    assert!(shown.contains("\"has_private_key\":true"), "{shown}");
    for secret in ["api_v3_key", DEMO_API_V3_KEY, "certificates", "PRIVATE"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_payer_complains_and_the_complaint_goes_on_by_http() {
    let admin = Admin::start(crate::builder()).await;
    admin.place("https://shop.example/notify").await;
    let complain = format!("/orders/{NUMBER}/complain");
    let words = json!({ "detail": "没有收到货", "facts": { "apply_refund_amount": 300 } });
    let early = admin.call("POST", &complain, words.clone()).await;
    assert_eq!(problem(&early), (409, "conflict".to_owned()));
    admin
        .done("POST", &format!("/orders/{NUMBER}/pay"), Value::Null)
        .await;
    let complaint = admin.done("POST", &complain, words).await;
    let id = complaint["id"].as_str().unwrap();
    let settle = format!("/records/complaint/{id}/settle");
    let step = json!({ "to": "PROCESSED", "facts": { "step": { "action_type": "REFUND_SUCCESS" } } });
    assert_eq!(
        admin.done("POST", &settle, step.clone()).await["state"],
        "PROCESSED"
    );
    assert_eq!(problem(&admin.call("POST", &settle, step).await).0, 409);
    let listed = admin.get("/records?kind=complaint").await;
    assert_eq!(listed["records"][0]["number"], id);
    let entries = admin.get("/records?kind=complaint-entry").await;
    assert_eq!(entries["records"].as_array().unwrap().len(), 2);
    let none = admin
        .call(
            "POST",
            "/records/transfer/none/settle",
            json!({ "to": "SUCCESS" }),
        )
        .await;
    assert_eq!(problem(&none), (404, "no-such-record".to_owned()));
}

#[tokio::test]
async fn what_does_not_exist_or_does_not_fit_is_said_in_json() {
    let admin = Admin::start(crate::builder()).await;
    for (method, path, body, status) in [
        ("GET", "/nowhere", Value::Null, 404),
        ("GET", "/orders/none", Value::Null, 404),
        ("POST", "/orders/none/pay", Value::Null, 404),
        (
            "POST",
            "/orders/none/complain",
            json!({ "detail": "没有收到货" }),
            404,
        ),
        ("GET", "/records?kind=unheard", Value::Null, 400),
        (
            "POST",
            "/records/transfer/1/settle",
            json!({ "to": "SUCCESS", "facts": [] }),
            400,
        ),
        ("POST", "/notifications/none/send", Value::Null, 404),
        ("POST", "/notifications/none/stop", Value::Null, 404),
        ("GET", "/orders?limit=many", Value::Null, 400),
        ("GET", "/bills/yesterday/ALL", Value::Null, 400),
        ("PUT", "/seed", json!({ "seed": -1 }), 400),
        ("PUT", "/seed", json!({ "seed": 1, "more": 2 }), 400),
        ("PUT", "/seed", json!([1]), 400),
        ("POST", "/certs/rotate", json!([null, null]), 400),
        ("DELETE", "/faults/first", Value::Null, 400),
        ("GET", "/orders?state=unheard", Value::Null, 400),
        ("POST", "/info", Value::Null, 405),
        ("POST", "/clock/advance", json!({ "by": "1d" }), 409),
        ("POST", "/clock/advance", json!({}), 400),
        ("POST", "/certs/rotate", json!({ "step": "ramp" }), 400),
    ] {
        let reply = admin.call(method, path, body).await;
        assert_eq!(problem(&reply).0, status, "{method} {path}: {}", reply.text());
    }
    let description = send(
        http::Request::builder()
            .method(Method::GET)
            .uri(format!("{}/_sandbox/openapi.json", admin.sandbox.base_url()))
            .body(Full::default())
            .unwrap(),
    )
    .await;
    assert_eq!(description.json()["openapi"], "3.1.0");
}
