//! Where the receiver of a request comes from.

use std::{fmt, rc::Rc};

use actix_web::{HttpRequest, web};
use wechatpay_core::notify::{MerchantReceivers, NotificationError, NotificationReceiver};

use crate::NotificationRejection;

/// Names the merchant of a request.
type Select = Rc<dyn Fn(&HttpRequest) -> Option<String>>;

#[derive(Clone)]
pub(crate) enum ReceiverSource {
    One(NotificationReceiver),
    Many {
        directory: MerchantReceivers,
        select: Select,
    },
}

impl ReceiverSource {
    pub(crate) fn find(&self, request: &HttpRequest) -> Result<NotificationReceiver, NotificationError> {
        match self {
            Self::One(receiver) => Ok(receiver.clone()),
            Self::Many { directory, select } => {
                directory.get(&select(request).ok_or(NotificationError::UnknownMerchant)?)
            }
        }
    }

    /// The receiver of an application without middleware: one, or a directory, as `Data<T>` or as it is.
    pub(crate) fn of_app(request: &HttpRequest) -> Result<NotificationReceiver, NotificationRejection> {
        if let Some(receiver) = app_data::<NotificationReceiver>(request) {
            return Ok(receiver.clone());
        }
        let directory =
            app_data::<MerchantReceivers>(request).ok_or(NotificationRejection::ReceiverMissing)?;
        let mchid = by_path(request).ok_or(NotificationError::UnknownMerchant)?;
        Ok(directory.get(&mchid)?)
    }
}

fn app_data<T: 'static>(request: &HttpRequest) -> Option<&T> {
    request
        .app_data::<T>()
        .or_else(|| request.app_data::<web::Data<T>>().map(|data| data.as_ref()))
}

/// The path parameter `{mchid}`, else the last segment of the path.
pub(crate) fn by_path(request: &HttpRequest) -> Option<String> {
    let named = request.match_info().get("mchid");
    named
        .or_else(|| request.path().rsplit('/').next())
        .map(ToOwned::to_owned)
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}
