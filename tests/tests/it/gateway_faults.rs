//! Failures between a shop and the gateway, caused by a proxy.
//!
//! The client has its default settings. The tests count how often a call is sent, under which number, and that money
//! moves once.

mod code_pay;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, channel::Channel};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use wechatpay_core::{
    api::{
        deposits::{Compensate, PayerReceiver, Payment, QueryCompensationByOutBillNo, ReceiverType},
        prepay::NativePrepay,
        refunds::{Apply, Query, RefundAmount},
        transactions::QueryByOutTradeNo,
        transfers::{Create, QueryByOutBillNo, ReportInfo},
    },
    sign::Authorization,
    testing::{DEMO_APPID, DEMO_MCHID, FakePlatform},
    types::Fen,
    verify::Verifier,
};
use wechatpay_sandbox::{Account, Buyer, LintKind, RecordKind, RefundState, Sandbox};
use wechatpay_tower::{
    CallError, Client, Error,
    client::{Outcome, UnknownCause},
    hyper::HyperTransport,
};

/// Amount of a refund and of a transfer.
const REFUND: i64 = 300;
const COMPENSATION: u32 = 200;

/// Failures of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Carried out, and then a signed 500.
    SystemErrorAfter,
    /// A signed 500, and nothing was done.
    SystemErrorBefore,
    /// Carried out without a response.
    SilenceAfter,
    /// Not carried out, without a response.
    SilenceBefore,
    /// Carried out, and the connection breaks in the middle of the response.
    CutAfter,
    /// A signed 429, and nothing was done.
    Throttled,
    /// Carried out, and a proxy responds with HTML and this status.
    PageAfter(u16),
    /// Carried out, and the signature is missing.
    Unsigned,
    /// Carried out, and one byte of the response is another.
    Changed,
    /// Carried out, with the genuine response to another request.
    OtherResponse,
}

/// Calls that a shop cannot do without, and those that move money.
///
/// A payment by code takes several requests, see [`code_pay`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// A read.
    Query,
    /// A write by `out_trade_no`.
    Prepay,
    /// A write by `out_refund_no`, which moves money.
    Refund,
    /// A write by `out_bill_no`, which pays the payer of an order from the platform's account.
    Compensate,
    /// A write by `out_bill_no`, which pays a user.
    Transfer,
}

/// A request as received by the proxy.
#[derive(Clone, Debug)]
struct Seen {
    method: Method,
    target: String,
    body: Bytes,
    nonce: String,
}

/// A proxy in front of a sandbox, transparent by default.
struct Proxy {
    sandbox: Sandbox,
    platform: FakePlatform,
    transport: HyperTransport<Full<Bytes>>,
    state: Mutex<Script>,
}

#[derive(Default)]
struct Script {
    seen: Vec<Seen>,
    /// The failure, and the number of requests it affects.
    fault: Option<(Fault, usize)>,
    /// End of the paths that are affected; empty for all.
    only: &'static str,
    /// The latest response that was passed on, signature and all.
    earlier: Option<(http::response::Parts, Bytes)>,
}

impl Proxy {
    async fn serve(State(proxy): State<Arc<Self>>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let fault = proxy.note(&parts, &body);
        let before = match fault {
            Some(Fault::SystemErrorBefore) => Some(proxy.signed(500, "SYSTEM_ERROR")),
            Some(Fault::Throttled) => Some(proxy.signed(429, "FREQUENCY_LIMITED")),
            Some(Fault::SilenceBefore) => std::future::pending().await,
            _ => None,
        };
        if let Some(reply) = before {
            return reply;
        }
        let earlier = proxy.state.lock().unwrap().earlier.clone();
        let (reply, text) = proxy.pass_on(parts, body).await;
        match fault {
            Some(Fault::SystemErrorAfter) => proxy.signed(500, "SYSTEM_ERROR"),
            Some(Fault::SilenceAfter) => std::future::pending().await,
            Some(Fault::CutAfter) => cut(reply, text),
            Some(Fault::PageAfter(status)) => page(status),
            Some(Fault::Unsigned) => unsigned(reply, text),
            Some(Fault::Changed) => changed(reply, &text),
            Some(Fault::OtherResponse) => {
                let (reply, text) = earlier.unwrap();
                Response::from_parts(reply, Body::from(text))
            }
            _ => {
                proxy.state.lock().unwrap().earlier = Some((reply.clone(), text.clone()));
                Response::from_parts(reply, Body::from(text))
            }
        }
    }

