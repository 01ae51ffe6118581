//! Streaming decryption of encrypted bills (feature `encrypted-bills`).
//!
//! A sub-merchant's fund bill is AES-256-GCM under a key of its own, and may be larger than memory. No backend decrypts
//! AES-GCM in pieces, so this module combines the block cipher, counter mode and GHASH of the RustCrypto project,
//! independent of the backend in use.
//!
//! A file is read twice: once to check the tag, which covers the ciphertext, and once to decrypt. The types enforce
//! this order: only [`StreamAuthenticator::finish`] creates a [`StreamDecryptor`], so no unauthenticated byte is
//! decrypted.
//!
//! Use this module for bills only. Their nonce has 16 characters, while the nonce of every other container of the
//! platform has 12. Notifications and certificates use [`Aead`](super::Aead), which accepts only 12 bytes.

use std::fmt;

use aes::Aes256;
use ctr::cipher::{BlockCipherEncrypt as _, InnerIvInit as _, KeyInit as _, StreamCipher as _};
use ghash::{GHash, universal_hash::UniversalHash as _};
use zeroize::{Zeroize, Zeroizing};

use super::{OpenError, TAG_LENGTH};

/// Longest plaintext under one key and nonce, in bytes.
///
/// The counter has 32 bits (NIST SP 800-38D, 5.2.1.1).
const MAX_LENGTH: u64 = (1 << 36) - 32;
/// Accepted lengths of a nonce, in bytes.
///
/// The platform's pages show 16 characters; 12 is the usual length of GCM.
const NONCE_LENGTHS: std::ops::RangeInclusive<usize> = 12..=64;
const BLOCK: usize = 16;

type Block = ghash::Block;
type Counter = ctr::Ctr32BE<Aes256>;

/// Key and nonce of one bill file.
pub struct StreamKey {
    key: Zeroizing<[u8; 32]>,
    nonce: Box<[u8]>,
}

/// Error: the key or the nonce of a bill has an unexpected length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidStreamKey {
    /// The key has an unexpected length.
    #[error("the key of the bill has {length} bytes, AES-256 needs 32")]
    Key {
        /// Its length in bytes.
        length: usize,
    },
    /// The nonce has an unexpected length.
    #[error("the nonce of the bill has {length} bytes, AES-GCM needs 12 to 64")]
    Nonce {
        /// Its length in bytes.
        length: usize,
    },
}

impl StreamKey {
    /// Creates the key of one bill file.
    ///
    /// `key` is the decrypted `encrypt_key`, `nonce` the bytes of `nonce`.
    ///
    /// # Errors
    /// Returns an error if the key does not have 32 bytes, or the nonce has less than 12 or more than 64.
    pub fn new(key: &[u8], nonce: &[u8]) -> Result<Self, InvalidStreamKey> {
        let Ok(key) = key.try_into() else {
            return Err(InvalidStreamKey::Key { length: key.len() });
        };
        if !NONCE_LENGTHS.contains(&nonce.len()) {
            return Err(InvalidStreamKey::Nonce { length: nonce.len() });
        }
        Ok(Self {
            key: Zeroizing::new(key),
            nonce: nonce.into(),
        })
    }

    /// Starts to authenticate a file.
    #[must_use]
    pub fn authenticate(&self) -> StreamAuthenticator {
        let cipher = Aes256::new((&*self.key).into());
        let mut subkey = Block::default();
        cipher.encrypt_block(&mut subkey);
        let hash = GHash::new(&subkey);
        subkey.zeroize();
        let first = first_counter(&hash, &self.nonce);
        let mut counter = Counter::from_core(ctr::CtrCore::inner_iv_init(cipher, &first));
        // The first block of the key stream masks the tag; the text begins with the second.
        let mut mask = Block::default();
        counter.apply_keystream(&mut mask);
        StreamAuthenticator {
            hash,
            mask,
            counter,
            held: [0; BLOCK],
            holds: 0,
            length: 0,
        }
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamKey(..)")
    }
}

/// Computes the first counter block, J0 of NIST SP 800-38D, 7.1.
fn first_counter(hash: &GHash, nonce: &[u8]) -> Block {
    let mut block = [0; BLOCK];
    if nonce.len() == super::NONCE_LENGTH {
        for (to, from) in block.iter_mut().zip(nonce.iter().chain(&[0, 0, 0, 1])) {
            *to = *from;
        }
        return block.into();
    }
    let mut hash = hash.clone();
    hash.update_padded(nonce);
    hash.update(&[lengths(0, u64::try_from(nonce.len()).unwrap_or(u64::MAX))]);
    hash.finalize()
}

/// Builds the last hashed block: two lengths in bits.
fn lengths(first: u64, second: u64) -> Block {
    let bits = u128::from(first.saturating_mul(8)) << 64 | u128::from(second.saturating_mul(8));
    bits.to_be_bytes().into()
}

/// Checks the tag of a file that arrives in pieces.
pub struct StreamAuthenticator {
    hash: GHash,
    mask: Block,
    counter: Counter,
    held: [u8; BLOCK],
    holds: usize,
    length: u64,
}

impl StreamAuthenticator {
    /// Length of the tag at the end of the file, in bytes.
    pub const TAG_LENGTH: usize = TAG_LENGTH;

