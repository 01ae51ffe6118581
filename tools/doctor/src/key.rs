//! Public keys that may have signed, and their view of a signature.

use std::{fmt, sync::Arc};

use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};

use der::{
    Decode as _, Reader as _, SliceReader,
    asn1::{AnyRef, BitStringRef, UintRef},
};
use wechatpay_core::crypto::{KeyLoadError, RsaPublicKeyInfo};

use super::Label;

/// Owner of a key, relative to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyRole {
    /// The key that the message names and that should have signed.
    Expected,
    /// Previous or next certificate of the same holder.
    SameHolder,
    /// Key of another merchant.
    OtherMerchant,
    /// Key of the platform.
    Platform,
    /// Key of the merchant that verifies.
    OwnMerchant,
}

/// Public key with a label for people. Cheap to clone.
#[derive(Clone)]
pub struct KnownKey(Arc<Inner>);

struct Inner {
    label: Label,
    length: usize,
    bits: usize,
    exponent: BoxedUint,
    modulus: BoxedMontyParams,
}

impl KnownKey {
    /// Creates a key from a label and a DER `SubjectPublicKeyInfo`.
    ///
    /// The label, such as `certificate 5157… of merchant 1900000001`, is shown with the verdict. The key comes from a
    /// [`PlatformKey`](wechatpay_core::keys::PlatformKey), a certificate or
    /// [`pem::public_key_info`](wechatpay_core::crypto::pem::public_key_info).
    ///
    /// # Errors
    /// Returns an error if the key is not RSA with 2048 to 8192 bits.
    pub fn new(label: impl Into<Label>, public_key_info: &[u8]) -> Result<Self, KeyLoadError> {
        let malformed = || KeyLoadError::Der("SubjectPublicKeyInfo");
        let info = RsaPublicKeyInfo::parse(public_key_info)?;
        let modulus = modulus(public_key_info).map_err(|_| malformed())?;
        let number = number(&modulus, modulus.len()).ok_or_else(malformed)?;
        let number = Option::<Odd<_>>::from(Odd::new(number)).ok_or_else(malformed)?;
        Ok(Self(Arc::new(Inner {
            label: label.into(),
            length: modulus.len(),
            bits: info.modulus_bits,
            exponent: BoxedUint::from(info.exponent),
            modulus: BoxedMontyParams::new_vartime(number),
        })))
    }

    /// Returns the label.
    #[must_use]
    pub fn label(&self) -> &Label {
        &self.0.label
    }

    /// Returns the length of its signatures in bytes.
    #[must_use]
    pub fn signature_length(&self) -> usize {
        self.0.length
    }

    pub(super) fn modulus_bits(&self) -> usize {
        self.0.bits
    }

    /// Applies the public exponent to a signature.
    ///
    /// Returns the padded block that was signed if this key signed it, else random bytes. Returns `None` for bytes that
    /// cannot be a signature of this key by length or size.
    pub(super) fn open(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let Inner {
            length,
            exponent,
            modulus,
            ..
        } = &*self.0;
        if signature.len() != *length {
            return None;
        }
        let signature = number(signature, *length)?;
        if signature >= *modulus.modulus().as_ref() {
            return None;
        }
        let block = BoxedMontyForm::new(signature, modulus).pow_bounded_exp(exponent, exponent.bit_width());
        let octets = block.retrieve().to_be_bytes();
        // The number is stored in whole limbs, so there may be zeros before the block.
        octets
            .get(octets.len().checked_sub(*length)?..)
            .map(<[u8]>::to_vec)
    }
}

/// Returns the modulus, big-endian and without leading zeros.
///
/// The key is one that [`RsaPublicKeyInfo::parse`] accepts.
fn modulus(public_key_info: &[u8]) -> Result<Vec<u8>, der::Error> {
    let key = SliceReader::new(public_key_info)?.sequence(|reader| {
        let _algorithm = AnyRef::decode(reader)?;
        BitStringRef::decode(reader)
    })?;
    SliceReader::new(key.raw_bytes())?.sequence(|reader| {
        let modulus = UintRef::decode(reader)?.as_bytes().to_vec();
        let _exponent = UintRef::decode(reader)?;
        Ok(modulus)
    })
}

/// Creates a number as wide as the modulus.
fn number(octets: &[u8], length: usize) -> Option<BoxedUint> {
    let bits = u32::try_from(length).ok()?.checked_mul(8)?;
    BoxedUint::from_be_slice(octets, bits).ok()
}

impl fmt::Debug for KnownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownKey")
            .field("label", &self.0.label.en())
            .finish_non_exhaustive()
    }
}
