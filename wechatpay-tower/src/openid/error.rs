//! Errors of the authorisation URL and of an exchange.

use std::time::Duration;

use http::StatusCode;
use wechatpay_core::api::ErrorBody;

/// A `redirect_uri` to which WeChat would not redirect.
///
/// WeChat compares the host with the 网页授权域名 of the account. That cannot be checked here; see the
/// [module](super#errors-of-the-authorisation-page).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The address is no URL with scheme and host.
    #[error(
        "the redirect_uri is not an http or https URL with a host; give the whole address of your callback, as a browser reaches it"
    )]
    NotAbsolute,
    /// The address contains a user name.
    #[error("the redirect_uri contains a user name; give scheme, host, path and query only")]
    UserName,
    /// The address has a port, which WeChat refuses with 10003.
    #[error(
        "the redirect_uri has a port, which WeChat refuses with error 10003; use a host on port 443 or 80, written without the port"
    )]
    Port,
}

/// Error of an exchange without an openid.
///
/// A code works once. An exchange is therefore never repeated: after a lost response the code may be used up, and
/// [`needs_new_code`](Self::needs_new_code) returns `true`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenidError {
    /// The code is empty or has characters that no code has. Nothing was sent.
    #[error("the code is empty or no code of WeChat; take the parameter `code` of the callback unchanged")]
    InvalidCode,
    /// No connection was made. Nothing was sent, and the code is still good.
    #[error("the code was not sent: {0}; it is still good for an exchange within its five minutes")]
    NotSent(String),
    /// No response arrived in time. The code may be used up.
    #[error(
        "no response to the exchange within {0:?}, so the code may be used up; get a new code by authorising again, or by wx.login"
    )]
    Timeout(Duration),
    /// The response was lost. The code may be used up.
    #[error(
        "the response to the exchange was lost, so the code may be used up: {0}; get a new code by authorising again, or by wx.login"
    )]
    Lost(String),
    /// The response has neither an openid nor an `errcode`.
    ///
    /// It does not come from WeChat, or is damaged. The code may be used up.
    #[error(
        "the response to the exchange (HTTP {0}) has neither an openid nor an errcode; look for a proxy in between; get a new code by authorising again, or by wx.login"
    )]
    Unreadable(StatusCode),
    /// WeChat refused the exchange.
    #[error("WeChat refused the exchange: {body}; {remedy}", body = .0, remedy = remedy(&.0.code))]
    Refused(ErrorBody),
}

impl OpenidError {
    /// Returns the `errcode` of a refusal.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.code),
            _ => None,
        }
    }

    /// Returns `true` if a new code may give the openid.
    ///
    /// Redirect to the authorisation page again, or call `wx.login` again. Do it once: a second failure has another
    /// cause. `false` means wrong settings, a refused user, or a code that was not sent.
    #[must_use]
    pub fn needs_new_code(&self) -> bool {
        match self {
            Self::NotSent(_) => false,
            Self::Refused(refusal) => matches!(refusal.code.as_str(), "-1" | "40029" | "40163" | "42003"),
            Self::InvalidCode | Self::Timeout(_) | Self::Lost(_) | Self::Unreadable(_) => true,
        }
    }
}

/// Returns what to do after a refusal with this `errcode`.
fn remedy(code: &str) -> &'static str {
    match code {
        "-1" => {
            "WeChat is busy and the code may be used up: get a new code by authorising again, or by wx.login"
        }
        "40001" | "40125" => {
            "the AppSecret is not that of the appid: copy it again from the console, without blanks; a reset replaces it at once"
        }
        "40013" => "the appid does not exist: compare each character, upper and lower case included",
        "40029" => {
            "the code has expired after five minutes, was changed on the way, or is of another appid: get a new code by authorising again, or by wx.login"
        }
        "40163" => {
            "the code was exchanged before, often because the callback was reloaded: redirect after the exchange, keep the openid in the session, and get a new code by authorising again, or by wx.login"
        }
        "40226" => "WeChat blocks this user as a risk",
        "41002" | "41004" | "41008" => {
            "a parameter of the query did not arrive (41002 appid, 41004 secret, 41008 code): look for a proxy that drops it"
        }
        "42003" => "the code has expired: get a new code by authorising again, or by wx.login",
        "45011" => "too many exchanges in this minute: slow down",
        "48001" => {
            "the account may not use this API: it must be a verified service account, or a mini program"
        }
        "50002" => "the account is restricted: the console names the reason",
        _ => "look the errcode up in the list of global return codes (全局返回码)",
    }
}
