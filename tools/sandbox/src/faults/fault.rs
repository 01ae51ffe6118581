//! Kinds of faults and their names.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    language::{Language, Localize, Text, as_error, say},
    world::clock::span,
};

/// One thing that goes wrong on purpose.
///
/// A fault has a name and maybe an argument, `delay=2s` for instance: so it is written in the admin API, in a header and in a
/// keyword. [`Fault::CATALOGUE`] lists them all. Make a rule of it with [`on`](Self::on), [`on_event`](Self::on_event) and the
/// like, or give it to [`Sandbox::fault`](crate::Sandbox::fault) as it is: then it fires once, at the next occasion.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_sandbox::Fault;
///
/// assert_eq!("delay=2s".parse(), Ok(Fault::Delay(Duration::from_secs(2))));
/// assert_eq!(Fault::AcceptedBut(500).to_string(), "accepted-but=500");
/// let rule = Fault::Status(429).on("POST /v3/refund/**").times(3);
/// # let _ = rule;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Fault {
    // Whether the request is carried out, and what is said of it
    /// Carries nothing out and responds with this status.
    ///
    /// Signed JSON below 502, except for 401; HTML from 502 on, as of a proxy.
    Status(u16),
    /// Carries the request out, but responds with this status.
    ///
    /// The client must query, or repeat with the same number.
    AcceptedBut(u16),
    /// Pays, or lets the refund arrive, and notifies the merchant before the call's response.
    BeforeApiResponse,

    // How the response travels
    /// Delays the response.
    Delay(Duration),
    /// Carries the request out and never responds.
    Hang,
    /// Does nothing and never responds.
    HangBeforeCommit,
    /// The request is carried out, and the connection is cut instead of a response.
    Reset,
    /// Nothing is done, and the connection is cut.
    ResetBeforeCommit,
    /// The connection is cut in the middle of the response's body.
    TruncateBody,
    /// Sends the body in eight pieces, with this pause before each.
    Drip(Duration),
    /// Promises more in `Content-Length` than is sent.
    WrongContentLength,

    // Signatures, of responses and of notifications
    /// The five signature headers are missing, as if a proxy had dropped them.
    NoSignHeaders,
    /// The signature fits nothing.
    BadSignature,
    /// The signature begins with `WECHATPAY/SIGNTEST/`.
    SignatureProbe,
    /// Signs correctly with a key whose serial is unknown.
    UnknownSerial,
    /// A signature by another key, under the right serial.
    OtherKey,
    /// A good signature of ten minutes ago.
    StaleTimestamp,
    /// Signs correctly with a clock this many seconds ahead, or behind if negative.
    Skew(i64),
    /// A good signature of another text.
    SignedOtherBody,
    /// One byte is changed behind the signature.
    ChangedBody,
    /// The response to an earlier request, with its own good signature.
    OtherResponse,
    /// Writes header names in lower case, as HTTP/2 and many proxies do.
    ///
    /// HTTP allows it; a case-sensitive map does not.
    LowerCaseHeaders,
    /// Writes a `PARAM_ERROR` as documented.
    ///
    /// `detail` has `field` and `issue`, and the message does not name the field.
    DocumentedDetail,

    // What a response or a notification says; the signature is good
    /// A key that no page names.
    UnknownField,
    /// A state, a type or a bank that no page names.
    UnknownEnum,
    /// The keys that may be missing are.
    MissingOptional,
    /// They are `null`.
    NullOptional,
    /// Amounts are strings of digits.
    NumberAsString,

    // The buyer
    /// The buyer has not enough money.
    PayFailBalance,
    /// Risk control stops the payment.
    PayFailRisk,
    /// The payment is taken back after the notification: the order is `REVOKED`.
    PayThenReverse,
    /// Sends a second payment notification with another transaction id.
    DoublePay,
    /// The payer of a code must enter a password: the order is `USERPAYING`.
    AskPassword,

    // Deliveries of notifications
    /// The attempt never arrives.
    Lost,
    /// Delays the first attempt, by the sandbox's clock.
    Late(Duration),
    /// Sends the notification this many more times, one after the other.
    Duplicate(u16),
    /// Sends this many copies at once.
    Concurrent(u16),
    /// Delays the notification until another one of the merchant was sent, a minute at most.
    OutOfOrder,
    /// Notifies a different amount.
    WrongAmount,
    /// It is about another merchant.
    WrongMchid,
    /// It is about another app.
    WrongAppid,
    /// Encrypts with a different APIv3 key.
    WrongApiV3Key,
    /// Notifies a different order under the same id.
    OtherPayload,
    /// Sends an unknown kind of event.
    UnknownEvent,
    /// Its body has two mebibytes.
    Oversized,

    // Bills
    /// The bill is not made yet: `STATEMENT_CREATING`.
    BillNotReady,
    /// There is no bill: `NO_STATEMENT_EXIST`.
    BillNone,
    /// The digest is not that of the file.
    BillHashMismatch,
    /// The address of the file is too old.
    BillExpiredUrl,
    /// The file breaks off in the middle.
    BillTruncated,
    /// The address of the file leads elsewhere, to another host.
    BillRedirect,
    /// The file has no byte order mark.
    BillNoBom,
    /// Names of goods have a comma and a back-tick in them.
    BillCommaInName,
    /// Omits columns that were added later.
    BillLegacyColumns,

    // Platform certificates
    /// A new certificate signs from now on.
    RotateNow,
    /// The listed certificates expired yesterday.
    CertsExpired,
    /// Encrypts the certificates with a different APIv3 key.
    CertsWrongKey,
    /// The one that signs is not among them.
    CertsWithoutSigner,
    /// Lists the newest first.
    CertsReversed,
}

