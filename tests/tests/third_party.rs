//! Code that is not ours against our sandbox and our callbacks: an outsider cannot share our mistakes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};
use wechatpay_core::testing::{DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID};
use wechatpay_sandbox::{Buyer, KeyMode, Sandbox};
use wechatpay_tests::tools::{python, scratch, workspace};

/// Runs the flow of PyPI `wechatpayv3`; presses Pay when the script asks for it.
async fn wechatpayv3(mode: &str, keys: KeyMode) {
    let sandbox = Sandbox::builder().keys(keys).start().await.unwrap();
    let folder = scratch(&format!("wechatpayv3-{mode}-{keys:?}"));
    let config = sandbox.config();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut command = Command::new(python());
    command
        .arg(workspace().join("tests/third_party/wechatpayv3_flow.py"))
        .env("SANDBOX", sandbox.base_url())
        .env("MODE", mode)
        .env("MCHID", DEMO_MCHID)
        .env("SUB_MCHID", DEMO_SUB_MCHID)
        .env("APPID", DEMO_APPID)
        .env("API_V3_KEY", DEMO_API_V3_KEY)
        .env("SERIAL_NO", config.serial_no.as_ref().unwrap())
        .env(
            "PRIVATE_KEY_FILE",
            file("apiclient_key.pem", config.private_key.as_ref().unwrap()),
        )
        .env("NO_PROXY", "*")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    if let (Some(id), Some(pem)) = (&config.public_key_id, &config.public_key) {
        command
            .env("PUBLIC_KEY_ID", id)
            .env("PUBLIC_KEY_FILE", file("pub_key.pem", pem));
    }
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    let finished = tokio::time::timeout(Duration::from_secs(60), async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(out_trade_no) = line.strip_prefix("PAY ") {
                sandbox.pay(out_trade_no, Buyer::Alice).unwrap();
                sandbox
                    .wait_acknowledged(out_trade_no, Duration::from_secs(20))
                    .await
                    .unwrap();
            }
            seen.push(line);
        }
        child.wait().await.unwrap()
    });
    let status = finished
        .await
        .unwrap_or_else(|_| panic!("the script hangs after {seen:#?}"));
    assert!(status.success(), "{seen:#?}\n{:#?}", sandbox.requests());
    assert!(
        seen.iter().filter(|line| line.starts_with("OK")).count() >= 8,
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
