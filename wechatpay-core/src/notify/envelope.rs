//! Envelope: the part that is readable before decryption (protocol of API v3, notifications).

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::{json::Deciding, types::response_field::null_is_default};

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
