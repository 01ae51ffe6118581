//! Request guards.

use std::ops::Deref;

use rocket::{
    Ignite, Request, Rocket, Sentinel,
    http::Status,
    request::{FromRequest, Outcome},
};
use wechatpay_core::notify::NotificationReceiver;
use wechatpay_tower::WechatPay;

use crate::{NotificationRejection, rejected, source::ReceiverSource};

/// Whether the fairing manages a receiver; says what to do when not.
pub(crate) fn is_attached(rocket: &Rocket<Ignite>) -> bool {
    let attached = rocket.state::<ReceiverSource>().is_some();
    if !attached {
        rocket::error!("WeChat Pay: no receiver of notifications. Attach the fairing:");
        rocket::error_!("rocket::build().attach(wechatpay_rocket::NotificationFairing::from_figment())");
    }
    attached
}

/// The receiver of this request's merchant, for a handler that wants to look at counters or the measured clock skew.
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

/// The handle for outgoing calls, from a fairing that was made of one.
///
/// | Outcome | When |
/// |---|---|
/// | Succeeds | the fairing was made by `from_figment` or `new` |
/// | Fails | 500 otherwise; launch is aborted before that |
/// | Forwards | never |
#[derive(Clone, Copy, Debug)]
pub struct Client<'r>(pub &'r WechatPay);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Client<'r> {
    type Error = NotificationRejection;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match request.rocket().state::<WechatPay>() {
            Some(wechatpay) => Outcome::Success(Self(wechatpay)),
            None => Outcome::Error((Status::InternalServerError, NotificationRejection::NotConfigured)),
        }
    }
}

impl Sentinel for Client<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let managed = rocket.state::<WechatPay>().is_some();
        if !managed {
            rocket::error!(
                "WeChat Pay: no client. Attach the fairing with `from_figment()` or `new(wechatpay)`."
            );
        }
        !managed
    }
}

impl Deref for Client<'_> {
    type Target = WechatPay;

    fn deref(&self) -> &WechatPay {
        self.0
    }
}
