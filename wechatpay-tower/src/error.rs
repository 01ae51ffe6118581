//! What can go wrong on the way out and back.

use wechatpay_core::{BoxError, sign::SignError, verify::VerifyError};

/// An error of the client layers. The error of the service inside is boxed as [`Service`](Self::Service).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request goes to a host that may not see the merchant's signature.
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
    /// The request body is longer than the limit.
    #[error("the request body is longer than {limit} bytes")]
    RequestTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The request body could not be read.
    #[error("the request body could not be read")]
    RequestBody(#[source] BoxError),
    /// The request could not be signed.
    #[error("the request could not be signed")]
    Sign(#[from] SignError),
    /// A 2xx response whose signature is missing or was not accepted. **It may have taken effect.**
    #[error("the response does not verify")]
    Verify(#[from] VerifyError),
    /// The response has a content encoding, so its signed bytes are gone.
    #[error("the response has a content encoding; put decompression inside the verification, or turn it off")]
    ResponseEncoded,
    /// The response is longer than the limit.
    #[error("the response is longer than {limit} bytes")]
    ResponseTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The response broke off.
    #[error("the response broke off")]
    ResponseBody(#[source] BoxError),
    /// The service inside failed: the transport, or a layer between.
    #[error("the HTTP service failed")]
    Service(#[source] BoxError),
}

impl Error {
    /// Whether the request certainly did not reach the platform, so that it can be sent again without a thought.
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

    /// Whether there was no connection to the host: another one, or a later time, may do better.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Service(error) if causes(error.as_ref()).any(is_no_connection))
    }

    /// An error of ours from a layer inside stays itself; any other is the service's.
    pub(crate) fn from_inner(error: impl Into<BoxError>) -> Self {
        match error.into().downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self::Service(error),
        }
    }
}

/// A transport's way to say that a request never left: the name did not resolve, the connection or the TLS handshake
/// failed. The client tells "not sent" from "outcome unknown" by it, so a transport that follows redirects or repeats
/// requests must give it only for the first attempt.
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

/// The error and what it comes from.
fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
