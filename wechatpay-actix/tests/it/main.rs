//! Middleware, extractor, guard and responses in a running actix application.

use actix_web::{
    App, HttpResponse, Responder as _, ResponseError as _,
    http::StatusCode,
    test::{self, TestRequest, call_service, init_service, read_body},
    web,
};
use wechatpay_actix::{
    Ack, IsNotification, Nack, Notification, NotificationMiddleware, NotificationRejection, Rejected,
};
use wechatpay_core::{
    api::transactions::Transaction,
    notify::AnyResource,
    testing::{Delivery, FakePlatform},
};

fn request(delivery: Delivery) -> TestRequest {
    let mut request = TestRequest::post().uri("/notify").set_payload(delivery.body);
    for (name, value) in delivery.headers {
        request = request.append_header((name, value));
    }
    request
}

async fn paid(_: Notification<Transaction>) -> Ack {
    Ack
}

#[actix_web::test]
async fn the_middleware_gives_the_body_back() {
    async fn both(notification: Notification<Transaction>, body: web::Bytes) -> HttpResponse {
        HttpResponse::BadRequest().body(format!("{} {}", notification.out_trade_no, body.len()))
    }
    let platform = FakePlatform::new();
    let notify = web::resource("/notify")
        .wrap(NotificationMiddleware::new(platform.receiver()))
        .post(both);
    let app = init_service(App::new().service(notify)).await;
    let delivery = platform.payment("ORDER-1", 1);
    let length = delivery.body.len();
    let response = call_service(&app, request(delivery).to_request()).await;
    assert_eq!(read_body(response).await, format!("ORDER-1 {length}"));
}

#[actix_web::test]
async fn a_receiver_may_be_app_data_as_it_is_or_as_data() {
    let platform = FakePlatform::new();
    let as_it_is = init_service(
        App::new()
            .app_data(platform.receiver())
            .route("/notify", web::post().to(paid)),
    )
    .await;
    let response = call_service(&as_it_is, request(platform.payment("ORDER-1", 1)).to_request()).await;
    assert_eq!(response.status(), 204);
    let data = web::Data::new(platform.receiver());
    let as_data = init_service(App::new().app_data(data).route("/notify", web::post().to(paid))).await;
    let response = call_service(&as_data, request(platform.payment("ORDER-1", 1)).to_request()).await;
    assert_eq!(response.status(), 204);
}

#[actix_web::test]
async fn without_a_receiver_it_responds_500_and_says_what_to_add() {
    let app = init_service(App::new().route("/notify", web::post().to(paid))).await;
    let response = call_service(
        &app,
        request(FakePlatform::new().payment("ORDER-1", 1)).to_request(),
    )
    .await;
    assert_eq!(response.status(), 500);
    assert_eq!(
        read_body(response).await,
        r#"{"code":"FAIL","message":"not handled, send again"}"#
    );
    let message = NotificationRejection::NotConfigured.to_string();
    assert!(
        message.contains("app_data(web::Data::new(receiver))") && message.contains("NotificationMiddleware")
    );
}

#[actix_web::test]
async fn middleware_outside_sees_why_it_was_rejected() {
    let platform = FakePlatform::new();
    let notify = web::resource("/notify")
        .wrap(NotificationMiddleware::new(platform.receiver()))
        .post(paid);
    let app = init_service(App::new().service(notify)).await;
    let forged = platform.payment("ORDER-1", 1).without_header("Wechatpay-Nonce");
    let response = call_service(&app, request(forged).to_request()).await;
    assert_eq!(response.status(), 401);
    let code = response
        .response()
        .extensions()
        .get::<Rejected>()
        .unwrap()
        .0
        .code();
    assert_eq!(code, "header_missing");
}

#[actix_web::test]
async fn the_guard_routes_and_decides_nothing() {
    let platform = FakePlatform::new();
    let hooks = web::resource("/notify")
        .app_data(web::Data::new(platform.receiver()))
        .route(web::post().guard(IsNotification).to(paid))
        .route(web::post().to(|| async { "something else" }));
    let app = init_service(App::new().service(hooks)).await;
    let genuine = call_service(&app, request(platform.payment("ORDER-1", 1)).to_request()).await;
    assert_eq!(genuine.status(), 204);
    // It looks like a notification, and is rejected by what verifies.
    let forged = platform.payment("ORDER-1", 1).with_body("{}");
    assert_eq!(
        call_service(&app, request(forged).to_request()).await.status(),
        401
    );
    let other = platform
        .payment("ORDER-1", 1)
        .without_header("Wechatpay-Signature");
    assert_eq!(
        read_body(call_service(&app, request(other).to_request()).await).await,
        "something else"
    );
}

