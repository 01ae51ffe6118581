//! The admin API behaves as its valid OpenAPI document says, by tools of others.

use std::{path::PathBuf, process::Output, time::Duration};

use tokio::process::Command;
use wechatpay_tests::{
    sandboxes::SandboxProcess,
    tools::{python, workspace},
};

/// Ends once the sandbox stops, which a tool for single responses cannot wait for.
const ENDLESS: &str = "/events";

/// A sandbox, and its document as a file.
async fn sandbox(name: &str) -> (SandboxProcess, PathBuf) {
    let sandbox = SandboxProcess::start(name, &["--keys", "cert", "--clock", "manual"]).await;
    let file = sandbox.folder().join("openapi.json");
    std::fs::write(&file, sandbox.page("/openapi.json").await).unwrap();
    (sandbox, file)
}

/// Runs a module of the tests' Python and returns what it printed.
async fn run(mut command: Command) -> String {
    let run = command.kill_on_drop(true).output();
    let Output {
        status,
        stdout,
        stderr,
    } = tokio::time::timeout(Duration::from_secs(120), run)
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{text}\n{}", String::from_utf8_lossy(&stderr));
    text
}

#[tokio::test]
async fn pypi_openapi_spec_validator_accepts_the_document() {
    let (_sandbox, file) = sandbox("openapi-document").await;
    let mut command = Command::new(python());
    command
        .args(["-m", "openapi_spec_validator", "--schema", "3.1"])
        .arg(file);
    println!("openapi-spec-validator: {}", run(command).await.trim());
}

#[tokio::test]
async fn pypi_schemathesis_finds_the_api_as_the_document_says() {
    let (sandbox, file) = sandbox("openapi-api").await;
    let mut command = Command::new(python());
    command
        .args(["-m", "schemathesis.cli", "run"])
        .arg(file)
        .args(["--url", &format!("{}/_sandbox/api", sandbox.url())])
        .args(["--exclude-path", ENDLESS])
        .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "8",
            "--seed",
            "1",
        ])
        .args(["--request-timeout", "20", "--warnings", "off", "--no-color"])
        .current_dir(sandbox.folder())
        .env("PYTHONPATH", workspace().join("tests/third_party"))
        .env("SCHEMATHESIS_HOOKS", "admin_api");
    sandbox.introduce(&mut command);
    let report = run(command).await;
    let summary = report.lines().filter(|line| line.contains("generated"));
    println!("schemathesis: {}", summary.collect::<String>().trim());
}
