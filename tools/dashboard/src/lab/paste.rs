//! Pasted messages, and the interpretation of their texts.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::{AUTHORIZATION, HOST};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::web::{Query, Text};
use wechatpay_sandbox::{gateway::traffic::RecordedRequest, notify::Sent};

/// Whose signature it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A merchant's request: five lines.
    #[default]
    Request,
    /// The payment sheet of JSAPI or a mini program, `paySign`: four lines.
    Page,
    /// The payment sheet of an app, `sign`: four lines.
    App,
    /// A response or a notification of the platform, as a receiver got it: three lines.
    Response,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Request, Self::Page, Self::App, Self::Response];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Page => "page",
            Self::App => "app",
            Self::Response => "response",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Interpretation of a text from a browser.
///
/// A browser sends every line end as CRLF, so the form must say which was meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextForm {
    /// As it is; from a form, with LF at the line ends.
    #[default]
    Lf,
    /// With CRLF at the line ends.
    Crlf,
    /// The bytes in base64.
    Base64,
}

impl TextForm {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lf => "lf",
            Self::Crlf => "crlf",
            Self::Base64 => "base64",
        }
    }
}

/// Fields of the page's form and of the API's JSON; missing ones are empty.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "kind": "page",
    "appid": "wxd678efh567hg6787",
    "timestamp": "1767225600",
    "nonce": "593BEC0C930BF1AFEB40B4A08C8FB242",
    "package": "prepay_id=wx201410272009395522657a690389285100",
    "signature": "oR9d8PuhnIc+YZ8cBHFCwfgpaK9gd7vaRvkYD7rthRAZ",
}))]
pub(crate) struct Paste {
    pub(crate) kind: Kind,
    /// Of a request.
    pub(crate) method: String,
    /// Path with query.
    pub(crate) target: String,
    /// The `Host` that the request was sent to.
    pub(crate) host: String,
    /// The whole header, or else the five values one by one.
    pub(crate) authorization: String,
    /// Headers of a response, one a line, or else the values one by one.
    pub(crate) headers: String,
    /// Sender of the request, or merchant of the payment sheet.
    pub(crate) mchid: String,
    pub(crate) serial_no: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    /// The signature, `paySign` or `sign`.
    pub(crate) signature: String,
    /// Of a request or response.
    pub(crate) body: String,
    /// Of a payment sheet.
    pub(crate) appid: String,
    /// JSAPI: `prepay_id=…`. APP: the prepay id.
    pub(crate) package: String,
    /// The text that the developer's code signed, if known.
    pub(crate) message: String,
    /// Interpretation of `body`.
    pub(crate) body_form: TextForm,
    /// Interpretation of `message`.
    pub(crate) message_form: TextForm,
    /// The sender's public key or certificate as PEM, if the sandbox does not know it.
    pub(crate) public_key: String,
}

/// Which field cannot be understood, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unclear {
    pub(crate) field: &'static str,
    pub(crate) text: Text,
}

impl Unclear {
    pub(crate) const fn new(field: &'static str, english: &'static str, chinese: &'static str) -> Self {
        Self {
            field,
            text: Text::new(english, chinese),
        }
    }
}

impl Paste {
    /// Reads the form.
    pub(crate) fn of_form(form: &Query) -> Self {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let one_line = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
        let text_form = |name: &str| match form.get(name) {
            Some("crlf") => TextForm::Crlf,
            Some("base64") => TextForm::Base64,
            _ => TextForm::Lf,
        };
        let form_of_body = text_form("body_form");
        let form_of_message = text_form("message_form");
        Self {
            kind: form.get("kind").and_then(Kind::from_name).unwrap_or_default(),
            method: one_line("method"),
            target: one_line("target"),
            host: one_line("host"),
            authorization: one_line("authorization"),
            headers: text("headers"),
            mchid: one_line("mchid"),
            serial_no: one_line("serial_no"),
            timestamp: one_line("timestamp"),
            nonce: one_line("nonce"),
            signature: one_line("signature"),
            body: with_ends(&text("body"), form_of_body),
            appid: one_line("appid"),
            package: one_line("package"),
            message: with_ends(&text("message"), form_of_message),
            body_form: form_of_body,
            message_form: form_of_message,
            public_key: text("public_key"),
        }
    }

