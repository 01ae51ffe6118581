//! Random value that ties a callback to a browser.

use std::fmt;

use wechatpay_core::{NonceSource, sign::SignError};

/// Random value that ties a callback to the browser that was sent away.
///
/// Keep it in a cookie (`HttpOnly`, `Secure`, `SameSite=Lax`) and compare it in the callback. Without it, somebody
/// could give a visitor a link with a code of their own, and the visitor would pay under a foreign openid.
#[derive(Clone, PartialEq, Eq)]
pub struct State(String);

impl State {
    /// Creates 32 random letters and digits.
    ///
    /// # Errors
    /// [`SignError::Random`] if the operating system has no random numbers.
    pub fn random() -> Result<Self, SignError> {
        NonceSource::system().next().map(Self)
    }

    /// Returns the text, for the cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` if the callback came from the browser that has the cookie.
    ///
    /// Both must be there and equal. If not, start again with a new state.
    #[must_use]
    pub fn is_returned(cookie: Option<&str>, returned: Option<&str>) -> bool {
        cookie.is_some_and(|sent| !sent.is_empty() && returned == Some(sent))
    }
}

/// Writes no value: who knows it may complete the login.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(..)")
    }
}
