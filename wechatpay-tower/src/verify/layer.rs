//! The layer.

use tower_layer::Layer;
use wechatpay_core::verify::Verifier;

use super::VerifyResponse;

/// Default limit of a response body, 8 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Layer that verifies responses. [The module](super) lists the rules.
#[derive(Clone, Debug)]
pub struct VerifyResponseLayer {
    verifier: Verifier,
    body_limit: usize,
}

impl VerifyResponseLayer {
    /// Verifies with the keys of `verifier`.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            body_limit: DEFAULT_BODY_LIMIT,
        }
    }

    /// Sets the limit of a response body in bytes. Default: [`DEFAULT_BODY_LIMIT`].
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}

impl<S> Layer<S> for VerifyResponseLayer {
    type Service = VerifyResponse<S>;

    fn layer(&self, inner: S) -> VerifyResponse<S> {
        VerifyResponse {
            inner,
            verifier: self.verifier.clone(),
            body_limit: self.body_limit,
        }
    }
}
