//! Receiver of a request.

use std::fmt;

use rocket::Request;
use wechatpay_core::notify::{MerchantReceivers, NotificationError, NotificationReceiver, Pending};

/// Names the merchant of a request.
pub(crate) type Select = Box<dyn Fn(&Request<'_>) -> Option<String> + Send + Sync>;

/// Managed by the fairing.
pub(crate) enum ReceiverSource {
    One(NotificationReceiver),
    Many {
        directory: MerchantReceivers,
        select: Select,
    },
}

impl ReceiverSource {
    /// Checks method and headers, and finds the receiver.
    pub(crate) async fn begin(&self, request: &Request<'_>) -> Result<Pending, NotificationError> {
        let method = request.method().as_str();
        // Rocket yields its headers by value. It has dropped values that are not UTF-8: those count as missing here.
        let headers: Vec<_> = request.headers().iter().collect();
        let pairs = headers
            .iter()
            .map(|header| (header.name().as_str(), header.value().as_bytes()));
        match self {
            Self::One(receiver) => receiver.begin(method, pairs),
            Self::Many { directory, select } => {
                let pending = directory.begin(method, pairs)?;
                let merchant = select(request);
                pending.of(merchant.as_deref()).await
            }
        }
    }

    /// The receiver of a request that is no notification.
    pub(crate) async fn find(
        &self,
        request: &Request<'_>,
    ) -> Result<NotificationReceiver, NotificationError> {
        match self {
            Self::One(receiver) => Ok(receiver.clone()),
            Self::Many { directory, select } => {
                let merchant = select(request).ok_or(NotificationError::UnknownMerchant)?;
                directory.find(&merchant).await
            }
        }
    }
}

/// The parameter `<mchid>` (or `<_mchid>`) of the route, else the last segment of the path.
pub(crate) fn by_path(request: &Request<'_>) -> Option<String> {
    let segments = || request.uri().path().segments();
    let named = request.route().and_then(|route| {
        let place = route
            .uri
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .position(|segment| matches!(segment, "<mchid>" | "<_mchid>"))?;
        segments().nth(place)
    });
    named.or_else(|| segments().last()).map(ToOwned::to_owned)
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}
