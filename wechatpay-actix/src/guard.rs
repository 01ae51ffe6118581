//! Guard that selects requests which look like notifications.

use actix_web::{
    guard::{Guard, GuardContext},
    http::Method,
};
use wechatpay_core::verify::SignatureHeader;

/// Matches a POST with the platform's signature headers.
///
/// **For routing only.** Anybody can send these headers; [`NotificationMiddleware`](crate::NotificationMiddleware) or the
/// extractor verifies. actix responds 404 to a request that does not match.
///
/// ```
/// use actix_web::web;
/// use wechatpay_actix::IsNotification;
///
/// let resource = web::resource("/hooks").route(web::post().guard(IsNotification).to(|| async { "from WeChat Pay" }));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IsNotification;

impl Guard for IsNotification {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let head = context.head();
        head.method == Method::POST
            && [SignatureHeader::Signature, SignatureHeader::Serial]
                .iter()
                .all(|header| head.headers().contains_key(header.as_str()))
    }
}
