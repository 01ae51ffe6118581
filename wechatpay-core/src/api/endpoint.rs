//! The `Endpoint` trait: method, path, body and response of one call.

use http::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::Path;
use crate::types::SensitiveFields;

/// One call of API v3, implemented by `#[derive(Endpoint)]`.
///
/// The client encrypts the fields that [`SensitiveFields`] visits.
pub trait Endpoint: Clone + Send + Sync + SensitiveFields {
    /// HTTP method.
    const METHOD: Method;

    /// Path with placeholders, for logs and metrics: `/v3/pay/transactions/id/{transaction_id}`.
    const TEMPLATE: &'static str;

    /// True if a 202 (accepted) is a success whose body is the response.
    ///
    /// For all other endpoints a 202 means that nothing was done yet: an error with an unknown outcome.
    const ACCEPTED_IS_SUCCESS: bool = false;

    /// JSON body, borrowed from the request.
    type Body<'a>: Serialize
    where
        Self: 'a;

    /// Type that a 2xx response is parsed into; `()` for 204.
    type Response: DeserializeOwned + Send;

    /// Returns path and query.
    fn path(&self) -> Path;

    /// Returns the body; `None` for GET.
    fn body(&self) -> Option<Self::Body<'_>> {
        None
    }

    /// Returns the effect of sending the request twice.
    ///
    /// [`Safe`](Idempotency::Safe) for GET; [`No`](Idempotency::No) for every other method unless the type overrides
    /// it.
    fn idempotency(&self) -> Idempotency {
        if Self::METHOD == Method::GET {
            Idempotency::Safe
        } else {
            Idempotency::No
        }
    }

    /// Compares the ids that the response repeats with those of the request.
    ///
    /// The signature of a response does not cover the request, so two concurrent responses could be swapped (threat
    /// T32).
    ///
    /// # Errors
    /// Returns the name of the first field that differs.
    fn check_echo(&self, _response: &Self::Response) -> Result<(), EchoMismatch> {
        Ok(())
    }
}

/// Effect of sending the same request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Read-only: no effect.
    Safe,
    /// Executed once, recognised by the merchant's business number.
    ///
    /// Retry the request unchanged under the same number, never under a new one.
    ByNumber,
    /// Possibly executed twice.
    ///
    /// The client retries only if the request was certainly not sent.
    No,
}

/// A response whose repeated id differs: it belongs to another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response is for another request: {field} differs")]
pub struct EchoMismatch {
    field: &'static str,
}

impl EchoMismatch {
    /// Returns the name of the field that differs.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Succeeds if both values are equal.
    ///
    /// # Errors
    /// Returns an error if they differ; the values are not kept.
    pub fn compare<A: PartialEq<B> + ?Sized, B: ?Sized>(
        field: &'static str,
        sent: &A,
        returned: &B,
    ) -> Result<(), Self> {
        if sent == returned {
            Ok(())
        } else {
            Err(Self { field })
        }
    }
}
