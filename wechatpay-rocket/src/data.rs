//! Data guard of notifications.

use bytes::Bytes;
use rocket::{
    Data, Ignite, Request, Rocket, Sentinel,
    data::{FromData, Outcome, ToByteUnit as _},
};
use wechatpay_core::notify::{self, NotificationError, Resource, VerifiedNotification};

use crate::{NotificationRejection, guard::is_attached, rejected, source::ReceiverSource};

wechatpay_tower::__define_notification! {
    /// Verified notification with its resource read as `T`: `#[post("/notify", data = "<notification>")]`.
    ///
    /// Dereferences to [`notify::Notification`](crate::notify::Notification), which has id and event type, and through it to `T`.
    ///
    /// | Outcome | When |
    /// |---|---|
    /// | Succeeds | the notification was verified and decrypted, and its kind is that of `T` |
    /// | Fails | any rejection, with [its status](crate::notify::NotificationError::status); the fairing gives it the platform's JSON |
    /// | Forwards | never |
    ///
    /// The receiver's limit and deadline apply to the body (256 KiB, 3 s), not Rocket's limit of 8 KiB.
    ///
    /// If the handler returns a 2xx that is not [`Ack`](crate::Ack), the response becomes 500, with one ERROR line. As a [`Sentinel`] it aborts launch when the fairing is not attached.
    Notification
}

#[rocket::async_trait]
impl<'r, T: Resource + Send> FromData<'r> for Notification<T> {
    type Error = NotificationRejection;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        match extract(request, data).await {
            Ok(notification) => Outcome::Success(Self(notification)),
            Err(rejection) => {
                rejected::received(request, None);
                rejected::remember(request, &rejection);
                Outcome::Error((rejection.status(), rejection))
            }
        }
    }
}

impl<T> Sentinel for Notification<T> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        !is_attached(rocket)
    }
}

async fn extract<T: Resource>(
    request: &Request<'_>,
    data: Data<'_>,
) -> Result<notify::Notification<T>, NotificationRejection> {
    let source = request
        .rocket()
        .state::<ReceiverSource>()
        .ok_or(NotificationRejection::NotConfigured)?;
    let notification = receive(source, request, data).await?;
    rejected::received(request, Some(&notification));
    Ok(notification.decode()?)
}

async fn receive(
    source: &ReceiverSource,
    request: &Request<'_>,
    data: Data<'_>,
) -> Result<VerifiedNotification, NotificationError> {
    let ready = source.begin(request).await?.ready().await?;
    let receiver = ready.receiver();
    let limit = receiver.body_limit();
    let read = async {
        let read = data.open(limit.bytes()).into_bytes().await;
        let body = read.map_err(|error| NotificationError::BodyAborted(error.into()))?;
        // An incomplete read is a rejection and never a shorter body.
        if body.is_complete() {
            Ok(Bytes::from(body.into_inner()))
        } else {
            Err(NotificationError::TooLarge { limit })
        }
    };
    let body = match tokio::time::timeout(receiver.body_deadline(), read).await {
        Ok(outcome) => outcome,
        Err(_) => Err(NotificationError::BodyTimeout),
    }
    .inspect_err(|error| receiver.rejected(error))?;
    ready.finish(body)
}
