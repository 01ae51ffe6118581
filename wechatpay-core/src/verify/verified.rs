//! The proof type.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::types::KeyId;

/// A value that came out of a message whose signature was verified.
///
/// It cannot be made in any other way: there is no constructor and no `map`. Read the value through `Deref`, or take it
/// with [`into_inner`](Self::into_inner) once its origin no longer matters.
///
/// ```compile_fail,E0451
/// use wechatpay_core::verify::Verified;
///
/// let forged = Verified { value: 1, key_id: "AB".parse().unwrap(), signed_at: 0 };
/// ```
#[derive(Clone)]
pub struct Verified<T> {
    value: T,
    key_id: KeyId,
    signed_at: i64,
}

impl<T> Verified<T> {
    pub(crate) fn new(value: T, key_id: KeyId, signed_at: i64) -> Self {
        Self {
            value,
            key_id,
            signed_at,
        }
    }

    /// The key that signed.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// When it was signed, in Unix seconds.
    #[must_use]
    pub fn signed_at(&self) -> i64 {
        self.signed_at
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    pub(crate) fn with<U>(self, make: impl FnOnce(T) -> U) -> Verified<U> {
        Verified {
            value: make(self.value),
            key_id: self.key_id,
            signed_at: self.signed_at,
        }
    }
}

impl Verified<Bytes> {
    /// Reads the body as JSON. An empty body (204) reads as `null`, which is `()`.
    ///
    /// # Errors
    /// [`JsonError`] with the path of the field that does not fit; never its value.
    pub fn json<T: DeserializeOwned>(self) -> Result<Verified<T>, JsonError> {
        let text = match self.value.is_empty() {
            true => "null",
            false => std::str::from_utf8(&self.value).map_err(|_| JsonError::whole())?,
        };
        let value = parse_json(text)?;
        Ok(self.with(|_| value))
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Shows who signed and not what: the value may name a payer.
impl<T> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("key_id", &self.key_id)
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}

/// JSON that does not fit the type it was read as: where, not what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON does not fit at `{path}` (line {line}, column {column})")]
pub struct JsonError {
    path: String,
    line: usize,
    column: usize,
}

impl JsonError {
    /// The text as a whole is no JSON.
    pub(crate) fn whole() -> Self {
        Self {
            path: ".".into(),
            line: 1,
            column: 1,
        }
    }

    /// Path of the field, `.` when the text as a whole is no JSON.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Parses JSON; only when that fails parses once more to find the path. The message of serde is dropped, because it
/// quotes the value. The text is checked to be UTF-8 once, by its type, and not string by string.
pub(crate) fn parse_json<'de, T: serde::Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(error) => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
                Ok(_) => ".".to_owned(),
                Err(error) => error.path().to_string(),
            };
            Err(JsonError {
                path,
                line: error.line(),
                column: error.column(),
            })
        }
    }
}
