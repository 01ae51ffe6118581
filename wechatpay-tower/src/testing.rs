//! Genuine and forged notifications for tests, as requests.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
#[doc(inline)]
pub use wechatpay_core::testing::*;

/// Turns a [`Delivery`] into a request to `path`.
///
/// ```
/// use wechatpay_tower::testing::{FakePlatform, request};
///
/// let delivery = FakePlatform::new().payment("ORDER-1", 100);
/// let request = request::<http_body_util::Full<bytes::Bytes>>("/wechatpay/notify", delivery);
/// assert_eq!(request.method(), "POST");
/// ```
///
/// # Panics
/// If the path, the method or a header of the delivery is not valid in HTTP.
#[expect(
    clippy::expect_used,
    reason = "a test that sends something else than it says must fail"
)]
pub fn request<B: From<Bytes>>(path: &str, delivery: Delivery) -> Request<B> {
    let mut request = Request::new(B::from(delivery.body));
    *request.method_mut() = Method::from_bytes(delivery.method.as_bytes()).expect("an HTTP method");
    *request.uri_mut() = path.parse().expect("a path");
    for (name, value) in delivery.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_bytes(&value).expect("a header value");
        request.headers_mut().append(name, value);
    }
    request
}
