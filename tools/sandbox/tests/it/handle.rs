//! The handle: life and death, settings, events, and responses that are wrong on purpose.

use std::time::{Duration, Instant};

use http::StatusCode;
use http_body_util::Full;
use wechatpay_core::{Clock, testing::DEMO_PUBLIC_KEY_ID, verify::VerifyError};
use wechatpay_sandbox::{
    Buyer, DEMO_MERCHANT_SERIAL, EventKind, Fault, KeyMode, RetrySchedule, Sandbox, StartError,
};

use crate::support::{Browser, Merchant, Shop, partner_order, send, until, with_second_merchant};

const CERTIFICATES: &str = "/v3/certificates";

#[test]
fn the_handle_may_go_anywhere() {
    fn anywhere<T: Clone + Send + Sync + 'static>() {}
    anywhere::<Sandbox>();
    anywhere::<wechatpay_sandbox::Rotation>();
    fn sendable<T: Send + 'static>() {}
    sendable::<wechatpay_sandbox::Events>();
    sendable::<wechatpay_sandbox::SandboxBuilder>();
}

#[tokio::test]
async fn two_sandboxes_in_one_process_know_nothing_of_each_other() {
    let (first, second) = tokio::join!(Sandbox::builder().start(), Sandbox::builder().start());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first.base_url(), second.base_url());
    Merchant::new(&first).place("native", "demo-0001").await;
    assert!(first.order("demo-0001").is_some());
    assert!(second.order("demo-0001").is_none());
    assert_eq!(second.counters().requests, 0);
}

async fn is_gone(address: std::net::SocketAddr) -> bool {
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn the_server_stops_when_the_last_handle_is_dropped() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let address = sandbox.address();
    let other = sandbox.clone();
    let rotation = sandbox.rotation();
    drop(sandbox);
    assert_eq!(
        Merchant::new(&other).get(CERTIFICATES).await.status,
        StatusCode::NOT_FOUND
    );
    drop(other);
    assert!(is_gone(address).await);
    drop(rotation);
}

#[tokio::test]
async fn shutdown_ends_the_server_and_leaves_the_records() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    Merchant::new(&sandbox).place("native", "demo-0001").await;
    sandbox.shutdown().await;
    assert!(is_gone(sandbox.address()).await);
    assert_eq!(sandbox.requests().len(), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn shutdown_does_not_wait_for_a_response_that_hangs() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sandbox.fault(Fault::Delay(Duration::from_secs(3600)));
    let merchant = Merchant::new(&sandbox);
    let request = merchant.request(http::Method::GET, CERTIFICATES, b"").await;
    let hanging = tokio::spawn(send(request));
    until(|| sandbox.counters().requests > 0).await;
    let started = Instant::now();
    sandbox.shutdown().await;
    assert!(started.elapsed() < Duration::from_secs(30));
    hanging.abort();
}

#[tokio::test]
async fn events_end_with_the_sandbox() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut events = sandbox.events();
    drop(sandbox);
    let end = tokio::time::timeout(Duration::from_secs(10), events.next()).await;
    assert_eq!(end.unwrap(), None);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_or_another_port() {
    let first = Sandbox::builder().start().await.unwrap();
    let taken = Sandbox::builder().address(first.address());
    assert!(matches!(taken.start().await, Err(StartError::Listen { .. })));
    let other = Sandbox::builder()
        .address(first.address())
        .or_free_port(true)
        .start()
        .await
        .unwrap();
    assert_ne!(other.address(), first.address());
}

#[tokio::test]
async fn a_merchant_stands_once() {
    let twice = with_second_merchant(with_second_merchant(Sandbox::builder()));
    assert!(matches!(twice.start().await, Err(StartError::MerchantTwice(_))));
}

