//! The self-test (商户签名验签/加解密测试): the only call that tries everything and changes nothing: both signatures, encryption
//! both ways and, with a `notify_url`, the way of a notification.
//!
//! Pages: 商户签名验签/加解密测试, and its notification.

use crate::{
    macros::{endpoint, request, response},
    types::Sensitive,
};

request! {
    /// Has a message repeated (商户签名验签/加解密测试): `POST /v3/security/echo`.
    pub struct Echo {
        required {
            /// A message.
            echo_message: String,
        }
        optional {
            /// Another one; travels encrypted, and comes back encrypted for the merchant's private key.
            encrypted_echo_message: Sensitive,
            /// Where a notification of the same messages goes ([`EchoNotice`]).
            notify_url: String,
        }
        sensitive { encrypted_echo_message, }
    }
    /// This message.
    new
}

endpoint! {
    impl POST "/v3/security/echo" for Echo -> Echoed {
        idempotency: Safe,
        sensitive: true,
        repeats: [echo_message],
    }
}

response! {
    /// The messages, repeated.
    pub struct Echoed {
        required {
            /// The message.
            echo_message: String,
        }
        texts {
            /// The other one, encrypted for the merchant's private key.
            encrypted_echo_message: Sensitive,
        }
    }
}

response! {
    /// What the notification of a self-test holds (`SECURITY_ECHO.SUCCESS`).
    pub struct EchoNotice {
        required {
            /// The message.
            echo_message: String,
        }
        texts {
            /// The other one, encrypted for the merchant's private key. The answer calls this field
            /// `encrypted_echo_message`.
            encrypt_echo_message: Sensitive,
        }
    }
}