impl Fault {
    /// The name without argument.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Returns true for forgeries, which a receiver or client must refuse.
    ///
    /// Accepting one means being cheated.
    #[must_use]
    pub const fn is_forgery(self) -> bool {
        matches!(
            self,
            Self::NoSignHeaders
                | Self::BadSignature
                | Self::SignatureProbe
                | Self::UnknownSerial
                | Self::OtherKey
                | Self::StaleTimestamp
                | Self::SignedOtherBody
                | Self::ChangedBody
                | Self::WrongApiV3Key
        )
    }

    fn argument(self) -> Option<String> {
        match self {
            Self::Status(status) | Self::AcceptedBut(status) => Some(status.to_string()),
            Self::Delay(wait) | Self::Drip(wait) | Self::Late(wait) => Some(span::text(wait)),
            Self::Skew(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let span = span::text(Duration::from_secs(seconds.unsigned_abs()));
                Some(format!("{sign}{span}"))
            }
            Self::Duplicate(count) | Self::Concurrent(count) => Some(count.to_string()),
            _ => None,
        }
    }

    fn with_argument(self, text: &str) -> Option<Self> {
        let status = || text.parse().ok().filter(|status| (400..=599).contains(status));
        let count = || text.parse().ok().filter(|count| (1..=1000).contains(count));
        Some(match self {
            Self::Status(_) => Self::Status(status()?),
            Self::AcceptedBut(_) => Self::AcceptedBut(status()?),
            Self::Delay(_) => Self::Delay(span::parse(text)?),
            Self::Drip(_) => Self::Drip(span::parse(text)?),
            Self::Late(_) => Self::Late(span::parse(text)?),
            Self::Skew(_) => {
                let (is_behind, span) = match text.strip_prefix('-') {
                    Some(span) => (true, span),
                    None => (false, text.strip_prefix('+').unwrap_or(text)),
                };
                let seconds = i64::try_from(span::parse(span)?.as_secs()).ok()?;
                Self::Skew(if is_behind {
                    seconds.saturating_neg()
                } else {
                    seconds
                })
            }
            Self::Duplicate(_) => Self::Duplicate(count()?),
            Self::Concurrent(_) => Self::Concurrent(count()?),
            _ => return None,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.argument() {
            Some(argument) => write!(f, "={argument}"),
            None => Ok(()),
        }
    }
}

/// A text is the name of no fault, or its argument is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault {
    text: String,
    expected: Option<Text>,
}

impl Localize for UnknownFault {
    fn in_language(&self, language: Language) -> String {
        let text = &self.text;
        match self.expected.map(|expected| language.say(expected)) {
            None => say!(language, "{text:?} is no fault", "{text:?} 不是故障名"),
            Some(expected) => say!(
                language,
                "{text:?} is no fault; it takes {expected}",
                "{text:?} 不是正确的故障；参数应为：{expected}"
            ),
        }
    }
}

as_error!(UnknownFault);

/// Other words for the same: bare statuses, and what else these faults are called.
const ALIASES: [(&str, &str); 7] = [
    ("500-system-error", "status=500"),
    ("http-502-html", "status=502"),
    ("accepted-but-500", "accepted-but=500"),
    ("timeout-after-commit", "hang"),
    ("tampered", "changed-body"),
    ("replayed-old", "stale-timestamp"),
    ("no-headers", "no-sign-headers"),
];

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let text = text.trim();
        let unknown = |expected| UnknownFault {
            text: text.chars().take(40).collect(),
            expected,
        };
        let alias = ALIASES.into_iter().find(|(alias, _)| *alias == text);
        let is_status = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let (name, argument) = match (alias, text.split_once('=')) {
            (Some((_, meant)), _) => meant
                .split_once('=')
                .map_or((meant, None), |(name, argument)| (name, Some(argument))),
            (None, _) if is_status => ("status", Some(text)),
            (None, Some((name, argument))) => (name, Some(argument)),
            (None, None) => (text, None),
        };
        let info = Self::CATALOGUE
            .iter()
            .find(|info| info.name == name)
            .ok_or_else(|| unknown(None))?;
        match (info.argument, argument) {
            (None, None) => Ok(info.example),
            (Some(_), Some(argument)) => info
                .example
                .with_argument(argument)
                .ok_or_else(|| unknown(info.argument)),
            (expected, _) => Err(unknown(expected)),
        }
    }
}

