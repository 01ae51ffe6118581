//! A gateway that moves money by business number and fails on demand.
//!
//! It records each request and each movement of money.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tower::{BoxError, util::BoxCloneSyncService};
use wechatpay_core::{
    api::refunds::{Apply, Query, RefundAmount},
    sign::Authorization,
    testing::FakePlatform,
    types::{Fen, OutTradeNo},
    verify::Verifier,
};
use wechatpay_tower::{Client, MaybeBuffered, NotSent, RequestBody, client::ClientBuilder};

use crate::support::{Seen, add_signature};

/// Failure of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No failure.
    None,
    /// No connection is made.
    NotSent,
    /// 429, without effect.
    Throttled,
    /// A signed 403 with this code, without effect.
    Refused(&'static str),
    /// A signed 500 with this code, **after** the effect.
    Failed(&'static str),
    /// A page of a gateway in between, after the effect.
    Page(u16),
    /// No response, after the effect.
    Silence,
    /// The connection breaks, after the effect.
    Reset,
    /// The response is not signed.
    Unsigned,
    /// The signature is wrong on purpose (应答探测).
    Probe,
    /// The signed response to another request.
    Swapped,
    /// A signed response that is not a refund.
    Malformed,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    moved: BTreeMap<String, i64>,
    script: VecDeque<Fault>,
    always: Option<Fault>,
}

/// The gateway. Clones share everything.
#[derive(Clone)]
pub(crate) struct Bank {
    pub(crate) platform: FakePlatform,
    state: Arc<Mutex<State>>,
}

impl Bank {
    /// Makes a bank that fails for the first requests, in this order.
    pub(crate) fn failing(script: impl IntoIterator<Item = Fault>) -> Self {
        let state = State {
            script: script.into_iter().collect(),
            ..State::default()
        };
        Self {
            platform: FakePlatform::new(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Makes a bank that fails for every request.
    pub(crate) fn always(fault: Fault) -> Self {
        let bank = Self::failing([]);
        bank.set_always(Some(fault));
        bank
    }

    pub(crate) fn set_always(&self, fault: Option<Fault>) {
        self.state.lock().unwrap().always = fault;
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(self.platform.request_signer())
    }

    pub(crate) fn client(&self, builder: ClientBuilder) -> Client {
        builder
            .service(
                self.service::<MaybeBuffered<RequestBody>>(),
                Verifier::new(self.platform.key_store()),
            )
            .unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// Returns the amount moved under each number.
    pub(crate) fn moved(&self) -> BTreeMap<String, i64> {
        self.state.lock().unwrap().moved.clone()
    }

    pub(crate) fn service<B>(&self) -> BoxCloneSyncService<Request<B>, Response<Full<Bytes>>, BoxError>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let bank = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<B>| {
            let bank = bank.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map_err(Into::into)?.to_bytes();
                let (uri, headers) = (parts.uri, parts.headers);
                bank.response(Seen { uri, headers, body }).await
            }
        }))
    }

    async fn response(&self, seen: Seen) -> Result<Response<Full<Bytes>>, BoxError> {
        let fault = {
            let mut state = self.state.lock().unwrap();
            state.seen.push(seen.clone());
            let next = state.script.pop_front();
            next.or(state.always).unwrap_or(Fault::None)
        };
        match fault {
            Fault::NotSent => return Err(NotSent("connection refused".into()).into()),
            Fault::Throttled => {
                return Ok(self.signed(429, &json!({"code": "FREQUENCY_LIMITED", "message": "slower"})));
            }
            Fault::Refused(code) => return Ok(self.signed(403, &json!({"code": code, "message": "no"}))),
            _ => {}
        }
        let done = self.carry_out(&seen);
        match fault {
            Fault::Failed(code) => Ok(self.signed(500, &json!({"code": code, "message": "sorry"}))),
            Fault::Page(status) => Ok(bare(status, "<html>Bad Gateway</html>")),
            Fault::Silence => std::future::pending().await,
            Fault::Reset => Err("connection reset by peer".into()),
            Fault::Unsigned => Ok(bare(200, &done.to_string())),
            Fault::Probe => {
                let mut response = self.signed(200, &done);
                let probe = "WECHATPAY/SIGNTEST/x".parse()?;
                response.headers_mut().insert("wechatpay-signature", probe);
                Ok(response)
            }
            Fault::Swapped => {
                let mut other = done;
                for number in ["out_refund_no", "out_trade_no"] {
                    if other.get(number).is_some() {
                        other[number] = json!("ANOTHER-0001");
                    }
                }
                Ok(self.signed(200, &other))
            }
            Fault::Malformed => Ok(self.signed(200, &json!({"future": true}))),
            _ => Ok(self.signed(200, &done)),
        }
    }

    /// Moves a refund once per number; other requests get a QR code URL.
    fn carry_out(&self, seen: &Seen) -> Value {
        let path = seen.uri.path();
        if !path.contains("/refunds") {
            return json!({"code_url": "weixin://wxpay/bizpayurl?pr=1"});
        }
        if let Some((_, number)) = path.split_once("/refunds/") {
            return refund(number, 300);
        }
        let request: Value = serde_json::from_slice(&seen.body).unwrap();
        let number = request["out_refund_no"].as_str().unwrap().to_owned();
        let amount = request["amount"]["refund"].as_i64().unwrap();
        let mut state = self.state.lock().unwrap();
        let first = *state.moved.entry(number.clone()).or_insert(amount);
        assert_eq!(first, amount, "another amount under the same number");
        refund(&number, amount)
    }

    fn signed(&self, status: u16, body: &Value) -> Response<Full<Bytes>> {
        let body = body.to_string();
        let mut response = bare(status, &body);
        add_signature(&mut response, self.platform.sign(body.as_bytes()));
        response
    }
}

fn bare(status: u16, body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_owned())));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}