    /// A request that the gateway got.
    pub(crate) fn of_request(request: &RecordedRequest) -> Self {
        let header = |name| {
            let value = request.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let (body, body_form) = as_text(&request.signed);
        Self {
            method: request.method.to_string(),
            target: request.target.clone(),
            host: header(HOST).unwrap_or_default(),
            authorization: header(AUTHORIZATION).unwrap_or_default(),
            body,
            body_form,
            ..Self::default()
        }
    }

    /// A notification that was sent.
    pub(crate) fn of_notification(sent: &Sent) -> Self {
        let lines = sent.headers.iter().filter_map(|(name, value)| {
            let is_ours = name.as_str().starts_with("wechatpay-");
            is_ours.then(|| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        });
        let (body, body_form) = as_text(&sent.body);
        Self {
            kind: Kind::Response,
            headers: lines.collect::<Vec<_>>().join("\n"),
            body,
            body_form,
            ..Self::default()
        }
    }

    /// The bytes of the body.
    pub(crate) fn body_bytes(&self) -> Result<Vec<u8>, Unclear> {
        bytes(&self.body, self.body_form).ok_or(Unclear::new(
            "body",
            "The body is said to be base64, and it is none.",
            "请求体选择了 base64，但内容不是合法的 base64。",
        ))
    }

    /// The bytes of what was signed, if it was given.
    pub(crate) fn message_bytes(&self) -> Result<Option<Vec<u8>>, Unclear> {
        if self.message.is_empty() {
            return Ok(None);
        }
        let message = bytes(&self.message, self.message_form).ok_or(Unclear::new(
            "message",
            "The message is said to be base64, and it is none.",
            "签名串选择了 base64，但内容不是合法的 base64。",
        ))?;
        Ok(Some(message))
    }

    /// A header of a response.
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    }
}

/// A form's text with the line ends that are meant.
fn with_ends(text: &str, form: TextForm) -> String {
    match form {
        TextForm::Lf => text.replace("\r\n", "\n"),
        TextForm::Crlf | TextForm::Base64 => text.to_owned(),
    }
}

fn bytes(text: &str, form: TextForm) -> Option<Vec<u8>> {
    match form {
        TextForm::Lf | TextForm::Crlf => Some(text.as_bytes().to_vec()),
        TextForm::Base64 => {
            let digits: String = text
                .chars()
                .filter(|letter| !letter.is_ascii_whitespace())
                .collect();
            STANDARD.decode(digits).ok()
        }
    }
}

/// Text that a browser does not change, else base64.
fn as_text(bytes: &[u8]) -> (String, TextForm) {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(['\r', '\0', '\u{feff}']) => (text.to_owned(), TextForm::Lf),
        _ => (STANDARD.encode(bytes), TextForm::Base64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_ends_of_a_browser_are_those_that_are_meant() {
        let paste = |form: &str| Paste::of_form(&Query::parse(form.as_bytes()));
        let lf = paste("body=a%0D%0Ab%0D%0A&target=%20/v3/x%0D%0A");
        assert_eq!(lf.body_bytes().unwrap(), b"a\nb\n");
        assert_eq!(lf.target, "/v3/x");
        assert_eq!(
            paste("body=a%0D%0Ab&body_form=crlf").body_bytes().unwrap(),
            b"a\r\nb"
        );
        assert_eq!(
            paste("body=YQ%0D%0A0K&body_form=base64").body_bytes().unwrap(),
            b"a\r\n"
        );
        assert_eq!(
            paste("body=%2B*&body_form=base64")
                .body_bytes()
                .unwrap_err()
                .field,
            "body"
        );
        assert!(paste("message=").message_bytes().unwrap().is_none());
    }

    #[test]
    fn what_a_browser_would_change_is_filled_in_as_base64() {
        assert_eq!(as_text(b"{\n}"), ("{\n}".to_owned(), TextForm::Lf));
        for bytes in [b"a\r\n".as_slice(), b"\xff", "\u{feff}{}".as_bytes()] {
            let (text, form) = as_text(bytes);
            assert_eq!(form, TextForm::Base64);
            assert_eq!(super::bytes(&text, form).unwrap(), bytes);
        }
    }

    #[test]
    fn headers_are_found_in_any_case() {
        let paste = Paste {
            headers: "wechatpay-nonce:  abc \r\nWechatpay-Timestamp: 1".to_owned(),
            ..Paste::default()
        };
        assert_eq!(paste.header("Wechatpay-Nonce"), Some("abc"));
        assert_eq!(paste.header("wechatpay-timestamp"), Some("1"));
        assert_eq!(paste.header("wechatpay-serial"), None);
    }
}
