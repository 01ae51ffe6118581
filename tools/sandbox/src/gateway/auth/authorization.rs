//! Reads the `Authorization` header of a request.
//!
//! Written apart from `wechatpay_core::sign::Authorization`: the gateway must not share a mistake with the client.

use http::{HeaderMap, header::AUTHORIZATION};

use crate::language::{Language, Localize, Text};

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// The five values, not yet checked for what they mean.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Number of the merchant.
    pub mchid: String,
    /// The nonce of the request.
    pub nonce: String,
    /// Unix seconds, as text.
    pub timestamp: String,
    /// Serial number of the certificate that signed.
    pub serial: String,
    /// The signature in Base64.
    pub signature: String,
}

const ENDS: Text = Text::new(
    "the Authorization header ends behind the scheme",
    "Authorization 请求头在认证类型之后就结束了",
);
const PAIRS: Text = Text::new(
    "the values must have the form key=\"value\"",
    "签名信息的格式必须是 key=\"value\"",
);
const QUOTES: Text = Text::new(
    "the values must stand in double quotes",
    "各个值必须用双引号括起来",
);
const KEYS: Text = Text::new(
    "the keys are mchid, nonce_str, timestamp, serial_no and signature, and no others",
    "只能有 mchid、nonce_str、timestamp、serial_no、signature 这五个键",
);
const KEY_TWICE: Text = Text::new("a key stands twice", "有一个键重复出现");
const INCOMPLETE: Text = Text::new(
    "mchid, nonce_str, timestamp, serial_no and signature must all be there and not be empty",
    "mchid、nonce_str、timestamp、serial_no、signature 缺一不可，且不能为空",
);

/// Errors of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The request has no such header.
    Missing,
    /// The request has more than one.
    Twice,
    /// The value is not visible ASCII.
    NotText,
    /// The scheme is not `WECHATPAY2-SHA256-RSA2048`.
    OtherScheme,
    /// The values do not have the form that the text says.
    Malformed(Text),
}

impl Unreadable {
    /// The text for the developer.
    pub const fn hint(self) -> Text {
        match self {
            Self::Missing => Text::new(
                "there is no Authorization header; every request to /v3 must be signed",
                "缺少 Authorization 请求头；/v3 下的每个请求都必须签名",
            ),
            Self::Twice => Text::new(
                "there are two Authorization headers; something between you and the gateway adds one",
                "有两个 Authorization 请求头；可能是中间的代理多加了一个",
            ),
            Self::NotText => Text::new(
                "the Authorization header is not visible ASCII",
                "Authorization 请求头含有不可见字符或非 ASCII 字符",
            ),
            Self::OtherScheme => Text::new(
                "the scheme must be WECHATPAY2-SHA256-RSA2048, then one blank, then the five values",
                "认证类型必须是 WECHATPAY2-SHA256-RSA2048，后跟一个空格，再跟五个签名信息",
            ),
            Self::Malformed(hint) => hint,
        }
    }
}

impl Localize for Unreadable {
    fn in_language(&self, language: Language) -> String {
        language.say(self.hint()).to_owned()
    }
}

/// Takes the one header apart.
pub fn read(headers: &HeaderMap) -> Result<Claim, Unreadable> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Unreadable::Missing)?;
    if values.next().is_some() {
        return Err(Unreadable::Twice);
    }
    parse(value.to_str().map_err(|_| Unreadable::NotText)?)
}

/// Takes the text of the header apart.
pub fn parse(text: &str) -> Result<Claim, Unreadable> {
    let (scheme, pairs) = text.trim().split_once(' ').ok_or(Unreadable::Malformed(ENDS))?;
    if scheme != SCHEME {
        return Err(Unreadable::OtherScheme);
    }
    let mut claim = Claim::default();
    for pair in pairs.split(',') {
        let (key, value) = pair.trim().split_once('=').ok_or(Unreadable::Malformed(PAIRS))?;
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .ok_or(Unreadable::Malformed(QUOTES))?;
        let slot = match key {
            "mchid" => &mut claim.mchid,
            "nonce_str" => &mut claim.nonce,
            "timestamp" => &mut claim.timestamp,
            "serial_no" => &mut claim.serial,
            "signature" => &mut claim.signature,
            _ => {
                return Err(Unreadable::Malformed(KEYS));
            }
        };
        if !slot.is_empty() {
            return Err(Unreadable::Malformed(KEY_TWICE));
        }
        value.clone_into(slot);
    }
    let Claim {
        mchid,
        nonce,
        timestamp,
        serial,
        signature,
    } = &claim;
    if [mchid, nonce, timestamp, serial, signature]
        .iter()
        .any(|value| value.is_empty())
    {
        return Err(Unreadable::Malformed(INCOMPLETE));
    }
    Ok(claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "WECHATPAY2-SHA256-RSA2048 mchid=\"1\",nonce_str=\"N\",timestamp=\"2\",serial_no=\"A\",signature=\"S==\"";

    #[test]
    fn the_order_of_the_values_is_free() {
        let other = "WECHATPAY2-SHA256-RSA2048 signature=\"S==\",serial_no=\"A\",timestamp=\"2\",nonce_str=\"N\", mchid=\"1\"";
        assert_eq!(parse(GOOD).unwrap(), parse(other).unwrap());
        assert_eq!(parse(GOOD).unwrap().signature, "S==");
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(read(&HeaderMap::new()), Err(Unreadable::Missing));
        assert_eq!(parse("Bearer abc"), Err(Unreadable::OtherScheme));
        for bad in [
            "WECHATPAY2-SHA256-RSA2048",
            &GOOD.replace("\"N\"", "N"),
            &GOOD.replace(",serial_no=\"A\"", ""),
            &GOOD.replace("nonce_str=\"N\"", "nonce_str=\"\""),
            &format!("{GOOD},mchid=\"2\""),
            &format!("{GOOD},extra=\"2\""),
        ] {
            assert!(matches!(parse(bad), Err(Unreadable::Malformed(_))), "{bad}");
        }
        let mut twice = HeaderMap::new();
        twice.append(AUTHORIZATION, GOOD.parse().unwrap());
        twice.append(AUTHORIZATION, GOOD.parse().unwrap());
        assert_eq!(read(&twice), Err(Unreadable::Twice));
    }
}
