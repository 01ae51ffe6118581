//! Responses of a handler to the platform.

use http::{HeaderValue, Response, StatusCode, header};

use super::{CombinedMismatch, Mismatch, NotificationError};

/// Acknowledgement: 204 without a body. The platform does not send the notification again.
///
/// Return it only after the work is done or durably queued.
///
/// The `Ack` of every framework puts this type into the extensions of its response. The layers turn a 2xx response
/// without it into 500.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "an acknowledgement must be returned to the platform"]
pub struct Ack;

impl Ack {
    /// Returns the status, 204.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        StatusCode::NO_CONTENT
    }

    /// Returns the response, for a plain tower service.
    ///
    /// ```
    /// use wechatpay_core::notify::Ack;
    ///
    /// let response = Ack.into_response::<String>();
    /// assert_eq!(response.status(), 204);
    /// assert!(Ack::is_in(&response));
    /// ```
    #[must_use]
    pub fn into_response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }

    /// Returns `true` if the status is 2xx and the response was created from an `Ack`.
    #[must_use]
    pub fn is_in<B>(response: &Response<B>) -> bool {
        response.status().is_success() && response.extensions().get::<Self>().is_some()
    }
}

/// Negative acknowledgement: the platform sends the notification again.
///
/// The status is never 2xx. The body is constant for each status, whatever the reason. Only a genuine notification of
/// another kind than the route takes has a body of its own, because it is not malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a rejection must be returned to the platform"]
pub struct Nack {
    status: StatusCode,
    other_kind: bool,
}

/// Content type of every body.
const CONTENT_TYPE: &str = "application/json";

impl Nack {
    const fn of(status: StatusCode) -> Self {
        Self {
            status,
            other_kind: false,
        }
    }

    /// Handler failed: 500. The platform sends the notification again.
    pub const fn failed() -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Not available now, for example because a store is down: 503.
    ///
    /// The platform sends the notification again.
    pub const fn unavailable() -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// Copy of a notification that is being handled: 409.
    ///
    /// The platform sends the notification again.
    pub const fn in_progress() -> Self {
        Self::of(StatusCode::CONFLICT)
    }

    /// Notification that contradicts your records, for example in its amount: 403.
    ///
    /// An operator should look at it.
    pub const fn mismatch() -> Self {
        Self::of(StatusCode::FORBIDDEN)
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.status
    }

    /// Returns the response, for a plain tower service.
    ///
    /// ```
    /// use wechatpay_core::notify::Nack;
    ///
    /// let response = Nack::failed().into_response::<String>();
    /// assert_eq!(response.status(), 500);
    /// assert!(response.body().contains("FAIL"));
    /// ```
    #[must_use]
    pub fn into_response<B: From<&'static str>>(self) -> Response<B> {
        let mut response = Response::new(B::from(self.body()));
        *response.status_mut() = self.status();
        let content_type = HeaderValue::from_static(self.content_type());
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response
    }

    /// Returns the content type of the body.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        CONTENT_TYPE
    }

    /// Returns the body: `{"code":"FAIL","message":…}`.
    #[must_use]
    pub fn body(self) -> &'static str {
        match self.status.as_u16() {
            _ if self.other_kind => r#"{"code":"FAIL","message":"another kind than this route takes"}"#,
            400 => r#"{"code":"FAIL","message":"malformed notification"}"#,
            401 => r#"{"code":"FAIL","message":"signature not accepted"}"#,
            403 => r#"{"code":"FAIL","message":"not for this receiver"}"#,
            404 => r#"{"code":"FAIL","message":"no such receiver"}"#,
            405 => r#"{"code":"FAIL","message":"use POST"}"#,
            408 => r#"{"code":"FAIL","message":"body did not arrive in time"}"#,
            409 => r#"{"code":"FAIL","message":"being handled, send again"}"#,
            413 => r#"{"code":"FAIL","message":"body too large"}"#,
            415 => r#"{"code":"FAIL","message":"send plain JSON"}"#,
            503 => r#"{"code":"FAIL","message":"not available, send again"}"#,
            _ => r#"{"code":"FAIL","message":"not handled, send again"}"#,
        }
    }
}

impl From<Mismatch> for Nack {
    fn from(_: Mismatch) -> Self {
        Self::mismatch()
    }
}

impl From<CombinedMismatch> for Nack {
    fn from(_: CombinedMismatch) -> Self {
        Self::mismatch()
    }
}

impl From<&NotificationError> for Nack {
    fn from(error: &NotificationError) -> Self {
        Self {
            status: error.status(),
            other_kind: matches!(error, NotificationError::TypeMismatch { .. }),
        }
    }
}
