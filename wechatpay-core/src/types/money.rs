//! Money in integer fen (分, 1/100 yuan), without floating-point numbers.

use std::fmt;
use wechatpay_macros::open_enum;

use serde::{Deserialize, Deserializer, Serialize};

/// An amount in fen (分), never negative.
///
/// JSON must contain an integer: `1.0`, `1e2` and negative numbers are rejected.
///
/// ```
/// use wechatpay_core::types::Fen;
///
/// let price = Fen::new(990)?;
/// assert_eq!(price.yuan().to_string(), "9.90");
/// assert_eq!(price.checked_add(Fen::new(10)?), Some(Fen::new(1000)?));
/// assert!(serde_json::from_str::<Fen>("1.0").is_err());
/// # Ok::<(), wechatpay_core::types::InvalidFen>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// A negative amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount of money must not be negative")]
pub struct InvalidFen(());

impl Fen {
    /// Zero fen.
    pub const ZERO: Self = Self(0);

    /// Creates an amount from fen.
    ///
    /// # Errors
    /// Returns an error for a negative amount.
    pub const fn new(fen: i64) -> Result<Self, InvalidFen> {
        if fen < 0 {
            Err(InvalidFen(()))
        } else {
            Ok(Self(fen))
        }
    }

    /// Returns the amount in fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Returns the sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns the difference, or `None` if it would be negative.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|fen| *fen >= 0).map(Self)
    }

    /// Returns the amount in yuan with two decimals, for display.
    #[must_use]
    pub fn yuan(self) -> impl fmt::Display {
        Yuan(self.0)
    }
}

struct Yuan(i64);

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl From<u32> for Fen {
    fn from(fen: u32) -> Self {
        Self(i64::from(fen))
    }
}

impl TryFrom<i64> for Fen {
    type Error = InvalidFen;

    fn try_from(fen: i64) -> Result<Self, Self::Error> {
        Self::new(fen)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fen = i64::deserialize(deserializer)?;
        Self::new(fen).map_err(serde::de::Error::custom)
    }
}

/// Currency by ISO 4217 code; the platform settles in CNY.
#[open_enum]
pub enum Currency {
    /// Renminbi (CNY).
    Cny = "CNY",
}

impl super::scalar::Scalar for Fen {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.get().to_string().into()
    }
}

impl super::SensitiveFields for Fen {
    super::sensitive::nothing_sensitive!();
}

impl super::response_field::ResponseField<'_> for Fen {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_are_read_from_integers_only() {
        assert_eq!(serde_json::from_str::<Fen>("100").unwrap().get(), 100);
        for bad in [
            "1.0",
            "1e2",
            "-1",
            "\"1\"",
            "99999999999999999999",
            "null",
            "-0.0",
        ] {
            assert!(serde_json::from_str::<Fen>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn yuan_has_two_decimals() {
        assert_eq!(Fen::from(5).yuan().to_string(), "0.05");
        assert_eq!(Fen::from(123_456).yuan().to_string(), "1234.56");
    }

    #[test]
    fn arithmetic_neither_wraps_nor_goes_below_zero() {
        assert_eq!(Fen::from(1).checked_sub(Fen::from(2)), None);
        assert_eq!(Fen::new(i64::MAX).unwrap().checked_add(Fen::from(1)), None);
    }
}
