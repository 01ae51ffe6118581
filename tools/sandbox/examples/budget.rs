//! Measures the stand-alone sandbox: start, memory, orders per second, and its pages when full.
//!
//! ```console
//! $ cargo build --release -p wechatpay-cli -p wechatpay-sandbox --bins --examples
//! $ target/release/examples/budget 100000
//! ```
//!
//! The number is the count of orders that are placed before memory and pages are measured once more.
//!
//! The client that signs the orders and verifies the responses runs on the same cores and is part of what is measured.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has nothing to say"
)]

use std::{
    io::{BufRead as _, BufReader},
    ops::Range,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, header::AUTHORIZATION};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use wechatpay_core::{
    crypto::default_provider,
    keys::{PinnedKeys, PlatformKey},
    sign::{LocalSigner, RequestSigner},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey, private_key_pem, public_key_pem},
    types::{Mchid, PublicKeyId, SerialNumber},
    verify::Verifier,
};
use wechatpay_sandbox::DEMO_MERCHANT_SERIAL;

const NATIVE: &str = "/v3/pay/transactions/native";
const WORKERS: usize = 8;
const ORDERS: usize = 4_000;
const STARTS: usize = 11;
const PAGES: [&str; 4] = [
    "/_sandbox",
    "/_sandbox/orders",
    "/_sandbox/bills",
    "/_sandbox/requests",
];

/// Takes the server along.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the binary and waits until it listens.
fn start() -> (Server, String, Duration) {
    let own = std::env::current_exe().unwrap();
    let binary = own.parent().unwrap().parent().unwrap().join("wechatpay");
    let started = Instant::now();
    let child = Command::new(binary)
        .args(["sandbox", "--port", "0", "--quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let gateway = lines
        .map(Result::unwrap)
        .find(|line| line.contains("gateway"))
        .unwrap();
    let (_, url) = gateway.split_once("http://").unwrap();
    (server, format!("http://{}", url.trim()), started.elapsed())
}

/// Resident memory in KiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.0.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Everything that is needed to place orders as a merchant would.
#[derive(Clone)]
struct Placing {
    signer: RequestSigner,
    verifier: Verifier,
    client: Client<HttpConnector, Full<Bytes>>,
    base_url: String,
}

impl Placing {
    /// Places one order per number, several at a time, and says how long it took.
    async fn orders(&self, numbers: Range<usize>) -> Duration {
        let started = Instant::now();
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let (placing, numbers) = (self.clone(), numbers.clone());
                tokio::spawn(async move {
                    for number in numbers.skip(worker).step_by(WORKERS) {
                        placing.order(number).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        started.elapsed()
    }

    async fn order(&self, number: usize) {
        let order = json!({
            "appid": DEMO_APPID, "mchid": DEMO_MCHID, "description": "Coffee",
            "out_trade_no": format!("load-{number}"),
            "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": 990 },
        });
        let body = Bytes::from(order.to_string());
        let authorization = self
            .signer
            .authorize(&Method::POST, NATIVE, body.clone())
            .await
            .unwrap();
        let request = Request::post(format!("{}{NATIVE}", self.base_url))
            .header("accept", "application/json")
            .header("user-agent", "budget")
            .header("content-type", "application/json")
            .header(AUTHORIZATION, authorization.to_header_value().unwrap())
            .body(Full::new(body))
            .unwrap();
        let (parts, body) = self.client.request(request).await.unwrap().into_parts();
        assert!(parts.status.is_success(), "{}", parts.status);
        let body = body.collect().await.unwrap().to_bytes();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let key = self.verifier.begin(headers).unwrap().key().await.unwrap();
        key.verify(body).unwrap();
    }

    /// Median time of a page, its body included.
    async fn page(&self, path: &str) -> Duration {
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let request = Request::get(format!("{}{path}", self.base_url))
                .body(Full::default())
                .unwrap();
            let started = Instant::now();
            let (parts, body) = self.client.request(request).await.unwrap().into_parts();
            assert!(parts.status.is_success(), "{path}: {}", parts.status);
            body.collect().await.unwrap();
            times.push(started.elapsed());
        }
        times.sort();
        *times.get(STARTS / 2).unwrap()
    }
}

#[tokio::main]
async fn main() {
    let mut starts: Vec<Duration> = (0..STARTS).map(|_| start().2).collect();
    starts.sort();
    println!(
        "start to ready      {:?} (median of {STARTS})",
        starts.get(STARTS / 2).unwrap()
    );

    let (server, base_url, _) = start();
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("memory when idle    {:.1} MiB", memory(&server) as f64 / 1024.0);

    let provider = default_provider().unwrap();
    let signer = LocalSigner::new(
        SerialNumber::parse(DEMO_MERCHANT_SERIAL).unwrap(),
        &private_key_pem(DemoKey::Merchant.pkcs8()).into(),
        provider.as_ref(),
    )
    .unwrap();
    let signer = RequestSigner::new(Mchid::parse(DEMO_MCHID).unwrap(), Arc::new(signer));
    let public = DemoKey::PublicKey.load(provider.as_ref()).unwrap();
    let key = PlatformKey::public_key(
        PublicKeyId::parse(DEMO_PUBLIC_KEY_ID).unwrap(),
        &public_key_pem(public.public_key_info()),
        provider.as_ref(),
    )
    .unwrap();
    let verifier = Verifier::new(Arc::new(PinnedKeys::new([key])));
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();

    let placing = Placing {
        signer,
        verifier,
        client,
        base_url,
    };
    let took = placing.orders(0..ORDERS).await;
    let rate = ORDERS as f64 / took.as_secs_f64();
    println!(
        "signed orders       {rate:.0} per second, client included ({ORDERS} orders, {WORKERS} at a time)"
    );
    println!("memory afterwards   {:.1} MiB", memory(&server) as f64 / 1024.0);

    let Some(all) = std::env::args().nth(1) else {
        return;
    };
    let all: usize = all.parse().unwrap();
    placing.orders(ORDERS..all).await;
    println!("memory at {all:>9} {:.1} MiB", memory(&server) as f64 / 1024.0);
    for page in PAGES {
        println!("{page:<19} {:?} (median of {STARTS})", placing.page(page).await);
    }
    println!("memory at the end   {:.1} MiB", memory(&server) as f64 / 1024.0);
}
