//! Ids of signing keys: a certificate serial or a `PUB_KEY_ID_…`.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::string_id::{InvalidId, visible};

const PUBLIC_KEY_PREFIX: &str = "PUB_KEY_ID_";
/// Maximum length of a key id in the header (threat T9).
const MAX_LENGTH: usize = 64;
const MAX_SERIAL_DIGITS: usize = 40;

/// Certificate serial number: upper-case hex with its original leading zeros.
///
/// Tools differ in case and in leading zeros, so two spellings of one number compare equal. The original spelling is
/// sent: the console and `openssl` show 40 digits. Cheap to clone, because every verified message names the key that
/// signed it.
///
/// ```
/// use wechatpay_core::types::SerialNumber;
///
/// let shown = SerialNumber::parse("0c4a5b")?;
/// assert_eq!(shown.as_str(), "0C4A5B");
/// assert_eq!(shown, SerialNumber::parse("C4A5B")?);
/// # Ok::<(), wechatpay_core::types::InvalidId>(())
/// ```
#[derive(Clone)]
pub struct SerialNumber(Arc<str>);

impl SerialNumber {
    /// Parses 1 to 40 hexadecimal digits (after leading zeros), in either case.
    ///
    /// # Errors
    /// Returns an error for anything else, in particular a sign, blanks, `0x`, colons or a public-key id.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if text.is_empty() || text.len() > MAX_LENGTH || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidId::new("certificate serial", "must be hexadecimal digits"));
        }
        let digits = text.trim_start_matches('0');
        if digits.is_empty() || digits.len() > MAX_SERIAL_DIGITS {
            return Err(InvalidId::new(
                "certificate serial",
                "must have 1 to 40 digits and not be zero",
            ));
        }
        Ok(Self(text.to_ascii_uppercase().into()))
    }

    /// Creates a serial from big-endian octets, as in an X.509 certificate.
    ///
    /// Writes two digits for each octet, as `openssl` does.
    ///
    /// # Errors
    /// Returns an error for an empty, zero or too long number.
    pub fn from_octets(octets: &[u8]) -> Result<Self, InvalidId> {
        // DER prepends a zero to a number whose top bit is set.
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let significant = octets.get(zeros..).unwrap_or_default();
        Self::parse(&base16ct::upper::encode_string(significant))
    }

    /// Returns the digits as given, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits used for comparison, without leading zeros.
    fn number(&self) -> &str {
        self.0.trim_start_matches('0')
    }
}

impl PartialEq for SerialNumber {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for SerialNumber {}

impl Hash for SerialNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl PartialOrd for SerialNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SerialNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number().cmp(other.number())
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialNumber({})", self.0)
    }
}

impl serde::Serialize for SerialNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::str::FromStr for SerialNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Id of a WeChat Pay public key (微信支付公钥 ID), with prefix `PUB_KEY_ID_`.
///
/// Kept byte for byte.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKeyId(Arc<str>);

impl PublicKeyId {
    /// Parses `PUB_KEY_ID_` and its suffix, at most 64 characters in total.
    ///
    /// # Errors
    /// Returns an error if the prefix is missing, the suffix is empty, or it has other characters than letters, digits
    /// and `_`.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let rest = text
            .strip_prefix(PUBLIC_KEY_PREFIX)
            .ok_or(InvalidId::new("public key id", "must begin with PUB_KEY_ID_"))?;
        if !visible(rest)
            || text.len() > MAX_LENGTH
            || !rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err(InvalidId::new(
                "public key id",
                "must have letters and digits behind the prefix",
            ));
        }
        Ok(Self(text.into()))
    }

    /// Returns the whole id, prefix included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PublicKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKeyId({})", self.0)
    }
}

impl std::str::FromStr for PublicKeyId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Id of a platform key, as in the `Wechatpay-Serial` header.
///
/// The two name spaces never mix: a serial is compared as a number, a public-key id byte for byte.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyId {
    /// Platform certificate (平台证书), by its serial.
    Certificate(SerialNumber),
    /// WeChat Pay public key (微信支付公钥), by its id.
    PublicKey(PublicKeyId),
}

impl KeyId {
    /// Parses the value of a `Wechatpay-Serial` header.
    ///
    /// # Errors
    /// Returns an error for a text that is neither a serial nor a public-key id.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if text.starts_with(PUBLIC_KEY_PREFIX) {
            PublicKeyId::parse(text).map(Self::PublicKey)
        } else {
            SerialNumber::parse(text).map(Self::Certificate)
        }
    }

    /// Returns the value for a `Wechatpay-Serial` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Certificate(serial) => serial.as_str(),
            Self::PublicKey(id) => id.as_str(),
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.as_str())
    }
}

impl std::str::FromStr for KeyId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl From<SerialNumber> for KeyId {
    fn from(serial: SerialNumber) -> Self {
        Self::Certificate(serial)
    }
}

impl From<PublicKeyId> for KeyId {
    fn from(id: PublicKeyId) -> Self {
        Self::PublicKey(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_compare_as_numbers() {
        let id = KeyId::parse("00abcDEF0123").unwrap();
        let short = KeyId::parse("ABCDEF0123").unwrap();
        assert_eq!(id, short);
        assert_eq!(id.cmp(&short), Ordering::Equal);
        let hash = |id: &KeyId| {
            let mut hasher = std::hash::DefaultHasher::new();
            id.hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(&id), hash(&short));
        assert_ne!(id, KeyId::parse("ABCDEF01230").unwrap());
        assert_eq!(id.as_str(), "00ABCDEF0123");
        assert_eq!(short.as_str(), "ABCDEF0123");
        assert_eq!(
            SerialNumber::from_octets(&[0, 0x0A, 0xBC]).unwrap().as_str(),
            "0ABC"
        );
    }

    #[test]
    fn aliases_that_other_sdks_accept_are_rejected() {
        for bad in [
            "",
            "0",
            "-1F",
            "+1F",
            "0x1F",
            "AB_CD",
            "1F ",
            " 1F",
            "1F:2A",
            "pub_key_id_1",
            &"F".repeat(41),
        ] {
            assert!(KeyId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn public_key_ids_are_kept_byte_for_byte() {
        let id = KeyId::parse("PUB_KEY_ID_0000000000000024101100397200000006").unwrap();
        assert_eq!(id.as_str(), "PUB_KEY_ID_0000000000000024101100397200000006");
        assert_ne!(id, KeyId::parse("PUB_KEY_ID_24101100397200000006").unwrap());
        for bad in [
            "PUB_KEY_ID_",
            "PUB_KEY_ID_1 2",
            "PUB_KEY_ID_\n",
            &format!("PUB_KEY_ID_{}", "1".repeat(60)),
        ] {
            assert!(KeyId::parse(bad).is_err(), "{bad}");
        }
    }
}
