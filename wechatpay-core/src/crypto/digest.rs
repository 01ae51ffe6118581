//! Digests of what is too long to hold in memory: files that come and files that go.

use std::fmt;

use super::NoCryptoProvider;

/// SHA-1, fed piece by piece: the digest that the platform gives out with a bill.
///
/// It tells whether a bill arrived as it was sent. Nothing else here may lean on it: SHA-1 does not withstand somebody who
/// makes two texts with one digest.
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
#[derive(Clone)]
pub struct Sha1(backend::Context);

/// SHA-256, fed piece by piece: the digest that an upload announces.
#[derive(Clone)]
pub struct Sha256(backend::Context);

impl Sha1 {
    /// Of nothing yet.
    ///
    /// # Errors
    /// Without a crypto backend.
    pub fn new() -> Result<Self, NoCryptoProvider> {
        backend::Context::sha1().map(Self)
    }

    /// Goes on with these bytes.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The digest.
    #[must_use]
    pub fn finish(self) -> [u8; 20] {
        self.0.finish()
    }
}

impl Sha256 {
    /// Of nothing yet.
    ///
    /// # Errors
    /// Without a crypto backend.
    pub fn new() -> Result<Self, NoCryptoProvider> {
        backend::Context::sha256().map(Self)
    }

    /// Goes on with these bytes.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The digest.
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

#[cfg(feature = "aws-lc-rs")]
use super::aws_lc::hasher as backend;
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
use super::rust_crypto::hasher as backend;

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod backend {
    use crate::crypto::NoCryptoProvider;

    /// There is none, so no value of this can exist.
    #[derive(Clone)]
    pub(super) enum Context {}

    impl Context {
        pub(super) fn sha1() -> Result<Self, NoCryptoProvider> {
            Err(NoCryptoProvider)
        }

        pub(super) fn sha256() -> Result<Self, NoCryptoProvider> {
            Err(NoCryptoProvider)
        }

        pub(super) fn update(&mut self, _data: &[u8]) {
            match *self {}
        }

        pub(super) fn finish<const N: usize>(self) -> [u8; N] {
            match self {}
        }
    }
}

#[cfg(test)]
#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples of FIPS 180 for one block, two blocks and a million letters.
    #[test]
    fn the_published_examples_come_out_however_they_are_cut() {
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
        use super::super::{aws_lc, rust_crypto};
        let text: Vec<u8> = (0..=255).cycle().take(10_007).collect();
        let (mut one, mut two) = (
            aws_lc::hasher::Context::sha1().unwrap(),
            rust_crypto::hasher::Context::sha1().unwrap(),
        );
        one.update(&text);
        two.update(&text);
        assert_eq!(one.finish::<20>(), two.finish::<20>());
        let (mut one, mut two) = (
            aws_lc::hasher::Context::sha256().unwrap(),
            rust_crypto::hasher::Context::sha256().unwrap(),
        );
        one.update(&text);
        two.update(&text);
        assert_eq!(one.finish::<32>(), two.finish::<32>());
    }
}
