//! `Authorization` header of a request: formatting and parsing.

use std::fmt;

use http::HeaderValue;

use crate::types::{Mchid, SerialNumber};

/// Authentication scheme, the only one that this library supports.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// The parts of an `Authorization` header (protocol of API v3, request signature).
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The calling merchant (`mchid`, `sp_mchid` or `combine_mchid`), never a sub-merchant.
    pub mchid: Mchid,
    /// The nonce that was signed.
    pub nonce: String,
    /// The signed Unix seconds as text.
    pub timestamp: String,
    /// Serial of the merchant API certificate.
    pub serial: SerialNumber,
    /// The signature in base64.
    pub signature: String,
}

/// Error: the text is not an `Authorization` header of API v3.
///
/// The error does not keep the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed Authorization: {problem}")]
pub struct MalformedAuthorization {
    problem: &'static str,
}

impl Authorization {
    /// Returns the header value, marked as sensitive so that it is not logged.
    ///
    /// # Errors
    /// Returns an error if a part is empty or contains anything but visible ASCII, or a quote or comma.
    pub fn to_header_value(&self) -> Result<HeaderValue, MalformedAuthorization> {
        let Self {
            mchid,
            nonce,
            timestamp,
            serial,
            signature,
        } = self;
        if ![nonce, timestamp, signature]
            .into_iter()
            .all(|part| is_value(part))
        {
            return Err(MalformedAuthorization {
                problem: "a part is empty or not visible ASCII without quotes and commas",
            });
        }
        let text = format!(
            "{SCHEME} mchid=\"{mchid}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial}\",signature=\"{signature}\""
        );
        let mut value = HeaderValue::from_str(&text).map_err(|_| MalformedAuthorization {
            problem: "a part is no header text",
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Parses a header.
    ///
    /// It accepts the scheme, then the five pairs in any order, each exactly once.
    ///
    /// # Errors
    /// Returns an error for any other text.
    pub fn parse(header: &str) -> Result<Self, MalformedAuthorization> {
        let problem = |problem| MalformedAuthorization { problem };
        let pairs = header
            .strip_prefix(SCHEME)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or(problem("another scheme than WECHATPAY2-SHA256-RSA2048"))?;
        let [mut mchid, mut nonce, mut timestamp, mut serial, mut signature] = [const { None }; 5];
        for pair in pairs.split(',') {
            let (key, value) = pair.split_once('=').ok_or(problem("a pair without `=`"))?;
            let value = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
                .filter(|value| is_value(value))
                .ok_or(problem("a value is empty or not in quotes"))?;
            let slot = match key {
                "mchid" => &mut mchid,
                "nonce_str" => &mut nonce,
                "timestamp" => &mut timestamp,
                "serial_no" => &mut serial,
                "signature" => &mut signature,
                _ => return Err(problem("an unknown key")),
            };
            if slot.replace(value).is_some() {
                return Err(problem("a key stands twice"));
            }
        }
        let missing = problem("a key is missing");
        Ok(Self {
            mchid: Mchid::parse(mchid.ok_or(missing)?).map_err(|_| problem("mchid has a wrong form"))?,
            nonce: nonce.ok_or(missing)?.to_owned(),
            timestamp: timestamp.ok_or(missing)?.to_owned(),
            serial: SerialNumber::parse(serial.ok_or(missing)?)
                .map_err(|_| problem("serial_no has a wrong form"))?,
            signature: signature.ok_or(missing)?.to_owned(),
        })
    }
}

/// Returns `true` if the text may stand between the quotes.
fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b','))
}

/// Omits nonce and signature: the header can be replayed for five minutes.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("mchid", &self.mchid)
            .field("timestamp", &self.timestamp)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Authorization {
        Authorization {
            mchid: Mchid::parse("1900009191").unwrap(),
            nonce: "593BEC0C930BF1AFEB40B4A08C8FB242".into(),
            timestamp: "1554208460".into(),
            serial: SerialNumber::parse("1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C").unwrap(),
            signature: "uOVRnA4qG==".into(),
        }
    }

    #[test]
    fn a_header_is_parsed_back() {
        let value = sample().to_header_value().unwrap();
        assert!(value.is_sensitive());
        assert_eq!(
            value.to_str().unwrap(),
            "WECHATPAY2-SHA256-RSA2048 mchid=\"1900009191\",nonce_str=\"593BEC0C930BF1AFEB40B4A08C8FB242\",\
             timestamp=\"1554208460\",serial_no=\"1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C\",signature=\"uOVRnA4qG==\""
        );
        assert_eq!(Authorization::parse(value.to_str().unwrap()).unwrap(), sample());
    }

    #[test]
    fn the_pairs_are_in_any_order_and_each_occurs_once() {
        let php = "WECHATPAY2-SHA256-RSA2048 mchid=\"1\",serial_no=\"A\",timestamp=\"1\",nonce_str=\"N\",signature=\"S\"";
        assert!(Authorization::parse(php).is_ok());
        for bad in [
            "",
            "Bearer x",
            "WECHATPAY2-SM2-WITH-SM3 mchid=\"1\"",
            "WECHATPAY2-SHA256-RSA2048 mchid=\"1\"",
            &format!("{php},mchid=\"2\""),
            &php.replace("mchid=\"1\"", "mchid=1"),
            &php.replace(",serial", ", serial"),
        ] {
            assert!(Authorization::parse(bad).is_err(), "{bad}");
        }
    }
}
