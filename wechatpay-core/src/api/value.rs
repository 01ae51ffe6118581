//! Scalars of the wire: what may stand in a path or query, and what an answer may repeat.

use std::borrow::Cow;

use super::EchoMismatch;
use crate::types::{Fen, PrivateText};

/// A value that is one text on the wire.
pub(crate) trait Value: PartialEq {
    /// The text, not encoded yet.
    fn text(&self) -> Cow<'_, str>;
}

impl Value for String {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Value for PrivateText {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Value for Fen {
    fn text(&self) -> Cow<'_, str> {
        self.get().to_string().into()
    }
}

/// A value or none: what a field holds, whether it is an `Option` or not.
pub(crate) trait Given {
    /// What is given.
    type Value: Value;

    /// The value, if there is one.
    fn given(&self) -> Option<&Self::Value>;
}

impl<T: Value> Given for T {
    type Value = T;

    fn given(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T: Value> Given for Option<T> {
    type Value = T;

    fn given(&self) -> Option<&T> {
        self.as_ref()
    }
}

/// What was sent must be answered.
pub(crate) fn repeats<S, A>(field: &'static str, sent: &S, answered: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match sent.given() {
        Some(sent) => EchoMismatch::compare(field, &Some(sent), &answered.given()),
        None => Ok(()),
    }
}

/// What is answered must be what was sent, if both are there: a field that the platform may leave out.
pub(crate) fn may_repeat<S, A>(field: &'static str, sent: &S, answered: &A) -> Result<(), EchoMismatch>
where
    S: Given,
    A: Given<Value = S::Value>,
{
    match answered.given() {
        Some(_) => repeats(field, sent, answered),
        None => Ok(()),
    }
}
