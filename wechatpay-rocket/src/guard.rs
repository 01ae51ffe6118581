//! Request guards.

use std::ops::Deref;

use rocket::{
    Ignite, Request, Rocket, Sentinel,
    request::{FromRequest, Outcome},
};
use wechatpay_core::notify::NotificationReceiver;

use crate::{NotificationRejection, rejected, source::ReceiverSource};

/// Returns true if the fairing manages a receiver; logs the remedy otherwise.
pub(crate) fn is_attached(rocket: &Rocket<Ignite>) -> bool {
    let attached = rocket.state::<ReceiverSource>().is_some();
    if !attached {
        rocket::error!("WeChat Pay: no receiver of notifications. Attach the fairing:");
        rocket::error_!("rocket::build().attach(wechatpay_rocket::NotificationFairing::from_figment())");
    }
    attached
}

/// The receiver of this request's merchant.
///
/// For handlers that read counters or the measured clock skew.
///
/// | Outcome | When |
/// |---|---|
/// | Succeeds | the fairing is attached and the merchant is in its directory |
/// | Fails | 404 for a merchant that is not |
/// | Forwards | never |
#[derive(Clone, Debug)]
pub struct Receiver(pub NotificationReceiver);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Receiver {
    type Error = NotificationRejection;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let found = match request.rocket().state::<ReceiverSource>() {
            Some(source) => source.find(request).await.map_err(NotificationRejection::from),
            None => Err(NotificationRejection::NotConfigured),
        };
        match found {
            Ok(receiver) => Outcome::Success(Self(receiver)),
            Err(rejection) => {
                rejected::remember(request, &rejection);
                Outcome::Error((rejection.status(), rejection))
            }
        }
    }
}

impl Sentinel for Receiver {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        !is_attached(rocket)
    }
}

impl Deref for Receiver {
    type Target = NotificationReceiver;

    fn deref(&self) -> &NotificationReceiver {
        &self.0
    }
}
