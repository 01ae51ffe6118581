//! Comparison of the members that a response repeats with the request.

use super::{EchoMismatch, Scalar};

/// A request or response field, optional or not.
pub trait Given {
    /// Type of the value.
    type Value: Scalar;

    /// Returns the value, if present.
    fn given(&self) -> Option<&Self::Value>;
}

impl<T: Scalar> Given for T {
    type Value = T;

    fn given(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T: Scalar> Given for Option<T> {
    type Value = T;

    fn given(&self) -> Option<&T> {
        self.as_ref()
    }
}

/// Checks that the response repeats a field as it was sent.
pub fn repeats<S, A>(field: &'static str, sent: &S, returned: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match sent.given() {
        Some(sent) => EchoMismatch::compare(field, &Some(sent), &returned.given()),
        None => Ok(()),
    }
}

/// Checks a field like [`repeats`], but accepts a response without it.
pub fn may_repeat<S, A>(field: &'static str, sent: &S, returned: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match returned.given() {
        Some(_) => repeats(field, sent, returned),
        None => Ok(()),
    }
}
