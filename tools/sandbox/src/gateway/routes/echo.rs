//! `POST /v3/security/echo`: says back what it hears, encrypted or not, and by notification if asked to.

use serde_json::{Map, Value, json};

use super::endpoint::{Endpoint, Family};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    validate::{
        self, Field, Kind, field,
        limits::{URL, text},
        sensitive,
    },
};
use crate::notify::{self, Draft};

pub(super) static FAMILY: Family =
    Family::new(&[
        Endpoint::post("/v3/security/echo", ("Echo", "安全回显"), |call, _| {
            echo(call)
        })
        .body(&[FIELDS]),
    ]);

/// The echo.
const FIELDS: &[Field] = &[
    field("echo_message", text(1024)).required(),
    field("encrypted_echo_message", Kind::Encrypted),
    field("notify_url", URL),
];

pub(crate) fn echo(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    sensitive::must_announce(call.gateway, call.received)?;
    validate::notify_url(&body, call.notes)?;
    let message = body.text("/echo_message").unwrap_or_default();
    let mut answer = Map::new();
    answer.insert("echo_message".to_owned(), json!(message));
    let mut resource = answer.clone();
    if body.text("/encrypted_echo_message").is_some() {
        let plaintext = sensitive::open(call.gateway, call.received, &body, "/encrypted_echo_message")?;
        answer.insert(
            "encrypted_echo_message".to_owned(),
            json!(call.sealed(&plaintext)?),
        );
        resource.insert("encrypt_echo_message".to_owned(), json!(call.sealed(&plaintext)?));
    }
    if let Some(notify_url) = body.text("/notify_url") {
        notify::start(
            &call.gateway.notifier,
            Draft {
                mchid: call.mchid(),
                order: None,
                subject: message.to_owned(),
                event_type: "SECURITY_ECHO.SUCCESS".into(),
                notify_url: notify_url.to_owned(),
                resource: Value::Object(resource),
                original_type: "security".into(),
                // The platform seals this kind without any.
                associated_data: "".into(),
                summary: "安全回显成功".into(),
            },
        );
    }
    Ok(Answer::Json(Value::Object(answer).to_string().into()))
}
