//! Secrets: never printed or serialised, zeroed when dropped.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// The APIv3 key (APIv3 密钥): 32 ASCII bytes, decrypts notifications and certificates.
///
/// Nothing prints or serialises it:
///
/// ```compile_fail,E0277
/// let key = wechatpay_core::types::ApiV3Key::parse("0123456789abcdef0123456789ABCDEF").unwrap();
/// println!("{key}");
/// ```
///
/// ```compile_fail,E0277
/// let key = wechatpay_core::types::ApiV3Key::parse("0123456789abcdef0123456789ABCDEF").unwrap();
/// serde_json::to_string(&key).unwrap();
/// ```
///
/// The bytes are on the heap: moving the key leaves no copy on the stack.
pub struct ApiV3Key(Box<Zeroizing<[u8; 32]>>);

/// An invalid APIv3 key; the text is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiV3Key {
    /// Length other than 32 bytes.
    #[error(
        "an APIv3 key has 32 bytes, this text has {length}; set it in the merchant console under API security"
    )]
    Length {
        /// Length of the given text, in bytes.
        length: usize,
    },
    /// Characters other than visible ASCII, for instance a line end from a file.
    #[error("an APIv3 key has visible ASCII characters only; this text has others")]
    Characters,
}

impl ApiV3Key {
    /// Parses the key as the merchant console shows it.
    ///
    /// It is neither hex nor base64: do not decode it.
    ///
    /// # Errors
    /// Returns an error for a text that is not 32 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, InvalidApiV3Key> {
        let bytes: &[u8; 32] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidApiV3Key::Length { length: text.len() })?;
        if !bytes.iter().all(u8::is_ascii_graphic) {
            return Err(InvalidApiV3Key::Characters);
        }
        Ok(Self::copied(bytes))
    }

    fn copied(bytes: &[u8; 32]) -> Self {
        let mut key = Box::new(Zeroizing::new([0; 32]));
        key.copy_from_slice(bytes);
        Self(key)
    }

    /// Creates a key from any 32 bytes, for published test vectors.
    #[cfg(feature = "test-util")]
    #[must_use]
    pub fn from_test_bytes(bytes: [u8; 32]) -> Self {
        Self::copied(&bytes)
    }

    /// Returns the key bytes, for a [`CryptoProvider`](crate::crypto::CryptoProvider).
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Clone for ApiV3Key {
    fn clone(&self) -> Self {
        Self::copied(&self.0)
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key(..)")
    }
}

/// A secret setting as text, zeroed when dropped, never printed or serialised.
///
/// ```compile_fail,E0277
/// serde_json::to_string(&wechatpay_core::types::SecretText::from("secret")).unwrap();
/// ```
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Returns the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

/// A private key as unparsed PEM text.
#[derive(Clone)]
pub struct PrivateKeyPem(Zeroizing<String>);

impl PrivateKeyPem {
    /// Wraps PEM text; [`LocalSigner`](crate::sign::LocalSigner) parses it.
    #[must_use]
    pub fn new(pem: String) -> Self {
        Self(Zeroizing::new(pem))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for PrivateKeyPem {
    fn from(pem: String) -> Self {
        Self::new(pem)
    }
}

impl From<&str> for PrivateKeyPem {
    fn from(pem: &str) -> Self {
        Self::new(pem.into())
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKeyPem(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_exactly_32_visible_bytes() {
        assert!(ApiV3Key::parse("0123456789abcdef0123456789ABCDEF").is_ok());
        assert_eq!(
            ApiV3Key::parse("0123456789abcdef0123456789ABCDEF\n").unwrap_err(),
            InvalidApiV3Key::Length { length: 33 }
        );
        assert_eq!(
            ApiV3Key::parse("0123456789abcdef0123456789ABCDE\n").unwrap_err(),
            InvalidApiV3Key::Characters
        );
    }

    #[test]
    fn debug_prints_no_secret() {
        let key = ApiV3Key::parse("CANARY-CANARY-CANARY-CANARY-1234").unwrap();
        assert_eq!(format!("{key:?}"), "ApiV3Key(..)");
        assert_eq!(
            format!("{:?}", PrivateKeyPem::from("CANARY")),
            "PrivateKeyPem(..)"
        );
        let text: SecretText = serde_json::from_str("\"CANARY\"").unwrap();
        assert_eq!(text.expose(), "CANARY");
        assert_eq!(format!("{text:?}"), "SecretText(..)");
    }
}
