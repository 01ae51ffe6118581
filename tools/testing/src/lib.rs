//! Rig for the tests of sandbox and dashboard.
//!
//! A client on `wechatpay-core`, a browser without a screen, and a shop.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    missing_docs,
    missing_debug_implementations,
    reason = "a rig of tests: what cannot be built fails the suite loudly"
)]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    crypto::{Sha256, default_provider},
    keys::{KeyOrigin, PinnedKeys, PlatformKey},
    notify::{NotificationReceiver, VerifiedNotification},
    sign::{LocalSigner, RequestSigner},
    testing::{
        DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey,
        private_key_pem, public_key_pem,
    },
    types::{ApiV3Key, Appid, Mchid, PublicKeyId, SerialNumber},
    verify::{Verifier, VerifyError},
};
use wechatpay_sandbox::{DEMO_MERCHANT_SERIAL, MerchantSpec, Sandbox};

pub const SHORT: Duration = Duration::from_secs(10);

/// Time limit that suffices on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// Waits until it is so, for at most a minute.
pub async fn until(mut so: impl FnMut() -> bool) {
    let comes_about = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(LONG, comes_about).await;
    assert!(waited.is_ok(), "it does not come about");
}

/// A clock that a test turns.
#[derive(Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Default for Hand {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_704_083_696)))
    }
}

impl Hand {
    pub fn clock(&self) -> Clock {
        let time = Arc::clone(&self.0);
        Clock::from_fn(move || time.load(Ordering::SeqCst))
    }

    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

type Http = Client<HttpConnector, Full<Bytes>>;

fn http() -> Http {
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http()
}

/// A response.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The number behind the last `-` of `Request-ID`.
    pub fn number(&self) -> u64 {
        self.header("request-id")
            .rsplit_once('-')
            .unwrap()
            .1
            .parse()
            .unwrap()
    }

    pub fn is_signed(&self) -> bool {
        self.headers.contains_key("wechatpay-signature")
    }
}

/// All bytes of a message that a seed fixes, its headers in order.
pub fn bytes_of(headers: &HeaderMap, body: &Bytes) -> (String, Bytes) {
    let mut headers: Vec<String> = headers
        .iter()
        // The receiver's own port is not ours to fix.
        .filter(|(name, _)| *name != "host")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    (headers.join("\n"), body.clone())
}

