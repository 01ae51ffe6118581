//! Treatment of one response, and the mark of an unverified one.

/// Request extension that sets the treatment of the response. Default: [`Verify`](Self::Verify).
///
/// The responses of a few endpoints (bill files, images of complaints) have no signature by design. The typed client
/// sets [`Stream`](Self::Stream) for those only. Nothing vouches for the body of such a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponsePolicy {
    /// Reads and verifies the response; a 2xx that cannot be verified is an error.
    #[default]
    Verify,
    /// Passes the body on as it comes, **unverified**.
    Stream,
}

/// Response extension of a response that was not verified.
///
/// Responses that are not 2xx may have it, and all that were requested with [`ResponsePolicy::Stream`]. Never let such
/// a response decide about money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unverified;
