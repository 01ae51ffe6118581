//! Comparing what a response repeats with what was sent.

use super::{EchoMismatch, Scalar};

/// A value or none: what a field holds, whether it is an `Option` or not.
pub trait Given {
    /// The value.
    type Value: Scalar;

    /// The value, if there is one.
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

/// Holds that a field is repeated as it was sent.
pub fn repeats<S, A>(field: &'static str, sent: &S, answered: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match sent.given() {
        Some(sent) => EchoMismatch::compare(field, &Some(sent), &answered.given()),
        None => Ok(()),
    }
}

/// Holds that a field the platform may leave out is as it was sent, if it is there.
pub fn may_repeat<S, A>(field: &'static str, sent: &S, answered: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match answered.given() {
        Some(_) => repeats(field, sent, answered),
        None => Ok(()),
    }
}
