//! Names of the signature headers.

use std::fmt;

/// One of the five headers of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureHeader {
    /// `Wechatpay-Timestamp`.
    Timestamp,
    /// `Wechatpay-Nonce`.
    Nonce,
    /// `Wechatpay-Signature`.
    Signature,
    /// `Wechatpay-Serial`.
    Serial,
    /// `Wechatpay-Signature-Type`, the optional one.
    SignatureType,
}

impl SignatureHeader {
    /// All signature headers.
    pub const ALL: [Self; 5] = [
        Self::Timestamp,
        Self::Nonce,
        Self::Signature,
        Self::Serial,
        Self::SignatureType,
    ];

    /// Returns the name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timestamp => "wechatpay-timestamp",
            Self::Nonce => "wechatpay-nonce",
            Self::Signature => "wechatpay-signature",
            Self::Serial => "wechatpay-serial",
            Self::SignatureType => "wechatpay-signature-type",
        }
    }

    /// Returns its index in [`ALL`](Self::ALL).
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Timestamp => 0,
            Self::Nonce => 1,
            Self::Signature => 2,
            Self::Serial => 3,
            Self::SignatureType => 4,
        }
    }

    /// Returns the header of this name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // All five share a prefix: the length alone excludes most other headers.
        let header = match name.len() {
            19 => Self::Timestamp,
            15 => Self::Nonce,
            24 => Self::SignatureType,
            16 => Self::Serial,
            _ if name.len() == Self::Signature.as_str().len() => Self::Signature,
            _ => return None,
        };
        if header.as_str().eq_ignore_ascii_case(name) {
            return Some(header);
        }
        // `wechatpay-timestamp` and `wechatpay-signature` have the same length.
        (name.len() == 19 && Self::Signature.as_str().eq_ignore_ascii_case(name)).then_some(Self::Signature)
    }
}

impl fmt::Display for SignatureHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timestamp => "Wechatpay-Timestamp",
            Self::Nonce => "Wechatpay-Nonce",
            Self::Signature => "Wechatpay-Signature",
            Self::Serial => "Wechatpay-Serial",
            Self::SignatureType => "Wechatpay-Signature-Type",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_known_by_its_name_in_any_case() {
        for header in SignatureHeader::ALL {
            assert_eq!(SignatureHeader::from_name(header.as_str()), Some(header));
            assert_eq!(SignatureHeader::from_name(&header.to_string()), Some(header));
        }
        assert_eq!(SignatureHeader::from_name("wechatpay-nonces"), None);
        assert_eq!(SignatureHeader::from_name("x-echatpay-nonce"), None);
    }
}
