//! Instants in the platform's formats.

use std::fmt;

use jiff::{Timestamp, civil, tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, parsed from RFC 3339 and written in seconds with `+08:00`.
///
/// Any offset and fraction are parsed. Deserialising also accepts the platform's other formats: without an offset
/// (Beijing time), with a blank before the offset, `20180608103456`, and Unix seconds.
///
/// ```
/// use wechatpay_core::types::DateTime;
///
/// let at: DateTime = "2018-06-08T02:34:56.123Z".parse()?;
/// assert_eq!(at.to_string(), "2018-06-08T10:34:56+08:00");
/// # Ok::<(), wechatpay_core::types::InvalidDateTime>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime(Timestamp);

/// A text or number that is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time")]
pub struct InvalidDateTime(());

/// Maximum length: date, time, nine digits of fraction, offset.
const MAX_LENGTH: usize = 40;

impl DateTime {
    /// Creates an instant from seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// Returns an error outside the years −9999 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidDateTime> {
        Timestamp::from_second(seconds)
            .map(Self)
            .map_err(|_| InvalidDateTime(()))
    }

    /// Parses any format of the platform; without an offset, in Beijing time.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_LENGTH || text.contains('[') {
            return None;
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return match text.len() {
                14 => civil::DateTime::strptime("%Y%m%d%H%M%S", text)
                    .ok()
                    .and_then(Self::of_beijing),
                13 => Timestamp::from_millisecond(text.parse().ok()?).ok().map(Self),
                9 | 10 => Timestamp::from_second(text.parse().ok()?).ok().map(Self),
                _ => None,
            };
        }
        // A date alone is not an instant.
        if !text.contains(':') {
            return None;
        }
        let text = match text.rsplit_once(' ') {
            Some((time, offset)) if offset.starts_with(['+', '-', 'Z']) => {
                format!("{}{offset}", time.trim_end())
            }
            _ => text.replace('/', "-"),
        };
        text.parse()
            .ok()
            .or_else(|| text.parse().ok().and_then(Self::of_beijing))
    }

    /// Returns the instant of a Beijing wall-clock time.
    pub(crate) fn of_beijing(time: civil::DateTime) -> Option<Self> {
        tz::offset(8).to_timestamp(time).ok().map(Self)
    }

    /// Returns whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }
}

impl std::str::FromStr for DateTime {
    type Err = InvalidDateTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // RFC 3339 only: `Timestamp` would also read the bracketed zone of RFC 9557.
        if text.len() > MAX_LENGTH || text.contains('[') {
            return Err(InvalidDateTime(()));
        }
        text.parse().map(Self).map_err(|_| InvalidDateTime(()))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}", self.0.display_with_offset(tz::offset(8)))
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl From<DateTime> for Timestamp {
    fn from(at: DateTime) -> Self {
        at.0
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = DateTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<DateTime, E> {
                DateTime::read(text).ok_or_else(|| E::custom("not a time"))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl super::scalar::Scalar for DateTime {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.to_string().into()
    }
}

impl super::SensitiveFields for DateTime {
    super::sensitive::nothing_sensitive!();
}

impl<'de> super::response_field::ResponseField<'de> for DateTime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_spelling_is_read() {
        for text in [
            "2018-06-08T10:34:56+08:00",
            "2018-06-08T02:34:56Z",
            "2018-06-08T02:34:56.000Z",
            "2018-06-08T10:34:56.789+08:00",
        ] {
            assert_eq!(
                text.parse::<DateTime>().unwrap().to_string(),
                "2018-06-08T10:34:56+08:00",
                "{text}"
            );
        }
    }

    #[test]
    fn every_spelling_of_the_platform_is_read_as_the_same_instant() {
        for text in [
            "2018-06-08T10:34:56+08:00",
            "2018-06-08T02:34:56Z",
            "2018-06-08T10:34:56 +08:00",
            "2018-06-08 10:34:56 +0800",
            "2018-06-08 10:34:56+08:00",
            "2018-06-08T10:34:56",
            "2018-06-08T10:34:56.000",
            "2018-06-08 10:34:56",
            "2018/06/08 10:34:56",
            " 2018-06-08T10:34:56+08:00 \n",
            "20180608103456",
            "1528425296",
            "1528425296000",
        ] {
            let at: DateTime = serde_json::from_value(text.into()).unwrap();
            assert_eq!(at.to_string(), "2018-06-08T10:34:56+08:00", "{text}");
        }
    }

    #[test]
    fn texts_without_an_instant_are_not_deserialised() {
        for text in [
            "",
            " ",
            "2018-06-08",
            "20180608",
            "20181308103456",
            "10:34:56",
            "yesterday",
            "-1528425296",
            "2018-06-08T25:34:56+08:00",
            "2018-06-08T10:34:56+08:00[Asia/Shanghai]",
        ] {
            assert!(serde_json::from_value::<DateTime>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn parse_accepts_rfc_3339_only() {
        for text in [
            "",
            "2018-06-08",
            "1528425296",
            "2018-06-08T10:34:56+08:00[Asia/Shanghai]",
            "yesterday",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
    }
}
