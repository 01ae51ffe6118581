//! Checks of RSA keys before they reach a backend.

use der::{
    Decode as _, Encode as _,
    asn1::{BitStringRef, OctetStringRef, UintRef},
};
use pkcs1::{ALGORITHM_ID, ALGORITHM_OID, RsaPrivateKey, RsaPublicKey};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::KeyLoadError;

/// Smallest accepted modulus, in bits.
pub const MIN_MODULUS_BITS: usize = 2048;
/// Largest accepted modulus, in bits.
///
/// The backends accept no more, and the limit bounds the work that a hostile key can cause.
const MAX_MODULUS_BITS: usize = 8192;
/// Smallest accepted public exponent.
const MIN_EXPONENT: u64 = 65537;

/// Size and exponent of an RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RsaPublicKeyInfo {
    /// Size of the modulus in bits.
    pub modulus_bits: usize,
    /// The public exponent.
    pub exponent: u64,
}

impl RsaPublicKeyInfo {
    /// Reads a DER `SubjectPublicKeyInfo` and checks that the key is strong enough.
    ///
    /// It must be RSA with 2048 to 8192 bits and an odd exponent of at least 65537.
    ///
    /// # Errors
    /// Returns the requirement that the key does not meet.
    pub fn parse(spki: &[u8]) -> Result<Self, KeyLoadError> {
        let malformed = || KeyLoadError::Der("SubjectPublicKeyInfo");
        let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| malformed())?;
        expect_rsa(&info.algorithm)?;
        let key = info.subject_public_key.as_bytes().ok_or_else(malformed)?;
        let key = RsaPublicKey::<UintRef<'_>>::from_der(key).map_err(|_| malformed())?;
        Self::of(key)
    }

    /// Reads the public half of a DER PKCS#8 `PrivateKeyInfo`, with the same checks.
    ///
    /// The error names the kind and size of a wrong key. The error of a backend would not.
    ///
    /// # Errors
    /// Returns the requirement that the key does not meet.
    pub(crate) fn of_private_key(pkcs8: &[u8]) -> Result<Self, KeyLoadError> {
        let malformed = || KeyLoadError::Der("PKCS#8 private key");
        let info = PrivateKeyInfoRef::from_der(pkcs8).map_err(|_| malformed())?;
        expect_rsa(&info.algorithm)?;
        let key = info.private_key.as_bytes();
        let key = RsaPrivateKey::<UintRef<'_>>::from_der(key).map_err(|_| malformed())?;
        Self::of(key.public_key())
    }

    fn of(key: RsaPublicKey<UintRef<'_>>) -> Result<Self, KeyLoadError> {
        let modulus_bits = bits(key.modulus.as_bytes());
        let exponent = number(key.public_exponent.as_bytes()).ok_or(KeyLoadError::WeakExponent)?;
        if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&modulus_bits) {
            return Err(KeyLoadError::ModulusSize { bits: modulus_bits });
        }
        if exponent < MIN_EXPONENT || exponent.is_multiple_of(2) {
            return Err(KeyLoadError::WeakExponent);
        }
        Ok(Self {
            modulus_bits,
            exponent,
        })
    }
}

/// Checks that an `AlgorithmIdentifier` is RSA, with any parameters.
fn expect_rsa(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyLoadError> {
    if algorithm.oid == ALGORITHM_OID {
        Ok(())
    } else {
        Err(KeyLoadError::NotRsa)
    }
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
    let mut number = [0; 8];
    let unused = number.len().checked_sub(octets.len())?;
    number.get_mut(unused..)?.copy_from_slice(octets);
    Some(u64::from_be_bytes(number))
}

/// Wraps a PKCS#1 `RSAPublicKey` into a `SubjectPublicKeyInfo`.
///
/// # Errors
/// Returns an error if there are more bytes than DER can hold.
pub(crate) fn from_pkcs1(pkcs1: &[u8]) -> Result<Vec<u8>, KeyLoadError> {
    let info = BitStringRef::from_bytes(pkcs1).map(|subject_public_key| SubjectPublicKeyInfoRef {
        algorithm: ALGORITHM_ID,
        subject_public_key,
    });
    info.and_then(|info| info.to_der())
        .map_err(|_| KeyLoadError::Der("RSAPublicKey"))
}

/// Wraps a PKCS#1 `RSAPrivateKey` into a PKCS#8 `PrivateKeyInfo`.
///
/// # Errors
/// Returns an error if there are more bytes than DER can hold.
pub(crate) fn pkcs8_from_pkcs1(pkcs1: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyLoadError> {
    // `to_der` reserves the exact length, so no copy of the key stays in memory.
    OctetStringRef::new(pkcs1)
        .and_then(|key| PrivateKeyInfoRef::new(ALGORITHM_ID, key).to_der())
        .map(Zeroizing::new)
        .map_err(|_| KeyLoadError::Der("RSAPrivateKey"))
}