#[actix_web::test]
async fn a_handler_may_look_at_the_rejection_and_take_any_kind() {
    async fn any(notification: Result<Notification<AnyResource>, NotificationRejection>) -> HttpResponse {
        match notification.as_ref().map(|notification| notification.resource()) {
            Ok(AnyResource::Refund(_)) => HttpResponse::NoContent().finish(),
            Ok(_) => Nack::failed().error_response(),
            Err(rejection) => HttpResponse::ImATeapot().body(rejection.to_string()),
        }
    }
    let platform = FakePlatform::new();
    let app = init_service(
        App::new()
            .app_data(platform.receiver())
            .route("/notify", web::post().to(any)),
    )
    .await;
    let refund = request(platform.refund("ORDER-1", "R-1", 1)).to_request();
    assert_eq!(call_service(&app, refund).await.status(), 204);
    let payment = request(platform.payment("ORDER-1", 1)).to_request();
    assert_eq!(call_service(&app, payment).await.status(), 500);
    let forged = request(platform.payment("ORDER-1", 1).with_body("{}")).to_request();
    assert_eq!(call_service(&app, forged).await.status(), 418);
}

#[actix_web::test]
async fn responses_have_the_statuses_the_platform_understands() {
    let request = TestRequest::default().to_http_request();
    assert_eq!(Ack.respond_to(&request).status(), 204);
    for (rejection, status) in [
        (Nack::failed(), 500),
        (Nack::unavailable(), 503),
        (Nack::in_progress(), 409),
        (Nack::mismatch(), 403),
    ] {
        assert_eq!(rejection.status_code(), StatusCode::from_u16(status).unwrap());
        let response = test::TestRequest::default().to_srv_response(rejection.respond_to(&request));
        assert_eq!(response.status(), status);
        assert_eq!(
            response.headers().get("content-type").unwrap(),
            "application/json"
        );
    }
}

#[actix_web::test]
async fn a_repeat_is_acknowledged_without_the_handler() {
    use std::sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    };
    use wechatpay_actix::IdempotencyMiddleware;
    use wechatpay_core::idempotency::MemoryStore;

    /// Fails once and then succeeds.
    async fn handler(calls: web::Data<AtomicU16>, _: Notification<Transaction>) -> Result<Ack, Nack> {
        if calls.fetch_add(1, Ordering::SeqCst) == 0 {
            Err(Nack::unavailable())
        } else {
            Ok(Ack)
        }
    }
    let platform = FakePlatform::new();
    let calls = web::Data::new(AtomicU16::new(0));
    let notify = web::resource("/notify")
        .wrap(IdempotencyMiddleware::new(Arc::new(MemoryStore::new())))
        .wrap(NotificationMiddleware::new(platform.receiver()))
        .post(handler);
    let app = init_service(App::new().app_data(calls.clone()).service(notify)).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let delivery = platform.payment_builder("ORDER-1", 1).id("SAME").build();
        statuses.push(
            call_service(&app, request(delivery).to_request())
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [503, 204, 204, 204]);
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[actix_web::test]
async fn once_works_around_a_scope_too() {
    use std::sync::Arc;
    use wechatpay_actix::IdempotencyMiddleware;
    use wechatpay_core::idempotency::MemoryStore;

    /// Succeeds for one order only.
    async fn handler(notification: Notification<Transaction>) -> Result<Ack, Nack> {
        if notification.out_trade_no == "ORDER-1" {
            Ok(Ack)
        } else {
            Err(Nack::unavailable())
        }
    }
    let platform = FakePlatform::new();
    let scope = web::scope("/wechatpay")
        .wrap(IdempotencyMiddleware::new(Arc::new(MemoryStore::new())))
        .wrap(NotificationMiddleware::new(platform.receiver()))
        .service(web::resource("/{kind}/notify").post(handler));
    let app = init_service(App::new().service(scope)).await;
    let mut statuses = Vec::new();
    for order in ["ORDER-1", "ORDER-1", "ORDER-2"] {
        let delivery = platform.payment_builder(order, 1).id(order).build();
        let request = request(delivery).uri("/wechatpay/payments/notify").to_request();
        statuses.push(call_service(&app, request).await.status().as_u16());
    }
    assert_eq!(statuses, [204, 204, 503]);
}

