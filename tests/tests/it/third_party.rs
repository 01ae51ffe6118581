//! Code that is not ours against our sandbox: an outsider cannot share our mistakes.
//!
//! Each flow runs against the compiled `wechatpay sandbox`, as anyone starts it: the script takes the credentials from what
//! `--write-env` wrote, and what it asks for on its output (a payment, time that passes) is done here by the admin API. The
//! sandbox's days pass by hand, so that there is a bill of the one that the flow began on; signatures go by the system's time.

use std::{process::Stdio, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::Command,
};
use wechatpay_tests::{
    sandboxes::SandboxProcess,
    tools::{node_modules, python, rust_sdks, workspace},
};

/// A real picture, for gateways that look at more than its first bytes.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A sandbox with a manual clock and a forged notification before each genuine one.
///
/// The package must refuse the forged one.
async fn sandbox(name: &str, keys: &str) -> SandboxProcess {
    SandboxProcess::start(name, &["--keys", keys, "--clock", "manual", "--signtest", "1"]).await
}

/// Runs a flow, carries out its commands, and returns its output.
async fn run(mut command: Command, sandbox: &SandboxProcess) -> Vec<String> {
    sandbox.introduce(&mut command);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut responses = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    let finished = tokio::time::timeout(Duration::from_secs(90), async {
        // The sandbox's day is the script's, also if midnight comes between the two.
        let mut now = Some(sandbox.get("/clock").await["now"].as_i64().unwrap());
        loop {
            if let Some(now) = now {
                responses.write_all(format!("{now}\n").as_bytes()).await.unwrap();
            }
            let Some(line) = lines.next_line().await.unwrap() else {
                break;
            };
            now = obey(&line, sandbox).await.then(system_now);
            seen.push(line);
        }
        child.wait().await.unwrap()
    });
    let status = finished
        .await
        .unwrap_or_else(|_| panic!("the script hangs after {seen:#?}"));
    assert!(status.success(), "{seen:#?}\n{:#?}", sandbox.lines());
    let lints = sandbox.get("/lints").await["lints"].to_string();
    assert!(!lints.contains("accepted-forged-notification"), "{lints}");
    let forged = sandbox.lines();
    let forged = forged.iter().filter(|line| line.contains("signature probe"));
    assert!(forged.count() >= 2);
    seen
}

fn system_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap().as_secs()).unwrap()
}

/// Returns true if the line was a command.
async fn obey(line: &str, sandbox: &SandboxProcess) -> bool {
    let turn = if let Some(out_trade_no) = line.strip_prefix("PAY ") {
        sandbox
            .post(&format!("/orders/{out_trade_no}/pay"), &json!({}))
            .await;
        sandbox.post("/clock/idle", &json!({})).await;
        return true;
    } else if let Some(out_trade_no) = line.strip_prefix("COMPLAIN ") {
        let complaint = json!({ "detail": "茶是凉的" });
        sandbox
            .post(&format!("/orders/{out_trade_no}/complain"), &complaint)
            .await;
        return true;
    } else if let Some(seconds) = line.strip_prefix("PASS ") {
        json!({ "by": format!("{seconds}s") })
    } else if line == "NEXT DAY" {
        json!({ "next_day_at": "10:05" })
    } else {
        return false;
    };
    sandbox.post("/clock/advance", &turn).await;
    true
}

/// Order, query, close, payment, refund, their notifications, an upload, and the bill.
async fn wechatpayv3(mode: &str, keys: &str) {
    let sandbox = sandbox(&format!("wechatpayv3-{mode}-{keys}"), keys).await;
    let mut command = Command::new(python());
    command
        .arg(workspace().join("tests/third_party/wechatpayv3_flow.py"))
        .env("MODE", mode);
    let seen = run(command, &sandbox).await;
    println!("wechatpayv3, {mode}, {keys}: {}", seen.join(", "));
    assert_eq!(
        seen.iter().filter(|line| line.starts_with("OK")).count(),
        14,
        "{seen:#?}"
    );
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_in_public_key_mode() {
    wechatpayv3("direct", "pubkey").await;
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_in_certificate_mode() {
    wechatpayv3("direct", "cert").await;
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_as_a_partner() {
    wechatpayv3("partner", "pubkey").await;
    wechatpayv3("partner", "cert").await;
}

#[tokio::test]
async fn npm_wechatpay_axios_plugin_finishes_its_flow() {
    let sandbox = sandbox("axios-plugin", "pubkey").await;
    let picture = sandbox.folder().join("licence.png");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PICTURE).unwrap();
    std::fs::write(&picture, bytes).unwrap();
    let mut command = Command::new("node");
    command
        .arg(workspace().join("tests/third_party/axios_plugin_flow.mjs"))
        .env("NODE_MODULES", node_modules())
        .env("PICTURE_FILE", picture);
    let seen = run(command, &sandbox).await;
    println!("wechatpay-axios-plugin: {}", seen.join(", "));
    assert_eq!(
        seen.iter().filter(|line| line.starts_with("OK")).count(),
        14,
        "{seen:#?}"
    );
}

/// Counts the steps of a flow that succeeded, and prints them.
fn steps(sdk: &str, seen: &[String]) -> usize {
    println!("{sdk}: {}", seen.join(", "));
    seen.iter().filter(|line| line.starts_with("OK")).count()
}

#[tokio::test]
async fn pypi_wechatpayv3_transfers_answers_complaints_and_is_paid_after_service() {
    let sandbox = sandbox("wechatpayv3-shop", "pubkey").await;
    let mut command = Command::new(python());
    command
        .arg(workspace().join("tests/third_party/wechatpayv3_shop_flow.py"))
        .env("MODE", "direct");
    let seen = run(command, &sandbox).await;
    assert_eq!(steps("wechatpayv3", &seen), 34, "{seen:#?}");
}

#[tokio::test]
async fn npm_wechatpay_axios_plugin_transfers_answers_complaints_and_is_paid_after_service() {
    let sandbox = sandbox("axios-plugin-shop", "pubkey").await;
    let mut command = Command::new("node");
    command
        .arg(workspace().join("tests/third_party/axios_plugin_shop_flow.mjs"))
        .env("NODE_MODULES", node_modules());
    let seen = run(command, &sandbox).await;
    assert_eq!(steps("wechatpay-axios-plugin", &seen), 32, "{seen:#?}");
}

/// Runs the flow of a Rust SDK and counts its steps.
async fn rust_sdk(sdk: &str, keys: &str, steps: usize) {
    let sandbox = sandbox(&format!("{sdk}-{keys}"), keys).await;
    let mut command = Command::new(rust_sdks());
    command.arg(sdk);
    let seen = run(command, &sandbox).await;
    println!("{sdk}, {keys}: {}", seen.join(", "));
    assert_eq!(
        seen.iter().filter(|line| line.starts_with("OK")).count(),
        steps,
        "{seen:#?}"
    );
}

#[tokio::test]
async fn crates_io_wxpay_rs_finishes_its_flow_in_public_key_mode() {
    rust_sdk("wxpay-rs", "pubkey", 11).await;
}

#[tokio::test]
async fn crates_io_wxpay_rs_finishes_its_flow_in_certificate_mode() {
    rust_sdk("wxpay-rs", "cert", 12).await;
}

#[tokio::test]
async fn crates_io_wechat_pay_rust_sdk_finishes_its_flow() {
    rust_sdk("wechat-pay-rust-sdk", "pubkey", 4).await;
}

#[tokio::test]
async fn crates_io_rswxpay_finishes_its_flow() {
    rust_sdk("rswxpay", "cert", 11).await;
}
