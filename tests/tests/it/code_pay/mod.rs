//! Payments by a payer's code end in a known state, whatever happens to a message.
//!
//! The client's transport is the sandbox's router, without a connection, and time is paused: the minutes of a payment
//! take milliseconds.

mod every_await;
mod outcomes;

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Body;
use http::{Request, Response, header::HOST};
use http_body_util::BodyExt as _;
use tower::{ServiceExt as _, service_fn};
use wechatpay_core::{
    api::code_pay::{Amount, Pay, Payer, SceneInfo, StoreInfo},
    notify::{Expectation, Payee},
    testing::{DEMO_APPID, DEMO_MCHID, FakePlatform},
    types::{Currency, Fen},
    verify::Verifier,
};
use wechatpay_sandbox::{Account, OrderSnapshot, Sandbox};
use wechatpay_tower::{Client, MaybeBuffered, RequestBody, code_pay::CodePayments, retry::RetryPolicy};

/// Above 1,000 yuan the payer must enter a password.
const WITH_PASSWORD: u32 = 200_000;
const AT_ONCE: u32 = 1_800;

/// Messages of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Charge,
    Query,
    Reversal,
}

impl Kind {
    fn of(path: &str) -> Self {
        if path.ends_with("/codepay") {
            Self::Charge
        } else if path.ends_with("/reverse") {
            Self::Reversal
        } else {
            Self::Query
        }
    }
}

/// Ways to lose a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    /// The request is lost.
    Request,
    /// The request is carried out, and its response is lost.
    Response,
}

/// A rule for some messages of a kind, which are counted from 1.
type Rule = (Kind, std::ops::RangeInclusive<usize>, Loss);

/// Runs before a message of this kind and number is carried out.
type Hook = (Kind, usize, Box<dyn Fn(&Sandbox) + Send>);

struct Script {
    rules: Vec<Rule>,
    hooks: Vec<Hook>,
    seen: Vec<Kind>,
    /// Time of a message on its way, and of its response.
    latency: fn(Kind) -> Duration,
    /// A request on its way arrives, even if nobody waits for the response any more.
    arrives: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            hooks: Vec::new(),
            seen: Vec::new(),
            latency: |_| Duration::ZERO,
            arrives: false,
        }
    }
}

impl Script {
    /// Records a message; returns its number among those of its kind.
    fn note(&mut self, kind: Kind) -> usize {
        self.seen.push(kind);
        self.count(kind)
    }

    fn count(&self, kind: Kind) -> usize {
        self.seen.iter().filter(|seen| **seen == kind).count()
    }

    fn loss(&self, kind: Kind, number: usize) -> Option<Loss> {
        let mut rules = self.rules.iter();
        rules
            .find(|(of, numbers, _)| *of == kind && numbers.contains(&number))
            .map(|(.., loss)| *loss)
    }
}

/// A till in front of a sandbox.
struct Till {
    sandbox: Sandbox,
    script: Arc<Mutex<Script>>,
    payments: CodePayments,
    client: Client,
}

impl Till {
    async fn open() -> Self {
        let sandbox = Sandbox::builder()
            .manual_clock()
            .notify_enabled(false)
            .start()
            .await
            .unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let (to, through) = (sandbox.clone(), Arc::clone(&script));
        let transport = service_fn(move |request: Request<MaybeBuffered<RequestBody>>| {
            deliver(to.clone(), Arc::clone(&through), request)
        });
        let platform = FakePlatform::new().clock(sandbox.core_clock());
        let client = Client::builder(platform.request_signer())
            .base_url(sandbox.base_url())
            // What the helper repeats is counted here, and not what the client does.
            .retry(RetryPolicy::none())
            .service(
                transport,
                Verifier::new(platform.key_store()).clock(sandbox.core_clock()),
            )
            .unwrap();
        Self {
            sandbox,
            script,
            payments: CodePayments::new(client.clone()),
            client,
        }
    }

