//! The idempotency layer inside the notification layer.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tower::{BoxError, ServiceBuilder, ServiceExt as _};
use wechatpay_core::{
    idempotency::{HandlerContext, MemoryStore},
    notify::Ack,
    testing::{Delivery, FakePlatform},
};
use wechatpay_tower::{IdempotencyLayer, MaybeBuffered, NotificationLayer, idempotency::NotHandled};

/// Status of a handler's success that is not an acknowledgement.
const NOT_ACK: u16 = 202;

/// Delivers to a handler with these statuses, the last of which repeats.
async fn deliver(
    platform: &FakePlatform,
    store: &Arc<MemoryStore>,
    calls: &Arc<AtomicU32>,
    responses: &[u16],
    delivery: Delivery,
) -> Response<Bytes> {
    let (calls, responses) = (Arc::clone(calls), responses.to_vec());
    let handler = tower::service_fn(move |request: Request<MaybeBuffered<Full<Bytes>>>| {
        let call = calls.fetch_add(1, Ordering::SeqCst) as usize;
        let context = request.extensions().get::<HandlerContext>().unwrap().clone();
        let status = responses[call.min(responses.len() - 1)];
        async move {
            if status == 0 {
                return Err::<Response<Full<Bytes>>, BoxError>("broken".into());
            }
            let body = Bytes::from(format!("attempt {}", context.attempt()));
            let mut response = Response::builder().status(status).body(Full::new(body)).unwrap();
            if status != NOT_ACK {
                response.extensions_mut().insert(Ack);
            }
            Ok(response)
        }
    });
    let service = ServiceBuilder::new()
        .layer(NotificationLayer::new(platform.receiver()))
        .layer(IdempotencyLayer::new(Arc::clone(store) as _))
        .service(handler);
    let mut request = Request::post("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    match service
        .oneshot(request.body(Full::new(delivery.body)).unwrap())
        .await
    {
        Ok(response) => {
            let (parts, body) = response.into_parts();
            Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
        }
        Err(_) => Response::builder().status(599).body(Bytes::new()).unwrap(),
    }
}

fn setup() -> (FakePlatform, Arc<MemoryStore>, Arc<AtomicU32>) {
    (FakePlatform::new(), Arc::new(MemoryStore::new()), Arc::default())
}

#[tokio::test]
async fn a_repeat_is_acknowledged_without_the_handler() {
    let (platform, store, calls) = setup();
    let delivery = || platform.payment_builder("ORDER-1", 1).id("SAME").build();
    let first = deliver(&platform, &store, &calls, &[200], delivery()).await;
    assert_eq!(
        (first.status(), first.body().as_ref()),
        (StatusCode::OK, b"attempt 1".as_slice())
    );
    for _ in 0..3 {
        let repeat = deliver(&platform, &store, &calls, &[200], delivery()).await;
        assert_eq!(
            (repeat.status(), repeat.body().len()),
            (StatusCode::NO_CONTENT, 0)
        );
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_unacknowledged_notification_reaches_the_handler_again() {
    let (platform, store, calls) = setup();
    let delivery = || platform.payment_builder("ORDER-1", 1).id("SAME").build();
    let responses = [500, 0, 403, NOT_ACK, 204];
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(
            deliver(&platform, &store, &calls, &responses, delivery())
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [500, 599, 403, 500, 204, 204]);
    assert_eq!(calls.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_reused_id_is_rejected_with_its_reason_for_outer_layers() {
    let (platform, store, calls) = setup();
    deliver(
        &platform,
        &store,
        &calls,
        &[204],
        platform.payment_builder("ORDER-1", 1).id("SAME").build(),
    )
    .await;
    let other = platform.payment_builder("ORDER-2", 1).id("SAME").build();
    let response = deliver(&platform, &store, &calls, &[204], other).await;
    assert_eq!(response.status(), 500);
    assert_eq!(
        response.extensions().get::<NotHandled>().unwrap().code(),
        "contradiction"
    );
    assert_eq!(
        response.body(),
        r#"{"code":"FAIL","message":"not handled, send again"}"#
    );
}

#[tokio::test]
async fn a_rejected_notification_leaves_no_lease() {
    let (platform, store, calls) = setup();
    let forged = platform.payment("ORDER-1", 1).with_body("{}");
    assert_eq!(
        deliver(&platform, &store, &calls, &[204], forged).await.status(),
        401
    );
    assert!(store.is_empty());
}
