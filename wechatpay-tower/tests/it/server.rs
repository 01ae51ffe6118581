//! The notification layer around a service: limits and deadlines of the body.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, channel::Channel};
use tower::{BoxError, Layer as _, ServiceExt as _};
use wechatpay_core::{
    api::transactions::Transaction,
    notify::{Ack, NotificationReceiver, VerifiedNotification},
    testing::{Delivery, FakePlatform},
};
use wechatpay_tower::{MaybeBuffered, NotificationLayer, notify::Rejected};

/// Sends a delivery with this body through the layer to a handler that echoes.
async fn send<B>(
    receiver: NotificationReceiver,
    delivery: &Delivery,
    body: B,
) -> Response<MaybeBuffered<Full<Bytes>>>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let handler = tower::service_fn(|request: Request<MaybeBuffered<B>>| async move {
        let (parts, body) = request.into_parts();
        let notification = parts.extensions.get::<VerifiedNotification>().unwrap().clone();
        let paid = notification.decode::<Transaction>().unwrap();
        let body = body.collect().await.unwrap().to_bytes();
        let echo = format!("{} {}", paid.out_trade_no, body.len());
        let mut response = Response::new(Full::new(Bytes::from(echo)));
        response.extensions_mut().insert(Ack);
        Ok::<_, std::convert::Infallible>(response)
    });
    let mut request = Request::builder().method(delivery.method.as_str()).uri("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    NotificationLayer::new(receiver)
        .layer(handler)
        .oneshot(request.body(body).unwrap())
        .await
        .unwrap()
}

async fn text(response: Response<MaybeBuffered<Full<Bytes>>>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn the_handler_finds_the_notification_and_the_body() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100);
    let response = send(platform.receiver(), &delivery, Full::new(delivery.body.clone())).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, format!("ORDER-1 {}", delivery.body.len()));
}

#[tokio::test]
async fn a_rejection_has_the_platforms_json_and_its_reason_in_an_extension() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100);
    let response = send(
        platform.receiver(),
        &delivery,
        Full::new(Bytes::from_static(b"{}")),
    )
    .await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(
        response.extensions().get::<Rejected>().unwrap().0.code(),
        "signature_invalid"
    );
    assert_eq!(
        text(response).await,
        r#"{"code":"FAIL","message":"signature not accepted"}"#
    );
}

#[tokio::test]
async fn another_method_is_rejected_with_the_allowed_one() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100).with_method("PUT");
    let response = send(platform.receiver(), &delivery, Full::new(delivery.body.clone())).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
}

#[tokio::test]
async fn a_body_longer_than_declared_is_rejected_while_it_is_read() {
    let platform = FakePlatform::new();
    let receiver = platform.receiver_builder().body_limit(2000).build().unwrap();
    let delivery = platform.payment("ORDER-1", 100);
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    let feed = tokio::spawn(async move {
        let mut sent = 0;
        while sender.send_data(Bytes::from(vec![b' '; 512])).await.is_ok() {
            sent += 512;
        }
        sent
    });
    let response = send(receiver.clone(), &delivery, body).await;
    assert_eq!(response.status(), 413);
    assert!(
        feed.await.unwrap() <= 3072,
        "what comes after the limit is not read"
    );
    assert_eq!(receiver.counters().get("too_large"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_is_rejected_at_the_deadline() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100);
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    let bytes = delivery.body.clone();
    tokio::spawn(async move {
        for byte in bytes {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if sender.send_data(Bytes::from(vec![byte])).await.is_err() {
                return;
            }
        }
    });
    let start = tokio::time::Instant::now();
    let response = send(platform.receiver(), &delivery, body).await;
    assert_eq!(response.status(), 408);
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_rejected() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100);
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(2);
    sender.send_data(delivery.body.slice(..100)).await.unwrap();
    sender.abort("connection reset".into());
    let response = send(platform.receiver(), &delivery, body).await;
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn a_body_in_pieces_is_the_same_body() {
    let platform = FakePlatform::new();
    let delivery = platform.payment("ORDER-1", 100);
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    let bytes = delivery.body.clone();
    tokio::spawn(async move {
        for piece in bytes.chunks(7) {
            sender.send_data(Bytes::copy_from_slice(piece)).await.unwrap();
        }
    });
    assert_eq!(send(platform.receiver(), &delivery, body).await.status(), 200);
}
