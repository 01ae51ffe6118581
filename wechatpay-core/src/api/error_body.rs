//! Error bodies, request ids and gateway codes of rejected requests.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::printable::printable;

/// Maximum length of each displayed part, in characters.
const SHOWN_CODE: usize = 64;
const SHOWN_MESSAGE: usize = 512;
const SHOWN_PART: usize = 128;
/// Length of the kept beginning of a body without a code, in bytes.
const SNIPPET: usize = 1024;
/// Prefixes in a message's pointer that name the part of the request.
const LOCATIONS: [&str; 5] = ["/body", "/query", "/uri_template", "/path", "/header"];

/// Body of an error response: `{"code":…,"message":…,"detail":…}`.
///
/// One code covers many messages: never branch on the message. Bodies of intermediate gateways are read as far as
/// possible: a numeric code, `error_code` or `errcode` with its message, a message that is an object; see
/// [`snippet`](Self::snippet) for the rest.
///
/// `Display` and `Debug` remove control characters and shorten long texts. They never show `detail.value`, which
/// repeats values of the request.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct ErrorBody {
    /// Error code in either of its two spellings; compare with [`is`](Self::is).
    pub code: String,
    /// Human-readable message, in the language of `Accept-Language`.
    pub message: String,
    /// Usually `{field, value, issue, location}`, but the form is not fixed.
    pub detail: Option<Value>,
    snippet: Option<String>,
}

/// Members of an error body, each of any JSON type.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    code: Value,
    #[serde(default, alias = "errcode")]
    error_code: Value,
    #[serde(default)]
    message: Value,
    #[serde(default, alias = "errmsg")]
    error_msg: Value,
    #[serde(default)]
    detail: Option<Value>,
}

impl From<Wire> for ErrorBody {
    fn from(wire: Wire) -> Self {
        let code = |value: Value| match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let message = |value: Value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let either = |first: String, second: Value, read: &dyn Fn(Value) -> String| {
            if first.is_empty() { read(second) } else { first }
        };
        Self {
            code: either(code(wire.code), wire.error_code, &code),
            message: either(message(wire.message), wire.error_msg, &message),
            detail: wire.detail,
            snippet: None,
        }
    }
}

impl ErrorBody {
    /// Reads the body of an error response.
    ///
    /// A body that is not a JSON object or has no code is kept as a [`snippet`](Self::snippet).
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut body: Self = serde_json::from_slice(bytes).unwrap_or_default();
        if body.code.is_empty() && !bytes.is_empty() {
            let beginning = bytes.get(..bytes.len().min(SNIPPET)).unwrap_or_default();
            body.snippet = Some(printable(&String::from_utf8_lossy(beginning), SNIPPET));
        }
        body
    }

    /// Returns true if this is the error code, in either spelling.
    ///
    /// `ORDER_NOT_EXIST` also matches `ORDERNOTEXIST`, and `RESOURCE_NOT_EXISTS` also matches `RESOURCE_NOT_EXIST`.
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

    /// Returns the rejected field, for instance `/amount/currency`; a header by its name.
    ///
    /// Taken from the documented `detail.field`. In practice the platform names the field in its message, as
    /// `输入源“/body/amount/currency”`, or in `detail.value` if the API does not know it; both are converted to the
    /// documented form, without `/body`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.fields().next()
    }

    /// Returns all rejected fields, if the API does not know several of them.
    fn fields(&self) -> impl Iterator<Item = &str> {
        let named = self
            .in_detail("field")
            .or_else(|| quoted_pointer(&self.message))
            .or_else(|| header_in_brackets(&self.message));
        let unknown = self
            .detail
            .as_ref()
            .and_then(|detail| detail.get("value"))
            .and_then(Value::as_array)
            .filter(|_| named.is_none())
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter_map(pointer);
        named.into_iter().chain(unknown)
    }

    /// Returns the issue from the detail, for instance `sign not match`.
    ///
    /// `None` for most errors, whose message states the reason. Both nestings in use are read.
    #[must_use]
    pub fn issue(&self) -> Option<&str> {
        self.in_detail("issue")
    }

    fn in_detail(&self, name: &str) -> Option<&str> {
        let detail = self.detail.as_ref()?;
        let text = |value: &'_ Value| value.as_str().is_some_and(|text| !text.is_empty());
        detail
            .get(name)
            .filter(|value| text(value))
            .or_else(|| detail.get("detail")?.get(name).filter(|value| text(value)))?
            .as_str()
    }

    /// Returns the beginning of a body without a code, sanitised for logs.
    ///
    /// Such a body is a gateway's HTML page or JSON of another form.
    #[must_use]
    pub fn snippet(&self) -> Option<&str> {
        self.snippet.as_deref()
    }

    /// Returns the sandbox's hint and page for this error, sanitised for logs.
    ///
    /// The real platform never sends it. Trust it only from a gateway on loopback.
    #[must_use]
    pub fn sandbox_hint(&self) -> Option<String> {
        let sandbox = self.detail.as_ref()?.get("sandbox")?;
        let text = |name: &str| {
            let text = sandbox.get(name)?.as_str()?;
            Some(printable(text, SHOWN_MESSAGE))
        };
        match (text("hint"), text("see")) {
            (Some(hint), Some(page)) => Some(format!("{hint} (see {page})")),
            (Some(hint), None) => Some(hint),
            (None, page) => page.map(|page| format!("see {page}")),
        }
    }
}

