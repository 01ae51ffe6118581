//! The sandbox names the mistake of a wrongly signing client in another language.
//!
//! It also says how certain that is.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::process::Command;
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_tests::{
    sandboxes::SandboxProcess,
    tools::{python, workspace},
};

/// The response to a client: status and `detail.sandbox`.
async fn told(sandbox: &SandboxProcess) -> BTreeMap<String, (u16, Value)> {
    let mut command = Command::new(python());
    command.arg(workspace().join("tests/third_party/wrong_signer.py"));
    sandbox.introduce(&mut command);
    let output = command.output().await.unwrap();
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
async fn a_python_client_is_told_its_mistake() {
    let sandbox = SandboxProcess::start("wrong-signer", &[]).await;
    let told = told(&sandbox).await;
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
    assert_eq!(explanation["you_signed"], format!("{}{query}", sandbox.url()));

    // What cannot be known is not guessed: the key is right, and that is all.
    let (status, told_of_other) = &told["SomethingElse"];
    assert_eq!((*status, &told_of_other["cause"]), (401, &Value::Null));
    let facts = told_of_other["explanation"]["facts"].as_array().unwrap().iter();
    let facts: Vec<&str> = facts.map(|fact| fact["code"].as_str().unwrap()).collect();
    assert_eq!(facts[..3], ["key-right", "algorithm-right", "message-differs"]);
    assert_eq!(told_of_other["explanation"]["confidence"], "unknown");

    // And the same client without a mistake passes.
    assert_eq!(told["Client"], (404, json!({})));

    // So does who looks at the terminal, in a line without a signature.
    let lines = sandbox.lines();
    let said = lines
        .iter()
        .find(|line| line.contains("SIGN_ERROR") && line.contains("query"));
    assert!(said.is_some_and(|line| line.contains("  401  ")), "{lines:#?}");
}

#[tokio::test]
async fn a_pure_sandbox_is_as_silent_as_the_platform() {
    let sandbox = SandboxProcess::start("wrong-signer-pure", &["--pure"]).await;
    let told = told(&sandbox).await;
    assert_eq!(told["NoQuery"], (401, json!({})));
    assert_eq!(told["Client"], (404, json!({})));
}