impl TryFrom<String> for Fault {
    type Error = UnknownFault;

    fn try_from(text: String) -> Result<Self, UnknownFault> {
        text.parse()
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        fault.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_read_as_it_is_written_and_stands_once() {
        let mut names = Vec::new();
        for info in Fault::CATALOGUE {
            let fault = info.example;
            assert_eq!(fault.to_string().parse(), Ok(fault), "{fault}");
            assert_eq!(fault.info(), info);
            assert_eq!(fault.argument().is_some(), info.argument.is_some(), "{fault}");
            assert!(!info.text.en.is_empty() && !info.text.zh.is_empty());
            names.push(info.name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Fault::CATALOGUE.len());
    }

    #[test]
    fn other_words_and_arguments_are_understood() {
        for (text, fault) in [
            ("429", Fault::Status(429)),
            ("500-system-error", Fault::Status(500)),
            ("http-502-html", Fault::Status(502)),
            ("accepted-but-500", Fault::AcceptedBut(500)),
            ("skew=+6m", Fault::Skew(360)),
            ("skew=-90s", Fault::Skew(-90)),
            (" duplicate=5 ", Fault::Duplicate(5)),
            ("tampered", Fault::ChangedBody),
        ] {
            assert_eq!(text.parse(), Ok(fault), "{text}");
        }
        for bad in [
            "",
            "delay",
            "delay=",
            "delay=2",
            "hang=1",
            "status=200",
            "duplicate=0",
            "nonsense",
            "42",
            "skew=--1s",
        ] {
            assert!(bad.parse::<Fault>().is_err(), "{bad}");
        }
        assert_eq!(
            "delay=soon".parse::<Fault>().unwrap_err().to_string(),
            "\"delay=soon\" is no fault; it takes a span: 500ms, 2s, 30m, 1h, 7d"
        );
        assert_eq!("x".parse::<Fault>().unwrap_err().to_string(), "\"x\" is no fault");
    }
}
