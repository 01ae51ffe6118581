//! Envelope: the part that is readable before decryption (protocol of API v3, notifications).

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use super::{error::Shape, report::Subject};
use crate::{json::Deciding, types::response_field::null_is_default};

/// Longest accepted id. Ids are UUIDs of 36 characters.
const MAX_ID: usize = 64;

/// Envelope of a notification. Strings without an escape are borrowed from the body.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) create_time: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) event_type: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) resource_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) resource: SealedResource<'a>,
}

impl Envelope<'_> {
    /// Deciding members. Only the time and the summary may be left out.
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&["id", "event_type", "resource_type", "resource"]);

    /// Checks the members that decide.
    pub(super) fn check(&self) -> Result<(), Shape> {
        let field = |field, problem| Err(Shape::Field { field, problem });
        if !is_name(&self.id) {
            return field("id", "must have 1 to 64 visible characters");
        }
        if !is_name(&self.event_type) {
            return field("event_type", "must have 1 to 64 visible characters");
        }
        if given(self.resource_type.as_deref()).is_some_and(|kind| kind != "encrypt-resource") {
            return field("resource_type", "must be encrypt-resource");
        }
        Ok(())
    }
}

#[derive(Deserialize)]
pub(super) struct SealedResource<'a> {
    #[serde(borrow)]
    pub(super) algorithm: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) ciphertext: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) nonce: Cow<'a, str>,
    /// Associated data. Missing, `null` and `""` all mean empty.
    #[serde(borrow)]
    pub(super) associated_data: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) original_type: Option<Cow<'a, str>>,
}

/// String, or an integer as its digits.
pub(super) struct Scalar<'a>(Cow<'a, str>);

impl std::ops::Deref for Scalar<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or an integer")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar(text.into()))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Scalar(text.to_owned().into()))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Scalar(number.to_string().into()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// Merchant and app of a decrypted resource.
///
/// Parsed from every resource, so that its JSON is valid and deciding names are unique.
#[derive(Deserialize)]
pub(super) struct Identity<'a> {
    #[serde(borrow)]
    pub(super) mchid: Option<Scalar<'a>>,
    /// Spelling of `mchid` in transfers.
    #[serde(borrow)]
    pub(super) mch_id: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) sp_mchid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) sub_mchid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) combine_mchid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) appid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) sp_appid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) combine_appid: Option<Scalar<'a>>,
    #[serde(borrow)]
    pub(super) combine_out_trade_no: Option<Scalar<'a>>,
}

impl Identity<'_> {
    /// Deciding members for a receiver that accepts any app.
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&[
        "mchid",
        "mch_id",
        "sp_mchid",
        "sub_mchid",
        "combine_mchid",
        "combine_out_trade_no",
    ]);
}

/// Receiver of a share.
///
/// Only sharing notifications have it: they go to the receiver and name the sharing merchant.
#[derive(Deserialize)]
pub(super) struct SharedWith<'a> {
    #[serde(borrow)]
    pub(super) receiver: ShareReceiver<'a>,
}

impl SharedWith<'_> {
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&["receiver.account"]);
}

#[derive(Deserialize)]
pub(super) struct ShareReceiver<'a> {
    #[serde(borrow)]
    pub(super) account: Scalar<'a>,
}

/// Sub-merchants of the parts of a combined payment.
#[derive(Deserialize)]
pub(super) struct SubOrders<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) sub_orders: Vec<SubOrder<'a>>,
}

impl SubOrders<'_> {
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&["sub_orders[].sub_mchid"]);
}

#[derive(Deserialize)]
pub(super) struct SubOrder<'a> {
    #[serde(borrow)]
    pub(super) sub_mchid: Option<Scalar<'a>>,
}

/// Treats missing, `null` and `""` as the same, as the platform does.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// Returns `true` for 1 to 64 visible characters, as ids and kinds have.
fn is_name(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Id and kind of a malformed envelope, as far as readable, for the log.
#[derive(Default)]
pub(super) struct Head {
    id: Option<String>,
    event_type: Option<String>,
}

impl Head {
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        let mut name = |key| match members.remove(key) {
            Some(serde_json::Value::String(text)) if is_name(&text) => Some(text),
            _ => None,
        };
        Self {
            id: name("id"),
            event_type: name("event_type"),
        }
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            id: self.id.as_deref(),
            event_type: self.event_type.as_deref(),
            ..Subject::default()
        }
    }
}
