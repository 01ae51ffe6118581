//! `call`, `certs`, `bill`, `notify` and `explain` against a running sandbox.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Output, Stdio},
};

use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, FakePlatform};

use crate::wechatpay;

/// A sandbox that writes the settings of a direct merchant into a folder.
pub(crate) struct Sandbox {
    child: Child,
    address: String,
    pub(crate) folder: PathBuf,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Sandbox {
    pub(crate) fn start(name: &str, keys: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("wechatpay-tools-{name}-{}", std::process::id()));
        let mut child = wechatpay("sandbox")
            .args([
                "--port",
                "0",
                "--clock",
                "manual",
                "--signtest",
                "0",
                "--keys",
                keys,
            ])
            .arg("--write-env")
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = None;
        let mut lines = lines.map(Result::unwrap);
        for line in lines.by_ref() {
            if line.contains("gateway") {
                let (_, rest) = line.split_once("http://").unwrap();
                address = rest.split_whitespace().next().map(str::to_owned);
            }
            if line.starts_with("waiting") {
                break;
            }
        }
        // Read to the end, or the process waits for somebody who does.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address: address.unwrap(),
            folder,
        }
    }

    pub(crate) fn settings(&self) -> String {
        self.folder.join(".env.direct").display().to_string()
    }

    /// Runs a command with the settings of the sandbox.
    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        wechatpay(command)
            .args(arguments)
            .args(["--env-file", &self.settings()])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Posts to the admin API.
    pub(crate) fn post(&self, path: &str, body: &Value) {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "POST /_sandbox/api{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }

    /// The direct merchant.
    fn mchid(&self) -> String {
        let settings = fs::read_to_string(self.settings()).unwrap();
        let line = settings
            .lines()
            .find_map(|line| line.strip_prefix("WECHATPAY_MCHID="));
        line.unwrap().trim_matches('\'').to_owned()
    }

    fn order(&self, number: &str) -> Output {
        let order = json!({
            "appid": DEMO_APPID, "mchid": self.mchid(), "description": "Tea", "out_trade_no": number,
            "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": 990 },
        });
        self.run(
            "call",
            &["POST", "/v3/pay/transactions/native", &order.to_string()],
        )
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn a_call_is_signed_and_its_response_verified() {
    for keys in ["pubkey", "cert"] {
        let sandbox = Sandbox::start(&format!("call-{keys}"), keys);
        let placed = sandbox.order("TEA001");
        assert_eq!(status(&placed), Some(0), "{}", err(&placed));
        let json: Value = serde_json::from_str(&out(&placed)).unwrap();
        assert!(json["code_url"].is_string());
        assert!(
            err(&placed).contains("200 OK; signature right, by "),
            "{}",
            err(&placed)
        );

        let path = format!("/v3/pay/transactions/out-trade-no/none?mchid={}", sandbox.mchid());
        let missing = sandbox.run("call", &["get", &path]);
        assert_eq!(status(&missing), Some(1));
        assert!(out(&missing).contains("ORDER_NOT_EXIST"), "{}", out(&missing));

        // Nothing is sent, and five lines are shown.
        let dry = sandbox.run("call", &["POST", "/v3/pay/x", "{\"a\":1}", "--dry-run"]);
        let lines: Vec<String> = out(&dry).lines().map(str::to_owned).collect();
        assert_eq!((lines.len(), status(&dry)), (5, Some(0)), "{lines:?}");
        assert_eq!(
            (lines[0].as_str(), lines[4].as_str()),
            ("POST\\n", "{\"a\":1}\\n")
        );
    }
}

#[test]
fn what_is_no_call_is_said_before_anything_is_sent() {
    let sandbox = Sandbox::start("no-call", "pubkey");
    for (arguments, code, words) in [
        (&["BREW", "/v3/x"][..], 2, "a method is GET, POST"),
        (&["GET", "v3/x"], 2, "begins with /"),
        (&["POST", "/v3/x", "{a"], 1, "the body is not JSON"),
        (&["POST", "/v3/x", "@missing.json"], 1, "missing.json: "),
    ] {
        let output = sandbox.run("call", arguments);
        assert_eq!(status(&output), Some(code), "{arguments:?} {}", err(&output));
        assert!(err(&output).contains(words), "{words}: {}", err(&output));
    }
    let bare = wechatpay("call")
        .args(["GET", "/v3/x"])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(status(&bare), Some(1));
    assert!(err(&bare).contains("WECHATPAY_MCHID"), "{}", err(&bare));
}

#[test]
fn a_lost_response_to_a_post_is_an_unknown_outcome_and_a_closed_port_is_not() {
    let sandbox = Sandbox::start("unknown", "pubkey");
    sandbox.post("/faults", &json!({ "do": "reset" }));
    let lost = sandbox.order("TEA001");
    assert_eq!(status(&lost), Some(3), "{}", err(&lost));
    assert!(
        err(&lost).contains("the outcome is unknown: query"),
        "{}",
        err(&lost)
    );

    let settings = fs::read_to_string(sandbox.settings()).unwrap();
    let elsewhere = settings.replace(&sandbox.address, "127.0.0.1:1");
    fs::write(sandbox.settings(), elsewhere).unwrap();
    let closed = sandbox.order("TEA002");
    assert_eq!(status(&closed), Some(1));
    assert!(err(&closed).contains("refused"), "{}", err(&closed));
}

#[test]
fn certificates_are_listed_and_saved() {
    let sandbox = Sandbox::start("certs", "cert");
    let listed = sandbox.run("certs", &["--save", "saved"]);
    assert_eq!(status(&listed), Some(0), "{}", err(&listed));
    assert!(out(&listed).contains("platform certificate"), "{}", out(&listed));
    assert!(out(&listed).contains("days left"));
    let saved: Vec<_> = fs::read_dir(sandbox.folder.join("saved")).unwrap().collect();
    assert!(!saved.is_empty());
    let json: Value = serde_json::from_str(&out(&sandbox.run("certs", &["--json"]))).unwrap();
    assert!(json[0]["days_left"].as_i64().unwrap() > 0, "{json}");

    let sandbox = Sandbox::start("certs-none", "pubkey");
    let none = sandbox.run("certs", &[]);
    assert_eq!(status(&none), Some(0), "{}", err(&none));
    assert!(out(&none).contains("public key"), "{}", out(&none));
    assert!(err(&none).contains("no certificates for this merchant"));
}

#[test]
fn a_bill_is_verified_converted_and_compared() {
    let sandbox = Sandbox::start("bill", "pubkey");
    assert_eq!(status(&sandbox.order("TEA001")), Some(0));
    sandbox.post("/orders/TEA001/pay", &json!({}));
    let clock = sandbox.run("call", &["GET", "/v3/certificates", "--dry-run"]);
    assert_eq!(status(&clock), Some(0));
    let day = today(&sandbox);
    sandbox.post("/clock/advance", &json!({ "next_day_at": "10:05" }));

    let csv = out(&sandbox.run("bill", &[&day]));
    let (header, rows) = csv.split_once('\n').unwrap();
    assert!(header.contains("商户订单号") && rows.contains("TEA001"), "{csv}");
    assert!(!csv.contains('`'), "{csv}");
    let json: Value = serde_json::from_str(&out(&sandbox.run("bill", &[&day, "--to", "json"]))).unwrap();
    assert_eq!(json[0]["商户订单号"], "TEA001");
    let flow = sandbox.run("bill", &[&day, "--kind", "fund-flow", "--output", "flow.csv"]);
    assert_eq!(status(&flow), Some(0), "{}", err(&flow));
    assert!(
        fs::read_to_string(sandbox.folder.join("flow.csv"))
            .unwrap()
            .contains(',')
    );

    for (books, code) in [
        ("payment,TEA001,990,paid\n", 0),
        ("# mine\n\npayment,TEA001,980,paid\n", 1),
        ("payment,TEA001\n", 1),
    ] {
        fs::write(sandbox.folder.join("books.csv"), books).unwrap();
        let compared = sandbox.run("bill", &[&day, "--books", "books.csv"]);
        assert_eq!(
            status(&compared),
            Some(code),
            "{}{}",
            out(&compared),
            err(&compared)
        );
    }
    let empty = sandbox.run("bill", &["2020-02-30"]);
    assert_eq!(status(&empty), Some(2), "{}", err(&empty));
}

/// The sandbox's day.
fn today(sandbox: &Sandbox) -> String {
    let mut stream = TcpStream::connect(&sandbox.address).unwrap();
    write!(
        stream,
        "GET /_sandbox/api/clock HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        sandbox.address
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let json: Value =
        serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap();
    json.pointer("/today").and_then(Value::as_str).unwrap().to_owned()
}

/// Takes one request, answers with a status, and returns the headers and the body.
fn receive(
    listener: TcpListener,
    response: &'static str,
) -> std::thread::JoinHandle<(Vec<(String, String)>, String)> {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(": ") {
                headers.push((name.to_ascii_lowercase(), value.to_owned()));
            }
        }
        let length = headers.iter().find(|(name, _)| name == "content-length").unwrap();
        let mut body = vec![0; length.1.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        write!(
            stream,
            "HTTP/1.1 {response}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        (headers, String::from_utf8(body).unwrap())
    })
}

#[tokio::test]
async fn a_notification_of_any_kind_verifies_and_a_forged_one_does_not() {
    for (arguments, response, code, event) in [
        (
            &["--order", "TEA001", "--total", "990"][..],
            "204 No Content",
            0,
            Some("TRANSACTION.SUCCESS"),
        ),
        (
            &["--order", "TEA001", "--refund", "R1", "--total", "1"],
            "200 OK",
            0,
            Some("REFUND.SUCCESS"),
        ),
        (
            &[
                "--resource",
                "{\"a\":1}",
                "--event-type",
                "MCHTRANSFER.BILL.FINISHED",
            ],
            "500 Oh",
            1,
            Some("MCHTRANSFER.BILL.FINISHED"),
        ),
        (&["--order", "TEA001", "--forged"], "401 No", 1, None),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let receiving = receive(listener, response);
        let output = wechatpay("notify").arg(&url).args(arguments).output().unwrap();
        assert_eq!(status(&output), Some(code), "{}", err(&output));
        let (headers, body) = receiving.join().unwrap();
        let receiver = FakePlatform::new().receiver();
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let verified = match receiver.begin("POST", pairs) {
            Ok(begun) => begun.finish(body.into()).await,
            Err(error) => Err(error),
        };
        assert_eq!(
            verified
                .ok()
                .map(|notification| notification.event_type().to_string())
                .as_deref(),
            event
        );
    }
    let closed = wechatpay("notify")
        .args(["http://127.0.0.1:1/notify", "--order", "TEA001"])
        .output()
        .unwrap();
    assert_eq!(status(&closed), Some(1));
    assert!(err(&closed).contains("refused"), "{}", err(&closed));
}

#[test]
fn a_signature_is_explained_from_pasted_text() {
    let sandbox = Sandbox::start("explain", "pubkey");
    let explain = |text: &str, arguments: &[&str]| {
        fs::write(sandbox.folder.join("pasted.txt"), text).unwrap();
        let mut all = vec!["pasted.txt"];
        all.extend(arguments);
        sandbox.run("explain", &all)
    };
    // Signed over the path without its query.
    let signer = FakePlatform::new().request_signer();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let path = "/v3/pay/transactions/id/42";
    let authorization = runtime
        .block_on(signer.authorize(&http::Method::GET, path, bytes::Bytes::new()))
        .unwrap()
        .to_header_value()
        .unwrap();
    let authorization = authorization.to_str().unwrap();
    let curl = |path: &str| {
        format!("curl 'https://api.mch.weixin.qq.com{path}' -H 'Authorization: {authorization}'\n")
    };
    let right = explain(&curl(path), &[]);
    assert_eq!(status(&right), Some(0), "{}{}", out(&right), err(&right));
    let wrong = explain(&curl(&format!("{path}?mchid=1")), &[]);
    assert_eq!(status(&wrong), Some(1));
    assert!(out(&wrong).contains("url-query-dropped"), "{}", out(&wrong));
    let json = explain(&curl(&format!("{path}?mchid=1")), &["--json"]);
    assert!(
        serde_json::from_str::<Value>(&out(&json)).is_ok(),
        "{}",
        out(&json)
    );

    // A notification whose body was formatted anew.
    let delivery = FakePlatform::new().payment("TEA001", 990);
    let mut text = "POST /notify HTTP/1.1\n".to_owned();
    for (name, value) in delivery.pairs() {
        text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value)));
    }
    let body: Value = serde_json::from_slice(&delivery.body).unwrap();
    let genuine = explain(
        &format!("{text}\n{}", String::from_utf8_lossy(&delivery.body)),
        &[],
    );
    assert_eq!(status(&genuine), Some(0), "{}{}", out(&genuine), err(&genuine));
    let changed = explain(
        &format!("{text}\n{}", serde_json::to_string_pretty(&body).unwrap()),
        &[],
    );
    assert_eq!(status(&changed), Some(1));
    assert!(out(&changed).contains("body-changed"), "{}", out(&changed));

    let nothing = explain("hello", &[]);
    assert_eq!(status(&nothing), Some(1));
    assert!(
        err(&nothing).contains("neither Authorization nor"),
        "{}",
        err(&nothing)
    );
}
