//! Code that is not ours against our sandbox and our callbacks: an outsider cannot share our mistakes.
//!
//! Each flow runs on a day that is over when it ends, so that there is a bill of it: the sandbox's clock stands at yesterday,
//! and the script's with it. What a script asks for on its output is done here, and it is answered with the time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::Command,
};
use wechatpay_core::testing::{DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID};
use wechatpay_sandbox::{Buyer, KeyMode, Sandbox};
use wechatpay_tests::tools::{node_modules, python, scratch, workspace};

const DAY: i64 = 24 * 3600;
const EIGHT_HOURS: i64 = 8 * 3600;
/// A picture that is one: eight bytes of signature would do, but a gateway may look at more.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Runs a flow and does what it asks for. Gives back what it printed.
async fn run(mut command: Command, sandbox: &Sandbox) -> Vec<String> {
    command
        .env("SANDBOX", sandbox.base_url())
        .env("MCHID", DEMO_MCHID)
        .env("SUB_MCHID", DEMO_SUB_MCHID)
        .env("APPID", DEMO_APPID)
        .env("API_V3_KEY", DEMO_API_V3_KEY)
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut answers = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    let finished = tokio::time::timeout(Duration::from_secs(90), async {
        let mut turned = true;
        loop {
            if turned {
                let now = format!("{}\n", sandbox.clock().now());
                answers.write_all(now.as_bytes()).await.unwrap();
            }
            let Some(line) = lines.next_line().await.unwrap() else {
                break;
            };
            turned = obey(&line, sandbox).await;
            seen.push(line);
        }
        child.wait().await.unwrap()
    });
    let status = finished
        .await
        .unwrap_or_else(|_| panic!("the script hangs after {seen:#?}"));
    assert!(status.success(), "{seen:#?}\n{:#?}", sandbox.requests());
    seen
}

/// Whether the line was a command.
async fn obey(line: &str, sandbox: &Sandbox) -> bool {
    if let Some(out_trade_no) = line.strip_prefix("PAY ") {
        sandbox.pay(out_trade_no, Buyer::Alice).unwrap();
        sandbox.clock().run_until_idle().await.unwrap();
    } else if let Some(seconds) = line.strip_prefix("PASS ") {
        let seconds = Duration::from_secs(seconds.parse().unwrap());
        sandbox.clock().advance(seconds).await.unwrap();
    } else if line == "NEXT DAY" {
        sandbox.clock().next_day_at("10:05").await.unwrap();
    } else {
        return false;
    }
    true
}

/// A sandbox at noon (Beijing time) of yesterday.
async fn yesterday(keys: KeyMode) -> Sandbox {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    Sandbox::builder()
        .keys(keys)
        .manual_clock_at(now - (now + EIGHT_HOURS).rem_euclid(DAY) - DAY / 2)
        .start()
        .await
        .unwrap()
}

/// The merchant's keys as the files that the packages want.
fn keys(command: &mut Command, sandbox: &Sandbox, folder: &Path) {
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let config = sandbox.config();
    let private_key = file("apiclient_key.pem", config.private_key.as_ref().unwrap());
    command
        .env("SERIAL_NO", config.serial_no.as_ref().unwrap())
        .env("PRIVATE_KEY_FILE", private_key);
    if let (Some(id), Some(pem)) = (&config.public_key_id, &config.public_key) {
        command
            .env("PUBLIC_KEY_ID", id)
            .env("PUBLIC_KEY_FILE", file("pub_key.pem", pem));
    }
}

/// Order, query, close, payment, refund, their notifications, and the bill.
async fn wechatpayv3(mode: &str, key_mode: KeyMode) {
    let sandbox = yesterday(key_mode).await;
    let mut command = Command::new(python());
    command
        .arg(workspace().join("tests/third_party/wechatpayv3_flow.py"))
        .env("MODE", mode);
    keys(
        &mut command,
        &sandbox,
        &scratch(&format!("wechatpayv3-{mode}-{key_mode:?}")),
    );
    let seen = run(command, &sandbox).await;
    println!("wechatpayv3, {mode}, {key_mode:?}: {}", seen.join(", "));
    assert_eq!(
        seen.iter().filter(|line| line.starts_with("OK")).count(),
        13,
        "{seen:#?}"
    );
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_in_public_key_mode() {
    wechatpayv3("direct", KeyMode::PublicKey).await;
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_in_certificate_mode() {
    wechatpayv3("direct", KeyMode::Certificate).await;
}

#[tokio::test]
async fn pypi_wechatpayv3_finishes_its_flow_as_a_partner() {
    wechatpayv3("partner", KeyMode::PublicKey).await;
    wechatpayv3("partner", KeyMode::Certificate).await;
}

#[tokio::test]
async fn npm_wechatpay_axios_plugin_finishes_its_flow() {
    let sandbox = yesterday(KeyMode::PublicKey).await;
    let folder = scratch("axios-plugin");
    let picture = folder.join("licence.png");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PICTURE).unwrap();
    std::fs::write(&picture, bytes).unwrap();
    let mut command = Command::new("node");
    command
        .arg(workspace().join("tests/third_party/axios_plugin_flow.mjs"))
        .env("NODE_MODULES", node_modules())
        .env("PICTURE_FILE", picture);
    keys(&mut command, &sandbox, &folder);
    let seen = run(command, &sandbox).await;
    println!("wechatpay-axios-plugin: {}", seen.join(", "));
    assert_eq!(
        seen.iter().filter(|line| line.starts_with("OK")).count(),
        14,
        "{seen:#?}"
    );
}