    /// Records a request and returns its failure.
    fn note(&self, parts: &http::request::Parts, body: &Bytes) -> Option<Fault> {
        let header = parts.headers[header::AUTHORIZATION].to_str().unwrap();
        let mut state = self.state.lock().unwrap();
        state.seen.push(Seen {
            method: parts.method.clone(),
            target: parts.uri.to_string(),
            body: body.clone(),
            nonce: Authorization::parse(header).unwrap().nonce,
        });
        let (fault, times) = state.fault.filter(|_| parts.uri.path().ends_with(state.only))?;
        state.fault = times
            .checked_sub(1)
            .filter(|left| *left > 0)
            .map(|left| (fault, left));
        Some(fault)
    }

    async fn pass_on(&self, mut parts: http::request::Parts, body: Bytes) -> (http::response::Parts, Bytes) {
        parts.uri = format!("{}{}", self.sandbox.base_url(), parts.uri)
            .parse::<Uri>()
            .unwrap();
        parts.headers.remove(header::HOST);
        let request = Request::from_parts(parts, Full::new(body));
        let (reply, body) = self
            .transport
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        (reply, body.collect().await.unwrap().to_bytes())
    }

    /// A signed rejection of the platform.
    fn signed(&self, status: u16, code: &str) -> Response {
        let body = serde_json::json!({ "code": code, "message": "again, please" }).to_string();
        let mut reply = Response::new(Body::from(body.clone()));
        *reply.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in self.platform.sign(body.as_bytes()) {
            reply.headers_mut().insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(&value).unwrap(),
            );
        }
        reply
    }
}

fn cut(mut reply: http::response::Parts, text: Bytes) -> Response {
    let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
    // The length that is announced stays the whole one.
    reply.headers.insert(header::CONTENT_LENGTH, text.len().into());
    tokio::spawn(async move {
        sender.send_data(text.slice(..text.len() / 2)).await.unwrap();
        tokio::task::yield_now().await;
        sender.abort(std::io::Error::other("cut"));
    });
    Response::from_parts(reply, Body::new(body))
}

fn page(status: u16) -> Response {
    let mut reply = Response::new(Body::from("<html><h1>Bad Gateway</h1></html>"));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap();
    reply
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    reply
}

fn unsigned(mut reply: http::response::Parts, text: Bytes) -> Response {
    reply.headers.remove("wechatpay-signature");
    Response::from_parts(reply, Body::from(text))
}

fn changed(reply: http::response::Parts, text: &Bytes) -> Response {
    let mut text = text.to_vec();
    let at = text.iter().rposition(u8::is_ascii_alphanumeric).unwrap();
    text[at] = if text[at] == b'1' { b'2' } else { b'1' };
    Response::from_parts(reply, Body::from(text))
}

