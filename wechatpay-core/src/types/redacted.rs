//! Personal text that is not logged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Personal text whose `Debug` output is redacted.
///
/// For instance an IP address, or the account that a refund went to.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redacted(..)")
    }
}

impl From<String> for Redacted {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Redacted {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<std::net::IpAddr> for Redacted {
    fn from(address: std::net::IpAddr) -> Self {
        Self(address.to_string())
    }
}

impl super::scalar::Scalar for Redacted {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.as_str().into()
    }
}

impl super::SensitiveFields for Redacted {
    super::sensitive::nothing_sensitive!();
}

impl<'de> super::response_field::ResponseField<'de> for Redacted {}