    fn lose(&self, rules: impl IntoIterator<Item = Rule>) {
        self.script.lock().unwrap().rules = rules.into_iter().collect();
    }

    fn before(&self, kind: Kind, number: usize, hook: impl Fn(&Sandbox) + Send + 'static) {
        let hook: Hook = (kind, number, Box::new(hook));
        self.script.lock().unwrap().hooks.push(hook);
    }

    /// Numbers of charges, queries and reversals so far.
    fn counts(&self) -> [usize; 3] {
        let script = self.script.lock().unwrap();
        [Kind::Charge, Kind::Query, Kind::Reversal].map(|kind| script.count(kind))
    }

    fn order(&self, number: &str) -> Option<OrderSnapshot> {
        self.sandbox.order(number)
    }

    fn balance(&self) -> i64 {
        self.sandbox.balance(DEMO_MCHID, Account::Basic)
    }

    /// Does something after a while, such as the payer's part.
    fn after(&self, seconds: u64, act: impl FnOnce(&Sandbox) + Send + 'static) {
        let sandbox = self.sandbox.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            act(&sandbox);
        });
    }
}

/// Carries a request to the sandbox's router, and its response back.
async fn deliver(
    sandbox: Sandbox,
    script: Arc<Mutex<Script>>,
    request: Request<MaybeBuffered<RequestBody>>,
) -> Result<Response<Body>, io::Error> {
    let kind = Kind::of(request.uri().path());
    let (latency, arrives) = {
        let script = script.lock().unwrap();
        ((script.latency)(kind), script.arrives)
    };
    let way = async move {
        tokio::time::sleep(latency).await;
        let response = carry_out(&sandbox, &script, kind, request).await;
        tokio::time::sleep(latency).await;
        response
    };
    if arrives {
        tokio::spawn(way).await.unwrap()
    } else {
        way.await
    }
}

async fn carry_out(
    sandbox: &Sandbox,
    script: &Mutex<Script>,
    kind: Kind,
    request: Request<MaybeBuffered<RequestBody>>,
) -> Result<Response<Body>, io::Error> {
    let lost = || io::Error::from(io::ErrorKind::ConnectionReset);
    let loss = {
        let mut script = script.lock().unwrap();
        let number = script.note(kind);
        for (of, at, hook) in &script.hooks {
            if (*of, *at) == (kind, number) {
                hook(sandbox);
            }
        }
        script.loss(kind, number)
    };
    if loss == Some(Loss::Request) {
        return Err(lost());
    }
    let (mut parts, body) = request.into_parts();
    let host = parts.uri.authority().unwrap().as_str().parse().unwrap();
    parts.headers.insert(HOST, host);
    parts.uri = parts.uri.path_and_query().unwrap().as_str().parse().unwrap();
    let body = body.collect().await.unwrap().to_bytes();
    let request = Request::from_parts(parts, Body::from(body));
    let response = sandbox.router().oneshot(request).await.unwrap();
    if loss == Some(Loss::Response) {
        return Err(lost());
    }
    Ok(response)
}

/// A charge of `fen` under a number, with a code that no other number has.
fn charge(number: u32, fen: u32) -> Pay {
    Pay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "拿铁",
        name(number).parse().unwrap(),
        Payer::new(format!("13{number:0>16}")),
        Amount::new(Fen::from(fen)),
        SceneInfo::new(StoreInfo::new().out_id("SHOP-1")),
    )
}

/// The shop's record of an order, after a crash.
fn books(number: u32, fen: u32) -> Expectation {
    let payee = Payee::Direct {
        appid: DEMO_APPID.parse().unwrap(),
        mchid: DEMO_MCHID.parse().unwrap(),
    };
    Expectation::new(
        name(number).parse().unwrap(),
        payee,
        Fen::from(fen),
        Currency::Cny,
    )
}

fn name(number: u32) -> String {
    format!("ORDER-{number:04}")
}
