//! Sensitive fields: encrypted to the key that `Wechatpay-Serial` names, and to nobody else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::gateway::hints::{Conflict, FieldHint};
use crate::gateway::{
    Received, Refusal,
    codes::{self, Code},
    validate::{Checked, Location, parameters::Parameters},
};
use crate::{gateway::Gateway, platform::SigningKey};

/// Checks that every sensitive field decrypts with the announced key.
///
/// A plain text does not.
pub(crate) fn check(gateway: &Gateway, received: &Received, body: &Checked) -> Result<(), Refusal> {
    for pointer in &body.encrypted {
        open(gateway, received, body, pointer)?;
    }
    Ok(())
}

/// Decrypts a sensitive field.
pub(crate) fn open(
    gateway: &Gateway,
    received: &Received,
    body: &Checked,
    pointer: &str,
) -> Result<String, Refusal> {
    open_text(gateway, received, body.text(pointer), pointer)
}

/// The same of a text that was found there.
pub(crate) fn open_text(
    gateway: &Gateway,
    received: &Received,
    text: Option<&str>,
    pointer: &str,
) -> Result<String, Refusal> {
    decrypted(gateway, received, text).map_err(|problem| problem.refusal(Location::Body, pointer))
}

/// Decrypts a sensitive query parameter.
pub(crate) fn open_parameter(
    gateway: &Gateway,
    received: &Received,
    parameters: &Parameters,
    name: &str,
) -> Result<String, Refusal> {
    decrypted(gateway, received, parameters.get(name))
        .map_err(|problem| problem.refusal(Location::Query, name))
}

fn decrypted(gateway: &Gateway, received: &Received, text: Option<&str>) -> Result<String, Problem> {
    announced_key(gateway, received)
        .and_then(|key| {
            let ciphertext = text.and_then(|text| STANDARD.decode(text).ok());
            ciphertext
                .and_then(|ciphertext| key.key.decrypt(&ciphertext).ok())
                .ok_or(Problem::Closed)
        })
        .map(|plaintext| String::from_utf8_lossy(&plaintext).into_owned())
}

/// Some endpoints want the header also when nothing is encrypted.
pub(crate) fn must_announce(gateway: &Gateway, received: &Received) -> Result<(), Refusal> {
    match announced_key(gateway, received) {
        Ok(_) => Ok(()),
        Err(problem) => Err(problem.refusal(Location::Header, "Wechatpay-Serial")),
    }
}

fn announced_key(gateway: &Gateway, received: &Received) -> Result<SigningKey, Problem> {
    let serial = received.header("wechatpay-serial").ok_or(Problem::NoSerial)?;
    gateway.platform.encryption_key(serial).ok_or(Problem::UnknownKey)
}

/// Defect of the announced key or of a ciphertext.
#[derive(Clone, Copy)]
enum Problem {
    NoSerial,
    UnknownKey,
    Closed,
}

impl Problem {
    /// The value is left out: it may be somebody's number in the clear.
    fn refusal(self, location: Location, field: &str) -> Refusal {
        Refusal::new(self.code())
            .field(location, field, Value::Null, self.conflict())
            .hint(self.hint())
    }

    const fn code(self) -> Code {
        match self {
            Self::NoSerial => codes::SERIAL_REQUIRED,
            Self::UnknownKey | Self::Closed => codes::PARAMETER,
        }
    }

    const fn conflict(self) -> Conflict {
        match self {
            Self::NoSerial => Conflict::NoSerial,
            Self::UnknownKey => Conflict::UnknownKey,
            Self::Closed => Conflict::Undecryptable,
        }
    }

    const fn hint(self) -> FieldHint {
        match self {
            Self::NoSerial => FieldHint::NoSerial,
            Self::UnknownKey => FieldHint::UnknownKey,
            Self::Closed => FieldHint::Undecryptable,
        }
    }
}
