//! What the platform says when it refuses.

use std::fmt;

use serde::Deserialize;

use super::null_is_default;

/// The body of an error: `{"code":…,"message":…,"detail":…}` (protocol of API v3, errors).
///
/// One code covers many messages: never branch on the message.
#[derive(Clone, Default, Deserialize)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The code, in whichever of its two spellings; compare with [`is`](Self::is).
    #[serde(default, deserialize_with = "null_is_default")]
    pub code: String,
    /// A sentence for people, in the language of `Accept-Language`.
    #[serde(default, deserialize_with = "null_is_default")]
    pub message: String,
    /// Usually `{field, value, issue, location}`, but free.
    #[serde(default)]
    pub detail: Option<serde_json::Value>,
}

impl ErrorBody {
    /// Whether the code is this one, in either spelling: `ORDER_NOT_EXIST` is also `ORDERNOTEXIST`, and
    /// `RESOURCE_NOT_EXISTS` also `RESOURCE_NOT_EXIST`.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        fn letters(text: &str) -> impl Iterator<Item = u8> {
            // Some pages say that something does not exist, others that it "not exists".
            let text = text
                .strip_suffix('S')
                .filter(|text| text.ends_with("EXIST"))
                .unwrap_or(text);
            text.bytes().filter(|byte| *byte != b'_')
        }
        letters(&self.code).eq(letters(code))
    }

    /// The field that the detail names, for instance `/amount/currency`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.detail.as_ref()?.get("field")?.as_str()
    }

    /// What the detail says is wrong with it. Two nestings are in use.
    #[must_use]
    pub fn issue(&self) -> Option<&str> {
        let detail = self.detail.as_ref()?;
        detail
            .get("issue")
            .or_else(|| detail.get("detail")?.get("issue"))?
            .as_str()
    }
}

/// Leaves the detail out: it repeats values of the request.
impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody")
            .field("code", &self.code)
            .field("message", &self.message)
            .field("field", &self.field())
            .finish_non_exhaustive()
    }
}

/// The `Request-ID` of an answer. Name it when you ask the platform's support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Takes the header's text; characters that do not belong into a log are left out.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(char::is_ascii_graphic).take(128).collect())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number behind the last `-`: an internal code that says more than the error code. `None` for 0, success.
    #[must_use]
    pub fn gateway_code(&self) -> Option<GatewayCode> {
        let (_, digits) = self.0.rsplit_once('-')?;
        digits.parse().ok().filter(|code| *code != 0).map(GatewayCode)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An internal code of the gateway. Diagnostic only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayCode(u64);

impl GatewayCode {
    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// What is known of it.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            268_512_771 => "order not found",
            268_447_840 => "too many requests",
            268_435_461 => "illegal parameter",
            268_435_464 => "parameter out of range",
            270_924_358 => "illegal extra parameter",
            268_449_538 | 268_498_689 => "already paid",
            268_443_715 => "merchant unavailable",
            268_447_843 => "mchid differs from the order's",
            268_447_845 => "sub_mchid differs from the order's",
            268_443_704 => "a sub-merchant is required",
            268_443_705 => "the sub-merchant is the caller itself",
            268_443_701 => "no relation between provider and sub-merchant",
            268_447_914 => "order expired or closed",
            268_448_010 => "collection is restricted",
            268_449_641 => "a code-pay order can only be reversed",
            268_443_699 => "signature not accepted",
            268_501_013 => "openid is required",
            268_498_688 => "same number with other parameters",
            268_445_527 => "appid and mchid are not bound",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_code_are_one() {
        for (one, other) in [
            ("NO_AUTH", "NOAUTH"),
            ("NOT_ENOUGH", "NOTENOUGH"),
            ("RULE_LIMIT", "RULELIMIT"),
            ("ORDER_NOT_EXIST", "ORDERNOTEXIST"),
            ("SYSTEM_ERROR", "SYSTEMERROR"),
            ("BANK_ERROR", "BANKERROR"),
            ("ACCOUNT_ERROR", "ACCOUNTERROR"),
            ("RESOURCE_NOT_EXISTS", "RESOURCE_NOT_EXIST"),
            ("MCH_NOT_EXISTS", "MCHNOTEXIST"),
        ] {
            for (code, asked) in [(one, other), (other, one), (one, one)] {
                let body = ErrorBody {
                    code: code.into(),
                    ..ErrorBody::default()
                };
                assert!(body.is(asked), "{code} is {asked}");
                assert!(!body.is("ORDER_CLOSED") && !body.is("") && !body.is(&code[1..]));
            }
        }
    }

    #[test]
    fn both_nestings_of_the_issue_are_read() {
        for text in [
            r#"{"code":"SIGN_ERROR","message":"x","detail":{"issue":"sign not match"}}"#,
            r#"{"code":"SIGN_ERROR","message":"x","detail":{"detail":{"issue":"sign not match"}}}"#,
        ] {
            let body: ErrorBody = serde_json::from_str(text).unwrap();
            assert_eq!(body.issue(), Some("sign not match"));
        }
    }

    #[test]
    fn the_suffix_of_a_request_id_is_the_gateway_code() {
        let id = RequestId::new("08F78BB6B20610EE0218E8D6E5A60120D6-268512771");
        assert_eq!(id.gateway_code().unwrap().meaning(), Some("order not found"));
        assert_eq!(RequestId::new("08F7-0").gateway_code(), None);
        assert_eq!(RequestId::new("abc").gateway_code(), None);
    }
}
