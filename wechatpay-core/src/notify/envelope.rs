//! The envelope (protocol of API v3, notifications): what is readable before decryption.

use std::borrow::Cow;

use serde::Deserialize;

use super::json_shape::Object;
use crate::types::DateTime;

/// Strings are borrowed from the body where they hold no escape.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    pub(super) create_time: Option<DateTime>,
    #[serde(borrow)]
    pub(super) event_type: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) resource_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) resource: Object<SealedResource<'a>>,
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

/// Who a decrypted resource is about. Parsed of every resource, so that its JSON is known to be sound and the names that
/// decide are known to stand once.
#[derive(Deserialize)]
pub(super) struct Identity<'a> {
    #[serde(borrow)]
    pub(super) mchid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) sp_mchid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) sub_mchid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) combine_mchid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) appid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) sp_appid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) combine_appid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) combine_out_trade_no: Option<Cow<'a, str>>,
}

/// Who was given a share. Only of sharing notices, which go to the receiver and name as merchant the one that shared.
#[derive(Deserialize)]
pub(super) struct SharedWith<'a> {
    #[serde(borrow)]
    pub(super) receiver: Object<ShareReceiver<'a>>,
}

#[derive(Deserialize)]
pub(super) struct ShareReceiver<'a> {
    #[serde(borrow)]
    pub(super) account: Cow<'a, str>,
}

/// Whose parts a combined payment has.
#[derive(Deserialize)]
pub(super) struct SubOrders<'a> {
    #[serde(borrow, default)]
    pub(super) sub_orders: Vec<Object<SubOrder<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct SubOrder<'a> {
    #[serde(borrow)]
    pub(super) sub_mchid: Option<Cow<'a, str>>,
}