/// Formats code, message, field and issue in one line, or the snippet.
impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = printable(&self.code, SHOWN_CODE);
        let message = printable(&self.message, SHOWN_MESSAGE);
        f.write_str(&code)?;
        if !message.is_empty() {
            let between = if code.is_empty() { "" } else { ": " };
            write!(f, "{between}{message}")?;
        } else if code.is_empty()
            && let Some(snippet) = &self.snippet
        {
            f.write_str(&printable(snippet, SHOWN_MESSAGE))?;
        }
        let fields: Vec<_> = self
            .fields()
            .take(8)
            .map(|field| printable(field, SHOWN_PART))
            .collect();
        let issue = self.issue().map(|issue| printable(issue, SHOWN_PART));
        match (fields.is_empty(), issue) {
            (true, None) => Ok(()),
            (true, Some(issue)) => write!(f, " (issue: {issue})"),
            (false, None) => write!(f, " (field {})", fields.join(", ")),
            (false, Some(issue)) => write!(f, " (field {}: {issue})", fields.join(", ")),
        }
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text: Option<&str>| text.map(|text| printable(text, SHOWN_PART));
        f.debug_struct("ErrorBody")
            .field("code", &printable(&self.code, SHOWN_CODE))
            .field("message", &printable(&self.message, SHOWN_MESSAGE))
            .field("field", &part(self.field()))
            .field("issue", &part(self.issue()))
            .finish_non_exhaustive()
    }
}

/// Extracts the quoted pointer of a message: `输入源“/body/payer/openid”映射到…`.
fn quoted_pointer(message: &str) -> Option<&str> {
    const QUOTES: [char; 8] = ['“', '”', '‘', '’', '「', '」', '"', '\''];
    let mut parts = message.split(QUOTES).skip(1).peekable();
    while let Some(part) = parts.next() {
        // Text after the last quote is not quoted.
        if parts.peek().is_some()
            && let Some(pointer) = pointer(part)
        {
            return Some(pointer);
        }
    }
    None
}

/// Removes the part of the request from the beginning of a JSON pointer.
fn pointer(text: &str) -> Option<&str> {
    let is_pointer = text.len() > 1
        && text.starts_with('/')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.' | b'~'));
    let without_location = LOCATIONS
        .iter()
        .find_map(|location| text.strip_prefix(location))
        .filter(|rest| rest.len() > 1 && rest.starts_with('/'));
    is_pointer.then(|| without_location.unwrap_or(text))
}

/// Extracts the header named in a message: `HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)`.
fn header_in_brackets(message: &str) -> Option<&str> {
    let (before, rest) = message.rsplit_once(['(', '（'])?;
    let (name, _) = rest.split_once([')', '）'])?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_name && before.to_ascii_lowercase().contains("header")).then_some(name)
}

/// The `Request-ID` of a response; quote it to the platform's support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Creates an id from the header's text, without characters unfit for logs.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(char::is_ascii_graphic).take(128).collect())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the internal code after the last `-`; `None` for 0 (success).
    ///
    /// It is more specific than the error code.
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

/// Internal code of the gateway, for diagnosis only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayCode(u64);

