//! Digest that compares the content of deliveries.

use std::fmt;

use base16ct::HexDisplay;

/// SHA-256 over the canonical form of a decrypted resource.
///
/// Keys are sorted, white space is dropped, each string has one spelling, and numbers stay as written. A payload that
/// is serialised again has the same digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaintextDigest([u8; 32]);

impl PlaintextDigest {
    /// Creates a digest from stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Writes all of it in hexadecimal digits.
impl fmt::Display for PlaintextDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", HexDisplay(&self.0))
    }
}

impl fmt::Debug for PlaintextDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "PlaintextDigest({:x}…)", HexDisplay(&[a, b, c, d]))
    }
}
