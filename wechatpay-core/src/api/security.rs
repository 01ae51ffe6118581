//! The self-test (商户签名验签/加解密测试): the only call that tries everything and changes nothing: both signatures, encryption
//! both ways and, with a `notify_url`, the way of a notification.
//!
//! Pages: 商户签名验签/加解密测试, and its notification.

use wechatpay_macros::{Endpoint, Resource, Response};

use crate::types::Sensitive;

/// Has a message repeated (商户签名验签/加解密测试): `POST /v3/security/echo`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/security/echo", response = Echoed, idempotency = Safe, echo(echo_message))]
#[request(new = "This message.")]
#[non_exhaustive]
pub struct Echo {
    /// A message.
    #[request(into)]
    pub echo_message: String,
    /// A second message; travels encrypted, and comes back encrypted for the merchant's private key.
    pub encrypted_echo_message: Option<Sensitive>,
    /// Address for a notification of the same messages ([`EchoNotice`]).
    pub notify_url: Option<String>,
}

/// The messages, repeated.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Echoed {
    /// The message.
    pub echo_message: String,
    /// The other one, encrypted for the merchant's private key.
    pub encrypted_echo_message: Option<Sensitive>,
}

/// Resource of the notification of a self-test (`SECURITY_ECHO.SUCCESS`).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("SECURITY_ECHO.SUCCESS"),
    original_type = "security",
    decides("echo_message")
)]
#[non_exhaustive]
pub struct EchoNotice {
    /// The message.
    pub echo_message: String,
    /// The other one, encrypted for the merchant's private key. The response calls this field
    /// `encrypted_echo_message`.
    pub encrypt_echo_message: Option<Sensitive>,
}
