//! Defects of a field, in our words and in the platform's.
//!
//! The platform's words are those of its real responses, as integrators log them. Seen are: a missing field, an unknown one,
//! another JSON type, a length, a pattern, a time. The others follow their style.

use serde_json::{Value, json};

use super::titles::title;

/// The part of a request that a field stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Body,
    Query,
    Path,
    Header,
}

impl Location {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Query => "query",
            Self::Path => "uri_template",
            Self::Header => "header",
        }
    }
}

/// Defect of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issue {
    NotJson,
    Missing,
    Unknown,
    /// Known in another scene.
    OtherScene,
    /// Of another JSON type.
    Type(Wanted),
    /// A text that is too short or too long.
    Length {
        count: usize,
        bound: Bound<usize>,
        unit: Unit,
    },
    /// A number that is too small or too large.
    Number(Bound<i64>),
    /// A list with too few or too many entries.
    Entries {
        count: usize,
        bound: Bound<usize>,
    },
    /// None of the documented values.
    Unlisted,
    /// Breaks a grammar.
    Form(Form),
}

/// Expected type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Integer,
    Boolean,
    Object,
    Texts,
    Objects,
}

/// A bound that a value is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound<T> {
    Min(T),
    Max(T),
}

/// Unit of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Bytes,
    Characters,
}

/// A grammar of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    OrderNumber,
    LongNumber,
    PlainNumber,
    Digits,
    Url,
    Fragment,
    Time,
    Ip,
    FourBytes,
}

impl Form {
    const fn english(self) -> &'static str {
        match self {
            Self::OrderNumber => "may have letters, digits and _ - * | only",
            Self::LongNumber => "may have letters, digits and _ - * | @ only",
            Self::PlainNumber => "may have letters and digits only",
            Self::Digits => "may have digits only",
            Self::Url => "must be an absolute http or https URL, without a blank in front",
            Self::Fragment => "must not have a fragment",
            Self::Time => "must be a time like 2018-06-08T10:34:56+08:00",
            Self::Ip => "must be an IPv4 or IPv6 address",
            Self::FourBytes => "emoji and other characters of four bytes in UTF-8 are not supported",
        }
    }

    /// Behind `字符串`.
    const fn chinese(self) -> &'static str {
        match self {
            Self::OrderNumber => r"必须匹配正则表达式“^[0-9a-zA-Z_\-|\*]{1,}$”",
            Self::LongNumber => r"必须匹配正则表达式“^[0-9a-zA-Z_\-|\*@]{1,}$”",
            Self::PlainNumber => "必须匹配正则表达式“^[0-9a-zA-Z]{1,}$”",
            Self::Digits => "必须匹配正则表达式“^[0-9]{1,}$”",
            Self::Url | Self::Fragment => {
                r"必须匹配正则表达式“^https?://([^\s/?#\[\]\@]+\@)?([^\s/?#\@:]+)(?::\d{2,5})?([^\s?#\[\]]*)$”"
            }
            Self::Time => "必须是符合 RFC3339 日期时间格式",
            Self::Ip => "必须是符合 IPv4 或 IPv6 地址格式",
            Self::FourBytes => "含有不支持的字符",
        }
    }
}

impl Wanted {
    const fn english(self) -> &'static str {
        match self {
            Self::Text => "must be a string",
            Self::Integer => "must be an integer, without quotes and without a point",
            Self::Boolean => "must be true or false, without quotes",
            Self::Object => "must be an object",
            Self::Texts => "must be a list of strings",
            Self::Objects => "must be a list of objects",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::Text => "字符串",
            Self::Integer => " 64 位有符号整数",
            Self::Boolean => "布尔值",
            Self::Object => "对象",
            Self::Texts | Self::Objects => "数组",
        }
    }
}