#[tokio::test]
async fn the_settings_are_complete_in_every_mode() {
    for (mode, has_public_key, certificates) in [
        (KeyMode::PublicKey, true, None),
        (KeyMode::Certificate, false, Some(true)),
        (KeyMode::Mixed, true, Some(true)),
    ] {
        let sandbox = Sandbox::builder().keys(mode).start().await.unwrap();
        let config = sandbox.config();
        assert_eq!(config.certificates, certificates);
        let settings = config.validate().unwrap();
        assert_eq!(settings.base_url, sandbox.base_url());
        assert_eq!(settings.public_key.is_some(), has_public_key);
        assert_eq!(settings.certificates, certificates.is_some());
        let mut merchant = Merchant::new(&sandbox);
        merchant.signer = settings.request_signer();
        merchant = merchant.asks_for(DEMO_PUBLIC_KEY_ID);
        let reply = merchant
            .post(
                "/v3/pay/partner/transactions/native",
                &partner_order("native", "demo-0001"),
            )
            .await;
        assert_eq!(reply.status, StatusCode::OK);
        if has_public_key {
            merchant.verify(&reply).await.unwrap();
        }
    }
    let sandbox = with_second_merchant(Sandbox::builder()).start().await.unwrap();
    assert!(sandbox.config_of("1900000002").unwrap().validate().is_ok());
    assert!(sandbox.config_of("1999999999").is_none());
}

#[tokio::test]
async fn the_environment_says_the_same_as_the_settings() {
    let sandbox = Sandbox::builder().keys(KeyMode::Mixed).start().await.unwrap();
    let lines = sandbox.env_lines();
    let config = config_of_lines(&lines);
    let settings = config.validate().unwrap();
    assert_eq!(settings.base_url, sandbox.base_url());
    assert!(settings.certificates && settings.public_key.is_some());

    let directory = std::env::temp_dir().join(format!("wechatpay-sandbox-{}", std::process::id()));
    let path = sandbox.write_env(&directory).unwrap();
    // Twice in the same place is fine.
    assert_eq!(sandbox.write_env(&directory).unwrap(), path);
    assert!(path.is_absolute());
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    assert!(config_of_lines(&lines).validate().is_ok(), "{text}");
    let names = [
        "apiclient_cert.pem",
        "apiclient_key.pem",
        "pub_key.pem",
        ".env.direct",
        ".env.sandbox",
    ];
    for name in names {
        let file = directory.join(name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert!(file.exists());
    }
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), names.len());
    let certificate = std::fs::read_to_string(directory.join("apiclient_cert.pem")).unwrap();
    let certificate = wechatpay_core::crypto::x509::PlatformCertificate::from_pem(&certificate).unwrap();
    assert_eq!(certificate.serial().as_str(), DEMO_MERCHANT_SERIAL);
    std::fs::remove_dir_all(&directory).unwrap();
}

/// Reads lines as a shell would, and gives them to serde as core's field names.
fn config_of_lines(lines: &[String]) -> wechatpay_core::Config {
    let mut json = serde_json::Map::new();
    for line in lines {
        let (name, value) = line.split_once('=').unwrap();
        let name = name.strip_prefix("WECHATPAY_").unwrap().to_ascii_lowercase();
        let value = value.trim_matches('\'');
        let value = match value {
            "true" => true.into(),
            text => text.into(),
        };
        json.insert(name, value);
    }
    serde_json::from_value(json.into()).unwrap()
}

#[tokio::test]
async fn responses_can_be_wrong_in_every_way_a_client_must_notice() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let verify = async |fault| {
        sandbox.fault(fault);
        let reply = merchant.get(CERTIFICATES).await;
        let outcome = merchant.verify(&reply).await;
        (reply, outcome)
    };
    let (_, outcome) = verify(Fault::NoSignHeaders).await;
    assert!(matches!(outcome, Err(VerifyError::HeaderMissing(_))));
    for fault in [Fault::SignedOtherBody, Fault::ChangedBody] {
        let (_, outcome) = verify(fault).await;
        assert!(matches!(outcome, Err(VerifyError::SignatureInvalid { .. })));
    }
    let (_, outcome) = verify(Fault::SignatureProbe).await;
    assert!(matches!(outcome, Err(VerifyError::Probe)));
    let (_, outcome) = verify(Fault::StaleTimestamp).await;
    assert!(matches!(outcome, Err(VerifyError::TooOld { .. })));
    for (status, is_signed) in [
        (400, true),
        (401, false),
        (403, true),
        (404, true),
        (429, true),
        (500, true),
        (502, false),
        (503, false),
    ] {
        let (reply, outcome) = verify(Fault::Status(status)).await;
        assert_eq!(reply.status.as_u16(), status);
        assert_eq!(outcome.is_ok(), is_signed, "{status}");
    }
    // And then all is well again.
    merchant.verify(&merchant.get(CERTIFICATES).await).await.unwrap();
}

