//! Number of an onboarding application, an integer on the wire.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize};

/// WeChat Pay's number of an onboarding application (微信支付申请单号).
///
/// An integer on the wire; the string form of some pages is read too.
///
/// ```
/// use wechatpay_core::types::ApplymentId;
///
/// let id: ApplymentId = serde_json::from_str("2000002124775691")?;
/// assert_eq!(serde_json::from_str::<ApplymentId>("\"2000002124775691\"")?, id);
/// assert_eq!(id.to_string(), "2000002124775691");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ApplymentId(u64);

impl ApplymentId {
    /// Creates an id from its number.
    #[must_use]
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for ApplymentId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for ApplymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl super::scalar::Scalar for ApplymentId {
    fn text(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
}

impl<'de> Deserialize<'de> for ApplymentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = ApplymentId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of an application")
            }

            fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<ApplymentId, E> {
                Ok(ApplymentId(id))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ApplymentId, E> {
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let id = text.parse().ok().filter(|_| digits);
                id.map(ApplymentId)
                    .ok_or_else(|| E::custom("not the number of an application"))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl super::SensitiveFields for ApplymentId {
    super::sensitive::nothing_sensitive!();
}

impl<'de> super::response_field::ResponseField<'de> for ApplymentId {}
