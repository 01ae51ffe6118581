//! Telling whether two deliveries say the same.

use std::fmt;

use base16ct::HexDisplay;

/// SHA-256 over the canonical form of a decrypted resource: keys sorted, no white space, one spelling of each string,
/// numbers as they were written. A payload that is serialised anew has the same digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaintextDigest([u8; 32]);

impl PlaintextDigest {
    /// A digest as a store keeps it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PlaintextDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "PlaintextDigest({:x}…)", HexDisplay(&[a, b, c, d]))
    }
}
