//! The self-test endpoint.

use serde_json::json;
use wechatpay_core::api::{
    Idempotency,
    security::{Echo, EchoNotice, Echoed},
};

use super::support::{NOTIFY_URL, post, response, sent};

#[test]
fn one_message_is_sent_plain_and_one_encrypted() {
    let path = "/v3/security/echo";
    assert_eq!(
        sent(&Echo::new("Hello")),
        post(path, json!({ "echo_message": "Hello" })).repeated(Idempotency::Safe)
    );
    let test = Echo::new("Hello").encrypted_echo_message("秘密");
    assert_eq!(
        sent(&test),
        post(
            path,
            json!({ "echo_message": "Hello", "encrypted_echo_message": "ENC(秘密)" })
        )
        .repeated(Idempotency::Safe)
    );
    assert_eq!(
        sent(&test.notify_url(NOTIFY_URL)),
        post(
            path,
            json!({
                "echo_message": "Hello", "encrypted_echo_message": "ENC(秘密)", "notify_url": NOTIFY_URL,
            })
        )
        .repeated(Idempotency::Safe)
    );
}

#[test]
fn response_and_notification_spell_the_encrypted_message_differently() {
    let full = json!({ "echo_message": "Hello", "encrypted_echo_message": "QUJD" });
    let echoed: Echoed = response(&full, &["echo_message"]);
    assert_eq!(echoed.encrypted_echo_message.unwrap().as_cipher(), Some("QUJD"));
    let full = json!({ "echo_message": "Hello", "encrypt_echo_message": "QUJD" });
    let notice: EchoNotice = response(&full, &["echo_message"]);
    assert_eq!(notice.encrypt_echo_message.unwrap().as_cipher(), Some("QUJD"));
}
