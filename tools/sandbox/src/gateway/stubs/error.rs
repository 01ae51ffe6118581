//! Defects of a stub.

use http::Method;

/// A stub that cannot be. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StubError {
    /// The API has no endpoints of this method.
    #[error("a stub responds to GET, POST, PUT, PATCH or DELETE, not to {0}")]
    Method(Method),
    /// The path is not valid.
    #[error("`{path}` is not the path of a stub: {problem}")]
    Path {
        /// The path.
        path: String,
        /// The rule that it breaks.
        problem: &'static str,
    },
    /// A stub that never responds.
    #[error("times is at least 1; leave it out for always")]
    Times,
    /// The status is not that of a final response.
    #[error("{0} is not the status of a response: 200 to 599 are")]
    Status(u16),
    /// A body where HTTP allows none.
    #[error("a response with status {0} has no body")]
    Body(u16),
    /// A header that cannot be sent, or that the sandbox sets itself.
    #[error("the header `{name}` cannot be set: {problem}")]
    Header {
        /// The name.
        name: String,
        /// The reason.
        problem: &'static str,
    },
    /// The text is no path of a field.
    #[error("`{0}` is not the path of a field: write `user_name`, `payer/phone` or `data/*/payer_phone`")]
    FieldPath(String),
    /// A sensitive field that the response does not have as a text.
    #[error("the response has no text at `{0}` to encrypt")]
    NoField(String),
    /// An older stub without `times` takes all requests of this one.
    #[error("stub {id} for {path} takes all of these requests; remove it first, or limit it by times")]
    Hidden {
        /// The older stub.
        id: u64,
        /// Its path.
        path: String,
    },
    /// There are a thousand stubs.
    #[error("there are a thousand stubs already; remove some")]
    Full,
}
