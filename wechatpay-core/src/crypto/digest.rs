//! Digests of files that are too large to hold in memory.

use std::fmt;

use super::{CryptoProvider, Digest, NoCryptoProvider, default_provider};

/// Incremental SHA-1, the digest that the platform gives with a bill.
///
/// It detects a bill that was damaged on the way. Do not use it for anything else: SHA-1 is not collision-resistant.
///
/// ```
/// use wechatpay_core::crypto::Sha1;
///
/// let mut digest = Sha1::new()?;
/// digest.update(b"ab");
/// digest.update(b"c");
/// assert_eq!(digest.finish()[..4], [0xa9, 0x99, 0x3e, 0x36]);
/// # Ok::<(), wechatpay_core::crypto::NoCryptoProvider>(())
/// ```
pub struct Sha1(Box<dyn Digest<20>>);

/// Incremental SHA-256, the digest that an upload announces.
pub struct Sha256(Box<dyn Digest<32>>);

impl Sha1 {
    /// Starts a digest of the [default provider](default_provider).
    ///
    /// # Errors
    /// Returns an error if there is no crypto backend.
    pub fn new() -> Result<Self, NoCryptoProvider> {
        Ok(Self::with(default_provider()?.as_ref()))
    }

    /// Starts a digest of this provider.
    #[must_use]
    pub fn with(provider: &dyn CryptoProvider) -> Self {
        Self(provider.sha1_digest())
    }

    /// Adds these bytes.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// Returns the digest.
    #[must_use]
    pub fn finish(self) -> [u8; 20] {
        self.0.finish()
    }
}

impl Sha256 {
    /// Starts a digest of the [default provider](default_provider).
    ///
    /// # Errors
    /// Returns an error if there is no crypto backend.
    pub fn new() -> Result<Self, NoCryptoProvider> {
        Ok(Self::with(default_provider()?.as_ref()))
    }

    /// Starts a digest of this provider.
    #[must_use]
    pub fn with(provider: &dyn CryptoProvider) -> Self {
        Self(provider.sha256_digest())
    }

    /// Adds these bytes.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// Returns the digest.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finish()
    }
}

impl fmt::Debug for Sha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha1(..)")
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256(..)")
    }
}

#[cfg(test)]
#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
mod tests {
    use base16ct::lower::encode_string as hex;

    use super::*;

    /// Checks the FIPS 180 examples for one block, two blocks and a million letters.
    #[test]
    fn the_published_examples_match_for_every_split() {
        let million = vec![b'a'; 1_000_000];
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        for (text, sha1, sha256) in [
            (
                &b"abc"[..],
                "a9993e364706816aba3e25717850c26c9cd0d89d",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                two_blocks,
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                &million,
                "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            ),
        ] {
            for piece in [1, 63, 64, 65, 4096] {
                let (mut short, mut long) = (Sha1::new().unwrap(), Sha256::new().unwrap());
                for part in text.chunks(piece) {
                    short.update(part);
                    long.update(part);
                }
                assert_eq!(hex(&short.finish()), sha1);
                assert_eq!(hex(&long.finish()), sha256);
            }
        }
    }

    #[test]
    #[cfg(all(feature = "aws-lc-rs", feature = "rust-crypto"))]
    fn both_backends_agree() {
        use super::super::{aws_lc::AwsLc, rust_crypto::RustCrypto};
        let text: Vec<u8> = (0..=255).cycle().take(10_007).collect();
        let sha1 = |provider: &dyn CryptoProvider| {
            let mut digest = Sha1::with(provider);
            digest.update(&text);
            digest.finish()
        };
        assert_eq!(sha1(&AwsLc), sha1(&RustCrypto));
        let sha256 = |provider: &dyn CryptoProvider| {
            let mut digest = Sha256::with(provider);
            digest.update(&text);
            digest.finish()
        };
        assert_eq!(sha256(&AwsLc), sha256(&RustCrypto));
    }
}
