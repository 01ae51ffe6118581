//! Futures that are polled after completion panic instead of hanging.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Waker},
};

use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer as _, Service};
use wechatpay_core::testing::FakePlatform;
use wechatpay_core::verify::Verifier;
use wechatpay_tower::{
    FailoverLayer, MaybeBuffered, NotificationLayer, SignLayer, VerifyResponseLayer, sign::AllowedHosts,
};

type Body = Full<bytes::Bytes>;

fn is_over<F: Future>(future: F) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    assert!(
        future.as_mut().poll(&mut context).is_ready(),
        "the first time it is done"
    );
    let again = catch_unwind(AssertUnwindSafe(|| {
        future.as_mut().poll(&mut context).is_pending()
    }));
    assert!(again.is_err(), "the second time it panics: {again:?}");
}

fn responses<B>()
-> impl Service<Request<B>, Response = Response<Body>, Error = std::io::Error, Future: Send> + Clone {
    tower::service_fn(|_| async { Ok(Response::new(Body::default())) })
}

#[test]
fn a_completed_future_panics_when_polled_again() {
    let platform = FakePlatform::new();
    let request = || {
        Request::get("https://api.mch.weixin.qq.com/v3/x")
            .body(Body::default())
            .unwrap()
    };
    let elsewhere = || {
        Request::get("https://elsewhere.example/")
            .body(Body::default())
            .unwrap()
    };

    let mut sign = SignLayer::new(platform.request_signer()).layer(responses::<MaybeBuffered<Body>>());
    is_over(sign.call(request()));
    is_over(sign.call(elsewhere()));
    let mut limited = SignLayer::new(platform.request_signer())
        .hosts(AllowedHosts::platform())
        .body_limit(1)
        .layer(responses::<MaybeBuffered<Body>>());
    is_over(limited.call(request().map(|_| Body::from("long"))));

    is_over(
        VerifyResponseLayer::new(Verifier::new(platform.key_store()))
            .layer(responses::<Body>())
            .call(request()),
    );
    is_over(
        FailoverLayer::platform()
            .layer(responses::<Body>())
            .call(request()),
    );
    is_over(
        FailoverLayer::platform()
            .layer(responses::<Body>())
            .call(elsewhere()),
    );

    let mut notify = NotificationLayer::new(platform.receiver()).layer(tower::service_fn(
        |_: Request<MaybeBuffered<Body>>| async {
            Ok::<_, std::convert::Infallible>(Response::new(Body::default()))
        },
    ));
    is_over(notify.call(request()));
    is_over(
        platform
            .request_signer()
            .authorize(&http::Method::GET, "/v3/x", bytes::Bytes::new()),
    );

    // A body that makes the layer wait has a deadline, and that needs a runtime.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let _in_runtime = runtime.enter();
    let delivery = platform.payment("ORDER-1", 1);
    let mut genuine = Request::post("/notify");
    for (name, value) in &delivery.headers {
        genuine = genuine.header(name, value.as_slice());
    }
    is_over(notify.call(genuine.body(Body::from(delivery.body)).unwrap()));
}
