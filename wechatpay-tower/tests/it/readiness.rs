//! The tower contract: readiness, clones and dropped futures.
//!
//! The instance that was polled ready is called, clones are independent, and dropped futures leave nothing behind.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use crate::support::{Gateway, signed};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, channel::Channel};
use tower::{BoxError, Layer as _, Service, ServiceBuilder, ServiceExt};
use wechatpay_core::{testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{MaybeBuffered, NotificationLayer, SignLayer, VerifyResponseLayer};

const URI: &str = "https://api.mch.weixin.qq.com/v3/certificates";

fn request() -> Request<Full<Bytes>> {
    Request::get(URI).body(Full::default()).unwrap()
}

/// A service that panics if it is called without being ready, as `tower::buffer` does.
struct Strict {
    ready: bool,
    gateway: Gateway,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self {
            ready: false,
            gateway: self.gateway.clone(),
        }
    }
}

impl Service<Request<MaybeBuffered<Full<Bytes>>>> for Strict {
    type Response = Response<Full<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<MaybeBuffered<Full<Bytes>>>) -> Self::Future {
        assert!(
            std::mem::take(&mut self.ready),
            "called without having been polled ready"
        );
        let service = self.gateway.service();
        Box::pin(service.oneshot(request))
    }
}

#[tokio::test]
async fn the_instance_that_was_polled_ready_is_the_one_that_is_called() {
    let gateway = Gateway::signed(200, "{}");
    let platform = gateway.platform.clone();
    let mut service = ServiceBuilder::new()
        .layer(VerifyResponseLayer::new(Verifier::new(platform.key_store())))
        .layer(SignLayer::new(platform.request_signer()))
        .service(Strict {
            ready: false,
            gateway,
        });
    for _ in 0..3 {
        let response = ServiceExt::<Request<Full<Bytes>>>::ready(&mut service)
            .await
            .unwrap()
            .call(request())
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
    }

    let receiver = platform.receiver();
    let mut server = NotificationLayer::new(receiver).layer(Strict {
        ready: false,
        gateway: Gateway::acknowledging(),
    });
    for _ in 0..3 {
        let delivery = delivery_request(&platform);
        let response = ServiceExt::<Request<Full<Bytes>>>::ready(&mut server)
            .await
            .unwrap()
            .call(delivery)
            .await
            .unwrap();
        assert_eq!(response.status(), 204);
    }
}

#[tokio::test]
async fn a_stack_with_buffer_and_one_permit_serves_many() {
    let gateway = Gateway::signed(200, "{}");
    let platform = gateway.platform.clone();
    let service = ServiceBuilder::new()
        .layer(VerifyResponseLayer::new(Verifier::new(platform.key_store())))
        .layer(SignLayer::new(platform.request_signer()))
        .buffer(4)
        .concurrency_limit(1)
        .service(gateway.service::<MaybeBuffered<Full<Bytes>>>());
    let calls: Vec<_> = (0..64)
        .map(|_| tokio::spawn(service.clone().oneshot(request())))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 200);
    }
    let requests = gateway.requests();
    assert_eq!(requests.len(), 64);
    let nonces: std::collections::HashSet<_> = requests
        .iter()
        .map(|seen| seen.headers["authorization"].clone())
        .collect();
    assert_eq!(nonces.len(), 64, "every request has a nonce of its own");
}

#[tokio::test]
async fn a_retry_outside_signs_every_attempt_anew() {
    #[derive(Clone)]
    struct Twice(usize);
    impl<B> tower::retry::Policy<Request<Full<Bytes>>, Response<B>, wechatpay_tower::Error> for Twice {
        type Future = std::future::Ready<()>;

        fn retry(
            &mut self,
            _: &mut Request<Full<Bytes>>,
            result: &mut Result<Response<B>, wechatpay_tower::Error>,
        ) -> Option<Self::Future> {
            let again = result.as_ref().is_ok_and(|response| response.status() == 503) && self.0 > 0;
            again.then(|| {
                self.0 -= 1;
                std::future::ready(())
            })
        }

        fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
            Some(request.clone())
        }
    }
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let gateway = Gateway::new(move |platform, _| {
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            crate::support::response(503, "")
        } else {
            signed(platform, 200, "{}")
        }
    });
    let service = ServiceBuilder::new()
        .retry(Twice(2))
        .layer(VerifyResponseLayer::new(Verifier::new(
            gateway.platform.key_store(),
        )))
        .layer(SignLayer::new(gateway.platform.request_signer()))
        .service(gateway.service::<MaybeBuffered<Full<Bytes>>>());
    assert_eq!(service.oneshot(request()).await.unwrap().status(), 200);
    let requests = gateway.requests();
    assert_eq!(requests.len(), 2);
    assert_ne!(
        requests[0].headers["authorization"],
        requests[1].headers["authorization"]
    );
}

