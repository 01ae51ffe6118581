//! Genuine and forged notifications for tests, as requests.

use actix_web::{
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};
#[doc(inline)]
pub use wechatpay_core::testing::*;

/// Turns a [`Delivery`] into a request to `path`.
///
/// ```
/// use wechatpay_actix::testing::{FakePlatform, request};
///
/// let delivery = FakePlatform::new().payment("ORDER-1", 100);
/// let request = request("/wechatpay/notify", delivery).to_http_request();
/// assert_eq!(request.method(), "POST");
/// ```
///
/// # Panics
/// If the path, the method or a header of the delivery is not valid in HTTP.
#[expect(
    clippy::expect_used,
    reason = "a test that sends something else than it says must fail"
)]
pub fn request(path: &str, delivery: Delivery) -> TestRequest {
    let method = Method::from_bytes(delivery.method.as_bytes()).expect("an HTTP method");
    let mut request = TestRequest::with_uri(path).method(method);
    for (name, value) in delivery.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_bytes(&value).expect("a header value");
        request = request.append_header((name, value));
    }
    request.set_payload(delivery.body)
}
