//! Telling notifications from other requests.

use actix_web::{
    guard::{Guard, GuardContext},
    http::Method,
};
use wechatpay_core::verify::SignatureHeader;

/// Matches requests that look like a notification: a POST with the platform's signature headers.
///
/// **For routing only.** Anybody can send these headers; what is genuine is decided by
/// [`NotificationMiddleware`](crate::NotificationMiddleware) or the extractor. Do not put it before a route whose rejections the
/// platform should see: what it does not match is answered 404 by actix.
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
