//! The envelope (protocol of API v3, notifications): what is readable before decryption.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::{json::Deciding, types::response_field::null_is_default};

/// Strings are borrowed from the body where they hold no escape.
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
    /// What can be left out is the time and the summary.
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&["id", "event_type", "resource_type", "resource"]);
}

#[derive(Deserialize)]
pub(super) struct SealedResource<'a> {
    #[serde(borrow)]
    pub(super) algorithm: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) ciphertext: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) nonce: Cow<'a, str>,
    /// Missing, `null` and `""` are all an empty one.
    #[serde(borrow)]
    pub(super) associated_data: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) original_type: Option<Cow<'a, str>>,
}

/// A text, or an integer as its digits.
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

/// Who a decrypted resource is about. Parsed of every resource, so that its JSON is known to be sound and the names that
/// decide are known to stand once.
#[derive(Deserialize)]
pub(super) struct Identity<'a> {
    #[serde(borrow)]
    pub(super) mchid: Option<Scalar<'a>>,
    /// Transfers write `mchid` so.
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
    /// Of a receiver that takes any app.
    pub(super) const DECIDES: Deciding = Deciding::Refuse(&[
        "mchid",
        "mch_id",
        "sp_mchid",
        "sub_mchid",
        "combine_mchid",
        "combine_out_trade_no",
    ]);
}

/// Who was given a share. Only of sharing notices, which go to the receiver and name as merchant the one that shared.
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

/// Whose parts a combined payment has.
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
