//! Extractors and responses in a running axum application.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{FromRef, State},
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use tower::ServiceExt as _;
use wechatpay_axum::{
    Ack, Nack, Notification, NotificationLayer, NotificationReceiver, NotificationRejection,
    SignedNotification,
};
use wechatpay_core::{
    api::{refunds::RefundNotice, transactions::Transaction},
    notify::AnyResource,
    testing::{Delivery, FakePlatform},
};

fn request(delivery: &Delivery) -> Request<Body> {
    let mut request = Request::builder().method(delivery.method.as_str()).uri("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    request.body(Body::from(delivery.body.clone())).unwrap()
}

async fn deliver(app: &Router, delivery: &Delivery) -> (StatusCode, String) {
    let response = app.clone().oneshot(request(delivery)).await.unwrap();
    let status = response.status();
    (
        status,
        String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap(),
    )
}

type Paid = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct App {
    receiver: NotificationReceiver,
    paid: Paid,
}

impl FromRef<App> for NotificationReceiver {
    fn from_ref(app: &App) -> Self {
        app.receiver.clone()
    }
}

fn app() -> App {
    App {
        receiver: FakePlatform::new().receiver(),
        paid: Paid::default(),
    }
}

async fn with_layer(State(app): State<App>, paid: Notification<Transaction>) -> Ack {
    app.paid
        .lock()
        .unwrap()
        .push(format!("{} {}", paid.id(), paid.out_trade_no));
    Ack
}

async fn without_layer(State(app): State<App>, paid: SignedNotification<Transaction>) -> Ack {
    app.paid
        .lock()
        .unwrap()
        .push(format!("{} {}", paid.id(), paid.out_trade_no));
    Ack
}

/// The same handler in both styles.
fn routers(app: &App) -> [(&'static str, Router); 2] {
    let layer = NotificationLayer::new(app.receiver.clone());
    [
        (
            "layer",
            Router::new()
                .route("/notify", post(with_layer))
                .route_layer(layer)
                .with_state(app.clone()),
        ),
        (
            "extractor",
            Router::new()
                .route("/notify", post(without_layer))
                .with_state(app.clone()),
        ),
    ]
}

#[tokio::test]
async fn a_genuine_payment_reaches_the_handler_in_both_styles() {
    for index in 0..2 {
        let app = app();
        let (style, router) = routers(&app)[index].clone();
        let delivery = FakePlatform::new().payment("ORDER-1", 100);
        assert_eq!(
            deliver(&router, &delivery).await,
            (StatusCode::NO_CONTENT, String::new()),
            "{style}"
        );
        assert_eq!(app.paid.lock().unwrap().len(), 1, "{style}");
        assert!(app.paid.lock().unwrap()[0].ends_with(" ORDER-1"));
    }
}

#[tokio::test]
async fn rejections_are_the_same_in_both_styles_and_never_reach_the_handler() {
    let platform = FakePlatform::new();
    let genuine = platform.payment("ORDER-1", 100);
    let rejected = [
        (405, genuine.clone().with_method("PUT")),
        (415, genuine.clone().with_header("Content-Type", "text/plain")),
        (415, genuine.clone().with_header("Content-Encoding", "gzip")),
        (401, genuine.clone().without_header("Wechatpay-Signature")),
        (401, genuine.clone().and_header("Wechatpay-Nonce", "another")),
        (401, genuine.clone().with_body("{}")),
        (413, genuine.clone().with_body(vec![b' '; 256 * 1024 + 1])),
        (400, platform.refund("ORDER-1", "R-1", 100)),
        (
            403,
            platform
                .clone()
                .mchid("1900000002".parse().unwrap())
                .payment("ORDER-1", 100),
        ),
    ];
    let app = app();
    for (style, router) in routers(&app) {
        for (status, delivery) in &rejected {
            let (answered, body) = deliver(&router, delivery).await;
            // axum itself responses another method than the route's, before any layer.
            assert_eq!(answered, *status, "{style}: {body}");
            assert!(
                body.is_empty() && answered == 405 || body.starts_with(r#"{"code":"FAIL","message":"#),
                "{style}: {body}"
            );
        }
    }
    assert!(app.paid.lock().unwrap().is_empty());
}

#[tokio::test]
async fn one_route_takes_every_kind_as_any_resource() {
    async fn any(notification: Notification<AnyResource>) -> Result<Ack, Nack> {
        match notification.resource() {
            AnyResource::Transaction(paid) if paid.out_trade_no == "ORDER-1" => Ok(Ack),
            AnyResource::Refund(refund) if refund.out_refund_no == "R-1" => Ok(Ack),
            _ => Err(Nack::failed()),
        }
    }
    let platform = FakePlatform::new();
    let router = Router::new()
        .route("/notify", post(any))
        .route_layer(NotificationLayer::new(platform.receiver()));
    assert_eq!(deliver(&router, &platform.payment("ORDER-1", 1)).await.0, 204);
    assert_eq!(
        deliver(&router, &platform.refund("ORDER-1", "R-1", 1)).await.0,
        204
    );
    let other = platform.delivery(
        "TICKET.PUNCHED",
        "ticket",
        &serde_json::json!({ "mchid": "1900000001" }),
    );
    let (status, body) = deliver(&router, &other.build()).await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (500, r#"{"code":"FAIL","message":"not handled, send again"}"#)
    );
}

#[tokio::test]
async fn a_handler_may_look_at_the_rejection() {
    async fn lenient(paid: Result<Notification<RefundNotice>, NotificationRejection>) -> Response {
        match paid {
            Ok(_) => Ack.into_response(),
            Err(rejection) => (StatusCode::IM_A_TEAPOT, rejection.to_string()).into_response(),
        }
    }
    let platform = FakePlatform::new();
    let router = Router::new()
        .route("/notify", post(lenient))
        .route_layer(NotificationLayer::new(platform.receiver()));
    let (status, body) = deliver(&router, &platform.payment("ORDER-1", 1)).await;
    assert_eq!(status, 418);
    assert_eq!(
        body,
        "TRANSACTION.SUCCESS is genuine, but this route takes RefundNotice; take AnyResource or add a route"
    );
}

#[tokio::test]
async fn a_route_without_the_layer_responds_500_and_says_what_is_missing() {
    let app = app();
    let router = Router::new()
        .route("/notify", post(with_layer))
        .with_state(app.clone());
    let (status, body) = deliver(&router, &FakePlatform::new().payment("ORDER-1", 1)).await;
    assert_eq!(status, 500);
    assert_eq!(body, r#"{"code":"FAIL","message":"not handled, send again"}"#);
    assert!(
        NotificationRejection::NotConfigured
            .to_string()
            .contains("NotificationLayer::new(receiver)")
    );
    assert!(app.paid.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_layer_guards_a_handler_that_forgot_the_extractor() {
    async fn careless(State(app): State<App>) -> Ack {
        app.paid.lock().unwrap().push("called".into());
        Ack
    }
    let app = app();
    let router = Router::new()
        .route("/notify", post(careless))
        .route_layer(NotificationLayer::new(app.receiver.clone()))
        .with_state(app.clone());
    let forged = FakePlatform::new()
        .payment("ORDER-1", 1)
        .without_header("Wechatpay-Signature");
    assert_eq!(deliver(&router, &forged).await.0, 401);
    assert!(app.paid.lock().unwrap().is_empty());
}

#[test]
fn responses_have_the_statuses_the_platform_understands() {
    assert_eq!(Ack.into_response().status(), 204);
    for (rejection, status) in [
        (Nack::failed(), 500),
        (Nack::unavailable(), 503),
        (Nack::in_progress(), 409),
        (Nack::mismatch(), 403),
    ] {
        let response = rejection.into_response();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn a_success_that_is_not_ack_becomes_500_and_is_counted() {
    let platform = FakePlatform::new();
    let receiver = platform.receiver();
    let layer = || NotificationLayer::new(receiver.clone());
    let router = Router::new()
        .route(
            "/unit",
            post(async |_: Notification<Transaction>| ()).route_layer(layer()),
        )
        .route("/text", post(async || "ok").route_layer(layer()))
        .route(
            "/created",
            post(async || StatusCode::CREATED).route_layer(layer()),
        )
        .route("/ack", post(async || Ack).route_layer(layer()))
        .route("/nack", post(async || Nack::unavailable()).route_layer(layer()));
    for (path, status) in [
        ("/unit", 500),
        ("/text", 500),
        ("/created", 500),
        ("/ack", 204),
        ("/nack", 503),
    ] {
        let request = wechatpay_axum::testing::request::<Body>(path, platform.payment("ORDER-1", 1));
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let reason = response.extensions().get::<wechatpay_tower::notify::Rejected>();
        assert_eq!(
            reason.map(|rejected| rejected.0.code()),
            (status == 500).then_some("not_acknowledged"),
            "{path}"
        );
    }
    assert_eq!(receiver.counters().get("not_acknowledged"), 3);
}

/// The lease is given back, so the handler sees the next delivery.
#[tokio::test]
async fn a_success_that_is_not_ack_is_not_remembered_as_handled() {
    use std::sync::atomic::{AtomicU32, Ordering};
    use wechatpay_axum::{IdempotencyLayer, idempotency::MemoryStore};
    let platform = FakePlatform::new();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let handler = async move || match counted.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::OK.into_response(),
        _ => Ack.into_response(),
    };
    let router = Router::new().route(
        "/notify",
        post(handler)
            .route_layer(IdempotencyLayer::new(Arc::new(MemoryStore::new())))
            .route_layer(NotificationLayer::new(platform.receiver())),
    );
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let delivery = platform.payment_builder("ORDER-1", 1).id("SAME").build();
        let request = wechatpay_axum::testing::request::<Body>("/notify", delivery);
        statuses.push(router.clone().oneshot(request).await.unwrap().status().as_u16());
    }
    assert_eq!(
        (statuses.as_slice(), calls.load(Ordering::SeqCst)),
        ([500, 204, 204].as_slice(), 2)
    );
}