impl GatewayCode {
    /// Returns the number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// Returns the known meaning of the code.
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
    use crate::printable::is_steering;

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

    /// Messages seen in merchants' logs from 2021 to 2026, not on any page.
    #[test]
    fn the_field_is_found_in_real_messages_of_the_platform() {
        let required = "映射到字段“用户标识”必填性规则校验失败，此字段为必填项";
        for (body, field) in [
            (
                format!(r#"{{"code":"PARAM_ERROR","detail":{{"location":"body","value":""}},"message":"输入源“/body/payer/openid”{required}"}}"#),
                Some("/payer/openid"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":0.01},"message":"无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数"}"#.into(),
                Some("/amount/total"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":33},"message":"输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 33，大于最大值 32"}"#.into(),
                Some("/out_trade_no"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"uri_template","value":2},"message":"输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 2，小于最小值 6"}"#.into(),
                Some("/out_trade_no"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"query","value":""},"message":"输入源“/query/mchid”映射到字段“商户号”必填性规则校验失败，此字段为必填项"}"#.into(),
                Some("/mchid"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":"2024-01-01"},"message":"输入源“/body/time_expire”映射到值字段“交易结束时间”字符串规则校验失败，必须是符合 RFC3339 日期时间格式"}"#.into(),
                Some("/time_expire"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":""},"message":"输入源“/body/receivers/0/account”映射到字段“分账接收方账号”必填性规则校验失败，此字段为必填项"}"#.into(),
                Some("/receivers/0/account"),
            ),
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":null,"value":["/body/payer/openid"]},"message":"请求中含有未在API文档中定义的参数"}"#.into(),
                Some("/payer/openid"),
            ),
            (
                r#"{"code":"PARAM_ERROR","message":"HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)"}"#.into(),
                Some("Wechatpay-Serial"),
            ),
            (r#"{"code":"PARAM_ERROR","message":"参数错误"}"#.into(), None),
            // The documented form comes first.
            (
                r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":1,"field":"/amount/currency","issue":"x"},"message":"输入源“/body/amount/total”有误"}"#.into(),
                Some("/amount/currency"),
            ),
        ] {
            let parsed = ErrorBody::read(body.as_bytes());
            assert_eq!(parsed.field(), field, "{body}");
            assert_eq!(parsed.code, "PARAM_ERROR");
            let shown = parsed.to_string();
            assert!(shown.contains(&parsed.message), "{shown}");
            assert!(field.is_none_or(|field| shown.contains(field)), "{shown}");
        }
    }

    #[test]
    fn values_of_the_request_are_never_shown_as_fields() {
        for body in [
            r#"{"code":"X","message":"“张三” (header)","detail":{"value":["张三","13800138000", 1, null, "/张三"]}}"#,
            r#"{"code":"X","message":"见“https://pay.weixin.qq.com/”","detail":{"value":"/payer/openid"}}"#,
            r#"{"code":"X","message":"a/b \"/\" “/ 空格”","detail":{"field":7}}"#,
            r#"{"code":"X","message":"金额(元)","detail":[]}"#,
        ] {
            let parsed = ErrorBody::read(body.as_bytes());
            assert_eq!(parsed.field(), None, "{body}");
            assert!(!parsed.to_string().contains("138"), "{parsed}");
        }
        // Several fields that the API does not know are all shown.
        let several = ErrorBody::read(
            r#"{"code":"PARAM_ERROR","message":"请求中含有未在API文档中定义的参数","detail":{"location":null,"value":["/body/a","/body/b"]}}"#.as_bytes(),
        );
        assert!(several.to_string().ends_with("(field /a, /b)"), "{several}");
    }

    #[test]
    fn a_wrong_signature_keeps_its_field_and_issue() {
        for message in ["错误的签名，验签失败", "签名错误", "签名错误，请检查后再试"]
        {
            let body = ErrorBody::read(
                format!(
                    r#"{{"code":"SIGN_ERROR","message":"{message}","detail":{{"detail":{{"issue":"sign not match"}},"field":"signature","location":"authorization","sign_information":{{"method":"GET","sign_message_length":71,"truncated_sign_message":"GET\n/v3\n","url":"/v3/x"}}}}}}"#
                )
                .as_bytes(),
            );
            assert_eq!(
                (body.field(), body.issue()),
                (Some("signature"), Some("sign not match"))
            );
            assert_eq!(
                body.to_string(),
                format!("SIGN_ERROR: {message} (field signature: sign not match)")
            );
        }
    }

    #[test]
    fn an_error_body_of_another_form_is_displayed() {
        for (body, code, message, shown) in [
            (
                r#"{"message":"no Route matched"}"#,
                "",
                "no Route matched",
                "no Route matched",
            ),
            (
                r#"{"error_code":"PARAM_ERROR","error_msg":"x"}"#,
                "PARAM_ERROR",
                "x",
                "PARAM_ERROR: x",
            ),
            (
                r#"{"code":"A","error_code":"B","message":"c","error_msg":"d"}"#,
                "A",
                "c",
                "A: c",
            ),
            (r#"{"code":404,"message":"gone"}"#, "404", "gone", "404: gone"),
            (
                r#"{"code":"X","message":{"zh":"无"}}"#,
                "X",
                r#"{"zh":"无"}"#,
                r#"X: {"zh":"无"}"#,
            ),
            (
                r#"{"code":null,"message":null}"#,
                "",
                "",
                r#"{"code":null,"message":null}"#,
            ),
            (r#"{"error":"gone"}"#, "", "", r#"{"error":"gone"}"#),
            (
                "<html>\n  <b>Bad\tGateway</b>\n",
                "",
                "",
                "<html> <b>Bad Gateway</b>",
            ),
            ("no such page", "", "", "no such page"),
            ("", "", "", ""),
        ] {
            let parsed = ErrorBody::read(body.as_bytes());
            assert_eq!(
                (parsed.code.as_str(), parsed.message.as_str()),
                (code, message),
                "{body}"
            );
            assert_eq!(parsed.to_string(), shown, "{body}");
            assert_eq!(
                parsed.snippet().is_some(),
                code.is_empty() && !body.is_empty(),
                "{body}"
            );
        }
        // A repeated code is not a code.
        assert_eq!(ErrorBody::read(br#"{"code":"A","code":"B"}"#).code, "");
    }

    #[test]
    fn display_and_debug_remove_control_characters_and_shorten_long_texts() {
        let evil = "no\r\n2026-11-30T00:00:00Z  INFO shop: order was paid\u{1b}[2J\u{202e}dias\u{2066}\u{feff}\u{85}\u{9b}x";
        let detail =
            serde_json::json!({"field": evil, "issue": evil, "sandbox": {"hint": evil, "see": evil}});
        let json = serde_json::json!({"code": evil, "message": evil, "detail": detail}).to_string();
        for bytes in [
            json.as_bytes(),
            evil.as_bytes(),
            &[0xff, 0x1b, b'a', 0xe2, 0x80, 0xae],
        ] {
            let body = ErrorBody::read(bytes);
            let hint = body.sandbox_hint().unwrap_or_default();
            let snippet = body.snippet().unwrap_or_default().to_owned();
            for shown in [
                body.to_string(),
                format!("{body:?}"),
                format!("{body:#?}").replace('\n', ""),
                hint,
                snippet,
            ] {
                assert!(!shown.chars().any(is_steering), "{shown:?}");
            }
        }
        let long =
            ErrorBody::read(format!(r#"{{"code":"{0}","message":"{0}"}}"#, "长".repeat(9000)).as_bytes());
        assert!(long.to_string().chars().count() < 700);
        assert!(format!("{long:?}").chars().count() < 1000);
        let page = ErrorBody::read("页".repeat(9000).as_bytes());
        assert!(page.to_string().chars().count() < 700 && page.snippet().unwrap().len() <= 1100);
    }

    #[test]
    fn the_sandbox_hint_and_page_are_read_from_the_detail() {
        let hint = |sandbox: &str| {
            ErrorBody::read(
                format!(r#"{{"code":"X","message":"y","detail":{{"sandbox":{sandbox}}}}}"#).as_bytes(),
            )
            .sandbox_hint()
        };
        assert_eq!(
            hint(r#"{"hint":"check the key","see":"http://127.0.0.1:8640/x"}"#).as_deref(),
            Some("check the key (see http://127.0.0.1:8640/x)")
        );
        assert_eq!(
            hint(r#"{"hint":"check the key"}"#).as_deref(),
            Some("check the key")
        );
        assert_eq!(hint(r#"{"cause":"x"}"#), None);
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
