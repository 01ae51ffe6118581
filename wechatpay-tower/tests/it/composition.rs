//! The layers among those of tower-http, over a socket and both transports.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{Gateway, add_signature, response, signed};
use axum::{Router, extract::Extension, routing::post};
use bytes::Bytes;
use http::{Request, StatusCode, header::AUTHORIZATION};
use http_body_util::Full;
use tower::{ServiceBuilder, ServiceExt as _};
use tower_http::{
    limit::RequestBodyLimitLayer, sensitive_headers::SetSensitiveRequestHeadersLayer, timeout::TimeoutLayer,
    trace::TraceLayer,
};
use wechatpay_core::{
    Config,
    api::{prepay::NativePrepay, transactions::Transaction},
    notify::{Ack, VerifiedNotification},
    testing::{DEMO_APPID, DEMO_MCHID, DemoKey, FakePlatform},
    types::Fen,
    verify::{InvalidSignature, Observer, Verifier},
};
use wechatpay_tower::{
    MaybeBuffered, NotificationLayer, SignLayer, VerifyResponseLayer, WechatPay, client::Outcome,
};

/// Serves a router on a free port.
async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Starts a gateway on a socket that signs its responses.
async fn gateway() -> SocketAddr {
    let gateway = Gateway::signed(200, r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#);
    let service = gateway.service::<axum::body::Body>();
    serve(Router::new().fallback_service(service)).await
}

fn config(base_url: String) -> Config {
    FakePlatform::new().direct().config(base_url)
}

fn native() -> NativePrepay {
    NativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "x",
        "ORDER-0001".parse().unwrap(),
        "https://shop.example/notify",
        Fen::from(100),
    )
}

