//! Defects of a field, in our words and in the platform's.
//!
//! The platform's words are those of its real responses, as integrators log them. Seen are: a missing field, an unknown one,
//! another JSON type, a length, a pattern, a time. The others follow their style.

use serde_json::{Value, json};

use super::titles::title;
use crate::{
    gateway::hints::Conflict,
    language::{Language, Localize, Text},
};

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
    /// Does not go with another field or with what is known.
    Conflict(Conflict),
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
    const fn word(self) -> Text {
        match self {
            Self::OrderNumber => Text::new(
                "may have letters, digits and _ - * | only",
                "只能包含字母、数字和 _ - * |",
            ),
            Self::LongNumber => Text::new(
                "may have letters, digits and _ - * | @ only",
                "只能包含字母、数字和 _ - * | @",
            ),
            Self::PlainNumber => Text::new("may have letters and digits only", "只能包含字母和数字"),
            Self::Digits => Text::new("may have digits only", "只能包含数字"),
            Self::Url => Text::new(
                "must be an absolute http or https URL, without a blank in front",
                "必须是完整的 http 或 https 地址，前面不能有空格",
            ),
            Self::Fragment => Text::new("must not have a fragment", "不能带有 # 片段"),
            Self::Time => Text::new(
                "must be a time like 2018-06-08T10:34:56+08:00",
                "必须是 2018-06-08T10:34:56+08:00 这样的时间",
            ),
            Self::Ip => Text::new("must be an IPv4 or IPv6 address", "必须是 IPv4 或 IPv6 地址"),
            Self::FourBytes => Text::new(
                "emoji and other characters of four bytes in UTF-8 are not supported",
                "不支持 emoji 等四字节 UTF-8 字符",
            ),
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
    const fn word(self) -> Text {
        match self {
            Self::Text => Text::new("must be a string", "必须是字符串"),
            Self::Integer => Text::new(
                "must be an integer, without quotes and without a point",
                "必须是整数，不带引号和小数点",
            ),
            Self::Boolean => Text::new(
                "must be true or false, without quotes",
                "必须是 true 或 false，不带引号",
            ),
            Self::Object => Text::new("must be an object", "必须是对象"),
            Self::Texts => Text::new("must be a list of strings", "必须是字符串数组"),
            Self::Objects => Text::new("must be a list of objects", "必须是对象数组"),
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
            Self::NotJson | Self::Unknown | Self::OtherScene | Self::Conflict(_) => return None,
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

impl Localize for Issue {
    /// In our words.
    fn in_language(&self, language: Language) -> String {
        let word = match *self {
            Self::NotJson => Text::new(
                "the body is not a JSON object in UTF-8",
                "请求体不是 UTF-8 编码的 JSON 对象",
            ),
            Self::Missing => Text::new("required and missing", "必填字段缺失"),
            Self::Unknown => Text::new("unknown field", "未定义的字段"),
            Self::OtherScene => Text::new("unknown field in this scene", "此场景下未定义的字段"),
            Self::Type(wanted) => wanted.word(),
            Self::Length {
                bound: Bound::Min(_), ..
            } => Text::new("too short", "过短"),
            Self::Length {
                bound: Bound::Max(_), ..
            } => Text::new("too long", "过长"),
            Self::Number(_) => Text::new("too small or too large", "过小或过大"),
            Self::Entries { .. } => {
                Text::new("the list has too few or too many entries", "数组元素过少或过多")
            }
            Self::Unlisted => Text::new("not one of the documented values", "不在文档列出的取值之内"),
            Self::Form(form) => form.word(),
            Self::Conflict(conflict) => return conflict.in_language(language),
        };
        language.say(word).to_owned()
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
