//! Content of an opened signature: padding, hash, digest.
//!
//! A block with all fixed bytes of PKCS#1 v1.5 was made with the private half of the key that opened it. Random bytes
//! look like that at most once in 2^80 times.

use der::{
    Decode as _, Reader as _, SliceReader,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::pss::{self, PssBlock};

/// Opened signature with a known format.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// PKCS#1 v1.5 with a digest and its algorithm.
    Digest {
        hash: Hash,
        digest: Vec<u8>,
        /// `true` if the required NULL follows the algorithm.
        has_null: bool,
    },
    /// PKCS#1 v1.5 around anything but a digest with its algorithm.
    Raw(Vec<u8>),
    /// RSA-PSS.
    Pss(PssBlock),
}

/// Hash algorithm that a signature names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha1,
    Sha224,
    Sha384,
    Sha512,
    Named(&'static str),
    Unknown(ObjectIdentifier),
}

/// Algorithms that are recognised but not computed.
const NAMED: [(&str, &str); 8] = [
    ("1.2.840.113549.2.5", "MD5"),
    ("1.3.36.3.2.1", "RIPEMD-160"),
    ("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
    ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
    ("2.16.840.1.101.3.4.2.8", "SHA3-256"),
    ("2.16.840.1.101.3.4.2.9", "SHA3-384"),
    ("2.16.840.1.101.3.4.2.10", "SHA3-512"),
    ("1.2.156.10197.1.401", "SM3"),
];

impl Hash {
    fn of(identifier: ObjectIdentifier) -> Self {
        let text = identifier.to_string();
        match text.as_str() {
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => match NAMED.iter().find(|(number, _)| *number == text) {
                Some((_, name)) => Self::Named(name),
                None => Self::Unknown(identifier),
            },
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Sha256 => "SHA-256".to_owned(),
            Self::Sha1 => "SHA-1".to_owned(),
            Self::Sha224 => "SHA-224".to_owned(),
            Self::Sha384 => "SHA-384".to_owned(),
            Self::Sha512 => "SHA-512".to_owned(),
            Self::Named(name) => name.to_owned(),
            Self::Unknown(identifier) => identifier.to_string(),
        }
    }

    /// Returns the digest of `message`, or `None` if the algorithm is not computed here.
    pub(super) fn digest(self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Sha256 => Some(Sha256::digest(message).to_vec()),
            Self::Sha1 => Some(sha1::Sha1::digest(message).to_vec()),
            Self::Sha224 => Some(Sha224::digest(message).to_vec()),
            Self::Sha384 => Some(Sha384::digest(message).to_vec()),
            Self::Sha512 => Some(Sha512::digest(message).to_vec()),
            Self::Named(_) | Self::Unknown(_) => None,
        }
    }
}

impl Block {
    /// Reads an opened signature, or returns `None` for random bytes.
    ///
    /// `expected` are messages that identify a PSS block with a long salt.
    pub(super) fn read(block: &[u8], modulus_bits: usize, expected: &[u8]) -> Option<Self> {
        match pkcs1(block) {
            Some(content) => Some(digest_info(content).unwrap_or_else(|| Self::Raw(content.to_vec()))),
            None => pss::read(block, modulus_bits, expected).map(Self::Pss),
        }
    }
}

/// Returns the content after `00 01 FF…FF 00` with at least eight FF.
fn pkcs1(block: &[u8]) -> Option<&[u8]> {
    let padded = block.strip_prefix(&[0, 1])?;
    let filler = padded.iter().take_while(|octet| **octet == 0xFF).count();
    if filler < 8 {
        return None;
    }
    padded.get(filler..)?.strip_prefix(&[0])
}

fn digest_info(content: &[u8]) -> Option<Block> {
    let read = || -> Result<Block, der::Error> {
        let mut reader = SliceReader::new(content)?;
        let block = reader.sequence(|reader| {
            let (identifier, has_null) = reader.sequence(|reader| {
                let identifier = ObjectIdentifier::decode(reader)?;
                let parameters = Option::<AnyRef<'_>>::decode(reader)?;
                Ok::<_, der::Error>((identifier, parameters.is_some_and(|any| any == AnyRef::NULL)))
            })?;
            let digest = <&OctetStringRef>::decode(reader)?;
            Ok::<_, der::Error>(Block::Digest {
                hash: Hash::of(identifier),
                digest: digest.as_bytes().to_vec(),
                has_null,
            })
        })?;
        reader.finish()?;
        Ok(block)
    };
    read().ok()
}