#[tokio::test]
async fn a_wrong_response_waits_for_its_path_and_its_turn() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    sandbox.fault(Fault::Status(503).on("/v3/pay/**"));
    sandbox.fault(Fault::Status(429).on("/v3/pay/**"));
    assert_eq!(merchant.get(CERTIFICATES).await.status, StatusCode::NOT_FOUND);
    let order = partner_order("native", "demo-0001");
    let path = "/v3/pay/partner/transactions/native";
    for expected in [503, 429, 200] {
        assert_eq!(merchant.post(path, &order).await.status.as_u16(), expected);
        assert_eq!(sandbox.order("demo-0001").is_some(), expected == 200);
    }
}

#[tokio::test]
async fn a_response_that_hangs_has_been_carried_out() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    sandbox.fault(Fault::Delay(Duration::from_secs(3600)));
    let order = partner_order("native", "demo-0001");
    let carried_out = async {
        until(|| sandbox.order("demo-0001").is_some() && !sandbox.requests().is_empty()).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    tokio::select! {
        reply = merchant.post("/v3/pay/partner/transactions/native", &order) => panic!("{}", reply.text()),
        () = carried_out => {}
    }
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test]
async fn events_tell_the_whole_story() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .clock(Clock::fixed(1_704_083_696))
        .start()
        .await
        .unwrap();
    let mut events = sandbox.events();
    let merchant = Merchant::new(&sandbox).clock(Clock::fixed(1_704_083_696));
    let mut order = partner_order("native", "demo-0001");
    order["notify_url"] = shop.url.as_str().into();
    merchant.post("/v3/pay/partner/transactions/native", &order).await;
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    let mut lines = Vec::new();
    loop {
        let event = events.next().await.unwrap();
        lines.push(event.to_string());
        if matches!(event.kind, EventKind::Notified { .. }) {
            break;
        }
    }
    let [lint, request, paid, notified] = lines.as_slice() else {
        panic!("{lines:#?}");
    };
    assert!(
        lint.starts_with("12:34:56  !!!  lint notify-url-not-public"),
        "{lint}"
    );
    assert!(
        request.starts_with("12:34:56  -->  POST /v3/pay/partner/transactions/native   200"),
        "{request}"
    );
    assert!(request.ends_with("order demo-0001  ¥9.90"), "{request}");
    assert_eq!(paid, "12:34:56  $$$  paid by alice   order demo-0001  ¥9.90");
    assert!(
        notified.starts_with("12:34:56  ==>  TRANSACTION.SUCCESS → 127.0.0.1:"),
        "{notified}"
    );
    assert!(notified.contains("/notify   204"), "{notified}");
}

#[tokio::test]
async fn a_lint_is_told_once_and_kept_every_time() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut events = sandbox.events();
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "demo-0001").await;
    merchant.place("native", "demo-0002").await;
    assert_eq!(sandbox.lints().len(), 2);
    drop((merchant, sandbox));
    let mut told = 0;
    while let Some(event) = events.next().await {
        told += usize::from(matches!(event.kind, EventKind::Lint(_)));
    }
    assert_eq!(told, 1);
}

#[tokio::test]
async fn healthz_and_readyz_are_200() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let browser = Browser::new(&sandbox);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK);
    }
    let request = http::Request::post(format!("{}/healthz", sandbox.base_url()))
        .body(Full::default())
        .unwrap();
    assert_eq!(send(request).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn orders_are_paid_also_from_outside_of_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(async {
        let sandbox = Sandbox::builder().notify_enabled(false).start().await.unwrap();
        Merchant::new(&sandbox).place("native", "demo-0001").await;
        sandbox
    });
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    assert_eq!(sandbox.notifications().len(), 1);
}