    /// Adds ciphertext, without the tag.
    ///
    /// # Errors
    /// Returns an error beyond 64 GiB, the limit of AES-GCM under one nonce.
    pub fn update(&mut self, ciphertext: &[u8]) -> Result<(), OpenError> {
        self.length = u64::try_from(ciphertext.len())
            .ok()
            .and_then(|more| self.length.checked_add(more))
            .filter(|length| *length <= MAX_LENGTH)
            .ok_or(OpenError)?;
        let mut rest = ciphertext;
        if self.holds > 0 {
            let free = self.held.get_mut(self.holds..).unwrap_or_default();
            let taken = free.len().min(rest.len());
            let (head, tail) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
            for (to, from) in free.iter_mut().zip(head) {
                *to = *from;
            }
            self.holds = self.holds.saturating_add(taken);
            rest = tail;
            if self.holds < BLOCK {
                return Ok(());
            }
            self.hash.update(&[self.held.into()]);
        }
        let (blocks, tail) = Block::slice_as_chunks(rest);
        self.hash.update(blocks);
        for (to, from) in self.held.iter_mut().zip(tail) {
            *to = *from;
        }
        self.holds = tail.len();
        Ok(())
    }

    /// Compares the tag in constant time.
    ///
    /// # Errors
    /// Returns an error if the tag does not match: the key is wrong, or the file was changed or truncated.
    pub fn finish(mut self, tag: &[u8; TAG_LENGTH]) -> Result<StreamDecryptor, OpenError> {
        self.hash
            .update_padded(self.held.get(..self.holds).unwrap_or_default());
        self.hash.update(&[lengths(0, self.length)]);
        // A file has no associated data. The mask is removed from the received tag instead of added to the computed one.
        let mut expected = Block::from(*tag);
        for (byte, mask) in expected.iter_mut().zip(&self.mask) {
            *byte ^= mask;
        }
        self.hash.verify(&expected).map_err(|_| OpenError)?;
        Ok(StreamDecryptor {
            counter: self.counter,
            length: self.length,
        })
    }
}

impl fmt::Debug for StreamAuthenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamAuthenticator(..)")
    }
}

/// Decrypts a file whose tag was checked.
///
/// Feed it the same ciphertext again.
pub struct StreamDecryptor {
    counter: Counter,
    length: u64,
}

impl StreamDecryptor {
    /// Returns the number of authenticated bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Returns `true` if there is nothing to decrypt.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Decrypts the next bytes in place.
    ///
    /// # Errors
    /// Returns an error if more bytes are given than were authenticated.
    pub fn apply(&mut self, bytes: &mut [u8]) -> Result<(), OpenError> {
        self.length = u64::try_from(bytes.len())
            .ok()
            .and_then(|taken| self.length.checked_sub(taken))
            .ok_or(OpenError)?;
        self.counter.try_apply_keystream(bytes).map_err(|_| OpenError)
    }
}

impl fmt::Debug for StreamDecryptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamDecryptor(..)")
    }
}

#[cfg(test)]
#[cfg(feature = "rust-crypto")]
mod tests {
    use aes_gcm::{AesGcm, aead::AeadInOut as _, aead::array::typenum::U16};

    use super::*;

    fn seal(key: &[u8; 32], nonce: &[u8; 16], text: &[u8]) -> Vec<u8> {
        let mut sealed = text.to_vec();
        AesGcm::<Aes256, U16>::new(key.into())
            .encrypt_in_place(nonce.into(), b"", &mut sealed)
            .unwrap();
        sealed
    }

    fn open(key: &StreamKey, sealed: &[u8], piece: usize) -> Result<Vec<u8>, OpenError> {
        let (text, tag) = sealed.split_last_chunk().ok_or(OpenError)?;
        let mut authenticator = key.authenticate();
        for part in text.chunks(piece) {
            authenticator.update(part)?;
        }
        let mut decryptor = authenticator.finish(tag)?;
        assert_eq!(decryptor.len(), u64::try_from(text.len()).unwrap());
        let mut text = text.to_vec();
        for part in text.chunks_mut(piece) {
            decryptor.apply(part)?;
        }
        assert!(decryptor.is_empty() && decryptor.apply(&mut [0]).is_err());
        Ok(text)
    }

    #[test]
    fn ciphertext_of_another_implementation_decrypts_for_every_split() {
        let (key, nonce) = ([7; 32], *b"fdasfjihihihlkja");
        let ours = StreamKey::new(&key, &nonce).unwrap();
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 1000, 65_537] {
            let text: Vec<u8> = (0..=255).cycle().take(length).collect();
            let sealed = seal(&key, &nonce, &text);
            for piece in [1, 5, 16, 100, 4096] {
                assert_eq!(open(&ours, &sealed, piece).unwrap(), text, "{length} by {piece}");
            }
        }
    }

    #[test]
    fn changed_or_truncated_files_are_rejected() {
        let (key, nonce) = ([7; 32], *b"fdasfjihihihlkja");
        let ours = StreamKey::new(&key, &nonce).unwrap();
        let sealed = seal(&key, &nonce, b"a text of more than two whole blocks");
        for bit in 0..sealed.len() * 8 {
            let mut forged = sealed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&ours, &forged, 16), Err(OpenError), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&ours, &sealed[..length], 16), Err(OpenError), "{length}");
        }
        let other = StreamKey::new(&[8; 32], &nonce).unwrap();
        assert_eq!(open(&other, &sealed, 16), Err(OpenError));
        let other = StreamKey::new(&key, b"fdasfjihihihlkjb").unwrap();
        assert_eq!(open(&other, &sealed, 16), Err(OpenError));
    }

    #[test]
    fn keys_and_nonces_of_other_lengths_are_rejected() {
        assert_eq!(
            StreamKey::new(&[0; 16], &[0; 16]).unwrap_err(),
            InvalidStreamKey::Key { length: 16 }
        );
        for length in [0, 11, 65] {
            assert_eq!(
                StreamKey::new(&[0; 32], &vec![0; length]).unwrap_err(),
                InvalidStreamKey::Nonce { length }
            );
        }
    }
}
