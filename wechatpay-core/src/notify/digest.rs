//! Telling whether two deliveries say the same.

use std::fmt;

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
        f.write_str("PlaintextDigest(")?;
        for byte in self.0.iter().take(4) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…)")
    }
}