/// Sends a request as it is.
pub async fn send(request: http::Request<Full<Bytes>>) -> Reply {
    let response = http().request(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

/// A merchant that calls the gateway.
#[derive(Clone)]
pub struct Merchant {
    pub base_url: String,
    pub signer: RequestSigner,
    pub clock: Clock,
    /// Sent as `Wechatpay-Serial`.
    pub asks_for: Option<String>,
}

impl Merchant {
    pub fn new(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, DEMO_MCHID, DEMO_MERCHANT_SERIAL, DemoKey::Merchant)
    }

    pub fn with(sandbox: &Sandbox, mchid: &str, serial: &str, key: DemoKey) -> Self {
        let provider = default_provider().unwrap();
        let pem = private_key_pem(key.pkcs8());
        let signer = LocalSigner::new(
            SerialNumber::parse(serial).unwrap(),
            &pem.into(),
            provider.as_ref(),
        )
        .unwrap();
        Self {
            base_url: sandbox.base_url().to_owned(),
            signer: RequestSigner::new(Mchid::parse(mchid).unwrap(), Arc::new(signer))
                .clock(sandbox.core_clock()),
            clock: sandbox.core_clock(),
            asks_for: None,
        }
    }

    pub fn clock(mut self, clock: Clock) -> Self {
        self.signer = self.signer.clock(clock.clone());
        self.clock = clock;
        self
    }

    pub fn asks_for(mut self, key_id: &str) -> Self {
        self.asks_for = Some(key_id.to_owned());
        self
    }

    /// A request with all that the gateway insists on, signed.
    pub async fn request(&self, method: Method, target: &str, body: &[u8]) -> http::Request<Full<Bytes>> {
        let body = Bytes::copy_from_slice(body);
        let authorization = self
            .signer
            .authorize(&method, target, body.clone())
            .await
            .unwrap()
            .to_header_value()
            .unwrap();
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{target}", self.base_url))
            .header("accept", "application/json")
            .header("user-agent", "sandbox-test")
            .header(AUTHORIZATION, authorization);
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        if let Some(id) = &self.asks_for {
            request = request.header("wechatpay-serial", id);
        }
        request.body(Full::new(body)).unwrap()
    }

    pub async fn get(&self, target: &str) -> Reply {
        send(self.request(Method::GET, target, b"").await).await
    }

    pub async fn post(&self, target: &str, body: &Value) -> Reply {
        send(
            self.request(Method::POST, target, body.to_string().as_bytes())
                .await,
        )
        .await
    }

    /// Places an order in partner mode and expects it to work.
    pub async fn place(&self, scene: &str, out_trade_no: &str) -> Value {
        let path = format!("/v3/pay/partner/transactions/{scene}");
        let reply = self.post(&path, &partner_order(scene, out_trade_no)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        self.verify(&reply).await.unwrap();
        reply.json()
    }

    /// Verifies a response in public-key mode.
    pub async fn verify(&self, reply: &Reply) -> Result<(), VerifyError> {
        verify(&reply.headers, &reply.body, public_key(), &self.clock).await
    }
}

/// The demo public key as a client pins it.
pub fn public_key() -> PlatformKey {
    let provider = default_provider().unwrap();
    let key = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
    let id = PublicKeyId::parse(DEMO_PUBLIC_KEY_ID).unwrap();
    PlatformKey::public_key(id, &public_key_pem(key.public_key_info()), provider.as_ref()).unwrap()
}

/// A certificate as a client holds it.
pub fn certificate_key(pem: &str) -> PlatformKey {
    let provider = default_provider().unwrap();
    let certificate = wechatpay_core::crypto::x509::PlatformCertificate::from_pem(pem).unwrap();
    PlatformKey::certificate(&certificate, KeyOrigin::Downloaded, provider.as_ref()).unwrap()
}

/// Verifies with the client's own code.
pub async fn verify(
    headers: &HeaderMap,
    body: &Bytes,
    key: PlatformKey,
    clock: &Clock,
) -> Result<(), VerifyError> {
    let keys = PinnedKeys::new([key]).clock(clock.clone());
    let verifier = Verifier::new(Arc::new(keys)).clock(clock.clone());
    let pairs = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    verifier
        .begin(pairs)?
        .key()
        .await?
        .verify(body.clone())
        .map(|_| ())
}

/// A notification as decoded by the demo merchant's client code.
pub async fn opened(sandbox: &Sandbox, arrival: &Arrival) -> VerifiedNotification {
    let clock = sandbox.core_clock();
    let receiver = NotificationReceiver::builder(
        Mchid::parse(DEMO_MCHID).unwrap(),
        ApiV3Key::parse(DEMO_API_V3_KEY).unwrap(),
        Arc::new(PinnedKeys::new([public_key()]).clock(clock.clone())),
    )
    .clock(clock)
    .build()
    .unwrap();
    receiver
        .begin("POST", arrival.pairs())
        .unwrap()
        .finish(arrival.body.clone())
        .await
        .unwrap()
}

/// Envelope and resource of a notification, verified and decrypted step by step.
///
/// Works for anyone who has this APIv3 key.
pub async fn opened_with(sandbox: &Sandbox, arrival: &Arrival, api_v3_key: &str) -> (Value, Value) {
    verify(
        &arrival.headers,
        &arrival.body,
        public_key(),
        &sandbox.core_clock(),
    )
    .await
    .unwrap();
    let envelope: Value = serde_json::from_slice(&arrival.body).unwrap();
    let text = |key: &str| envelope["resource"][key].as_str().unwrap();
    let key = ApiV3Key::parse(api_v3_key).unwrap();
    let plain = default_provider()
        .unwrap()
        .aead(&key)
        .unwrap()
        .open(
            text("nonce").as_bytes(),
            text("associated_data").as_bytes(),
            STANDARD.decode(text("ciphertext")).unwrap(),
        )
        .unwrap();
    let resource = serde_json::from_slice(&plain).unwrap();
    (envelope, resource)
}

/// Encrypts a sensitive field to the demo public key.
pub fn encrypted(text: &str) -> String {
    let provider = default_provider().unwrap();
    let key = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
    let public = provider.public_key(key.public_key_info()).unwrap();
    STANDARD.encode(public.encrypt(text.as_bytes()).unwrap())
}

/// Status and code of a refusal.
pub fn refusal(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.code())
}

/// A good order of a service provider.
pub fn partner_order(scene: &str, out_trade_no: &str) -> Value {
    let mut order = json!({
        "sp_appid": DEMO_APPID,
        "sp_mchid": DEMO_MCHID,
        "sub_mchid": DEMO_SUB_MCHID,
        "description": "一杯咖啡",
        "out_trade_no": out_trade_no,
        "notify_url": "http://127.0.0.1:9/notify",
        "amount": { "total": 990, "currency": "CNY" },
    });
    scene_parts(&mut order, scene, "sp_openid");
    order
}

/// A good order of a direct merchant.
pub fn direct_order(scene: &str, out_trade_no: &str) -> Value {
    let mut order = json!({
        "appid": DEMO_APPID,
        "mchid": DEMO_MCHID,
        "description": "一杯咖啡",
        "out_trade_no": out_trade_no,
        "notify_url": "http://127.0.0.1:9/notify",
        "amount": { "total": 990 },
    });
    scene_parts(&mut order, scene, "openid");
    order
}

fn scene_parts(order: &mut Value, scene: &str, openid: &str) {
    match scene {
        "jsapi" => order["payer"] = json!({ openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }),
        "h5" => {
            order["scene_info"] = json!({ "payer_client_ip": "203.0.113.7", "h5_info": { "type": "Wap" } });
        }
        _ => {}
    }
}

/// A notification as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Arrival {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }
}

