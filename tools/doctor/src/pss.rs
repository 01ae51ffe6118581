//! RSA-PSS (RFC 8017, 9.1.2), the default of some libraries.
//!
//! API v3 does not use it.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::Label;

/// Block with PSS padding.
#[derive(Clone, Debug)]
pub(super) struct PssBlock {
    /// Hash and mask function.
    pub(super) kind: PssKind,
    sealed: Vec<u8>,
    salt: Vec<u8>,
    /// `true` if it is certainly such a block.
    pub(super) is_certain: bool,
}

/// Usual pair of hash and mask function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PssKind {
    /// SHA-256 for both.
    Sha256,
    /// SHA-256 with MGF1 over SHA-1, the default of older Java.
    Sha256Mgf1Sha1,
    /// SHA-1 for both.
    Sha1,
    /// SHA-384 for both.
    Sha384,
    /// SHA-512 for both.
    Sha512,
}

impl PssKind {
    const ALL: [Self; 5] = [
        Self::Sha256,
        Self::Sha256Mgf1Sha1,
        Self::Sha1,
        Self::Sha384,
        Self::Sha512,
    ];

    pub(super) fn name(self) -> Label {
        let name = match self {
            Self::Sha256 => "SHA-256",
            Self::Sha256Mgf1Sha1 => {
                return Label::new("SHA-256, MGF1 with SHA-1", "SHA-256，MGF1 使用 SHA-1");
            }
            Self::Sha1 => "SHA-1",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        };
        name.into()
    }

    fn hash(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 | Self::Sha256Mgf1Sha1 => digest::<Sha256>(parts),
            Self::Sha1 => digest::<sha1::Sha1>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }

    fn hash_length(self) -> usize {
        match self {
            Self::Sha256 | Self::Sha256Mgf1Sha1 => 32,
            Self::Sha1 => 20,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn mask(self, seed: &[u8], length: usize) -> Vec<u8> {
        let mut mask = Vec::with_capacity(length.saturating_add(64));
        for counter in 0_u32.. {
            if mask.len() >= length {
                break;
            }
            let parts: [&[u8]; 2] = [seed, &counter.to_be_bytes()];
            mask.extend(match self {
                Self::Sha256Mgf1Sha1 => digest::<sha1::Sha1>(&parts),
                _ => self.hash(&parts),
            });
        }
        mask.truncate(length);
        mask
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

impl PssBlock {
    /// Returns `true` if the message with this digest was signed.
    pub(super) fn fits_digest(&self, digest: &[u8]) -> bool {
        self.kind.hash(&[&[0; 8], digest, &self.salt]) == self.sealed
    }

    /// Returns `true` if this message was signed.
    pub(super) fn fits(&self, message: &[u8]) -> bool {
        self.fits_digest(&self.kind.hash(&[message]))
    }

    /// Returns `true` if the message was hashed with SHA-256.
    pub(super) fn is_sha256(&self) -> bool {
        matches!(self.kind, PssKind::Sha256 | PssKind::Sha256Mgf1Sha1)
    }
}

/// Number of zero bytes before the salt that rules out random bytes.
const CERTAIN_ZEROS: usize = 8;

pub(super) fn read(block: &[u8], modulus_bits: usize, expected: &[u8]) -> Option<PssBlock> {
    PssKind::ALL.into_iter().find_map(|kind| {
        let mut found = read_as(block, modulus_bits, kind)?;
        found.is_certain |= found.fits(expected);
        // With the longest salt only 17 bits are fixed, so the message must confirm it.
        found.is_certain.then_some(found)
    })
}

fn read_as(block: &[u8], modulus_bits: usize, kind: PssKind) -> Option<PssBlock> {
    let bits = modulus_bits.checked_sub(1)?;
    let length = bits.div_ceil(8);
    // With 8n + 1 bits the block is a byte shorter than the modulus.
    let block = block
        .get(block.len().checked_sub(length)?..)?
        .strip_suffix(&[0xBC])?;
    let (masked, sealed) = block.split_at_checked(block.len().checked_sub(kind.hash_length())?)?;
    let mask = kind.mask(sealed, masked.len());
    let mut data: Vec<u8> = masked
        .iter()
        .zip(&mask)
        .map(|(octet, mask)| octet ^ mask)
        .collect();
    let unused = length.saturating_mul(8).saturating_sub(bits);
    if let (Some(first), Some(given)) = (data.first_mut(), masked.first()) {
        let keep = 0xFF_u8.checked_shr(u32::try_from(unused).ok()?).unwrap_or(0);
        if given & !keep != 0 {
            return None;
        }
        *first &= keep;
    }
    let zeros = data.iter().take_while(|octet| **octet == 0).count();
    let salt = data.get(zeros..)?.strip_prefix(&[1])?.to_vec();
    Some(PssBlock {
        kind,
        sealed: sealed.to_vec(),
        salt,
        is_certain: zeros >= CERTAIN_ZEROS,
    })
}
