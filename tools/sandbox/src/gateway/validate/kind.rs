//! Kinds of values of a field.

use http::Uri;
use serde_json::Value;
use wechatpay_core::types::DateTime;

use super::issue::{Bound, Form, Issue, Unit, Wanted};

/// The kind of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A text; lengths count characters.
    Text { min: usize, max: usize },
    /// The merchant's number of an order.
    OrderNumber,
    /// The merchant's number of a combined order, which may be shorter.
    CombinedNumber,
    /// The merchant's number of a refund, a share or a return.
    LongNumber,
    /// Digits, at most 32.
    Mchid,
    /// An absolute http or https URL.
    Url { max: usize },
    /// RFC 3339.
    Time,
    /// An IPv4 or IPv6 address.
    Ip,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words.
    ListOf(&'static [&'static str]),
    /// One of these numbers.
    Number(&'static [i64]),
    /// An integer.
    Integer { min: i64, max: i64 },
    /// `true` or `false`.
    Boolean,
    /// An object with rows of its own.
    Object,
    /// A list of 1 to `max` objects with rows of their own.
    List { max: usize },
    /// A list of 1 or more texts.
    Texts,
    /// A list of texts, or one text that a list was written into.
    TextOrTexts,
    /// An integer, or a text of digits.
    TextOrInteger,
    /// Letters and digits, at most 32.
    PlainNumber,
    /// Letters and digits, at most 64.
    LongPlainNumber,
    /// Base64 of an RSA-OAEP ciphertext.
    Encrypted,
}

/// Maximum length of a ciphertext; one of RSA-4096 has 684 base64 characters.
///
/// A JSON string escapes none of them.
const MAX_CIPHERTEXT: usize = 1024;

impl Kind {
    pub(super) fn check(self, value: &Value) -> Result<(), Issue> {
        match self {
            Self::Text { min, max } => length(text(value)?, min, max, Unit::Characters),
            Self::OrderNumber => order_number(text(value)?, 6),
            Self::CombinedNumber => order_number(text(value)?, 2),
            Self::LongNumber => long_number(text(value)?),
            Self::Mchid => mchid(text(value)?),
            Self::Url { max } => url(text(value)?, max),
            Self::Time => match text(value)?.parse::<DateTime>() {
                Ok(_) => Ok(()),
                Err(_) => Err(Issue::Form(Form::Time)),
            },
            Self::Ip => match text(value)?.parse::<std::net::IpAddr>() {
                Ok(_) => Ok(()),
                Err(_) => Err(Issue::Form(Form::Ip)),
            },
            Self::OneOf(words) => one_of(text(value)?, words),
            Self::ListOf(words) => {
                let entries = value.as_array().ok_or(Issue::Type(Wanted::Texts))?;
                entries.iter().try_for_each(|entry| one_of(text(entry)?, words))
            }
            Self::Number(numbers) => {
                if numbers.contains(&integer(value)?) {
                    Ok(())
                } else {
                    Err(Issue::Unlisted)
                }
            }
            Self::Integer { min, max } => {
                let number = integer(value)?;
                if number < min {
                    Err(Issue::Number(Bound::Min(min)))
                } else if number > max {
                    Err(Issue::Number(Bound::Max(max)))
                } else {
                    Ok(())
                }
            }
            Self::Boolean if value.is_boolean() => Ok(()),
            Self::Boolean => Err(Issue::Type(Wanted::Boolean)),
            Self::Object if value.is_object() => Ok(()),
            Self::Object => Err(Issue::Type(Wanted::Object)),
            Self::List { max } => {
                let count = value.as_array().ok_or(Issue::Type(Wanted::Objects))?.len();
                let bound = Bound::beyond(count, 1, max);
                bound.map_or(Ok(()), |bound| Err(Issue::Entries { count, bound }))
            }
            Self::Texts => texts(value),
            Self::TextOrTexts if value.is_string() => {
                length(text(value)?, 1, MAX_CIPHERTEXT, Unit::Characters)
            }
            Self::TextOrTexts => texts(value),
            Self::TextOrInteger if value.is_string() => length(text(value)?, 1, 32, Unit::Characters),
            Self::TextOrInteger => integer(value).map(|_| ()),
            Self::PlainNumber => plain_number(text(value)?, 32),
            Self::LongPlainNumber => plain_number(text(value)?, 64),
            Self::Encrypted => length(text(value)?, 1, MAX_CIPHERTEXT, Unit::Characters),
        }
    }
}

fn text(value: &Value) -> Result<&str, Issue> {
    let text = value.as_str().ok_or(Issue::Type(Wanted::Text))?;
    // The platform stores three bytes of UTF-8 per character.
    if text.chars().any(|character| character.len_utf8() > 3) {
        return Err(Issue::Form(Form::FourBytes));
    }
    Ok(text)
}

