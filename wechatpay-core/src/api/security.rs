//! Self-test (商户签名验签/加解密测试): exercises signatures and encryption without side effects.
//!
//! It covers both signatures, encryption in both directions and, with a `notify_url`, the delivery of a notification.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::security::{Echo, Echoed};
//!
//! let echo = Echo::new("hello").encrypted_echo_message("secret").notify_url("https://shop.example/wechatpay/notify");
//!
//! // The client encrypts the second message and returns an `Echoed`.
//! let echoed: Echoed = serde_json::from_str(r#"{"echo_message":"hello","encrypted_echo_message":"QUJD"}"#)?;
//! assert_eq!(echoed.echo_message, echo.echo_message);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 商户签名验签/加解密测试, and its notification.

use wechatpay_macros::{Endpoint, Resource, Response};

use crate::types::Sensitive;

/// Requests an echo of a message (商户签名验签/加解密测试).
///
/// `POST /v3/security/echo`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/security/echo", response = Echoed, idempotency = Safe, echo(echo_message))]
#[request(new = "Creates the request for this message.")]
#[non_exhaustive]
pub struct Echo {
    /// Message.
    #[request(into)]
    pub echo_message: String,
    /// Second message; sent encrypted, and returned encrypted for the merchant's key.
    pub encrypted_echo_message: Option<Sensitive>,
    /// URL for a notification with the same messages ([`EchoNotice`]).
    pub notify_url: Option<String>,
}

/// Echoed messages.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Echoed {
    /// Message.
    pub echo_message: String,
    /// Second message, encrypted for the merchant's private key.
    pub encrypted_echo_message: Option<Sensitive>,
}

/// Resource of a self-test notification (`SECURITY_ECHO.SUCCESS`).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("SECURITY_ECHO.SUCCESS"),
    original_type = "security",
    decides("echo_message")
)]
#[non_exhaustive]
pub struct EchoNotice {
    /// Message.
    pub echo_message: String,
    /// Second message, encrypted for the merchant's private key.
    ///
    /// The response calls this field `encrypted_echo_message`.
    pub encrypt_echo_message: Option<Sensitive>,
}
