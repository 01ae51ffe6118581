//! Bytes on the wire: names of headers, shapes of bodies, words of errors.
//!
//! The client and the receiver here are bare sockets with a case-sensitive map of headers, as the official Java SDK has one.
//! The shapes are those of real traffic, from logs of integrators.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use wechatpay_core::testing::{DEMO_API_V3_KEY, DEMO_MCHID, DEMO_PUBLIC_KEY_ID};
use wechatpay_sandbox::{Buyer, Fault, KeyMode, RetrySchedule, Sandbox};

use crate::support::{
    Arrival, Merchant, SHORT, Shop, direct_order, opened_with, partner_order, public_key, send, verify,
};

const NATIVE: &str = "/v3/pay/transactions/native";
const NUMBER: &str = "demo-0001";
/// The headers of a signed message.
const SIGNATURE: [&str; 5] = [
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Serial",
    "Wechatpay-Signature",
    "Wechatpay-Signature-Type",
];

/// A message as it came off a socket.
struct Message {
    first_line: String,
    headers: HashMap<String, String>,
    names: Vec<String>,
    body: Bytes,
}

impl Message {
    async fn read(stream: &mut BufReader<TcpStream>) -> Self {
        let mut line = async || {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            line.trim_end_matches("\r\n").to_owned()
        };
        let first_line = line().await;
        let (mut headers, mut names) = (HashMap::new(), Vec::new());
        loop {
            let line = line().await;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            names.push(name.to_owned());
            headers.insert(name.to_owned(), value.to_owned());
        }
        let length = headers
            .get("Content-Length")
            .or(headers.get("content-length"))
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        Self {
            first_line,
            headers,
            names,
            body: body.into(),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.names))
    }

    /// The headers as the client's own code takes them.
    fn map(&self) -> HeaderMap {
        let pairs = self.headers.iter();
        pairs
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect()
    }
}

/// A connection to the gateway.
struct Socket(BufReader<TcpStream>);

