//! Sensitive fields: encrypted to the key that `Wechatpay-Serial` names, and to nobody else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{Received, Refusal, codes, fields::Checked};
use crate::{platform::SigningKey, shared::Shared};

/// Every sensitive field of the body must open with the announced key. A plain text does not.
pub(super) fn check(shared: &Shared, received: &Received, body: &Checked) -> Result<(), Refusal> {
    for pointer in &body.encrypted {
        open(shared, received, body, pointer)?;
    }
    Ok(())
}

/// What a sensitive field says.
pub(super) fn open(
    shared: &Shared,
    received: &Received,
    body: &Checked,
    pointer: &str,
) -> Result<String, Refusal> {
    let key = announced_key(shared, received).map_err(|problem| refuse(pointer, problem))?;
    body.text(pointer)
        .and_then(|text| STANDARD.decode(text).ok())
        .and_then(|ciphertext| key.key.decrypt(&ciphertext).ok())
        .map(|plaintext| String::from_utf8_lossy(&plaintext).into_owned())
        .ok_or_else(|| {
            refuse(pointer, Problem {
                issue: "does not decrypt",
                hint: "encrypt with RSA-OAEP, SHA-1 and MGF1-SHA-1, to the key that Wechatpay-Serial names, then base64",
            })
        })
}

/// Some endpoints want the header also when nothing is encrypted.
pub(super) fn must_announce(shared: &Shared, received: &Received) -> Result<(), Refusal> {
    match announced_key(shared, received) {
        Ok(_) => Ok(()),
        Err(Problem { issue, hint }) => Err(Refusal::new(codes::PARAMETER)
            .field("header", "Wechatpay-Serial", json!(null), issue)
            .hint(hint)),
    }
}

/// What is wrong with the announced key.
#[derive(Clone, Copy)]
struct Problem {
    issue: &'static str,
    hint: &'static str,
}

fn announced_key(shared: &Shared, received: &Received) -> Result<SigningKey, Problem> {
    let serial = received.header("wechatpay-serial").ok_or(Problem {
        issue: "Wechatpay-Serial missing",
        hint: "an encrypted field needs the header Wechatpay-Serial with the id of the key it was encrypted to",
    })?;
    shared.platform.encryption_key(serial).ok_or(Problem {
        issue: "key unknown",
        hint: "Wechatpay-Serial names no key that the platform has; encrypt to a current one",
    })
}

/// The value is left out: it may be somebody's number in the clear.
fn refuse(pointer: &str, problem: Problem) -> Refusal {
    Refusal::new(codes::PARAMETER)
        .field("body", pointer, json!(null), problem.issue)
        .hint(problem.hint)
}
