//! Rejected notifications are counted once and can be seen, at every entry point.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body, routing::post};
use serde_json::json;
use tower::ServiceExt as _;
use tracing::Level;
use wechatpay_core::{
    Clock,
    api::transactions::Transaction,
    keys::PinnedKeys,
    notify::{MerchantReceivers, NotificationError, NotificationReceiver},
    testing::{DEMO_MCHID, Delivery, DemoKey, FakePlatform},
    types::ApiV3Key,
};

/// Log lines at a level, captured while this lives.
struct Log {
    written: Arc<Mutex<Vec<u8>>>,
    _subscriber: tracing::subscriber::DefaultGuard,
    /// A second dispatcher, so that `tracing` asks all threads about a callsite.
    ///
    /// With a single one it asks only the thread that meets a callsite first, and that may be the thread of another
    /// test.
    _second: tracing::Dispatch,
}

struct Sink(Arc<Mutex<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn at(level: Level) -> Self {
        let written = Arc::<Mutex<Vec<u8>>>::default();
        let sink = Arc::clone(&written);
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .without_time()
            .with_writer(move || Sink(Arc::clone(&sink)))
            .finish();
        Self {
            written,
            _second: tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default()),
            _subscriber: tracing::subscriber::set_default(subscriber),
        }
    }

    /// The lines since the last look.
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut *self.written.lock().unwrap())).unwrap();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// The only line since the last look.
    fn line(&self) -> String {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{lines:#?}");
        lines[0].clone()
    }
}

fn request(delivery: &Delivery) -> http::Request<Body> {
    let mut request = http::Request::builder()
        .method(delivery.method.as_str())
        .uri("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    request.body(Body::from(delivery.body.clone())).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    AxumLayer,
    AxumExtractor,
    ActixMiddleware,
    ActixExtractor,
    RocketGuard,
}

impl Entry {
    const ALL: [Self; 5] = [
        Self::AxumLayer,
        Self::AxumExtractor,
        Self::ActixMiddleware,
        Self::ActixExtractor,
        Self::RocketGuard,
    ];

    async fn deliver(self, receiver: &NotificationReceiver, delivery: &Delivery) -> u16 {
        match self {
            Self::AxumLayer => axum_layer(receiver, delivery).await,
            Self::AxumExtractor => axum_extractor(receiver, delivery).await,
            Self::ActixMiddleware => {
                let middleware = wechatpay_actix::NotificationMiddleware::new(receiver.clone());
                actix(delivery, |config| {
                    config.service(
                        actix_web::web::resource("/notify")
                            .wrap(middleware)
                            .to(paid_by_actix),
                    );
                })
                .await
            }
            Self::ActixExtractor => {
                let receiver = receiver.clone();
                actix(delivery, |config| {
                    config
                        .app_data(receiver)
                        .route("/notify", actix_web::web::to(paid_by_actix));
                })
                .await
            }
            Self::RocketGuard => rocket_guard(receiver, delivery).await,
        }
    }
}

async fn axum_layer(receiver: &NotificationReceiver, delivery: &Delivery) -> u16 {
    use wechatpay_axum::{Ack, Notification, NotificationLayer};
    async fn paid(_: Notification<Transaction>) -> Ack {
        Ack
    }
    let app = Router::new()
        .route("/notify", post(paid))
        .route_layer(NotificationLayer::new(receiver.clone()));
    app.oneshot(request(delivery)).await.unwrap().status().as_u16()
}

async fn axum_extractor(receiver: &NotificationReceiver, delivery: &Delivery) -> u16 {
    use wechatpay_axum::{Ack, SignedNotification};
    async fn paid(_: SignedNotification<Transaction>) -> Ack {
        Ack
    }
    let app = Router::new()
        .route("/notify", post(paid))
        .with_state(receiver.clone());
    app.oneshot(request(delivery)).await.unwrap().status().as_u16()
}

async fn paid_by_actix(_: wechatpay_actix::Notification<Transaction>) -> wechatpay_actix::Ack {
    wechatpay_actix::Ack
}

async fn actix(delivery: &Delivery, configure: impl FnOnce(&mut actix_web::web::ServiceConfig)) -> u16 {
    use actix_web::{App, test};
    let app = test::init_service(App::new().configure(configure)).await;
    let mut request = test::TestRequest::post()
        .uri("/notify")
        .set_payload(delivery.body.clone());
    for (name, value) in &delivery.headers {
        request = request.append_header((name.as_str(), value.as_slice()));
    }
    test::call_service(&app, request.to_request())
        .await
        .status()
        .as_u16()
}

#[rocket::post("/notify", data = "<_notification>")]
fn paid_by_rocket(_notification: wechatpay_rocket::Notification<Transaction>) -> wechatpay_rocket::Ack {
    wechatpay_rocket::Ack
}

async fn rocket_guard(receiver: &NotificationReceiver, delivery: &Delivery) -> u16 {
    use rocket::{http::Header, local::asynchronous::Client};
    let rocket = rocket::custom(rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..Default::default()
    })
    .attach(wechatpay_rocket::NotificationFairing::receiver(receiver.clone()))
    .mount("/", rocket::routes![paid_by_rocket]);
    let client = Client::tracked(rocket).await.unwrap();
    let mut request = client.post("/notify").body(&delivery.body);
    for (name, value) in &delivery.headers {
        request.add_header(Header::new(
            name.clone(),
            String::from_utf8(value.clone()).unwrap(),
        ));
    }
    request.dispatch().await.status().code
}

