//! Genuine and forged notifications for tests, as requests.

use rocket::{
    http::{Header, Method},
    local::asynchronous::{Client, LocalRequest},
};
#[doc(inline)]
pub use wechatpay_core::testing::*;

/// Turns a [`Delivery`] into a request of `client` to `path`.
///
/// # Panics
/// If the path, the method or a header of the delivery is not valid in HTTP.
#[expect(
    clippy::expect_used,
    reason = "a test that sends something else than it says must fail"
)]
pub fn request<'c>(client: &'c Client, path: &str, delivery: Delivery) -> LocalRequest<'c> {
    let method: Method = delivery.method.parse().expect("an HTTP method");
    let mut request = client.req(method, path.to_owned());
    for (name, value) in delivery.headers {
        let value = String::from_utf8(value).expect("a header value in UTF-8");
        request.add_header(Header::new(name, value));
    }
    request.set_body(&delivery.body);
    request
}