fn integer(value: &Value) -> Result<i64, Issue> {
    value.as_i64().ok_or(Issue::Type(Wanted::Integer))
}

fn length(text: &str, min: usize, max: usize, unit: Unit) -> Result<(), Issue> {
    let count = text.chars().count();
    let bound = Bound::beyond(count, min, max);
    bound.map_or(Ok(()), |bound| Err(Issue::Length { count, bound, unit }))
}

fn order_number(text: &str, min: usize) -> Result<(), Issue> {
    length(text, min, 32, Unit::Bytes)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'*' | b'|');
    if text.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Issue::Form(Form::OrderNumber))
    }
}

fn long_number(text: &str) -> Result<(), Issue> {
    length(text, 1, 64, Unit::Bytes)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'*' | b'|' | b'@');
    if text.bytes().all(allowed) {
        Ok(())
    } else {
        Err(Issue::Form(Form::LongNumber))
    }
}

fn plain_number(text: &str, max: usize) -> Result<(), Issue> {
    length(text, 1, max, Unit::Bytes)?;
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(Issue::Form(Form::PlainNumber))
    }
}

fn texts(value: &Value) -> Result<(), Issue> {
    let entries = value
        .as_array()
        .filter(|entries| !entries.is_empty())
        .ok_or(Issue::Type(Wanted::Texts))?;
    entries
        .iter()
        .try_for_each(|entry| length(text(entry)?, 1, MAX_CIPHERTEXT, Unit::Characters))
}

fn mchid(text: &str) -> Result<(), Issue> {
    length(text, 1, 32, Unit::Bytes)?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Issue::Form(Form::Digits))
    }
}

fn url(text: &str, max: usize) -> Result<(), Issue> {
    length(text, 1, max, Unit::Bytes)?;
    let is_absolute = text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if text.contains('#') {
        Err(Issue::Form(Form::Fragment))
    } else if is_absolute {
        Ok(())
    } else {
        Err(Issue::Form(Form::Url))
    }
}

fn one_of(text: &str, words: &[&str]) -> Result<(), Issue> {
    if words.contains(&text) {
        Ok(())
    } else {
        Err(Issue::Unlisted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_knows_good_from_bad() {
        let words: &[&str] = &["Wap", "iOS"];
        for (kind, good, bad) in [
            (Kind::Text { min: 1, max: 2 }, json!("汉字"), json!("汉字了")),
            (Kind::OrderNumber, json!("a_b-c*|9"), json!("short")),
            (Kind::OrderNumber, json!("123456"), json!("12 456")),
            (Kind::CombinedNumber, json!("c1"), json!("c")),
            (Kind::LongNumber, json!("r@1"), json!("r#1")),
            (Kind::Mchid, json!("1900000001"), json!("19x")),
            (
                Kind::Url { max: 255 },
                json!("https://a.example/n"),
                json!(" https://a.example/n"),
            ),
            (
                Kind::Url { max: 255 },
                json!("http://127.0.0.1:3000/n"),
                json!("/n"),
            ),
            (
                Kind::Url { max: 255 },
                json!("https://a.example/n?x=1"),
                json!("https://a.example/n#x"),
            ),
            (
                Kind::Time,
                json!("2018-06-08T10:34:56+08:00"),
                json!("2018-06-08"),
            ),
            (Kind::Ip, json!("2001:db8::1"), json!("localhost")),
            (Kind::OneOf(words), json!("Wap"), json!("wap")),
            (Kind::ListOf(words), json!(["Wap", "iOS"]), json!(["Mac"])),
            (Kind::Number(&[3, 6]), json!(6), json!(5)),
            (Kind::Integer { min: 1, max: 5 }, json!(5), json!(6)),
            (Kind::Boolean, json!(true), json!("true")),
            (Kind::Object, json!({}), json!([])),
            (Kind::List { max: 1 }, json!([{}]), json!([{}, {}])),
            (Kind::Texts, json!(["a"]), json!("a")),
            (Kind::TextOrTexts, json!("[\"a\"]"), json!([1])),
            (Kind::TextOrInteger, json!(719), json!(true)),
            (
                Kind::PlainNumber,
                json!("20190611222222222200000000012122"),
                json!("a-1"),
            ),
            (
                Kind::LongPlainNumber,
                json!("a".repeat(64)),
                json!("a".repeat(65)),
            ),
            (Kind::Encrypted, json!("YWJj"), json!(1)),
        ] {
            assert!(kind.check(&good).is_ok(), "{kind:?} {good}");
            assert!(kind.check(&bad).is_err(), "{kind:?} {bad}");
        }
    }
}
