//! Snapshots: kept, downloaded and restored by forms.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wechatpay_core::testing::DEMO_MCHID;
use wechatpay_sandbox::Snapshot;

use super::{assert_shows, press, quiet, token};
use crate::support::{Browser, Merchant, send};

#[tokio::test]
async fn a_snapshot_is_kept_and_restored() {
    let sandbox = quiet().await;
    let browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let path = "/_sandbox/clock";
    let page = browser.get(path).await;
    assert_shows(&page, &["Snapshots", "Take a snapshot"]);
    assert!(!page.text().contains("Back to "));
    let early = press(&browser, &page, &[("do", "go-back"), ("back", path)]).await;
    assert_shows(&early, &["has forgotten"]);
    let kept = press(&browser, &page, &[("do", "keep"), ("back", path)]).await;
    assert_shows(&kept, &["The snapshot is kept", "Back to "]);
    merchant.place("native", "demo-0002").await;
    for _ in 0..2 {
        let back = press(&browser, &kept, &[("do", "go-back"), ("back", path)]).await;
        assert_shows(&back, &["The snapshot is restored"]);
        assert_eq!(sandbox.orders().len(), 1);
        merchant.place("native", "demo-0003").await;
    }
    // As a file, it is the same document as everywhere.
    let file = browser.get("/_sandbox/snapshot.json").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    let snapshot = Snapshot::from_json(&file.body).unwrap();
    sandbox.reset();
    sandbox.restore(&snapshot).unwrap();
    assert_eq!(sandbox.orders().len(), 2);
}

/// A form with a file, as browsers send it.
fn moment_form(browser: &Browser, token: &str, file: &[u8]) -> http::Request<Full<Bytes>> {
    const BOUNDARY: &str = "----WebKitFormBoundaryQm9vZXN0";
    let part = |name: &str, more: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n")
    };
    let mut body = part("token", "").into_bytes();
    body.extend_from_slice(token.as_bytes());
    body.extend_from_slice(b"\r\n");
    let more = "; filename=\"sandbox-state.json\"\r\nContent-Type: application/json";
    body.extend_from_slice(part("snapshot", more).as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    http::Request::post(format!("{}/_sandbox/moment", browser.base_url))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("accept-language", browser.language)
        .header("origin", &browser.base_url)
        .header("sec-fetch-site", "same-origin")
        .body(Full::new(body.into()))
        .unwrap()
}

#[tokio::test]
async fn a_saved_file_is_restored_by_a_form_and_a_bad_one_changes_nothing() {
    let sandbox = quiet().await;
    let mut browser = Browser::new(&sandbox);
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    let file = browser.get("/_sandbox/snapshot.json").await.body;
    merchant.place("native", "demo-0002").await;
    let page = browser.get("/_sandbox/clock").await;
    assert_shows(&page, &["multipart/form-data", "Restore the file"]);
    let token = token(&page);

    // What is refused, and what is said of it.
    let twice = Snapshot::from_json(&file).unwrap().to_json();
    let other_keys = twice.replace(DEMO_MCHID, "1999999999");
    let strange = |mut request: http::Request<Full<Bytes>>, name: &'static str, value: &'static str| {
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    for (request, status, words) in [
        (
            moment_form(&browser, &token, b"no JSON"),
            400,
            "this is no snapshot of a sandbox",
        ),
        (moment_form(&browser, &token, b""), 400, "Choose a file first"),
        (
            moment_form(&browser, &token, br#"{"version":99}"#),
            400,
            "is of version 99",
        ),
        (
            moment_form(&browser, &token, other_keys.as_bytes()),
            400,
            "other merchants",
        ),
        (moment_form(&browser, "another", &file), 403, "another run"),
        (
            strange(moment_form(&browser, &token, &file), "content-type", "text/plain"),
            400,
            "form is broken",
        ),
        (
            strange(
                moment_form(&browser, &token, &file),
                "origin",
                "http://evil.example",
            ),
            403,
            "another site",
        ),
        (
            strange(
                moment_form(&browser, &token, &file),
                "sec-fetch-site",
                "cross-site",
            ),
            403,
            "another site",
        ),
    ] {
        let reply = send(request).await;
        assert_eq!(reply.status.as_u16(), status, "{words}");
        assert_shows(&reply, &[words]);
        assert_eq!(sandbox.orders().len(), 2, "{words}");
    }
    browser.language = "zh-CN";
    let reply = send(moment_form(&browser, &token, b"[]")).await;
    assert_shows(&reply, &["这不是沙箱的快照", "一切保持原样"]);

    let reply = send(moment_form(&browser, &token, &file)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/_sandbox/clock?done=restored");
    assert_shows(
        &browser.get(reply.header("location")).await,
        &["已恢复到快照的状态"],
    );
    assert_eq!(sandbox.orders().len(), 1);
    let by_address = browser.get("/_sandbox/moment").await;
    assert_eq!(by_address.header("location"), "/_sandbox/clock");
}

#[tokio::test]
async fn a_file_that_is_announced_to_be_too_large_is_refused_before_it_comes() {
    let sandbox = quiet().await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.address()).await.unwrap();
    let head = format!(
        "POST /_sandbox/moment HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 999999999999\r\n\r\n",
        sandbox.address()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = [0; 12];
    stream.read_exact(&mut response).await.unwrap();
    assert_eq!(&response, b"HTTP/1.1 413");
}
