//! A client in another language that signs wrongly is told its mistake by the sandbox, and how sure that is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::process::Command;
use wechatpay_core::testing::{DEMO_APPID, DEMO_MCHID};
use wechatpay_sandbox::Sandbox;
use wechatpay_tests::tools::{python, scratch, workspace};

/// What a client was answered: the status, and `detail.sandbox`.
async fn told(sandbox: &Sandbox, name: &str) -> BTreeMap<String, (u16, Value)> {
    let config = sandbox.config();
    let key = scratch(name).join("apiclient_key.pem");
    std::fs::write(&key, config.private_key.as_ref().unwrap()).unwrap();
    let output = Command::new(python())
        .arg(workspace().join("tests/third_party/wrong_signer.py"))
        .env("SANDBOX", sandbox.base_url())
        .env("MCHID", DEMO_MCHID)
        .env("APPID", DEMO_APPID)
        .env("SERIAL_NO", config.serial_no.as_ref().unwrap())
        .env("PRIVATE_KEY_FILE", key)
        .env("NO_PROXY", "*")
        .output()
        .await
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let told = serde_json::from_str(parts[2]).unwrap();
        (parts[0].to_owned(), (parts[1].parse().unwrap(), told))
    };
    lines.lines().map(line).collect()
}

#[tokio::test]
async fn a_python_client_hears_what_it_did_wrong() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let told = told(&sandbox, "wrong-signer").await;
    for (client, causes, line) in [
        ("NoLastLineEnd", json!(["last-line-end-missing"]), None),
        ("FullUrl", json!(["url-absolute"]), Some(2)),
        ("NoQuery", json!(["url-query-dropped"]), Some(2)),
        ("ClockReadTwice", json!(["timestamp-read-twice"]), Some(3)),
        ("Milliseconds", json!(["timestamp-in-milliseconds"]), Some(3)),
        ("DumpedTwice", json!(["body-spaced", "body-escaped"]), Some(5)),
        ("NoBody", json!(["body-left-out"]), Some(5)),
        ("Pss", json!(["padding-pss"]), None),
        ("Sha1", json!(["hash-differs"]), None),
        ("Hexadecimal", json!(["signature-hex"]), None),
        (
            "TwoMistakes",
            json!(["url-query-dropped", "timestamp-read-twice"]),
            Some(2),
        ),
    ] {
        let (status, told) = &told[client];
        let explanation = &told["explanation"];
        println!("{client}: {}", told["hint"]);
        assert_eq!(
            (*status, &explanation["cause"]),
            (401, &causes),
            "{client}: {told}"
        );
        assert_eq!(explanation["confidence"], "proven", "{client}");
        assert_eq!(explanation["line"], json!(line), "{client}");
        assert_eq!(told["cause"], causes[0]);
    }
    let query = format!("/v3/pay/transactions/out-trade-no/T-0001?mchid={DEMO_MCHID}␊");
    let explanation = &told["FullUrl"].1["explanation"];
    assert_eq!(explanation["expected"], query);
    assert_eq!(
        explanation["you_signed"],
        format!("{}{query}", sandbox.base_url())
    );

    // What cannot be known is not guessed: the key is right, and that is all.
    let (status, told_of_other) = &told["SomethingElse"];
    assert_eq!((*status, &told_of_other["cause"]), (401, &Value::Null));
    let facts = told_of_other["explanation"]["facts"].as_array().unwrap().iter();
    let facts: Vec<&str> = facts.map(|fact| fact["code"].as_str().unwrap()).collect();
    assert_eq!(facts[..3], ["key-right", "algorithm-right", "message-differs"]);
    assert_eq!(told_of_other["explanation"]["confidence"], "unknown");

    // And the same client without a mistake passes.
    assert_eq!(told["Client"], (404, json!({})));
}

#[tokio::test]
async fn a_pure_sandbox_is_as_silent_as_the_platform() {
    let sandbox = Sandbox::builder().pure(true).start().await.unwrap();
    let told = told(&sandbox, "wrong-signer-pure").await;
    assert_eq!(told["NoQuery"], (401, json!({})));
    assert_eq!(told["Client"], (404, json!({})));
}