#[tokio::test]
async fn the_client_stack_composes_with_trace_timeout_limit_and_sensitive_headers() {
    let gateway = Gateway::new(|platform, _| signed(platform, 200, "{}"));
    let platform = &gateway.platform;
    let service = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(VerifyResponseLayer::new(Verifier::new(platform.key_store())))
        .layer(SignLayer::new(platform.request_signer()))
        .layer(SetSensitiveRequestHeadersLayer::new([AUTHORIZATION]))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(5),
        ))
        .service(gateway.service::<MaybeBuffered<Full<Bytes>>>());
    let request = Request::get("https://api.mch.weixin.qq.com/v3/certificates")
        .body(Full::default())
        .unwrap();
    assert_eq!(service.oneshot(request).await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_notification_layer_composes_with_trace_timeout_and_limit_around_it() {
    let platform = FakePlatform::new();
    let paid = |Extension(notification): Extension<VerifiedNotification>| async move {
        let paid = notification.decode::<Transaction>().unwrap();
        (StatusCode::OK, Extension(Ack), paid.out_trade_no.to_string())
    };
    let app = Router::new().route("/notify", post(paid)).route_layer(
        ServiceBuilder::new()
            .layer(TraceLayer::new_for_http())
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                Duration::from_secs(5),
            ))
            .layer(RequestBodyLimitLayer::new(512 * 1024))
            .layer(NotificationLayer::new(platform.receiver())),
    );
    let address = serve(app).await;
    let client = reqwest::Client::new();
    let deliver = |delivery: wechatpay_core::testing::Delivery| {
        let mut request = client.post(format!("http://{address}/notify"));
        for (name, value) in &delivery.headers {
            request = request.header(name, value.as_slice());
        }
        request.body(delivery.body).send()
    };
    let response = deliver(platform.payment("ORDER-1", 1)).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.text().await.unwrap()),
        (200, "ORDER-1".to_owned())
    );
    let tampered = platform.payment("ORDER-1", 1).with_body("{}");
    assert_eq!(deliver(tampered).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_hyper_transport_calls_a_gateway_on_a_socket() {
    let address = gateway().await;
    let settings = config(format!("http://{address}")).validate().unwrap();
    let wechatpay = WechatPay::new(&settings).unwrap();
    assert!(wechatpay.is_ready() && wechatpay.spawn_refresh().is_none());
    let reply = wechatpay.client().call(&native()).await.unwrap();
    assert_eq!(reply.code_url, "weixin://wxpay/bizpayurl?pr=1");
}

#[tokio::test]
async fn the_reqwest_transport_calls_a_gateway_on_a_socket() {
    let address = gateway().await;
    let settings = config(format!("http://{address}")).validate().unwrap();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let transport = wechatpay_tower::reqwest::ReqwestService::new(http);
    let wechatpay = WechatPay::with_transport(&settings, transport).unwrap();
    assert_eq!(
        wechatpay.client().call(&native()).await.unwrap().code_url,
        "weixin://wxpay/bizpayurl?pr=1"
    );
}

/// Records the bodies of messages whose signature does not match.
#[derive(Debug, Default)]
struct Bodies(Mutex<Vec<Vec<u8>>>);

impl Observer for Bodies {
    fn signature_invalid(&self, message: &InvalidSignature<'_>) {
        self.0.lock().unwrap().push(message.body().to_vec());
    }
}

#[tokio::test]
async fn the_observer_of_the_settings_sees_responses_and_notifications() {
    let gateway = Gateway::new(|platform, _| {
        let mut changed = response(200, r#"{"code_url":"weixin://changed"}"#);
        add_signature(&mut changed, platform.sign(b"{}"));
        changed
    });
    let bodies = Arc::new(Bodies::default());
    let mut settings = config("http://127.0.0.1:1".into()).validate().unwrap();
    settings.observer = Some(Arc::<Bodies>::clone(&bodies));
    let wechatpay = WechatPay::with_transport(&settings, gateway.service()).unwrap();

    let error = wechatpay.client().call(&native()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    let delivery = FakePlatform::new().payment("ORDER-1", 100);
    let pending = wechatpay.receiver().begin("POST", delivery.pairs()).unwrap();
    pending.finish("{}".into()).await.unwrap_err();
    // The response of each attempt, and the notification.
    let bodies = bodies.0.lock().unwrap();
    let [responses @ .., notification] = bodies.as_slice() else {
        panic!("nothing was observed")
    };
    assert!(!responses.is_empty());
    for response in responses {
        assert_eq!(response, br#"{"code_url":"weixin://changed"}"#);
    }
    assert_eq!(notification, b"{}");
}

#[tokio::test]
async fn both_transports_report_that_nothing_was_sent() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let settings = config(format!("http://{address}")).validate().unwrap();
    let hyper = WechatPay::new(&settings).unwrap();
    let reqwest = WechatPay::with_transport(
        &settings,
        wechatpay_tower::reqwest::ReqwestService::new(reqwest::Client::new()),
    )
    .unwrap();
    for wechatpay in [hyper, reqwest] {
        let error = wechatpay.client().call(&native()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let target = gateway().await;
    let redirect = move || async move {
        (
            StatusCode::FOUND,
            [("location", format!("http://{target}/elsewhere"))],
        )
    };
    let address = serve(Router::new().fallback(redirect)).await;
    let settings = config(format!("http://{address}")).validate().unwrap();
    let error = WechatPay::new(&settings)
        .unwrap()
        .client()
        .call(&native())
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().status(), 302);
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn certificates_are_downloaded_over_the_transport_and_verify_responses() {
    let platform = FakePlatform::new();
    let pem = platform.issue(&platform.certificate_spec(DemoKey::Platform1, &[0x51, 0x57, 0xF0]));
    let id = platform.platform_key(&pem).id().clone();
    let signer = (id, platform.demo_key(DemoKey::Platform1));
    let reply = platform.certificates_response(&[pem], signer);
    let certificates = move || {
        let reply = reply.clone();
        async move {
            let mut response = http::Response::builder().status(reply.status);
            for (name, value) in &reply.headers {
                response = response.header(name, value.as_slice());
            }
            response.body(axum::body::Body::from(reply.body)).unwrap()
        }
    };
    let address = serve(Router::new().route("/v3/certificates", axum::routing::get(certificates))).await;
    let mut config = config(format!("http://{address}"));
    config.public_key = None;
    config.public_key_id = None;
    let wechatpay = WechatPay::new(&config.validate().unwrap()).unwrap();
    assert!(!wechatpay.is_ready());
    let guard = wechatpay.spawn_refresh().unwrap();
    tokio::time::timeout(Duration::from_secs(10), async {
        while !wechatpay.is_ready() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    assert!(guard.is_running());
    assert_eq!(wechatpay.health().refreshes, 1);
    assert_eq!(wechatpay.keys().announced().unwrap().as_str(), "5157F0");
}