/// A shop's callback URL that responds as told and remembers what came.
#[derive(Clone)]
pub struct Shop {
    pub url: String,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Shop {
    /// Waits until so many notifications have come, whatever was answered.
    pub async fn gets(&self, count: usize) {
        until(|| self.arrivals().len() >= count).await;
    }

    /// Responds to each notification with the result of `response`.
    pub async fn start(reply: impl Fn(usize, &Arrival) -> u16 + Send + Sync + 'static) -> Self {
        let arrivals = Arc::new(Mutex::new(Vec::<Arrival>::new()));
        let kept = Arc::clone(&arrivals);
        let reply = Arc::new(reply);
        let app = Router::new().fallback(move |request: Request| {
            let (kept, reply) = (Arc::clone(&kept), Arc::clone(&reply));
            async move {
                let (parts, body) = request.into_parts();
                let arrival = Arrival {
                    headers: parts.headers,
                    body: body.collect().await.unwrap().to_bytes(),
                };
                let number = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(arrival.clone());
                    kept.len()
                };
                let status = reply(number, &arrival);
                let mut response = Response::new(Body::from("{\"code\":\"X\"}"));
                if status == 204 {
                    response = Response::new(Body::empty());
                }
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                if status == 302 {
                    response
                        .headers_mut()
                        .insert("location", "/elsewhere".parse().unwrap());
                }
                response
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, arrivals }
    }

    /// All bytes of the arrivals behind so many.
    pub fn bytes_after(&self, arrivals: usize) -> Vec<(String, Bytes)> {
        let all = self.arrivals();
        let later = all.iter().skip(arrivals);
        later
            .map(|arrival| bytes_of(&arrival.headers, &arrival.body))
            .collect()
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }
}

/// A visitor of the cashier.
#[derive(Clone)]
pub struct Browser {
    pub base_url: String,
    pub language: &'static str,
}

impl Browser {
    pub fn new(sandbox: &Sandbox) -> Self {
        Self {
            base_url: sandbox.base_url().to_owned(),
            language: "en",
        }
    }

    pub async fn get(&self, url: &str) -> Reply {
        let url = if url.starts_with('/') {
            format!("{}{url}", self.base_url)
        } else {
            url.to_owned()
        };
        let request = http::Request::get(url)
            .header("accept-language", self.language)
            .header("referer", "http://127.0.0.1:3000/")
            .body(Full::default())
            .unwrap();
        send(request).await
    }

    /// A form that is sent as browsers do.
    pub fn form(&self, fields: &[(&str, &str)]) -> http::Request<Full<Bytes>> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        http::Request::post(format!("{}/cashier/act", self.base_url))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept-language", self.language)
            .header("origin", &self.base_url)
            .header("sec-fetch-site", "same-origin")
            .body(Full::new(body.into()))
            .unwrap()
    }

    /// Presses a button of a page, and follows to the result.
    pub async fn press(&self, page: &Reply, action: &str, buyer: &str) -> Reply {
        let token = token(page);
        let reply = send(self.form(&[("page", &token), ("buyer", buyer), ("action", action)])).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        self.get(reply.header("location")).await
    }
}

/// The token of a page.
pub fn token(page: &Reply) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once("name=\"page\" value=\"")
        .unwrap_or_else(|| panic!("no buttons on this page: {text}"));
    rest.split_once('"').unwrap().0.to_owned()
}