#[tokio::test]
async fn an_uploads_signature_covers_its_payload_and_the_body_streams() {
    let gateway = Gateway::signed(200, "{}");
    let service = ServiceBuilder::new()
        .layer(VerifyResponseLayer::new(Verifier::new(
            gateway.platform.key_store(),
        )))
        .layer(SignLayer::new(gateway.platform.request_signer()).body_limit(8))
        .service(gateway.service::<MaybeBuffered<Channel<Bytes, BoxError>>>());
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    let mut upload = Request::post("https://api.mch.weixin.qq.com/v3/merchant/media/upload")
        .body(body)
        .unwrap();
    upload
        .extensions_mut()
        .insert(wechatpay_tower::sign::SignedPayload(Bytes::from_static(
            br#"{"filename":"a"}"#,
        )));
    let call = tokio::spawn(service.oneshot(upload));
    // More than the body limit: it is not read in order to be signed.
    for _ in 0..10 {
        sender.send_data(Bytes::from_static(b"0123456789")).await.unwrap();
    }
    drop(sender);
    assert_eq!(call.await.unwrap().unwrap().status(), 200);
    assert_eq!(gateway.requests()[0].body.len(), 100);
}

#[tokio::test]
async fn a_body_over_the_limit_is_neither_signed_nor_sent() {
    let gateway = Gateway::signed(200, "{}");
    let service = SignLayer::new(gateway.platform.request_signer())
        .body_limit(4)
        .layer(gateway.service());
    let big = Request::post(URI)
        .body(Full::new(Bytes::from_static(b"12345")))
        .unwrap();
    let error = service.oneshot(big).await.unwrap_err();
    assert!(matches!(error, wechatpay_tower::Error::RequestTooLarge { limit: 4 }) && error.is_not_sent());
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn a_response_over_the_limit_is_an_error_while_it_is_read() {
    let gateway = Gateway::new(|platform, _| signed(platform, 200, "0123456789"));
    let service = ServiceBuilder::new()
        .layer(VerifyResponseLayer::new(Verifier::new(gateway.platform.key_store())).body_limit(9))
        .layer(SignLayer::new(gateway.platform.request_signer()))
        .service(gateway.service::<MaybeBuffered<Full<Bytes>>>());
    let error = service.oneshot(request()).await.unwrap_err();
    assert!(matches!(
        error,
        wechatpay_tower::Error::ResponseTooLarge { limit: 9 }
    ));
}

#[tokio::test]
async fn a_response_requested_as_a_stream_is_passed_on_and_marked() {
    let gateway = Gateway::unsigned(200, "a bill file");
    let service = ServiceBuilder::new()
        .layer(VerifyResponseLayer::new(Verifier::new(
            gateway.platform.key_store(),
        )))
        .layer(SignLayer::new(gateway.platform.request_signer()))
        .service(gateway.service::<MaybeBuffered<Full<Bytes>>>());
    let mut download = request();
    download
        .extensions_mut()
        .insert(wechatpay_tower::verify::ResponsePolicy::Stream);
    let response = service.oneshot(download).await.unwrap();
    assert!(
        response
            .extensions()
            .get::<wechatpay_tower::verify::Unverified>()
            .is_some()
    );
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "a bill file"
    );
}

#[tokio::test(start_paused = true)]
async fn dropping_a_notification_while_its_body_is_read_leaves_the_handler_untouched() {
    let platform = FakePlatform::new();
    let called = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&called);
    let handler = tower::service_fn(move |_: Request<MaybeBuffered<Channel<Bytes, BoxError>>>| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(
            Full::<Bytes>::default(),
        )))
    });
    let delivery = platform.payment("ORDER-1", 100);
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    let mut request = Request::post("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    let service = NotificationLayer::new(platform.receiver()).layer(handler);
    let mut call = Box::pin(service.oneshot(request.body(body).unwrap()));
    sender.send_data(delivery.body.slice(..10)).await.unwrap();
    assert!(
        tokio::time::timeout(Duration::from_millis(10), &mut call)
            .await
            .is_err()
    );
    drop(call);
    assert!(
        sender.send_data(delivery.body.slice(10..)).await.is_err(),
        "the body went with the future"
    );
    assert_eq!(called.load(Ordering::SeqCst), 0);
}

fn delivery_request(platform: &FakePlatform) -> Request<Full<Bytes>> {
    let delivery = platform.payment("ORDER-1", 100);
    let mut request = Request::post("/notify");
    for (name, value) in &delivery.headers {
        request = request.header(name, value.as_slice());
    }
    request.body(Full::new(delivery.body)).unwrap()
}