/// A shop, the proxy, and the sandbox behind it.
struct World {
    sandbox: Sandbox,
    proxy: Arc<Proxy>,
    client: Client,
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .manual_clock()
            .notify_enabled(false)
            .start()
            .await
            .unwrap();
        let platform = FakePlatform::new().clock(sandbox.core_clock());
        let proxy = Arc::new(Proxy {
            sandbox: sandbox.clone(),
            platform: platform.clone(),
            transport: HyperTransport::new().unwrap(),
            state: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .fallback(Proxy::serve)
            .with_state(Arc::clone(&proxy));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        // Three attempts of ten seconds, as every client that says nothing.
        let client = Client::builder(platform.request_signer())
            .base_url(base)
            .service(
                HyperTransport::new().unwrap(),
                Verifier::new(platform.key_store()).clock(sandbox.core_clock()),
            )
            .unwrap();
        Self {
            sandbox,
            proxy,
            client,
        }
    }

    /// Applies the failure to the next `times` requests, and clears the record.
    fn spoil(&self, fault: Fault, times: usize) {
        let mut state = self.proxy.state.lock().unwrap();
        state.seen.clear();
        state.fault = Some((fault, times));
    }

    fn seen(&self) -> Vec<Seen> {
        self.proxy.state.lock().unwrap().seen.clone()
    }

    async fn call(&self, call: Call, number: u32) -> Result<(), CallError> {
        let order = format!("ORDER-{number:04}").parse().unwrap();
        match call {
            Call::Query => {
                let query = QueryByOutTradeNo::new(DEMO_MCHID.parse().unwrap(), order);
                self.client.call(&query).await.map(drop)
            }
            Call::Prepay => {
                let (appid, mchid) = (DEMO_APPID.parse().unwrap(), DEMO_MCHID.parse().unwrap());
                let url = "https://shop.example/notify";
                let prepay = NativePrepay::new(appid, mchid, "桂花乌龙", order, url, Fen::from(990));
                self.client.call(&prepay).await.map(drop)
            }
            Call::Transfer => {
                let bill = format!("TRANSFER{number:04}").parse().unwrap();
                let report = vec![ReportInfo::new("活动名称", "新会员有礼")];
                let openid = "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap();
                let (appid, amount) = (DEMO_APPID.parse().unwrap(), Fen::from(300));
                let create = Create::new(appid, bill, openid, amount, "有礼", "1000", report);
                self.client.call(&create).await.map(drop)
            }
            Call::Refund => {
                let refund = format!("REFUND-{number:04}").parse().unwrap();
                let amount = RefundAmount::cny(Fen::from(300), Fen::from(990));
                self.client
                    .call(&Apply::new(order, refund, amount))
                    .await
                    .map(drop)
            }
            Call::Compensate => {
                let paid = self.sandbox.order(order.as_str()).unwrap();
                let receiver = PayerReceiver::new()
                    .receiver_type(ReceiverType::TransactionUser)
                    .transaction_info(Payment::new(paid.transaction_id.unwrap()));
                let bill = format!("BILL{number:04}").parse().unwrap();
                let compensate = Compensate::new(receiver, bill, Fen::from(COMPENSATION), "退货运费补偿");
                self.client.call(&compensate).await.map(drop)
            }
        }
    }

    /// Returns true if the gateway has what moves the money.
    async fn knows(&self, call: Call, number: u32) -> bool {
        let (known, code) = if call == Call::Compensate {
            let query = QueryCompensationByOutBillNo::new(format!("BILL{number:04}").parse().unwrap());
            (self.client.call(&query).await.map(drop), "ORDER_NOT_EXIST")
        } else if call == Call::Transfer {
            let query = QueryByOutBillNo::new(format!("TRANSFER{number:04}").parse().unwrap());
            (self.client.call(&query).await.map(drop), "ORDER_NOT_EXIST")
        } else {
            let query = Query::new(format!("REFUND-{number:04}").parse().unwrap());
            (self.client.call(&query).await.map(drop), "RESOURCE_NOT_EXISTS")
        };
        match known {
            Ok(()) => true,
            Err(error) => {
                assert!(error.api().unwrap().is(code), "{error:?}");
                false
            }
        }
    }

    /// An order that is paid.
    async fn sell(&self, number: u32) {
        self.call(Call::Prepay, number).await.unwrap();
        self.sandbox
            .pay(&format!("ORDER-{number:04}"), Buyer::Alice)
            .unwrap();
    }

    /// Settled balance of the demo merchant's accounts.
    async fn balance(&self) -> i64 {
        self.sandbox
            .clock()
            .advance(Duration::from_secs(60))
            .await
            .unwrap();
        let accounts = [Account::Basic, Account::Operation];
        accounts
            .map(|account| self.sandbox.balance(DEMO_MCHID, account))
            .iter()
            .sum()
    }
}

/// The business number of a request, in path or body.
fn number(seen: &Seen) -> String {
    if seen.method == Method::GET {
        let path = seen.target.split('?').next().unwrap();
        return path.rsplit('/').next().unwrap().to_owned();
    }
    let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
    let names = ["out_refund_no", "out_bill_no", "out_trade_no"];
    let number = names.iter().find_map(|name| body.get(name));
    number.unwrap().as_str().unwrap().to_owned()
}

/// One line of the table.
#[derive(Debug)]
struct Row {
    fault: Fault,
    times: usize,
    call: Call,
    sent: usize,
    numbers: BTreeSet<String>,
    result: String,
    moved: i64,
}

/// Runs one call under one fault in a fresh sandbox.
///
/// Order 2 is the call's, order 1 was there before.
async fn run(fault: Fault, times: usize, call: Call) -> Row {
    let world = World::new().await;
    world
        .sandbox
        .top_up(DEMO_MCHID, Account::Operation, Fen::from(10_000));
    world.sell(1).await;
    world.call(Call::Refund, 1).await.unwrap();
    if call == Call::Transfer {
        world
            .sandbox
            .top_up(DEMO_MCHID, Account::Basic, Fen::from(10_000_u32));
    }
    if call != Call::Prepay {
        world.sell(2).await;
    }
    // What another response is taken from: one of the same kind.
    if fault == Fault::OtherResponse {
        world.call(call, 1).await.unwrap();
    }
    let before = world.balance().await;
    world.spoil(fault, times);
    let outcome = world.call(call, 2).await;
    let seen = world.seen();

    // Each attempt is signed anew, over what is otherwise the same request. (The sandbox verified what was passed on.)
    let nonces: BTreeSet<_> = seen.iter().map(|seen| &seen.nonce).collect();
    assert_eq!(nonces.len(), seen.len(), "{fault:?} {call:?}");
    let requests: BTreeSet<_> = seen
        .iter()
        .map(|seen| (seen.method.as_str(), &seen.target, &seen.body))
        .collect();
    assert_eq!(
        requests.len(),
        1,
        "{fault:?} {call:?}: a repeat is the same request"
    );

    let result = match &outcome {
        Ok(()) => "answered".to_owned(),
        Err(error) => format!("{:?}: {}", error.outcome(), cause(error)),
    };
    // What the shop does about an unknown outcome once the fault has passed: it asks by its own number, and then sends the
    // same again, under the same number.
    if let Err(error) = outcome {
        assert!(error.is_retryable(), "{fault:?} {call:?}: {error:?}");
        assert_eq!(
            error.attempts().count() as usize,
            seen.len(),
            "{fault:?} {call:?}"
        );
        let was_accepted = world.knows(call, 2).await;
        assert_eq!(was_accepted, fault != Fault::Throttled, "{fault:?} {call:?}");
        world.call(call, 2).await.unwrap();
    }
    let moved = before - world.balance().await;

    // The books: each order once, each refund and compensation once, and nothing that production would mind.
    assert_eq!(world.sandbox.orders().len(), 2, "{fault:?} {call:?}");
    let refunds = world.sandbox.refunds_of("ORDER-0002");
    assert_eq!(
        refunds.len(),
        usize::from(call == Call::Refund),
        "{fault:?} {call:?}"
    );
    for refund in refunds {
        assert_eq!((refund.amount, refund.state), (REFUND, RefundState::Success));
    }
    for (kind, of) in [
        (RecordKind::Compensation, Call::Compensate),
        (RecordKind::Transfer, Call::Transfer),
    ] {
        let records = world.sandbox.records(kind);
        let of_call = records.iter().filter(|record| record.key.number.ends_with('2'));
        assert_eq!(of_call.count(), usize::from(call == of), "{fault:?} {call:?}");
        assert!(records.iter().all(|record| record.state == "SUCCESS"));
    }
    let lints = world.sandbox.lints();
    assert!(
        lints.iter().all(|lint| lint.kind() != LintKind::NonceReused),
        "{lints:?}"
    );
    Row {
        fault,
        times,
        call,
        sent: seen.len(),
        numbers: seen.iter().map(number).collect(),
        result,
        moved,
    }
}

/// Why a call failed, in two words.
fn cause(error: &CallError) -> String {
    match error {
        CallError::Api { error, .. } => format!("{} {}", error.status().as_u16(), error.code()),
        CallError::Read { cause, .. } | CallError::OutcomeUnknown { cause, .. } => match cause {
            UnknownCause::Timeout(_) => "no response".to_owned(),
            UnknownCause::OtherRequest(_) => "response of another request".to_owned(),
            UnknownCause::Layer(Error::Verify(_)) => "does not verify".to_owned(),
            other => other.to_string(),
        },
        other => other.to_string(),
    }
}

/// Counts for each fault how often each call is sent, and checks the money.
///
/// A refund moves 3.00 yuan less the returned fee, a compensation 2.00 yuan, a transfer 3.00 yuan, each once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_between_shop_and_gateway_money_moves_once() {
    const CALLS: [Call; 5] = [
        Call::Query,
        Call::Prepay,
        Call::Refund,
        Call::Compensate,
        Call::Transfer,
    ];
    const ONCE: [(Fault, [usize; 5]); 11] = [
        (Fault::SystemErrorAfter, [2, 2, 2, 2, 2]),
        (Fault::SystemErrorBefore, [2, 2, 2, 2, 2]),
        (Fault::SilenceAfter, [2, 2, 2, 2, 2]),
        (Fault::SilenceBefore, [2, 2, 2, 2, 2]),
        (Fault::CutAfter, [2, 2, 2, 2, 2]),
        // A throttled refund may have been accepted: it is the caller's to repeat.
        (Fault::Throttled, [2, 2, 1, 2, 2]),
        (Fault::PageAfter(502), [2, 2, 2, 2, 2]),
        (Fault::PageAfter(503), [2, 2, 2, 2, 2]),
        (Fault::Unsigned, [2, 2, 2, 2, 2]),
        (Fault::Changed, [2, 2, 2, 2, 2]),
        // The response to an order names no order: nobody can tell one from another.
        (Fault::OtherResponse, [2, 0, 2, 2, 2]),
    ];
    const STAYS: [Fault; 4] = [
        Fault::SystemErrorAfter,
        Fault::PageAfter(502),
        Fault::Unsigned,
        Fault::OtherResponse,
    ];
    let mut expected = Vec::new();
    for (fault, sent) in ONCE {
        for (call, sent) in CALLS.into_iter().zip(sent) {
            if sent > 0 {
                expected.push((fault, 1, call, sent));
            }
        }
    }
    for call in [Call::Refund, Call::Compensate, Call::Transfer] {
        expected.extend(STAYS.map(|fault| (fault, 3, call, 3)));
    }

