//! Text about a person.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text that tells something about the payer (an IP address, the account a refund went to).
///
/// `Debug` does not print it, so it cannot slip into a log.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
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

impl<'de> super::response_field::ResponseField<'de> for Redacted {
    super::response_field::empty_is_absent!();
}
