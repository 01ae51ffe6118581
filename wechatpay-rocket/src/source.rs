//! Where the receiver of a request comes from.

use std::fmt;

use rocket::Request;
use wechatpay_core::notify::{MerchantReceivers, NotificationError, NotificationReceiver};

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
    pub(crate) fn find(&self, request: &Request<'_>) -> Result<NotificationReceiver, NotificationError> {
        match self {
            Self::One(receiver) => Ok(receiver.clone()),
            Self::Many { directory, select } => {
                directory.get(&select(request).ok_or(NotificationError::UnknownMerchant)?)
            }
        }
    }
}

/// The last segment of the path, as in `/notify/<mchid>`.
pub(crate) fn last_segment(request: &Request<'_>) -> Option<String> {
    request.uri().path().segments().last().map(ToOwned::to_owned)
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}
