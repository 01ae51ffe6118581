//! Days in Beijing time.

use std::{borrow::Cow, fmt};

use jiff::{Timestamp, civil::Date, tz};
use serde::{Serialize, Serializer};

use super::DateTime;

/// A day in Beijing (账单日期), written `2024-01-31`.
///
/// Bills and end-of-day balances use it.
///
/// ```
/// use wechatpay_core::types::{BillDate, DateTime};
///
/// let day: BillDate = "2024-02-29".parse()?;
/// assert_eq!(day.to_string(), "2024-02-29");
/// // 16:00 UTC is midnight in Beijing.
/// assert_eq!(BillDate::of("2024-02-28T16:00:00Z".parse()?), day);
/// assert!("2023-02-29".parse::<BillDate>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BillDate(Date);

/// A text that is not a day in the form `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day written YYYY-MM-DD")]
pub struct InvalidBillDate(());

impl BillDate {
    /// Returns the day in Beijing on which an instant falls.
    #[must_use]
    pub fn of(instant: DateTime) -> Self {
        Self(tz::offset(8).to_datetime(Timestamp::from(instant)).date())
    }
}

impl std::str::FromStr for BillDate {
    type Err = InvalidBillDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Exactly ten characters: the parser would also take other spellings of ISO 8601.
        let digits = |range: std::ops::Range<usize>| {
            text.get(range)
                .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let dashes = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        if text.len() != 10 || !dashes || !digits(0..4) || !digits(5..7) || !digits(8..10) {
            return Err(InvalidBillDate(()));
        }
        text.parse().map(Self).map_err(|_| InvalidBillDate(()))
    }
}

impl fmt::Display for BillDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Date> for BillDate {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl From<BillDate> for Date {
    fn from(date: BillDate) -> Self {
        date.0
    }
}

impl Serialize for BillDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl super::scalar::Scalar for BillDate {
    fn text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl super::SensitiveFields for BillDate {
    super::sensitive::nothing_sensitive!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_parsed_only_as_yyyy_mm_dd() {
        assert!("2024-01-31".parse::<BillDate>().is_ok());
        for text in [
            "",
            "20240131",
            "2024-1-31",
            "2024-01-32",
            "2024-01-31T00",
            "+024-01-31",
            "2024-01-3 ",
            "二〇二四年",
        ] {
            assert_eq!(text.parse::<BillDate>(), Err(InvalidBillDate(())), "{text}");
        }
    }

    #[test]
    fn the_day_of_an_instant_is_the_day_in_beijing() {
        let day = |text: &str| BillDate::of(text.parse().unwrap()).to_string();
        assert_eq!(day("2024-01-01T15:59:59Z"), "2024-01-01");
        assert_eq!(day("2024-01-01T16:00:00Z"), "2024-01-02");
        assert_eq!(day("2024-12-31T23:59:59+08:00"), "2024-12-31");
    }
}