impl Issue {
    /// In plain English.
    pub(crate) const fn english(self) -> &'static str {
        match self {
            Self::NotJson => "the body is not a JSON object in UTF-8",
            Self::Missing => "required and missing",
            Self::Unknown => "unknown field",
            Self::OtherScene => "unknown field in this scene",
            Self::Type(wanted) => wanted.english(),
            Self::Length {
                bound: Bound::Min(_), ..
            } => "too short",
            Self::Length {
                bound: Bound::Max(_), ..
            } => "too long",
            Self::Number(_) => "too small or too large",
            Self::Entries { .. } => "the list has too few or too many entries",
            Self::Unlisted => "not one of the documented values",
            Self::Form(form) => form.english(),
        }
    }

    /// Message and `detail` in the platform's words.
    ///
    /// `None` where the platform only reports a wrong parameter.
    pub(crate) fn seen(self, location: Location, name: &str, value: &Value) -> Option<(String, Value)> {
        let keys = name.strip_prefix('/').unwrap_or(name);
        let source = format!("/{}/{keys}", location.as_str());
        let at = |value: Value| json!({ "location": location.as_str(), "value": value });
        if let Self::Unknown | Self::OtherScene = self {
            let detail = json!({ "location": null, "value": [source] });
            return Some(("请求中含有未在API文档中定义的参数".to_owned(), detail));
        }
        let path: Vec<&str> = keys
            .split('/')
            .map(|key| if key.parse::<usize>().is_ok() { "*" } else { key })
            .collect();
        let path = path.join("/");
        // The platform knows a title for each of its fields.
        let title = title(&path).unwrap_or(keys);
        let text =
            |problem: &str| format!("输入源“{source}”映射到值字段“{title}”字符串规则校验失败，{problem}");
        Some(match self {
            Self::NotJson | Self::Unknown | Self::OtherScene => return None,
            Self::Missing => (
                format!("输入源“{source}”映射到字段“{title}”必填性规则校验失败，此字段为必填项"),
                at(json!("")),
            ),
            Self::Type(wanted) => (
                format!(
                    "无法将 JSON 输入源“{source}”映射到目标字段“{title}”中，此字段需要一个合法的{}",
                    wanted.chinese()
                ),
                at(value.clone()),
            ),
            Self::Length { count, bound, unit } => {
                let unit = match unit {
                    Unit::Bytes => "字节数",
                    Unit::Characters => "字符数",
                };
                (
                    text(&format!("{unit} {count}，{}", bound.chinese())),
                    at(json!(count)),
                )
            }
            Self::Number(bound) => {
                let (side, limit) = match bound {
                    Bound::Min(limit) => ("低于最小值", limit),
                    Bound::Max(limit) => ("高于最大值", limit),
                };
                (
                    format!("输入源“{source}”映射到数值字段“{title}”规则校验失败，值{side} {limit}"),
                    at(value.clone()),
                )
            }
            Self::Entries { count, bound } => (
                format!(
                    "输入源“{source}”映射到数组字段“{title}”规则校验失败，数组元素个数 {count}，{}",
                    bound.chinese()
                ),
                at(json!(count)),
            ),
            Self::Unlisted => (text("字符串不在枚举取值范围内"), at(value.clone())),
            Self::Form(form) => (text(&format!("字符串{}", form.chinese())), at(value.clone())),
        })
    }
}

impl Bound<usize> {
    /// The bound that `count` is beyond.
    pub(super) fn beyond(count: usize, min: usize, max: usize) -> Option<Self> {
        if count < min {
            Some(Self::Min(min))
        } else if count > max {
            Some(Self::Max(max))
        } else {
            None
        }
    }

    fn chinese(self) -> String {
        match self {
            Self::Min(limit) => format!("小于最小值 {limit}"),
            Self::Max(limit) => format!("大于最大值 {limit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logs of integrators: the words and the detail of real responses.
    #[test]
    fn refusals_have_the_words_that_were_seen() {
        let (short, long) = (Bound::Min(6), Bound::Max(32));
        for (issue, location, name, value, message, detail) in [
            (
                Issue::Missing,
                Location::Body,
                "/payer/openid",
                Value::Null,
                "输入源“/body/payer/openid”映射到字段“用户标识”必填性规则校验失败，此字段为必填项",
                json!({"location": "body", "value": ""}),
            ),
            (
                Issue::Type(Wanted::Integer),
                Location::Body,
                "/amount/total",
                json!(0.01),
                "无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数",
                json!({"location": "body", "value": 0.01}),
            ),
            (
                Issue::Length {
                    count: 1,
                    bound: short,
                    unit: Unit::Bytes,
                },
                Location::Body,
                "/out_trade_no",
                json!("1"),
                "输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 1，小于最小值 6",
                json!({"location": "body", "value": 1}),
            ),
            (
                Issue::Form(Form::Time),
                Location::Body,
                "/time_expire",
                json!("20220421191948"),
                "输入源“/body/time_expire”映射到值字段“交易结束时间”字符串规则校验失败，字符串必须是符合 RFC3339 日期时间格式",
                json!({"location": "body", "value": "20220421191948"}),
            ),
            (
                Issue::OtherScene,
                Location::Body,
                "/payer/openid",
                json!("o"),
                "请求中含有未在API文档中定义的参数",
                json!({"location": null, "value": ["/body/payer/openid"]}),
            ),
            (
                Issue::Length {
                    count: 33,
                    bound: long,
                    unit: Unit::Characters,
                },
                Location::Path,
                "out_trade_no",
                Value::Null,
                "输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字符数 33，大于最大值 32",
                json!({"location": "uri_template", "value": 33}),
            ),
            (
                Issue::Missing,
                Location::Body,
                "/sub_orders/1/sub_mchid",
                Value::Null,
                "输入源“/body/sub_orders/1/sub_mchid”映射到字段“二级商户号”必填性规则校验失败，此字段为必填项",
                json!({"location": "body", "value": ""}),
            ),
        ] {
            let seen = issue.seen(location, name, &value);
            assert_eq!(seen, Some((message.to_owned(), detail)), "{name}");
        }
        assert_eq!(Issue::NotJson.seen(Location::Body, "", &Value::Null), None);
    }
}
