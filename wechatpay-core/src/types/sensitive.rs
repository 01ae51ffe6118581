//! Fields that are sent encrypted (敏感信息加密, RSA-OAEP).

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::{response_field::ResponseField, scalar::Scalar};

/// A field that is sent as RSA-OAEP ciphertext.
///
/// Create it from plain text; it must be encrypted before it is sent. **Serialising plain text is an error**, so a
/// forgotten field fails instead of leaking. The typed client encrypts automatically.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(Content);

#[derive(Clone, PartialEq, Eq)]
enum Content {
    Plain(Zeroizing<String>),
    Cipher(String),
}

impl Sensitive {
    /// Creates a field from plain text, at most 214 bytes for RSA-2048.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(Content::Plain(Zeroizing::new(text.into())))
    }

    /// Creates a field from ciphertext in base64.
    pub fn cipher(base64: impl Into<String>) -> Self {
        Self(Content::Cipher(base64.into()))
    }

    /// Returns the plain text, if it is not encrypted.
    #[must_use]
    pub fn as_plain(&self) -> Option<&str> {
        match &self.0 {
            Content::Plain(text) => Some(text),
            Content::Cipher(_) => None,
        }
    }

    /// Returns the ciphertext in base64, if it is encrypted.
    #[must_use]
    pub fn as_cipher(&self) -> Option<&str> {
        match &self.0 {
            Content::Plain(_) => None,
            Content::Cipher(base64) => Some(base64),
        }
    }
}

/// Creates a field from plain text.
impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

/// Creates a field from plain text.
impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Content::Plain(_) => "Sensitive(plain, ..)",
            Content::Cipher(_) => "Sensitive(cipher, ..)",
        })
    }
}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Content::Cipher(base64) => serializer.serialize_str(base64),
            Content::Plain(_) => Err(serde::ser::Error::custom(
                "a sensitive field is still plain text: encrypt it before it is serialised",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|base64| Self(Content::Cipher(base64)))
    }
}

/// Ciphertext in a query.
///
/// Plain text is never written, so that a forgotten field does not leak.
impl Scalar for Sensitive {
    fn text(&self) -> Cow<'_, str> {
        self.as_cipher().unwrap_or_default().into()
    }
}

/// Failure to encrypt a text with RSA-OAEP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// Text too long for the key.
    #[error("the text has {length} bytes, more than this key can encrypt")]
    TooLong {
        /// Length of the text in bytes.
        length: usize,
    },
    /// No platform key available for encryption.
    #[error("no platform key available for encryption")]
    NoKey,
}

impl<'de> ResponseField<'de> for Sensitive {}

/// Visitor called for each sensitive field of a request: `f(&mut field)`.
pub type SensitiveVisitor<'a> = dyn FnMut(&mut Sensitive) -> Result<(), EncryptError> + 'a;

/// A type that lists its encrypted fields; derive it for your own types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not state whether it contains encrypted fields",
    label = "used in a request",
    note = "write `#[derive(RequestPart)]` or `#[derive(SensitiveFields)]` on it, or `#[request(plain)]` on the field if \
            nothing in it is encrypted"
)]
pub trait SensitiveFields {
    /// True if a value may contain an encrypted field.
    const SENSITIVE: bool = true;

    /// Calls `f` for each sensitive field.
    ///
    /// # Errors
    /// Returns the first error of `f`.
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError>;
}

impl SensitiveFields for Sensitive {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        f(self)
    }
}

/// Trait members for a type without sensitive fields.
macro_rules! nothing_sensitive {
    () => {
        const SENSITIVE: bool = false;

        fn visit_sensitive(
            &mut self,
            _: &mut $crate::types::SensitiveVisitor<'_>,
        ) -> Result<(), $crate::types::EncryptError> {
            Ok(())
        }
    };
}

macro_rules! plain {
    ($($type:ty),*) => {$( impl SensitiveFields for $type { nothing_sensitive!(); } )*};
}

plain!(
    (),
    &'static str,
    bool,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f32,
    f64,
    String,
    serde_json::Value
);

impl<T: SensitiveFields> SensitiveFields for Box<T> {
    const SENSITIVE: bool = T::SENSITIVE;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.as_mut().visit_sensitive(f)
    }
}

impl<T: SensitiveFields> SensitiveFields for Option<T> {
    const SENSITIVE: bool = T::SENSITIVE;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.as_mut().map_or(Ok(()), |value| value.visit_sensitive(f))
    }
}

impl<T: SensitiveFields> SensitiveFields for Vec<T> {
    const SENSITIVE: bool = T::SENSITIVE;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.iter_mut().try_for_each(|value| value.visit_sensitive(f))
    }
}

impl<K: Ord, V: SensitiveFields> SensitiveFields for BTreeMap<K, V> {
    const SENSITIVE: bool = V::SENSITIVE;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.values_mut().try_for_each(|value| value.visit_sensitive(f))
    }
}

impl<K, V: SensitiveFields> SensitiveFields for HashMap<K, V> {
    const SENSITIVE: bool = V::SENSITIVE;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.values_mut().try_for_each(|value| value.visit_sensitive(f))
    }
}

pub(crate) use nothing_sensitive;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_field_cannot_be_serialised() {
        assert!(serde_json::to_string(&Sensitive::plain("张三")).is_err());
        assert_eq!(
            serde_json::to_string(&Sensitive::cipher("QUJD")).unwrap(),
            "\"QUJD\""
        );
    }

    #[test]
    fn debug_prints_neither_form() {
        let shown = format!(
            "{:?} {:?}",
            Sensitive::plain("CANARY"),
            Sensitive::cipher("CANARY")
        );
        assert!(!shown.contains("CANARY"));
    }
}
