//! What the client needs to know of an endpoint.

use http::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::Path;
use crate::types::SensitiveFields;

/// One call of API v3, by `#[derive(Endpoint)]`.
///
/// Its fields that travel encrypted are visited by [`SensitiveFields`]; the client encrypts them.
pub trait Endpoint: Clone + Send + Sync + SensitiveFields {
    /// The HTTP method.
    const METHOD: Method;

    /// The path with its placeholders, for logs and metrics: `/v3/pay/transactions/id/{transaction_id}`.
    const TEMPLATE: &'static str;

    /// True if a 202 (accepted) is a success whose body is the response.
    ///
    /// UseBackupHost 202 means that nothing was done yet, and is an error with an unknown outcome.
    const ACCEPTED_IS_SUCCESS: bool = false;

    /// What is serialised as the JSON body; borrows from the request.
    type Body<'a>: Serialize
    where
        Self: 'a;

    /// What a 2xx response is read as; `()` for 204.
    type Response: DeserializeOwned + Send;

    /// Path and query.
    fn path(&self) -> Path;

    /// The body; `None` for GET.
    fn body(&self) -> Option<Self::Body<'_>> {
        None
    }

    /// What happens when the request is sent twice. A GET is [`Safe`](Idempotency::Safe); whatever else is
    /// [`No`](Idempotency::No) unless its type says otherwise.
    fn idempotency(&self) -> Idempotency {
        if Self::METHOD == Method::GET {
            Idempotency::Safe
        } else {
            Idempotency::No
        }
    }

    /// Compares the ids that the response repeats with those of the request: the signature of a response does not cover the
    /// request, so two concurrent responses could be swapped (threat T32).
    ///
    /// # Errors
    /// The field that differs.
    fn check_echo(&self, _response: &Self::Response) -> Result<(), EchoMismatch> {
        Ok(())
    }
}

/// What happens when the same request is sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Nothing: it only reads.
    Safe,
    /// It is done once, because it carries a business number of the merchant's by which the platform knows it again. It may
    /// be repeated unchanged, under the same number, never under a new one.
    ByNumber,
    /// It may be done twice. It is repeated only when it certainly was not sent.
    No,
}

/// A response that repeats another id than the request had: it belongs to another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response is for another request: {field} differs")]
pub struct EchoMismatch {
    field: &'static str,
}

impl EchoMismatch {
    /// The field that differs.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Passes when both are the same.
    ///
    /// # Errors
    /// When they differ; the values are not kept.
    pub fn compare<A: PartialEq<B> + ?Sized, B: ?Sized>(
        field: &'static str,
        sent: &A,
        answered: &B,
    ) -> Result<(), Self> {
        if sent == answered {
            Ok(())
        } else {
            Err(Self { field })
        }
    }
}