fn refund(number: &str, amount: i64) -> Value {
    json!({
        "refund_id": "50000000382019052709732678859", "out_refund_no": number,
        "transaction_id": "4200000001", "out_trade_no": "ORDER-0001", "channel": "ORIGINAL",
        "user_received_account": "x", "create_time": "2024-01-01T12:00:00+08:00", "status": "PROCESSING",
        "amount": {"total": 990, "refund": amount, "payer_total": 990, "payer_refund": amount,
            "settlement_refund": amount, "settlement_total": 990, "discount_refund": 0, "currency": "CNY"},
    })
}

/// Makes a refund of three yuan.
pub(crate) fn give_back() -> Apply {
    Apply::new(
        "ORDER-0001".parse::<OutTradeNo>().unwrap(),
        "REFUND-0001".parse().unwrap(),
        RefundAmount::cny(Fen::from(300), Fen::from(990)),
    )
}

/// Makes the query of that refund.
pub(crate) fn ask() -> Query {
    Query::new("REFUND-0001".parse().unwrap())
}

/// Returns the nonce of each request and asserts that its signature is right.
pub(crate) fn nonces(bank: &Bank) -> Vec<String> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use wechatpay_core::testing::DemoKey;

    let merchant = bank.platform.demo_key(DemoKey::Merchant);
    let key = bank
        .platform
        .provider()
        .public_key(merchant.public_key_info())
        .unwrap();
    bank.requests()
        .iter()
        .map(|seen| {
            let header = seen.headers["authorization"].to_str().unwrap();
            let authorization = Authorization::parse(header).unwrap();
            let method = if seen.body.is_empty() { "GET" } else { "POST" };
            let target = seen.uri.path_and_query().unwrap().as_str();
            let head = format!(
                "{method}\n{target}\n{}\n{}\n",
                authorization.timestamp, authorization.nonce
            );
            let signature = STANDARD.decode(&authorization.signature).unwrap();
            key.verify(&[head.as_bytes(), &seen.body, b"\n"], &signature)
                .unwrap();
            authorization.nonce
        })
        .collect()
}
