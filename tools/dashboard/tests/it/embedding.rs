//! The pages of an embedded sandbox.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use axum::body::Body;
use http::StatusCode;
use tower::ServiceExt as _;
use wechatpay_sandbox::SandboxBuilder;

use crate::support::{Browser, send};

const INNER: &str = "WECHATPAY_SANDBOX_TEST_THAT_FAILS";

/// The guard is in force without a connection as well.
#[tokio::test]
async fn pages_are_guarded_in_the_router_too() {
    let sandbox = crate::builder().start().await.unwrap();
    for (host, status) in [("localhost", 200), ("shop.example", 403)] {
        let request = http::Request::get("/_sandbox").header("host", host);
        let request = request.body(Body::empty()).unwrap();
        let reply = sandbox.router().oneshot(request).await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{host}");
    }
}

#[tokio::test]
async fn the_page_of_a_scaled_clock_has_no_buttons_to_turn_it() {
    let sandbox = crate::builder().scaled_clock(200_000.0).start().await.unwrap();
    let page = Browser::new(&sandbox).get("/_sandbox/clock").await.text();
    assert!(page.contains("<strong>200000</strong> times as fast"), "{page}");
    assert!(!page.contains("value=\"turn\""));
}

#[tokio::test]
async fn the_page_of_an_adjustable_clock_has_buttons_to_turn_it() {
    let sandbox = crate::builder().adjustable_clock().start().await.unwrap();
    let page = Browser::new(&sandbox).get("/_sandbox/clock").await.text();
    assert!(page.contains("value=\"turn\""), "{page}");
}

/// In the process of the test below, a test that fails; else nothing.
#[test]
fn a_test_that_fails_in_a_process_of_its_own() {
    async fn fail(builder: SandboxBuilder) {
        let _sandbox = builder.start().await.unwrap();
        panic!("on purpose");
    }
    if std::env::var_os(INNER).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(fail(crate::builder()));
    }
}

#[tokio::test]
async fn a_sandbox_whose_test_failed_stays_for_a_look() {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedding::a_test_that_fails_in_a_process_of_its_own"])
        .env(INNER, "1")
        .env("SANDBOX_KEEP", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let link = lines.map(Result::unwrap).find_map(|line| {
        let (words, link) = line.split_once(": http://")?;
        words.contains("SANDBOX_KEEP").then(|| format!("http://{link}"))
    });
    let request = http::Request::get(link.unwrap()).body(http_body_util::Full::default());
    let page = send(request.unwrap()).await;
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(page.status, StatusCode::OK);
}
