//! Who may receive shares: at most 20 000 receivers.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::ReceiverType;
use crate::types::{Appid, Mchid, Redacted, Sensitive};

/// Relation of a receiver to the merchant (与分账方的关系类型).
#[open_enum]
pub enum RelationType {
    /// The service provider.
    ServiceProvider = "SERVICE_PROVIDER",
    /// A shop.
    Store = "STORE",
    /// An employee.
    Staff = "STAFF",
    /// The owner of a shop.
    StoreOwner = "STORE_OWNER",
    /// A partner.
    Partner = "PARTNER",
    /// The headquarters.
    Headquarter = "HEADQUARTER",
    /// The brand.
    Brand = "BRAND",
    /// It distributes.
    Distributor = "DISTRIBUTOR",
    /// A user.
    User = "USER",
    /// It supplies.
    Supplier = "SUPPLIER",
    /// The relation that `custom_relation` describes.
    Custom = "CUSTOM",
}

/// Adds a receiver (添加分账接收方): `POST /v3/profitsharing/receivers/add`.
///
/// May be repeated unchanged: the account is its number, and is added once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/receivers/add",
    response = AddedReceiver, idempotency = ByNumber, echo(kind, account), echo_if_present(sub_mchid)
)]
#[request(new = "The account as a receiver.")]
#[non_exhaustive]
pub struct AddReceiver {
    /// The caller's app.
    pub appid: Appid,
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant's id or a person's openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Relation to the merchant.
    pub relation_type: RelationType,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app; required when the account is an openid of it.
    pub sub_appid: Option<Appid>,
    /// A merchant's full name, required for one, or a person's; travels encrypted.
    pub name: Option<Sensitive>,
    /// The relation in words, up to 10 characters; required when `relation_type` is `CUSTOM`.
    pub custom_relation: Option<String>,
}

/// The receiver that was added.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AddedReceiver {
    /// Kind of the account.
    #[response(required)]
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// The account.
    pub account: Redacted,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The name, encrypted for the merchant.
    pub name: Option<Sensitive>,
    /// Relation to the merchant.
    pub relation_type: Option<RelationType>,
    /// The relation in words.
    pub custom_relation: Option<String>,
}

/// Removes a receiver (删除分账接收方): `POST /v3/profitsharing/receivers/delete`.
///
/// May be repeated unchanged: the account is its number, and is removed once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/receivers/delete",
    response = DeletedReceiver, idempotency = ByNumber, echo(kind, account), echo_if_present(sub_mchid)
)]
#[request(new = "The account, as a receiver no more.")]
#[non_exhaustive]
pub struct DeleteReceiver {
    /// The caller's app.
    pub appid: Appid,
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant's id or a person's openid.
    #[request(into)]
    pub account: Redacted,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app; required when the account is an openid of it.
    pub sub_appid: Option<Appid>,
}

/// The receiver that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DeletedReceiver {
    /// Kind of the account.
    #[response(required)]
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// The account.
    pub account: Redacted,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}
