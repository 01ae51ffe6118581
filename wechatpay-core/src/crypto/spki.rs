//! What must be known of an RSA public key before a backend sees it.

use der::{
    Decode as _, Reader as _, SliceReader,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef},
};

use super::KeyLoadError;

/// `rsaEncryption` (1.2.840.113549.1.1.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The same as DER: the whole `AlgorithmIdentifier` with its NULL.
pub(crate) const RSA_ALGORITHM_IDENTIFIER: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// Smallest modulus that is accepted, in bits.
pub const MIN_MODULUS_BITS: usize = 2048;
/// Largest modulus: what the backends take, and a bound on the work a hostile key can cause.
const MAX_MODULUS_BITS: usize = 8192;
/// Smallest public exponent that is accepted.
const MIN_EXPONENT: u64 = 65537;

/// Size and exponent of an RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RsaPublicKeyInfo {
    /// Bits of the modulus.
    pub modulus_bits: usize,
    /// The public exponent.
    pub exponent: u64,
}

impl RsaPublicKeyInfo {
    /// Reads a DER `SubjectPublicKeyInfo` and checks that the key may be trusted at all: RSA, 2048 to 8192 bits,
    /// an odd exponent of at least 65537.
    ///
    /// # Errors
    /// What the key lacks.
    pub fn parse(spki: &[u8]) -> Result<Self, KeyLoadError> {
        read_public(spki)
            .map_err(|error| error.of("SubjectPublicKeyInfo"))?
            .check()
    }

    /// The same for the public half inside a DER PKCS#8 `PrivateKeyInfo`, so that a key of another kind or size is named
    /// as what it is; a backend only says that it refuses it.
    ///
    /// # Errors
    /// What the key lacks.
    pub(crate) fn of_private_key(pkcs8: &[u8]) -> Result<Self, KeyLoadError> {
        read_private(pkcs8)
            .map_err(|error| error.of("PKCS#8 private key"))?
            .check()
    }

    fn check(self) -> Result<Self, KeyLoadError> {
        if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&self.modulus_bits) {
            return Err(KeyLoadError::ModulusSize {
                bits: self.modulus_bits,
            });
        }
        if self.exponent < MIN_EXPONENT || self.exponent.is_multiple_of(2) {
            return Err(KeyLoadError::WeakExponent);
        }
        Ok(self)
    }
}

enum ReadError {
    Der,
    NotRsa,
    Exponent,
}

impl ReadError {
    fn of(&self, structure: &'static str) -> KeyLoadError {
        match self {
            Self::Der => KeyLoadError::Der(structure),
            Self::NotRsa => KeyLoadError::NotRsa,
            Self::Exponent => KeyLoadError::WeakExponent,
        }
    }
}

impl From<der::Error> for ReadError {
    fn from(_: der::Error) -> Self {
        Self::Der
    }
}

fn read_public(spki: &[u8]) -> Result<RsaPublicKeyInfo, ReadError> {
    let mut reader = SliceReader::new(inner_key(spki)?)?;
    let info = reader.sequence(read_numbers)?;
    reader.finish()?;
    Ok(info)
}

/// The PKCS#1 `RSAPublicKey` inside.
fn inner_key(spki: &[u8]) -> Result<&[u8], ReadError> {
    let mut reader = SliceReader::new(spki)?;
    let key = reader.sequence(|reader| {
        expect_rsa(reader)?;
        BitStringRef::decode(reader)?.as_bytes().ok_or(ReadError::Der)
    })?;
    reader.finish()?;
    Ok(key)
}

fn read_private(pkcs8: &[u8]) -> Result<RsaPublicKeyInfo, ReadError> {
    let mut reader = SliceReader::new(pkcs8)?;
    let key = reader.sequence(|reader| {
        let _version = UintRef::decode(reader)?;
        expect_rsa(reader)?;
        let key = <&OctetStringRef>::decode(reader)?;
        skip_rest(reader)?; // attributes, of which none matter
        Ok::<_, ReadError>(key.as_bytes())
    })?;
    reader.finish()?;

    let mut reader = SliceReader::new(key)?;
    let info = reader.sequence(|reader| {
        let _version = UintRef::decode(reader)?;
        let info = read_numbers(reader)?;
        skip_rest(reader)?; // the private numbers are the backend's to judge
        Ok::<_, ReadError>(info)
    })?;
    reader.finish()?;
    Ok(info)
}

