//! The layer.

use tower_layer::Layer;
use wechatpay_core::verify::Verifier;

use super::VerifyResponse;

/// Longest response that is read in order to verify it, in bytes.
pub const DEFAULT_BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Verifies responses. Stands outside [`SignLayer`](crate::sign::SignLayer), and outside any decompression.
///
/// After success the response carries the extension
/// [`Verified<Bytes>`](wechatpay_core::verify::Verified): the proof, with the body in it.
#[derive(Clone, Debug)]
pub struct VerifyResponseLayer {
    verifier: Verifier,
    body_limit: usize,
}

impl VerifyResponseLayer {
    /// Verifies with these keys.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            body_limit: DEFAULT_BODY_LIMIT,
        }
    }

    /// Longest response that is read; default [`DEFAULT_BODY_LIMIT`].
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
