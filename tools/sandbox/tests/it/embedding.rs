//! The sandbox inside a test: its final report, blocking use, no socket, inspection.

use std::time::Duration;

use axum::body::Body;
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use wechatpay_core::Clock;
use wechatpay_sandbox::{Buyer, ClockError, Fault, LintKind, Sandbox, Verdict};

use crate::support::{Merchant, Reply, SHORT, Shop, partner_order, send};

const CERTIFICATES: &str = "/v3/certificates";
/// Signs the path and sends a query too.
async fn sign_wrongly(sandbox: &Sandbox) {
    let mut request = Merchant::new(sandbox)
        .request(Method::GET, CERTIFICATES, b"")
        .await;
    let url = format!("{}{CERTIFICATES}?limit=1", sandbox.base_url());
    *request.uri_mut() = url.parse().unwrap();
    assert_eq!(send(request).await.status, StatusCode::UNAUTHORIZED);
}

/// The panic message of a thread.
fn last_words(thread: impl FnOnce() + Send + 'static) -> Option<String> {
    let died = std::thread::spawn(thread).join().err()?;
    let text = died.downcast_ref::<String>().cloned();
    text.or_else(|| died.downcast_ref::<&str>().map(|text| (*text).to_owned()))
}

#[tokio::test]
async fn a_refused_signature_fails_the_test_with_what_the_doctor_says() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sign_wrongly(&sandbox).await;
    let other = sandbox.clone();
    assert_eq!(last_words(move || drop(other)), None, "there is another handle");

    let told = last_words({
        let sandbox = sandbox.clone();
        move || sandbox.assert_no_trouble()
    });
    let text = last_words(move || drop(sandbox)).unwrap();
    assert_eq!(told.as_ref(), Some(&text));
    for words in [
        "request 1: GET /v3/certificates?limit=1 got 401 SIGN_ERROR",
        "url-query-dropped (proven)",
        "+ /v3/certificates?limit=1",
        "SandboxBuilder::lenient",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("signature="), "{text}");
}

#[tokio::test]
async fn a_client_on_another_clock_is_told_that_the_clock_is_the_reason() {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .wire_clock(Clock::fixed(1_767_574_800))
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox).clock(Clock::system());
    assert_eq!(merchant.get(CERTIFICATES).await.code(), "SIGN_ERROR");
    let text = last_words(move || drop(sandbox)).unwrap();
    for words in [
        "request 1: GET /v3/certificates got 401 SIGN_ERROR",
        "ahead of the gateway's clock",
        "The reason is the clock: signatures go by 2026-01-05T09:00:00+08:00 here",
        "Sandbox::core_clock()",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn what_was_on_purpose_fails_no_test() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sign_wrongly(&sandbox).await;
    let refused = sandbox.take_refusals();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].verdict, Verdict::SignatureMismatch);
    assert!(sandbox.take_refusals().is_empty());
    // A 401 that was ordered is none.
    sandbox.fault(Fault::Status(401));
    assert_eq!(
        Merchant::new(&sandbox).get(CERTIFICATES).await.status,
        StatusCode::UNAUTHORIZED
    );
    sandbox.assert_no_trouble();
    drop(sandbox);

    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    sign_wrongly(&sandbox).await;
    drop(sandbox);
}

#[tokio::test]
async fn a_test_that_fails_anyway_fails_of_its_own_cause() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sign_wrongly(&sandbox).await;
    let text = last_words(move || {
        let _sandbox = sandbox;
        panic!("the test's own cause");
    });
    assert_eq!(text.as_deref(), Some("the test's own cause"));
}

#[tokio::test]
async fn a_shop_that_takes_forgeries_fails_the_test() {
    for is_known in [false, true] {
        let shop = Shop::start(|_, _| 204).await;
        let sandbox = Sandbox::builder().signtest(1.0).start().await.unwrap();
        let mut order = partner_order("native", "demo-0001");
        order["notify_url"] = shop.url.as_str().into();
        let placed = Merchant::new(&sandbox)
            .post("/v3/pay/partner/transactions/native", &order)
            .await;
        assert_eq!(placed.status, StatusCode::OK);
        sandbox.pay("demo-0001", Buyer::Alice).unwrap();
        sandbox.wait_acknowledged("demo-0001", SHORT).await.unwrap();
        if is_known {
            let lints = sandbox.take_lints();
            assert!(
                lints
                    .iter()
                    .any(|lint| lint.kind() == LintKind::AcceptedForgedNotification)
            );
            assert_eq!(sandbox.lints().len(), lints.len());
            drop(sandbox);
        } else {
            let text = last_words(move || drop(sandbox)).unwrap();
            assert!(text.contains("fatal: accepted-forged-notification"), "{text}");
        }
    }
}

#[test]
fn a_blocking_test_has_the_whole_handle() {
    fn anywhere<T: Clone + Send + Sync + 'static>() {}
    anywhere::<wechatpay_sandbox::blocking::Sandbox>();

    let sandbox = Sandbox::builder().manual_clock().start_blocking().unwrap();
    let merchant = Merchant::new(&sandbox).clock(sandbox.core_clock());
    let shop = sandbox.wait(Shop::start(|_, _| 204));
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = shop.url.as_str().into();
    let placed = sandbox.wait(merchant.post("/v3/pay/partner/transactions/native", &order));
    assert_eq!(placed.status, StatusCode::OK);
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let notification = sandbox.wait_acknowledged("demo-0001", SHORT).unwrap();
    assert_eq!(notification.attempts.len(), 1);
    assert!(sandbox.send_again(&notification.id).is_some());

    let start = sandbox.clock().now();
    let turn = sandbox.clock().advance(Duration::from_secs(3600)).unwrap();
    assert_eq!((turn.from, turn.to), (start, start + 3600));
    sandbox.clock().next_day_at("10:05").unwrap();
    sandbox.clock().run_until_idle().unwrap();
    assert_eq!(sandbox.clock().yesterday(), "2026-01-05");
    assert_eq!(
        sandbox
            .clock()
            .advance_to("2026-01-05T00:00:00+08:00".parse().unwrap()),
        Err(ClockError::Past)
    );

    let report = sandbox.wait(sandbox.acceptance(&shop.url).only([])).unwrap();
    report.assert_all_passed();
    sandbox.shutdown();
}

#[test]
fn a_blocking_sandbox_tells_of_trouble_too() {
    let sandbox = Sandbox::builder().start_blocking().unwrap();
    sandbox.wait(sign_wrongly(&sandbox));
    let text = last_words(move || drop(sandbox)).unwrap();
    assert!(text.contains("url-query-dropped"), "{text}");
}

#[tokio::test]
async fn the_router_responses_without_a_connection() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let order = partner_order("native", "demo-0001").to_string();
    let path = "/v3/pay/partner/transactions/native";
    let mut request = merchant.request(Method::POST, path, order.as_bytes()).await;
    *request.uri_mut() = path.parse().unwrap();
    let response = sandbox.router().oneshot(request.map(Body::new)).await.unwrap();
    let (parts, body) = response.into_parts();
    let reply = Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes(),
    };
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    assert!(sandbox.order("demo-0001").is_some());

    // A sandbox without pages says how to get them.
    let request = http::Request::get("/_sandbox").body(Body::empty()).unwrap();
    let reply = sandbox.router().oneshot(request).await.unwrap();
    assert_eq!(reply.status(), StatusCode::NOT_FOUND);
    let body = reply.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("wechatpay_dashboard::pages"));
}
