//! Results of attempts, and why a message does not arrive.

use std::{error::Error, fmt, io};

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::language::{Language, Localize, as_error, say};

/// Result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptOutcome {
    /// Acknowledged with 200 or 204 in time.
    #[serde(with = "crate::wire::status")]
    Acknowledged(StatusCode),
    /// Answered with another status, a redirect for instance.
    #[serde(with = "crate::wire::status")]
    Refused(StatusCode),
    /// No response in time.
    TimedOut,
    /// Nothing listens at the address, or the connection broke.
    Failed(SendFailure),
    /// Not sent: the sandbox may not send there.
    NotAllowed(TargetError),
    /// Not sent: notifications are switched off.
    Withheld,
    /// Not sent: it was made to get lost.
    Lost,
}

impl AttemptOutcome {
    pub(crate) fn of_status(status: StatusCode) -> Self {
        if matches!(status, StatusCode::OK | StatusCode::NO_CONTENT) {
            Self::Acknowledged(status)
        } else {
            Self::Refused(status)
        }
    }

    /// The status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Acknowledged(status) | Self::Refused(status) => Some(*status),
            Self::TimedOut | Self::Failed(_) | Self::NotAllowed(_) | Self::Withheld | Self::Lost => None,
        }
    }
}

impl Localize for AttemptOutcome {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Acknowledged(status) | Self::Refused(status) => status.as_u16().to_string(),
            Self::TimedOut => say!(language, "no response in time", "超时未应答"),
            Self::Failed(failure) => failure.in_language(language),
            Self::NotAllowed(cause) => {
                let cause = cause.in_language(language);
                say!(language, "not sent: {cause}", "未发送：{cause}")
            }
            Self::Withheld => say!(
                language,
                "not sent: notifications are switched off",
                "未发送：通知已关闭"
            ),
            Self::Lost => say!(language, "lost on the way", "途中丢失"),
        }
    }
}

impl fmt::Display for AttemptOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

/// Failure of a connection, or of the message before it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendFailure {
    /// Nothing listens at the address; with the number of the operating system's error.
    ConnectionRefused(i32),
    /// The receiver cut the connection; with the number of the operating system's error.
    ConnectionReset(i32),
    /// The connection broke while sending; with the number of the operating system's error.
    BrokenPipe(i32),
    /// The receiver closed the connection before its response was complete.
    Incomplete,
    /// The receiver's certificate is not trusted; with the words of TLS.
    Untrusted(String),
    /// The message could not be signed.
    Unsigned,
    /// Any other failure, in the words of the operating system or of TLS.
    #[serde(untagged)]
    Other(String),
}

/// Start of the error that TLS gives for an untrusted certificate.
const UNTRUSTED: &str = "invalid peer certificate";

impl SendFailure {
    /// The innermost cause, which is what the operating system says.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let mut cause = error;
        loop {
            if let Some(error) = cause.downcast_ref::<hyper::Error>()
                && error.is_incomplete_message()
            {
                return Self::Incomplete;
            }
            match cause.source() {
                Some(source) => cause = source,
                None => break,
            }
        }
        let os = cause
            .downcast_ref::<io::Error>()
            .and_then(|error| Some((error.kind(), error.raw_os_error()?)));
        match os {
            Some((io::ErrorKind::ConnectionRefused, number)) => Self::ConnectionRefused(number),
            Some((io::ErrorKind::ConnectionReset, number)) => Self::ConnectionReset(number),
            Some((io::ErrorKind::BrokenPipe, number)) => Self::BrokenPipe(number),
            _ => match cause.to_string() {
                text if text.starts_with(UNTRUSTED) => Self::Untrusted(text),
                text => Self::Other(text),
            },
        }
    }
}

impl Localize for SendFailure {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::ConnectionRefused(number) => say!(
                language,
                "Connection refused (os error {number})",
                "连接被拒绝（os error {number}）"
            ),
            Self::ConnectionReset(number) => say!(
                language,
                "Connection reset by peer (os error {number})",
                "连接被对方重置（os error {number}）"
            ),
            Self::BrokenPipe(number) => say!(
                language,
                "Broken pipe (os error {number})",
                "连接已断开（os error {number}）"
            ),
            Self::Incomplete => say!(
                language,
                "connection closed before message completed",
                "应答未完成时连接已关闭"
            ),
            Self::Untrusted(cause) => say!(
                language,
                "{cause}; trust its CA with --ca FILE",
                "{cause}；请用 --ca FILE 信任其 CA"
            ),
            Self::Unsigned => say!(language, "the notification could not be signed", "通知签名失败"),
            Self::Other(text) => text.clone(),
        }
    }
}

as_error!(SendFailure);

/// Reason why the sandbox sends nothing to an address.
///
/// Snapshots of version 1 have the sentence instead of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum TargetError {
    /// The text is no URL.
    #[serde(alias = "notify_url is no URL")]
    NotUrl,
    /// The URL has no host.
    #[serde(alias = "notify_url has no host")]
    NoHost,
    /// The host is not this machine, and was not allowed.
    #[serde(
        alias = "the host is not this machine; start the sandbox with --allow-notify-host HOST (SandboxBuilder::allow_notify_host)"
    )]
    OtherHost,
    /// https needs the feature `tls`.
    #[serde(alias = "https needs the feature tls of wechatpay-sandbox")]
    NoTls,
    /// Neither http nor https.
    #[serde(alias = "notify_url begins with http:// or https://")]
    OtherScheme,
}

impl Localize for TargetError {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::NotUrl => say!(language, "notify_url is no URL", "notify_url 不是 URL"),
            Self::NoHost => say!(language, "notify_url has no host", "notify_url 没有主机名"),
            Self::OtherHost => say!(
                language,
                "the host is not this machine; start the sandbox with --allow-notify-host HOST (SandboxBuilder::allow_notify_host)",
                "主机不是本机；请用 --allow-notify-host HOST 启动沙箱（SandboxBuilder::allow_notify_host）"
            ),
            Self::NoTls => say!(
                language,
                "https needs the feature tls of wechatpay-sandbox",
                "https 需要启用 wechatpay-sandbox 的 tls 特性"
            ),
            Self::OtherScheme => say!(
                language,
                "notify_url begins with http:// or https://",
                "notify_url 须以 http:// 或 https:// 开头"
            ),
        }
    }
}

as_error!(TargetError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_an_older_snapshot_are_read() {
        for (json, text) in [
            (
                r#""Connection refused (os error 111)""#,
                "Connection refused (os error 111)",
            ),
            (
                r#"{"connection-refused":111}"#,
                "Connection refused (os error 111)",
            ),
            (r#""unsigned""#, "the notification could not be signed"),
        ] {
            let failure: SendFailure = serde_json::from_str(json).unwrap();
            assert_eq!(failure.to_string(), text);
            assert_eq!(serde_json::to_string(&failure).unwrap(), json);
        }
        for error in [
            TargetError::NotUrl,
            TargetError::NoHost,
            TargetError::OtherHost,
            TargetError::NoTls,
            TargetError::OtherScheme,
        ] {
            let sentence = serde_json::to_string(&error.to_string()).unwrap();
            for json in [sentence, serde_json::to_string(&error).unwrap()] {
                assert_eq!(
                    serde_json::from_str::<TargetError>(&json).unwrap(),
                    error,
                    "{json}"
                );
            }
        }
    }
}