/// Deliveries that are rejected: status and code.
fn rejected(platform: &FakePlatform) -> Vec<(Delivery, u16, &'static str)> {
    let payment = || platform.payment("ORDER-1", 100);
    let builder = || platform.payment_builder("ORDER-1", 100);
    let other = platform.clone().mchid("1900000002".parse().unwrap());
    vec![
        (
            payment().with_header("Content-Type", "text/plain"),
            415,
            "media_type",
        ),
        (
            payment().with_header("Content-Type", "text/xml"),
            415,
            "media_type",
        ),
        (payment().with_header("Content-Encoding", "gzip"), 415, "encoding"),
        (payment().with_body(vec![b' '; 300_000]), 413, "too_large"),
        (
            payment().without_header("Wechatpay-Serial"),
            401,
            "header_missing",
        ),
        (builder().signed_at(platform.now() - 1000).build(), 401, "too_old"),
        (
            payment().with_header("Wechatpay-Serial", "ABCD"),
            401,
            "key_unknown",
        ),
        (payment().with_body("{}"), 401, "signature_invalid"),
        (builder().body("{}").build(), 400, "envelope_malformed"),
        (
            builder().algorithm("AEAD_SM4_GCM").build(),
            400,
            "resource_algorithm_unsupported",
        ),
        (
            builder()
                .associated_data(json!("other"))
                .ciphertext("A".repeat(40))
                .build(),
            500,
            "decrypt_failed",
        ),
        (builder().plaintext("[]").build(), 400, "payload_malformed"),
        (platform.refund("ORDER-1", "R-1", 100), 400, "type_mismatch"),
        (other.payment("ORDER-1", 100), 403, "wrong_merchant"),
    ]
}

#[actix_web::test]
async fn one_rejection_is_counted_and_logged_once_at_every_entry_point() {
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    for entry in Entry::ALL {
        for (delivery, status, code) in rejected(&platform) {
            let receiver = platform.receiver();
            let answered = entry.deliver(&receiver, &delivery).await;
            assert_eq!(answered, status, "{entry:?}: {code}");
            let counted: Vec<(&str, u64)> = receiver
                .counters()
                .iter()
                .filter(|(kind, count)| *kind != "accepted" && *count > 0)
                .collect();
            assert_eq!(counted, [(code, 1)], "{entry:?}");
            let line = log.line();
            assert!(
                line.contains("wechatpay::notify:") && line.contains(code),
                "{entry:?}: {line}"
            );
            // After verification it is an error.
            let is_verified = receiver.counters().get("accepted") == 1
                || ["malformed", "decrypt", "wrong", "resource"]
                    .iter()
                    .any(|word| code.contains(word))
                    && code != "header_malformed";
            let level = if is_verified { "ERROR" } else { "WARN" };
            assert!(line.starts_with(level), "{entry:?}: {line}");
        }
        let receiver = platform.receiver();
        assert_eq!(
            entry.deliver(&receiver, &platform.payment("ORDER-1", 100)).await,
            204
        );
        assert_eq!(receiver.counters().get("accepted"), 1, "{entry:?}");
        assert_eq!(log.lines(), [""; 0], "{entry:?}");
    }
}