/// An `AlgorithmIdentifier` that says RSA.
fn expect_rsa(reader: &mut SliceReader<'_>) -> Result<(), ReadError> {
    let algorithm = reader.sequence(|reader| {
        let algorithm = ObjectIdentifier::decode(reader)?;
        let _parameters = Option::<AnyRef<'_>>::decode(reader)?;
        Ok::<_, ReadError>(algorithm)
    })?;
    if algorithm == RSA_ENCRYPTION {
        Ok(())
    } else {
        Err(ReadError::NotRsa)
    }
}

fn read_numbers(reader: &mut SliceReader<'_>) -> Result<RsaPublicKeyInfo, ReadError> {
    let modulus = UintRef::decode(reader)?;
    let exponent = UintRef::decode(reader)?;
    Ok(RsaPublicKeyInfo {
        modulus_bits: bits(modulus.as_bytes()),
        exponent: number(exponent.as_bytes()).ok_or(ReadError::Exponent)?,
    })
}

fn skip_rest(reader: &mut SliceReader<'_>) -> Result<(), ReadError> {
    while !reader.is_finished() {
        AnyRef::decode(reader)?;
    }
    Ok(())
}

fn bits(octets: &[u8]) -> usize {
    // The leading zeros of one octet, eight at the most.
    let unused = octets.first().map_or(0, |first| first.leading_zeros());
    octets
        .len()
        .saturating_mul(8)
        .saturating_sub(usize::try_from(unused).unwrap_or_default())
}

fn number(octets: &[u8]) -> Option<u64> {
    if octets.len() > 8 {
        return None;
    }
    Some(
        octets
            .iter()
            .fold(0, |number, octet| (number << 8) | u64::from(*octet)),
    )
}

/// Wraps a PKCS#1 `RSAPublicKey` into a `SubjectPublicKeyInfo`.
pub(crate) fn from_pkcs1(pkcs1: &[u8]) -> Vec<u8> {
    let mut bits = vec![0]; // no unused bits
    bits.extend_from_slice(pkcs1);
    let mut content = RSA_ALGORITHM_IDENTIFIER.to_vec();
    content.extend(tlv(0x03, &bits));
    tlv(0x30, &content)
}

/// Wraps a PKCS#1 `RSAPrivateKey` into a PKCS#8 `PrivateKeyInfo`.
pub(crate) fn pkcs8_from_pkcs1(pkcs1: &[u8]) -> zeroize::Zeroizing<Vec<u8>> {
    let octets = zeroize::Zeroizing::new(tlv(0x04, pkcs1));
    // With room for all of it: a vector that grows leaves copies behind.
    let length = octets
        .len()
        .saturating_add(3)
        .saturating_add(RSA_ALGORITHM_IDENTIFIER.len());
    let mut content = zeroize::Zeroizing::new(Vec::with_capacity(length));
    content.extend_from_slice(&[0x02, 0x01, 0x00]); // version 0
    content.extend_from_slice(&RSA_ALGORITHM_IDENTIFIER);
    content.extend_from_slice(&octets);
    zeroize::Zeroizing::new(tlv(0x30, &content))
}

/// One DER element: tag, definite length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = Vec::with_capacity(length.saturating_add(6));
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets: Vec<u8> = length
                .to_be_bytes()
                .into_iter()
                .skip_while(|octet| *octet == 0)
                .collect();
            // As many octets as a `usize` has at the most.
            out.push(0x80 | u8::try_from(octets.len()).unwrap_or_default());
            out.extend(octets);
        }
    }
    out.extend_from_slice(content);
    out
}
