//! Receiver of a request.

use std::{fmt, sync::Arc};

use actix_web::{HttpRequest, web};
use wechatpay_core::notify::{MerchantReceivers, NotificationError, NotificationReceiver, Pending};

use crate::NotificationRejection;

/// Names the merchant of a request.
type Select = Arc<dyn Fn(&HttpRequest) -> Option<String> + Send + Sync>;

#[derive(Clone)]
pub(crate) enum ReceiverSource {
    One(NotificationReceiver),
    Many {
        directory: MerchantReceivers,
        select: Select,
    },
}

impl ReceiverSource {
    pub(crate) fn many_by(
        directory: MerchantReceivers,
        select: impl Fn(&HttpRequest) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::Many {
            directory,
            select: Arc::new(select),
        }
    }

    /// Checks method and headers, and finds the receiver.
    pub(crate) async fn begin(&self, request: &HttpRequest) -> Result<Pending, NotificationError> {
        let method = request.method().as_str();
        let pairs = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        match self {
            Self::One(receiver) => receiver.begin(method, pairs),
            Self::Many { directory, select } => {
                let pending = directory.begin(method, pairs)?;
                pending.of(select(request).as_deref()).await
            }
        }
    }

    /// The receiver of an application without middleware: one, or a directory.
    ///
    /// It is app data, as `Data<T>` or as `T`.
    pub(crate) fn of_app(request: &HttpRequest) -> Result<Self, NotificationRejection> {
        if let Some(receiver) = app_data::<NotificationReceiver>(request) {
            return Ok(Self::One(receiver.clone()));
        }
        app_data::<MerchantReceivers>(request)
            .map(|directory| Self::many_by(directory.clone(), by_path))
            .ok_or(NotificationRejection::NotConfigured)
    }
}

fn app_data<T: 'static>(request: &HttpRequest) -> Option<&T> {
    request
        .app_data::<T>()
        .or_else(|| request.app_data::<web::Data<T>>().map(|data| data.as_ref()))
}

/// The path parameter `{mchid}`, else the last segment of the path.
pub(crate) fn by_path(request: &HttpRequest) -> Option<String> {
    let last = || request.path().rsplit('/').next();
    let named = request.match_info().get("mchid");
    // Around a scope or an App the request is not routed yet, so the pattern of its route is read here.
    let merchant = match (named, request.match_pattern()) {
        (Some(named), _) => Some(named),
        (None, Some(pattern)) if pattern.contains("{mchid") => parameter(&pattern, request.path()),
        (None, _) => last(),
    };
    merchant.map(ToOwned::to_owned)
}

/// Value of a pattern's parameter `{mchid}`, if it is a whole segment.
///
/// No segment before it may have a regular expression, because that may match several segments.
fn parameter<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    for (place, segment) in pattern.split('/').enumerate() {
        let is_it = segment == "{mchid}" || segment.starts_with("{mchid:") && segment.ends_with('}');
        if is_it {
            return path.split('/').nth(place);
        }
        if segment.contains(':') || segment.ends_with("}*") {
            return None;
        }
    }
    None
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_parameter_is_read_only_where_its_place_is_certain() {
        let path = "/a/1900000001/b";
        for (pattern, expected) in [
            ("/a/{mchid}/b", Some("1900000001")),
            ("/{tenant}/{mchid}/{tenant}", Some("1900000001")),
            (r"/a/{mchid:\d{4,10}}/b", Some("1900000001")),
            ("/a/m{mchid}/b", None),
            ("/{rest:.*}/{mchid}", None),
            ("/a/{rest}*", None),
        ] {
            assert_eq!(parameter(pattern, path), expected, "{pattern}");
        }
    }
}
