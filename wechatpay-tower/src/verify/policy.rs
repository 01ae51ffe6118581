//! What is done with one response, and what was found.

/// Request extension: how the response to this request is treated. Without it, [`Verify`](Self::Verify).
///
/// A few endpoints (bill files, images of complaints) response without a signature by design. The typed client sets
/// [`Stream`](Self::Stream) for those and for nothing else; whoever sets it gets a body that nobody vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponsePolicy {
    /// Read, verify, refuse what does not verify.
    #[default]
    Verify,
    /// Pass the body on as it comes, **unverified**.
    Stream,
}

/// Response extension: nobody vouches for this response. It stands on responses that are not 2xx, and on those that were asked
/// for with [`ResponsePolicy::Stream`]. Never let such a response decide about money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unverified;