/// One more merchant, with the demo sub-merchant.
pub fn with_second_merchant(builder: wechatpay_sandbox::SandboxBuilder) -> wechatpay_sandbox::SandboxBuilder {
    builder.merchant(
        MerchantSpec::new(
            Mchid::parse("1900000002").unwrap(),
            ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
        )
        .appid(Appid::parse("wx0123456789abcdef").unwrap())
        .sub_merchant(Mchid::parse(DEMO_SUB_MCHID).unwrap(), [])
        .demo_key(SerialNumber::parse("4F2E").unwrap(), DemoKey::OtherMerchant),
    )
}

/// The SHA-256 of an upload, in hex.
pub fn sha256(bytes: &[u8]) -> String {
    let mut digest = Sha256::new().unwrap();
    digest.update(bytes);
    digest.finish().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn meta(filename: &str, bytes: &[u8]) -> String {
    json!({ "filename": filename, "sha256": sha256(bytes) }).to_string()
}

/// A form as clients make it.
pub fn form(meta: &str, filename: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--form-boundary\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n--form-boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--form-boundary--\r\n");
    body
}

/// Sends an upload that is signed over `signed`.
pub async fn post(merchant: &Merchant, path: &str, signed: &[u8], body: Vec<u8>) -> Reply {
    let content_type = "multipart/form-data; boundary=form-boundary";
    post_as(merchant, path, signed, content_type, body).await
}

pub async fn post_as(
    merchant: &Merchant,
    path: &str,
    signed: &[u8],
    content_type: &str,
    body: Vec<u8>,
) -> Reply {
    let authorization = merchant
        .signer
        .authorize(&Method::POST, path, Bytes::copy_from_slice(signed))
        .await
        .unwrap()
        .to_header_value()
        .unwrap();
    let request = http::Request::post(format!("{}{path}", merchant.base_url))
        .header("accept", "application/json")
        .header("user-agent", "sandbox-test")
        .header("content-type", content_type)
        .header(AUTHORIZATION, authorization)
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    send(request).await
}
