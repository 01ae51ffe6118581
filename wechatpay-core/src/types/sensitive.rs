//! Fields that travel encrypted (敏感信息加密, RSA-OAEP).

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::response_field::{ResponseField, empty_is_absent};

/// A field that travels as RSA-OAEP ciphertext.
///
/// It is made of plain text and must be encrypted before it is sent. **Serialising a plain one is an error**, so a
/// field that was forgotten fails closed instead of leaving in clear. The typed client encrypts by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(Content);

#[derive(Clone, PartialEq, Eq)]
enum Content {
    Plain(Zeroizing<String>),
    Cipher(String),
}

impl Sensitive {
    /// Plain text, still to be encrypted. At most 214 bytes fit an RSA-2048 key.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(Content::Plain(Zeroizing::new(text.into())))
    }

    /// Text that is ciphertext already (base64).
    pub fn cipher(base64: impl Into<String>) -> Self {
        Self(Content::Cipher(base64.into()))
    }

    /// The plain text, if it is one.
    #[must_use]
    pub fn as_plain(&self) -> Option<&str> {
        match &self.0 {
            Content::Plain(text) => Some(text),
            Content::Cipher(_) => None,
        }
    }

    /// The ciphertext in base64, if it is one.
    #[must_use]
    pub fn as_cipher(&self) -> Option<&str> {
        match &self.0 {
            Content::Plain(_) => None,
            Content::Cipher(base64) => Some(base64),
        }
    }
}

/// Plain text, still to be encrypted.
impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

/// Plain text, still to be encrypted.
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

/// A text that could not be encrypted with RSA-OAEP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// Longer than the key can take.
    #[error("the text has {length} bytes, more than this key can encrypt")]
    TooLong {
        /// Length of the text in bytes.
        length: usize,
    },
    /// No platform key is known to encrypt with.
    #[error("no platform key is known to encrypt with")]
    NoKey,
}

impl<'de> ResponseField<'de> for Sensitive {
    empty_is_absent!();
}

/// What is done to each sensitive field of a request: `f(&mut field)`.
pub type SensitiveVisitor<'a> = dyn FnMut(&mut Sensitive) -> Result<(), EncryptError> + 'a;

/// A type that says which of its fields travel encrypted: by `#[derive(SensitiveFields)]`, if it is yours.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether it holds fields that travel encrypted",
    label = "used in a request",
    note = "write `#[derive(RequestPart)]` or `#[derive(SensitiveFields)]` on it, or `#[request(plain)]` on the field if \
            nothing in it is encrypted"
)]
pub trait SensitiveFields {
    /// True if a value may hold such a field.
    const SENSITIVE: bool = true;

    /// Calls `f` for each sensitive field.
    ///
    /// # Errors
    /// The first error of `f`.
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError>;
}

impl SensitiveFields for Sensitive {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        f(self)
    }
}

/// The members of a type that holds nothing sensitive.
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
