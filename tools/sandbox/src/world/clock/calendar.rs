//! Days of Beijing, which bills and balances count by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use jiff::{Timestamp, ToSpan as _, civil, fmt::rfc2822, tz};
use wechatpay_core::types::{BillDate, DateTime};

/// A day in Beijing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(civil::Date);

impl Day {
    /// The day of an instant.
    pub fn of(unix_seconds: i64) -> Self {
        Self(beijing(unix_seconds).date())
    }

    /// An instant of this day, by the clock on a Beijing wall.
    pub fn at(self, hour: i8, minute: i8) -> i64 {
        let time = civil::Time::new(hour, minute, 0, 0).unwrap_or_default();
        tz::offset(8)
            .to_timestamp(self.0.to_datetime(time))
            .map_or(i64::MAX, Timestamp::as_second)
    }

    /// Its first second.
    pub(crate) fn start(self) -> i64 {
        self.at(0, 0)
    }

    /// The following day.
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    pub(crate) fn previous(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }

    pub(crate) fn days_ago(self, days: i64) -> Self {
        Self(self.0.saturating_sub(days.days()))
    }

    pub(crate) fn months_ago(self, months: i64) -> Self {
        Self(self.0.saturating_sub(months.months()))
    }

    /// Returns true if the instant is on this day.
    pub(crate) fn has(self, unix_seconds: i64) -> bool {
        Self::of(unix_seconds) == self
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        BillDate::from(self.0).fmt(f)
    }
}

/// A text that is no day.
#[derive(Debug, thiserror::Error)]
#[error("a day is written 2018-06-08")]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let day: BillDate = text.parse().map_err(|_| NoDay)?;
        Ok(Self(day.into()))
    }
}

impl TryFrom<String> for Day {
    type Error = NoDay;

    fn try_from(text: String) -> Result<Self, NoDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// The clock on a Beijing wall at an instant.
pub(crate) fn beijing(unix_seconds: i64) -> civil::DateTime {
    tz::offset(8).to_datetime(Timestamp::from_second(unix_seconds).unwrap_or_default())
}

/// An instant as HTTP writes it: `Tue, 15 Nov 1994 08:12:31 GMT`.
pub(crate) fn http_date(unix_seconds: i64) -> String {
    Timestamp::from_second(unix_seconds)
        .and_then(|at| rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at))
        .unwrap_or_default()
}

/// An instant as the platform writes it.
pub fn rfc3339(unix_seconds: i64) -> String {
    DateTime::from_unix_seconds(unix_seconds).map_or_else(|_| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        // 2024-01-01T12:34:56+08:00
        let day = Day::of(1_704_083_696);
        assert_eq!(day.to_string(), "2024-01-01");
        assert_eq!(day.start(), 1_704_038_400);
        assert_eq!(Day::of(day.start()), day);
        assert_eq!(Day::of(day.start() - 1), day.previous());
        assert_eq!(day.previous().to_string(), "2023-12-31");
        assert_eq!(day.next().at(10, 5), day.start() + 24 * 3600 + 10 * 3600 + 300);
        assert_eq!(day.months_ago(3).to_string(), "2023-10-01");
        assert_eq!(day.days_ago(31).to_string(), "2023-12-01");
        assert!(day.has(day.start()) && !day.has(day.next().start()));
    }

    #[test]
    fn days_are_read_in_one_form() {
        assert_eq!("2024-02-29".parse::<Day>().unwrap().to_string(), "2024-02-29");
        for text in [
            "",
            "2024-1-1",
            "20240101",
            "2023-02-29",
            "2024-01-01T00:00:00",
            "2024/01/01",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn http_has_its_own_way_to_write_a_date() {
        assert_eq!(http_date(784_887_151), "Tue, 15 Nov 1994 08:12:31 GMT");
    }
}
