//! Tests of the routes: additions of the framework, and the shop's unchanged replies.
use axum::{
    extract::connect_info::MockConnectInfo,
    http::{Method, Request},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use shop::{ShopStore, Watching};
use tower::ServiceExt as _;
use wechatpay_axum::WechatPay;
use wechatpay_core::testing::{DEMO_MCHID, Delivery, FakePlatform};

use super::*;

/// A gateway that places every order.
fn gateway(platform: FakePlatform) -> Router {
    let reply = async move || {
        let body = json!({"code_url": "weixin://wxpay/bizpayurl?pr=x"}).to_string();
        let mut response = Response::builder();
        for (name, value) in platform.sign(body.as_bytes()) {
            response = response.header(name, value);
        }
        response.body(Body::from(body)).unwrap()
    };
    Router::new().fallback(reply)
}

fn app() -> (Router, FakePlatform) {
    let platform = FakePlatform::new();
    let settings = platform.config("http://127.0.0.1:8640").validate().unwrap();
    let wechatpay = WechatPay::with_transport(&settings, gateway(platform.clone())).unwrap();
    let listen = SocketAddr::from(([127, 0, 0, 1], 3000));
    let shop = Shop::new(wechatpay.clone(), ShopStore::in_memory(), listen, Watching::Off).unwrap();
    let app = router(shop, wechatpay.receiver().clone()).layer(MockConnectInfo(listen));
    (app, platform)
}

pub(super) async fn call(app: &Router, method: Method, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn deliver(app: &Router, delivery: Delivery) -> u16 {
    let mut request = Request::post(NOTIFY_PATH);
    for (name, value) in delivery.headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(delivery.body)).unwrap();
    app.clone().oneshot(request).await.unwrap().status().as_u16()
}

const ORDER: &str = r#"{"scene":"native","total":100,"description":"茶"}"#;

#[tokio::test]
async fn an_order_is_made_paid_and_read() {
    let (app, platform) = app();
    let (status, created) = call(&app, Method::POST, "/orders", ORDER).await;
    assert_eq!(status, 201);
    let number = created["out_trade_no"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(deliver(&app, platform.payment(number, 100)).await, 204);
    }
    let (status, order) = call(&app, Method::GET, &format!("/orders/{number}"), "").await;
    assert_eq!(
        (status, &order["status"], &order["fulfilled"]),
        (200, &json!("SUCCESS"), &json!(1))
    );
}

#[tokio::test]
async fn refusals_keep_their_status() {
    let (app, platform) = app();
    let (_, created) = call(&app, Method::POST, "/orders", ORDER).await;
    let number = created["out_trade_no"].as_str().unwrap();
    assert_eq!(deliver(&app, platform.payment(number, 99)).await, 403);
    assert_eq!(deliver(&app, platform.payment("ORDER-UNKNOWN", 100)).await, 500);
    assert_eq!(
        deliver(&app, platform.payment(number, 100).with_body("{}")).await,
        401
    );
    let unhandled = platform.delivery("COMPLAINT.CREATE", "complaint", &json!({"mchid": DEMO_MCHID}));
    assert_eq!(deliver(&app, unhandled.build()).await, 500);
}

#[tokio::test]
async fn the_limit_of_orders_is_not_the_limit_of_notifications() {
    let (app, platform) = app();
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(BODY_LIMIT));
    let (status, error) = call(&app, Method::POST, "/orders", &long).await;
    assert_eq!((status, &error["code"]), (413, &json!("BODY_TOO_LARGE")));

    let (_, created) = call(&app, Method::POST, "/orders", ORDER).await;
    let number = created["out_trade_no"].as_str().unwrap();
    let payment = platform
        .payment_builder(number, 100)
        .envelope("filler", json!("x".repeat(2 * BODY_LIMIT)));
    assert_eq!(deliver(&app, payment.build()).await, 204);
}

#[tokio::test]
async fn errors_are_json_whatever_finds_them() {
    let (app, _) = app();
    for (method, path, status) in [
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/orders/20240101000000abcdefghijkl", 404),
        (Method::DELETE, "/orders", 405),
        (Method::POST, "/orders", 400),
    ] {
        let (found, error) = call(&app, method, path, "").await;
        assert_eq!(found, status, "{path}");
        assert!(
            error["code"].is_string() && error["message"].is_string(),
            "{path}"
        );
    }
    let (status, _) = call(&app, Method::GET, NOTIFY_PATH, "").await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn healthz_and_readyz_are_200() {
    let (app, _) = app();
    for path in [
        "/healthz",
        "/readyz",
        "/",
        "/?lang=zh",
        "/?lang=en&lang=zh&order=x",
    ] {
        assert_eq!(call(&app, Method::GET, path, "").await.0, 200, "{path}");
    }
}