#[actix_web::test]
async fn once_around_a_scope_responds_a_handler_that_is_too_slow() {
    use std::{sync::Arc, time::Duration};
    use wechatpay_actix::IdempotencyMiddleware;
    use wechatpay_core::idempotency::{Limits, MemoryStore};

    async fn handler(_: Notification<Transaction>) -> Ack {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ack
    }
    let platform = FakePlatform::new();
    let limits = Limits::default().deadline(Duration::from_millis(50));
    let scope = web::scope("/wechatpay")
        .wrap(IdempotencyMiddleware::new(Arc::new(MemoryStore::new())).limits(limits))
        .wrap(NotificationMiddleware::new(platform.receiver()))
        .service(web::resource("/notify").post(handler));
    let app = init_service(App::new().service(scope)).await;
    let request = request(platform.payment("ORDER-1", 1))
        .uri("/wechatpay/notify")
        .to_request();
    // The request was dropped with the handler, so the response comes as an error that carries it.
    let error = test::try_call_service(&app, request).await.unwrap_err();
    assert_eq!(error.error_response().status(), 503);
}

#[actix_web::test]
async fn the_middleware_is_made_outside_of_the_factory_of_the_server() {
    use wechatpay_core::notify::MerchantReceivers;

    fn shared<T: Clone + Send + Sync + 'static>(value: T) -> T {
        value
    }
    let platform = FakePlatform::new();
    let directory = MerchantReceivers::new([platform.receiver()]);
    let middleware = shared(NotificationMiddleware::many(directory));
    // What `HttpServer::new` asks of its factory.
    let factory = shared(move || {
        App::new().service(
            web::resource("/{mchid}/notify")
                .wrap(middleware.clone())
                .post(paid),
        )
    });
    let app = init_service(factory()).await;
    let request = request(platform.payment("ORDER-1", 1))
        .uri("/1900000001/notify")
        .to_request();
    assert_eq!(call_service(&app, request).await.status(), 204);
}

#[actix_web::test]
async fn a_success_that_is_not_ack_becomes_500_and_is_counted() {
    use std::sync::Arc;
    use wechatpay_actix::{IdempotencyMiddleware, idempotency::MemoryStore};
    let platform = FakePlatform::new();
    let receiver = platform.receiver();
    let verify = || NotificationMiddleware::new(receiver.clone());
    let store: Arc<MemoryStore> = Arc::default();
    let app = init_service(
        App::new()
            .service(web::resource("/text").wrap(verify()).post(|| async { "ok" }))
            .service(web::resource("/ack").wrap(verify()).post(|| async { Ack }))
            .service(
                web::resource("/nack")
                    .wrap(verify())
                    .post(|| async { Nack::unavailable() }),
            )
            .service(
                web::resource("/once")
                    .wrap(IdempotencyMiddleware::new(store))
                    .wrap(verify())
                    .post(|| async { HttpResponse::Ok().finish() }),
            ),
    )
    .await;
    // The second delivery to the last one comes to the handler again: nothing was remembered as handled.
    for (path, status) in [
        ("/text", 500),
        ("/ack", 204),
        ("/nack", 503),
        ("/once", 500),
        ("/once", 500),
    ] {
        let delivery = platform.payment_builder("ORDER-1", 1).id("SAME").build();
        let response = call_service(
            &app,
            wechatpay_actix::testing::request(path, delivery).to_request(),
        )
        .await;
        assert_eq!(response.status(), status, "{path}");
        let extensions = response.response().extensions();
        let reason = extensions.get::<Rejected>().map(|rejected| rejected.0.code());
        assert_eq!(reason, (status == 500).then_some("not_acknowledged"), "{path}");
    }
    assert_eq!(receiver.counters().get("not_acknowledged"), 3);
}