    // All at once: a timeout is a real one of ten seconds.
    let mut worlds = JoinSet::new();
    for (index, (fault, times, call, _)) in expected.iter().copied().enumerate() {
        worlds.spawn(async move { (index, run(fault, times, call).await) });
    }
    let mut rows = worlds.join_all().await;
    rows.sort_by_key(|(index, _)| *index);

    println!(
        "{:<20}{:>6}  {:<10}{:>5}  {:<12}{:>6}  result",
        "fault", "times", "call", "sent", "number", "moved"
    );
    for ((_, row), (_, _, _, sent)) in rows.iter().zip(&expected) {
        let number: Vec<&str> = row.numbers.iter().map(String::as_str).collect();
        println!(
            "{:<20}{:>6}  {:<10}{:>5}  {:<12}{:>6}  {}",
            format!("{:?}", row.fault),
            row.times,
            format!("{:?}", row.call),
            row.sent,
            number.join(" "),
            row.moved,
            row.result
        );
        assert_eq!(row.sent, *sent, "{row:?}");
        assert_eq!(row.numbers.len(), 1, "{row:?}");
        // 0.60 % of 3.00 yuan come back as fee.
        let moves = match row.call {
            Call::Query | Call::Prepay => 0,
            Call::Refund => REFUND - 2,
            Call::Compensate => i64::from(COMPENSATION),
            Call::Transfer => REFUND,
        };
        assert_eq!(row.moved, moves, "{row:?}");
        let is_answered = row.sent == 2;
        assert_eq!(row.result == "answered", is_answered, "{row:?}");
        assert!(
            is_answered || row.result.starts_with(&format!("{:?}", Outcome::Unknown)),
            "{row:?}"
        );
    }
}
