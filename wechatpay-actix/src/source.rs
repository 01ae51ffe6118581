//! Where the receiver of a request comes from.

use std::{fmt, sync::Arc};

use actix_web::{
    HttpRequest,
    dev::{Path, ResourceDef},
    web,
};
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

    /// The receiver of an application without middleware: one, or a directory, as `Data<T>` or as it is.
    pub(crate) fn of_app(request: &HttpRequest) -> Result<Self, NotificationRejection> {
        if let Some(receiver) = app_data::<NotificationReceiver>(request) {
            return Ok(Self::One(receiver.clone()));
        }
        app_data::<MerchantReceivers>(request)
            .map(|directory| Self::many_by(directory.clone(), by_path))
            .ok_or(NotificationRejection::ReceiverMissing)
    }
}

fn app_data<T: 'static>(request: &HttpRequest) -> Option<&T> {
    request
        .app_data::<T>()
        .or_else(|| request.app_data::<web::Data<T>>().map(|data| data.as_ref()))
}

/// The path parameter `{mchid}`, else the last segment of the path.
pub(crate) fn by_path(request: &HttpRequest) -> Option<String> {
    let path = request.path();
    let named = request.match_info().get("mchid").map(ToOwned::to_owned);
    named
        .or_else(|| {
            // Around a scope or an App the request is not routed yet, so the pattern is read here.
            let mut matched = Path::new(path);
            ResourceDef::new(request.match_pattern()?).capture_match_info(&mut matched);
            matched.get("mchid").map(ToOwned::to_owned)
        })
        .or_else(|| path.rsplit('/').next().map(ToOwned::to_owned))
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}
