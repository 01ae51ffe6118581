//! Receivers of shares: at most 20 000.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::ReceiverType;
use crate::types::{Appid, Mchid, Redacted, Sensitive};

/// Relation of a receiver to the merchant (与分账方的关系类型).
///
/// For e-commerce: [`ecommerce::RelationType`](super::ecommerce::RelationType).
#[open_enum]
pub enum RelationType {
    /// The service provider.
    ServiceProvider = "SERVICE_PROVIDER",
    /// Shop.
    Store = "STORE",
    /// Employee.
    Staff = "STAFF",
    /// Shop owner.
    StoreOwner = "STORE_OWNER",
    /// Partner.
    Partner = "PARTNER",
    /// Headquarters.
    Headquarter = "HEADQUARTER",
    /// Brand.
    Brand = "BRAND",
    /// Distributor.
    Distributor = "DISTRIBUTOR",
    /// User.
    User = "USER",
    /// Supplier.
    Supplier = "SUPPLIER",
    /// Relation described by `custom_relation`.
    Custom = "CUSTOM",
}

/// Adds a receiver (添加分账接收方).
///
/// `POST /v3/profitsharing/receivers/add`. For e-commerce: [`ecommerce::AddReceiver`](super::ecommerce::AddReceiver).
///
/// Safe to retry unchanged: an account is added once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/receivers/add",
    response = AddedReceiver, idempotency = ByNumber, echo(kind, account), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request that adds this account.")]
#[non_exhaustive]
pub struct AddReceiver {
    /// Caller's app.
    pub appid: Appid,
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Relation to the merchant.
    pub relation_type: RelationType,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Sub-merchant's app; required if the account is an openid of it.
    pub sub_appid: Option<Appid>,
    /// Full name of a merchant (required) or name of a person; sent encrypted.
    pub name: Option<Sensitive>,
    /// Relation as text, up to 10 characters; required for `CUSTOM`.
    pub custom_relation: Option<String>,
}

/// An added receiver.
///
/// For e-commerce: [`ecommerce::AddedReceiver`](super::ecommerce::AddedReceiver).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AddedReceiver {
    /// Kind of account.
    #[response(required)]
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Account.
    pub account: Redacted,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Name, encrypted for the calling merchant.
    pub name: Option<Sensitive>,
    /// Relation to the merchant.
    pub relation_type: Option<RelationType>,
    /// Relation as text.
    pub custom_relation: Option<String>,
}

/// Removes a receiver (删除分账接收方).
///
/// `POST /v3/profitsharing/receivers/delete`. For e-commerce:
/// [`ecommerce::DeleteReceiver`](super::ecommerce::DeleteReceiver).
///
/// Safe to retry unchanged: an account is removed once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/receivers/delete",
    response = DeletedReceiver, idempotency = ByNumber, echo(kind, account), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request that removes this account.")]
#[non_exhaustive]
pub struct DeleteReceiver {
    /// Caller's app.
    pub appid: Appid,
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid.
    #[request(into)]
    pub account: Redacted,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Sub-merchant's app; required if the account is an openid of it.
    pub sub_appid: Option<Appid>,
}

/// A removed receiver.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DeletedReceiver {
    /// Kind of account.
    #[response(required)]
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Account.
    pub account: Redacted,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}