/// Checks the log at INFO for each mistake of the set-up.
#[actix_web::test]
async fn each_mistake_of_the_set_up_is_in_the_log() {
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    let receiver = platform.receiver();
    let see = |name: &str, parts: &[&str]| {
        let line = log.line();
        println!("{name}:\n    {line}");
        for part in parts {
            assert!(line.contains(part), "{name}: {part} is not in {line}");
        }
    };
    let payment = || platform.payment("ORDER-1", 100);
    let with_keys = |keys: PinnedKeys| {
        NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            platform.api_v3_key().clone(),
            Arc::new(keys),
        )
        .build()
        .unwrap()
    };

    // The public key of somebody else under the right id.
    let spec = platform.certificate_spec(DemoKey::Platform2, &[0xAB]);
    let wrong = with_keys(PinnedKeys::new([platform.platform_key(&platform.issue(&spec))]));
    let (_, other_key) = platform.signing_key();
    let signed_by_other = platform
        .payment_builder("ORDER-1", 100)
        .signed_by("AB".parse().unwrap(), other_key)
        .build();
    assert_eq!(axum_layer(&wrong, &signed_by_other).await, 401);
    see(
        "wrong public key",
        &[
            "WARN",
            "1 notification was rejected: signature_invalid",
            "merchant=1900000001",
        ],
    );
    assert_eq!(axum_layer(&wrong, &payment()).await, 401);
    see("wrong public key id", &["WARN", "key_unknown", "PUB_KEY_ID_"]);

    for (skew, text) in [(600, "600 s ahead"), (-600, "600 s behind")] {
        let now = platform.now() + skew;
        let clock_off = platform
            .receiver_builder()
            .clock(Clock::fixed(now))
            .build()
            .unwrap();
        assert_eq!(axum_layer(&clock_off, &payment()).await, 401);
        see(
            "clock off by ten minutes",
            &["WARN", "the local clock seems to be", text],
        );
    }

    let mut dropped = payment();
    dropped
        .headers
        .retain(|(name, _)| !name.to_ascii_lowercase().starts_with("wechatpay-"));
    assert_eq!(axum_layer(&receiver, &dropped).await, 401);
    see(
        "a proxy that drops headers",
        &["WARN", "header_missing", "did a proxy drop it?"],
    );

    // Outside of the layer, as `.layer` after `.route_layer` stands.
    let eaten = payment().with_body("");
    assert_eq!(axum_layer(&receiver, &eaten).await, 401);
    see(
        "a middleware that eats the body",
        &[
            "WARN",
            "signature_invalid",
            "was the body changed",
            "body_length=0",
        ],
    );

    let v2 = payment().with_header("Content-Type", "text/xml; charset=utf-8");
    assert_eq!(axum_layer(&receiver, &v2).await, 415);
    see("a notification of API v2", &["WARN", "this is API v2 (XML)"]);

    let wrong_apiv3 = NotificationReceiver::builder(
        DEMO_MCHID.parse().unwrap(),
        ApiV3Key::parse("AnotherApiV3KeyAnotherApiV3Key12").unwrap(),
        platform.key_store(),
    )
    .build()
    .unwrap();
    assert_eq!(axum_layer(&wrong_apiv3, &payment()).await, 500);
    see(
        "wrong APIv3 key",
        &[
            "ERROR",
            "decrypt_failed",
            "is it the key of the merchant console?",
        ],
    );

    let mut resource = platform.payment_resource("ORDER-1", 100);
    resource["out_trade_no"] = json!(7);
    resource["payer"]["sp_openid"] = json!("CANARY");
    let malformed = platform
        .payment_builder("ORDER-1", 100)
        .id("EV-2018022511223320873")
        .plaintext(resource.to_string())
        .build();
    for _ in 0..3 {
        assert_eq!(axum_layer(&receiver, &malformed).await, 400);
        see(
            "a genuine notification that is malformed",
            &[
                "ERROR",
                "a genuine notification was rejected: the decrypted resource is malformed",
                "out_trade_no",
                "id=\"EV-2018022511223320873\"",
                "event_type=\"TRANSACTION.SUCCESS\"",
                "merchant=1900000001",
            ],
        );
    }

    let mut envelope: serde_json::Value = serde_json::from_slice(&payment().body).unwrap();
    envelope["resource"]["nonce"] = json!(7);
    envelope["id"] = json!("EV-7");
    let malformed = platform
        .payment_builder("ORDER-1", 100)
        .body(envelope.to_string())
        .build();
    assert_eq!(axum_layer(&receiver, &malformed).await, 400);
    see(
        "a genuine envelope that is malformed",
        &[
            "ERROR",
            "resource.nonce",
            "id=\"EV-7\"",
            "event_type=\"TRANSACTION.SUCCESS\"",
        ],
    );

    assert_eq!(
        axum_layer(&receiver, &platform.refund("ORDER-1", "R-1", 100)).await,
        400
    );
    see(
        "another kind than the route takes",
        &[
            "ERROR",
            "REFUND.SUCCESS is genuine, but this route takes Transaction; take AnyResource or add a route",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_one_line_a_minute_and_kind_with_the_number() {
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    let receiver = platform.receiver();
    let forged = platform.payment("ORDER-1", 100).with_body("{}");
    let dropped = platform.payment("ORDER-1", 100).without_header("Wechatpay-Nonce");
    for _ in 0..1000 {
        axum_layer(&receiver, &forged).await;
    }
    assert!(
        log.line()
            .contains("1 notification was rejected: signature_invalid")
    );
    axum_layer(&receiver, &dropped).await;
    assert!(
        log.line().contains("header_missing"),
        "each kind has a line of its own"
    );
    tokio::time::advance(Duration::from_secs(59)).await;
    axum_layer(&receiver, &forged).await;
    assert_eq!(log.lines(), [""; 0]);
    tokio::time::advance(Duration::from_secs(1)).await;
    axum_layer(&receiver, &forged).await;
    let line = log.line();
    println!("{line}");
    assert!(
        line.contains(
            "1001 notifications were rejected in the last 60 s: signature_invalid; last: the signature"
        ),
        "{line}"
    );
    assert_eq!(receiver.counters().get("signature_invalid"), 1002);
    // At DEBUG every one of them can be seen.
    drop(log);
    let log = Log::at(Level::DEBUG);
    axum_layer(&receiver, &forged).await;
    assert!(
        log.lines()
            .iter()
            .any(|line| line.starts_with("DEBUG wechatpay::notify: a notification was rejected"))
    );
}

#[tokio::test]
async fn a_success_that_is_not_ack_is_one_error_line_with_the_id_and_the_remedy() {
    use wechatpay_axum::{Notification, NotificationLayer};
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    let app = Router::new()
        .route("/notify", post(async |_: Notification<Transaction>| "ok"))
        .route_layer(NotificationLayer::new(platform.receiver()));
    let delivery = platform.payment_builder("ORDER-1", 100).id("PAID-1").build();
    let response = app.oneshot(request(&delivery)).await.unwrap();
    assert_eq!(response.status(), 500);
    let line = log.line();
    for part in [
        "ERROR wechatpay::notify",
        "not_acknowledged",
        "PAID-1",
        "TRANSACTION.SUCCESS",
        "return `Ack`",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

#[tokio::test]
async fn a_probe_is_no_warning() {
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    let probe = platform
        .payment("ORDER-1", 100)
        .with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc");
    assert_eq!(axum_layer(&platform.receiver(), &probe).await, 401);
    let line = log.line();
    assert!(
        line.starts_with("INFO") && line.contains("a signature probe of the platform"),
        "{line}"
    );
}

#[test]
fn nobody_writes_lines_of_their_own_into_the_log() {
    let log = Log::at(Level::INFO);
    let receiver = FakePlatform::new().receiver();
    let cause = "reset\r\n2026-11-30T00:00:00Z  INFO shop: order 1 was paid\u{1b}[2J\u{202e}";
    receiver.rejected(&NotificationError::BodyAborted(cause.into()));
    let line = log.line();
    assert!(line.contains("the body ended early: reset"), "{line}");
    assert!(!line.contains('\u{1b}') && !line.contains('\u{202e}'), "{line}");
    receiver.rejected(&NotificationError::Unhandled {
        event_type: "X\n".repeat(2000),
    });
    let line = log.line();
    assert!(line.chars().count() < 1300, "{} characters", line.chars().count());
}

#[tokio::test(start_paused = true)]
async fn a_merchant_that_cannot_be_set_up_is_an_error_once_a_minute() {
    let platform = FakePlatform::new();
    let log = Log::at(Level::INFO);
    let receivers = MerchantReceivers::try_lazy(|_| Err(std::io::Error::other("the APIv3 key has 31 bytes")));
    let deliver = async || {
        let delivery = platform.payment("ORDER-1", 100);
        let pending = receivers.begin(&delivery.method, delivery.pairs()).unwrap();
        pending.of(Some(DEMO_MCHID)).await.unwrap_err()
    };
    assert_eq!(deliver().await.code(), "unknown_merchant");
    let lines = log.lines();
    println!("{lines:#?}");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(
        lines[0].starts_with("ERROR") && lines[0].contains("cannot be set up: the APIv3 key has 31 bytes"),
        "{lines:#?}"
    );
    assert!(
        lines[1].starts_with("WARN") && lines[1].contains("unknown_merchant"),
        "{lines:#?}"
    );
    for _ in 0..9 {
        tokio::time::advance(Duration::from_secs(6)).await;
        deliver().await;
    }
    assert_eq!(log.lines(), [""; 0]);
    tokio::time::advance(Duration::from_secs(7)).await;
    deliver().await;
    assert_eq!(log.lines().len(), 2);
}
