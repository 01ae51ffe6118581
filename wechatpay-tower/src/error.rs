//! Errors of the client layers.

use wechatpay_core::{BoxError, sign::SignError, verify::VerifyError};

/// Error of a client layer, or of the inner service.
///
/// The error of the inner service is boxed as [`Service`](Self::Service).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The host may not receive signed requests. Nothing was sent.
    #[error("requests to {host} are not signed: it is not on the list of hosts, or not https")]
    HostNotAllowed {
        /// Host and port, as far as the request names one.
        host: String,
    },
    /// The path or query would not arrive as it was signed. Nothing was sent.
    #[error(
        "the path or query would be rewritten after it was signed; avoid `.` and `..` as a segment, and encode each value"
    )]
    TargetRewritten,
    /// The HTTP client followed a redirect. **The request may have taken effect.**
    #[error("the HTTP client followed a redirect; build it with redirect(Policy::none())")]
    RedirectFollowed,
    /// The request body exceeds the limit. Nothing was sent.
    #[error("the request body is longer than {limit} bytes")]
    RequestTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The request body could not be read. Nothing was sent.
    #[error("the request body could not be read")]
    RequestBody(#[source] BoxError),
    /// The request could not be signed. Nothing was sent.
    #[error("the request could not be signed")]
    Sign(#[from] SignError),
    /// The signature of a 2xx response is missing or wrong.
    ///
    /// **The request may have taken effect.**
    #[error("the response does not verify")]
    Verify(#[from] VerifyError),
    /// The response has a content encoding, so its signed bytes are gone.
    #[error("the response has a content encoding; put decompression inside the verification, or turn it off")]
    ResponseEncoded,
    /// The response exceeds the limit.
    #[error("the response is longer than {limit} bytes")]
    ResponseTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The response body broke off.
    #[error("the response broke off")]
    ResponseBody(#[source] BoxError),
    /// The inner service failed: the transport, or a layer in between.
    #[error("the HTTP service failed")]
    Service(#[source] BoxError),
}

impl Error {
    /// Returns `true` if the request was certainly not sent.
    ///
    /// It can be sent again safely.
    #[must_use]
    pub fn is_not_sent(&self) -> bool {
        match self {
            Self::HostNotAllowed { .. }
            | Self::TargetRewritten
            | Self::RequestTooLarge { .. }
            | Self::RequestBody(_)
            | Self::Sign(_) => true,
            Self::Service(error) => is_not_sent(error.as_ref()),
            _ => false,
        }
    }

    /// Returns `true` if no connection to the host was made.
    ///
    /// The other host or a later attempt may succeed.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Service(error) if causes(error.as_ref()).any(is_no_connection))
    }

    /// Keeps an error of this type from an inner layer, and wraps any other.
    pub(crate) fn from_inner(error: impl Into<BoxError>) -> Self {
        match error.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self::Service(error),
        }
    }
}

/// Error of a transport for a request that was certainly not sent.
///
/// The name did not resolve, or the connection or the TLS handshake failed. The client distinguishes "not sent" from
/// "outcome unknown" by this type, so a transport that follows redirects or repeats requests must return it for the
/// first attempt only.
#[derive(Debug, thiserror::Error)]
#[error("no connection")]
pub struct NotSent(#[source] pub BoxError);

fn is_not_sent(error: &(dyn std::error::Error + 'static)) -> bool {
    causes(error)
        .any(|cause| cause.is::<NotSent>() || cause.downcast_ref::<Error>().is_some_and(Error::is_not_sent))
}

fn is_no_connection(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<NotSent>()
}

/// Iterates over an error and its sources.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
