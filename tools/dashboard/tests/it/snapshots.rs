//! Snapshots by the admin API.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_sandbox::Snapshot;

use crate::support::{Merchant, Reply, partner_order, send};

const NATIVE: &str = "/v3/pay/partner/transactions/native";

fn document(snapshot: &Snapshot) -> Value {
    serde_json::from_str(&snapshot.to_json()).unwrap()
}

#[tokio::test]
async fn the_admin_api_takes_and_restores() {
    let sandbox = crate::builder().manual_clock().start().await.unwrap();
    let url = |call: &str| format!("{}/_sandbox/api/{call}", sandbox.base_url());
    let call = async |call: &str, kind: &str, body: Bytes| -> Reply {
        let request = http::Request::post(url(call)).header("content-type", kind);
        send(request.body(Full::new(body)).unwrap()).await
    };
    let merchant = Merchant::new(&sandbox);
    let placed = merchant.post(NATIVE, &partner_order("native", "demo-0001")).await;
    assert_eq!(placed.status, StatusCode::OK);
    let taken = call("snapshot", "application/json", Bytes::new()).await;
    assert_eq!(taken.header("content-type"), "application/json");
    assert_eq!(taken.json(), document(&sandbox.snapshot()));
    sandbox.reset();
    assert!(sandbox.orders().is_empty());
    let restored = call("restore", "application/json", taken.body.clone()).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
    assert_eq!(restored.json(), json!({ "taken_at": sandbox.clock().now() }));
    assert_eq!(sandbox.orders().len(), 1);

    let mut other = taken.json();
    other["version"] = json!(7);
    for (kind, body, status, words) in [
        ("text/plain", taken.body.clone(), 415, "application/json"),
        (
            "application/json",
            Bytes::from_static(b"{"),
            400,
            "this is no snapshot",
        ),
        (
            "application/json",
            Bytes::from(other.to_string()),
            409,
            "version 7",
        ),
    ] {
        let reply = call("restore", kind, body).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text());
        assert!(reply.text().contains(words), "{}", reply.text());
        assert_eq!(sandbox.orders().len(), 1);
    }
    // Larger than what other calls take.
    let large = format!("{{\"version\":1,\"x\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let reply = call("restore", "application/json", large.into()).await;
    assert!(reply.text().contains("unknown field `x`"), "{}", reply.text());
}