impl Socket {
    async fn connect(sandbox: &Sandbox) -> Self {
        let address = sandbox.base_url().strip_prefix("http://").unwrap();
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Message {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let target = parts.uri.path_and_query().unwrap();
        let mut head = format!("{} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n", parts.method);
        for (name, value) in &parts.headers {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        self.0.write_all(head.as_bytes()).await.unwrap();
        self.0.write_all(&body).await.unwrap();
        Message::read(&mut self.0).await
    }

    async fn call(&mut self, merchant: &Merchant, method: Method, target: &str, body: &str) -> Message {
        self.exchange(merchant.request(method, target, body.as_bytes()).await)
            .await
    }
}

async fn quiet() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder().notify_enabled(false).start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    (sandbox, merchant)
}

#[tokio::test]
async fn a_client_with_a_case_sensitive_map_can_do_everything() {
    let sandbox = Sandbox::builder()
        .keys(KeyMode::Mixed)
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    let mut socket = Socket::connect(&sandbox).await;
    let other = direct_order("native", "demo-0002").to_string();
    let refund = json!({
        "out_trade_no": NUMBER, "out_refund_no": "refund-1",
        "amount": { "refund": 100, "total": 990, "currency": "CNY" },
    });
    let query = format!("/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={DEMO_MCHID}");
    for (method, target, body, status) in [
        (Method::GET, "/v3/certificates", String::new(), "200 OK"),
        (
            Method::POST,
            NATIVE,
            direct_order("native", NUMBER).to_string(),
            "200 OK",
        ),
        (Method::GET, &query, String::new(), "200 OK"),
        (Method::POST, NATIVE, other, "200 OK"),
        (
            Method::POST,
            "/v3/pay/transactions/out-trade-no/demo-0002/close",
            json!({ "mchid": DEMO_MCHID }).to_string(),
            "204 No Content",
        ),
        (
            Method::POST,
            "/v3/refund/domestic/refunds",
            refund.to_string(),
            "200 OK",
        ),
        (Method::POST, NATIVE, "{}".to_owned(), "400 Bad Request"),
    ] {
        if target.contains("refund") {
            sandbox.pay(NUMBER, Buyer::Alice).unwrap();
        }
        let message = socket.call(&merchant, method, target, &body).await;
        assert_eq!(message.first_line, format!("HTTP/1.1 {status}"), "{target}");
        for name in SIGNATURE {
            message.header(name);
        }
        let request_id = message.header("Request-ID");
        assert!(
            request_id.starts_with("08") && request_id.contains('-'),
            "{request_id}"
        );
        for (name, value) in [
            ("Server", "nginx"),
            ("Connection", "keep-alive"),
            ("Keep-Alive", "timeout=8"),
            ("Cache-Control", "no-cache, must-revalidate"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Language", "zh-CN"),
        ] {
            assert_eq!(message.header(name), value, "{name}");
        }
        if !message.body.is_empty() {
            assert_eq!(message.header("Content-Type"), "application/json; charset=utf-8");
        }
        verify(&message.map(), &message.body, public_key(), &merchant.clock)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_connection_ends_when_the_client_says_so_and_when_it_is_idle() {
    let (sandbox, merchant) = quiet().await;
    let mut idle = Socket::connect(&sandbox).await;
    let query = format!("/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={DEMO_MCHID}");
    idle.call(&merchant, Method::GET, &query, "").await;
    let since = Instant::now();

    let mut closing = Socket::connect(&sandbox).await;
    let mut request = merchant.request(Method::GET, &query, b"").await;
    request
        .headers_mut()
        .insert("connection", "close".parse().unwrap());
    let message = closing.exchange(request).await;
    assert_eq!(message.header("Connection"), "close");
    assert!(!message.headers.contains_key("Keep-Alive"));
    assert_eq!(closing.0.read(&mut [0]).await.unwrap(), 0);

    // Nothing is said before the end, and the end comes after eight seconds.
    let read = tokio::time::timeout(Duration::from_secs(30), idle.0.read(&mut [0])).await;
    assert_eq!(read.unwrap().unwrap(), 0);
    assert!(since.elapsed() >= Duration::from_secs(7), "{:?}", since.elapsed());
}

/// The first delivery that comes to a bare socket.
async fn delivered(listener: TcpListener) -> Message {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    let message = Message::read(&mut stream).await;
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
        .await
        .unwrap();
    message
}

/// A paid order whose notification comes to a bare socket.
async fn notified(sandbox: &Sandbox, merchant: &Merchant) -> Message {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut order = direct_order("native", NUMBER);
    order["notify_url"] = json!(format!("http://{}/notify", listener.local_addr().unwrap()));
    assert_eq!(merchant.post(NATIVE, &order).await.status, 200);
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let message = delivered(listener).await;
    sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    message
}

#[tokio::test]
async fn a_receiver_with_a_case_sensitive_map_finds_the_headers() {
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap();
    let message = notified(&sandbox, &Merchant::new(&sandbox)).await;
    assert_eq!(message.first_line, "POST /notify HTTP/1.1");
    for name in SIGNATURE.into_iter().chain(["Host", "Content-Length"]) {
        message.header(name);
    }
    for (name, value) in [
        ("User-Agent", "Mozilla/4.0"),
        ("Accept", "*/*"),
        ("Connection", "Keep-Alive"),
        ("Pragma", "no-cache"),
        ("Cache-Control", "no-cache"),
        ("Content-Type", "application/json"),
    ] {
        assert_eq!(message.header(name), value, "{name}");
    }
    assert_eq!(message.header("Request-ID").len(), 36, "a UUID");
    verify(&message.map(), &message.body, public_key(), &sandbox.core_clock())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_proxy_may_write_names_in_lower_case() {
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    sandbox.fault(Fault::LowerCaseHeaders.on_event("TRANSACTION.*"));
    let notification = notified(&sandbox, &merchant).await;
    sandbox.fault(Fault::LowerCaseHeaders.on("GET /v3/pay/**"));
    let query = format!("/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={DEMO_MCHID}");
    let mut socket = Socket::connect(&sandbox).await;
    let response = socket.call(&merchant, Method::GET, &query, "").await;
    for message in [notification, response] {
        for name in SIGNATURE.into_iter().chain(["Request-ID", "Content-Length"]) {
            message.header(&name.to_ascii_lowercase());
        }
        for name in &message.names {
            assert_eq!(*name, name.to_ascii_lowercase());
        }
        verify(&message.map(), &message.body, public_key(), &merchant.clock)
            .await
            .unwrap();
    }
    // The next one is as always.
    let response = socket.call(&merchant, Method::GET, &query, "").await;
    response.header("Wechatpay-Nonce");
}

/// The keys of an object, in order.
fn keys(json: &Value) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn bodies_have_the_shapes_that_were_seen() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let mut order = direct_order("native", NUMBER);
    order["notify_url"] = json!(shop.url);
    merchant.post(NATIVE, &order).await;
    let query = format!("/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={DEMO_MCHID}");

    let unpaid = merchant.get(&query).await.json();
    assert_eq!(
        unpaid,
        json!({
            "amount": { "currency": "CNY", "payer_currency": "CNY", "total": 990 },
            "appid": order["appid"], "attach": "", "mchid": DEMO_MCHID, "out_trade_no": NUMBER,
            "promotion_detail": [], "scene_info": { "device_id": "" },
            "trade_state": "NOTPAY", "trade_state_desc": "订单未支付",
        })
    );

    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    let paid = merchant.get(&query).await.json();
    assert_eq!(
        keys(&paid),
        [
            "amount",
            "appid",
            "attach",
            "bank_type",
            "mchid",
            "out_trade_no",
            "payer",
            "promotion_detail",
            "success_time",
            "trade_state",
            "trade_state_desc",
            "trade_type",
            "transaction_id",
        ]
    );
    assert_eq!(
        (&paid["attach"], &paid["promotion_detail"]),
        (&json!(""), &json!([]))
    );

    let arrival = shop.arrivals().pop().unwrap();
    let (_, resource) = opened_with(&sandbox, &arrival, DEMO_API_V3_KEY).await;
    let mut told = paid.clone();
    told.as_object_mut().unwrap().remove("promotion_detail");
    assert_eq!(resource, told, "without promotions, and attach is there");
    assert_in_order(
        &arrival,
        &[
            "{\"id\":",
            "\"create_time\":",
            "\"resource_type\":\"encrypt-resource\"",
            "\"event_type\":\"TRANSACTION.SUCCESS\"",
            "\"summary\":\"支付成功\"",
            "\"resource\":{\"original_type\":\"transaction\"",
            "\"algorithm\":\"AEAD_AES_256_GCM\"",
            "\"ciphertext\":",
            "\"associated_data\":\"transaction\"",
            "\"nonce\":",
        ],
    );
}

fn assert_in_order(arrival: &Arrival, parts: &[&str]) {
    let body = std::str::from_utf8(&arrival.body).unwrap();
    let mut rest = body;
    for part in parts {
        let (_, behind) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part} is not behind the others in {body}"));
        rest = behind;
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named_as_in_real_responses() {
    let sandbox = Sandbox::builder().pure(true).lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let with = |pointer: &str, value: Value| {
        let mut order = direct_order("jsapi", NUMBER);
        *order.pointer_mut(pointer).unwrap() = value;
        order
    };
    for (order, body) in [
        (
            with("/payer/openid", json!("")),
            json!({
                "code": "PARAM_ERROR",
                "detail": { "location": "body", "value": "" },
                "message": "输入源“/body/payer/openid”映射到字段“用户标识”必填性规则校验失败，此字段为必填项",
            }),
        ),
        (
            with("/amount/total", json!(0.01)),
            json!({
                "code": "PARAM_ERROR",
                "detail": { "location": "body", "value": 0.01 },
                "message": "无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数",
            }),
        ),
        (
            with("/out_trade_no", json!("1")),
            json!({
                "code": "PARAM_ERROR",
                "detail": { "location": "body", "value": 1 },
                "message": "输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 1，小于最小值 6",
            }),
        ),
        (
            with("/payer", json!({ "openid": "o", "sp_openid": "o" })),
            json!({
                "code": "PARAM_ERROR",
                "detail": { "location": null, "value": ["/body/payer/sp_openid"] },
                "message": "请求中含有未在API文档中定义的参数",
            }),
        ),
    ] {
        let reply = merchant.post("/v3/pay/transactions/jsapi", &order).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.json(), body);
    }
    // A rule between fields is not explained, and the words of the documentation are to be had, too.
    let mut order = partner_order("native", NUMBER);
    order["settle_info"] = json!({ "subsidy_amount": 1 });
    let path = "/v3/pay/partner/transactions/native";
    let reply = merchant.post(path, &order).await;
    assert_eq!(
        reply.json(),
        json!({ "code": "PARAM_ERROR", "message": "参数错误" })
    );
    order["settle_info"] = json!({ "profit_sharing": "yes" });
    let mut request = merchant
        .request(Method::POST, path, order.to_string().as_bytes())
        .await;
    request
        .headers_mut()
        .insert("x-sandbox-fault", "documented-detail".parse().unwrap());
    assert_eq!(
        send(request).await.json(),
        json!({
            "code": "PARAM_ERROR",
            "detail": {
                "field": "/settle_info/profit_sharing", "issue": "must be true or false, without quotes",
                "location": "body", "value": "yes",
            },
            "message": "参数错误",
        })
    );
    // No serial for an encrypted field.
    let reply = merchant
        .post("/v3/security/echo", &json!({ "echo_message": "x" }))
        .await;
    assert_eq!(
        reply.json(),
        json!({ "code": "PARAM_ERROR", "message": "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)" })
    );
    let missing = merchant
        .get(&format!("/v3/pay/transactions/out-trade-no/{NUMBER}"))
        .await;
    assert_eq!(
        missing.json()["message"],
        "输入源“/query/mchid”映射到字段“直连商户号”必填性规则校验失败，此字段为必填项"
    );
}

#[tokio::test]
async fn other_errors_have_the_words_that_were_seen() {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let reply = merchant.get("/v3/certificates").await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (404, "RESOURCE_NOT_EXISTS")
    );
    let message = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。"),
        "{message}"
    );
    let reply = merchant
        .get(&format!(
            "/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={DEMO_MCHID}"
        ))
        .await;
    assert_eq!(
        (reply.code().as_str(), &reply.json()["message"]),
        ("ORDER_NOT_EXIST", &json!("订单不存在"))
    );
    let reply = merchant.get("/v3/refund/domestic/refunds/none").await;
    assert_eq!(reply.json()["message"], "退款单不存在");
    let mut request = merchant.request(Method::GET, "/v3/certificates", b"").await;
    *request.uri_mut() = format!("{}/v3/certificates?x=1", sandbox.base_url())
        .parse()
        .unwrap();
    let reply = send(request).await;
    assert_eq!(
        (reply.code().as_str(), &reply.json()["message"]),
        ("SIGN_ERROR", &json!("签名错误，请检查后再试"))
    );
}
