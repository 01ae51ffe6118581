//! Receivers of shares.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::profit_sharing::ReceiverType,
    types::{Appid, Redacted, Sensitive},
};

/// Relation of a receiver to the e-commerce platform (与分账方的关系类型).
///
/// Outside e-commerce: [`profit_sharing::RelationType`](crate::api::profit_sharing::RelationType).
#[open_enum]
pub enum RelationType {
    /// Supplier.
    Supplier = "SUPPLIER",
    /// Distributor.
    Distributor = "DISTRIBUTOR",
    /// Service provider.
    ServiceProvider = "SERVICE_PROVIDER",
    /// The e-commerce platform.
    Platform = "PLATFORM",
    /// Other relation.
    Others = "OTHERS",
}

/// Adds a receiver (添加分账接收方).
///
/// `POST /v3/ecommerce/profitsharing/receivers/add`. Outside e-commerce:
/// [`profit_sharing::AddReceiver`](crate::api::profit_sharing::AddReceiver).
///
/// Safe to retry unchanged: an account is added once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/receivers/add",
    response = AddedReceiver, idempotency = ByNumber, echo_if_present(kind, account)
)]
#[request(new = "Creates the request that adds this account.")]
#[non_exhaustive]
pub struct AddReceiver {
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Relation to the e-commerce platform.
    pub relation_type: RelationType,
    /// App; required if the account is an openid of it.
    pub appid: Option<Appid>,
    /// Full name of a merchant, up to 256 characters; required for merchants.
    pub name: Option<String>,
    /// Name of a person; sent encrypted.
    pub encrypted_name: Option<Sensitive>,
}

/// Removes a receiver (删除分账接收方).
///
/// `POST /v3/ecommerce/profitsharing/receivers/delete`. Outside e-commerce:
/// [`profit_sharing::DeleteReceiver`](crate::api::profit_sharing::DeleteReceiver).
///
/// Safe to retry unchanged: an account is removed once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/receivers/delete",
    response = AddedReceiver, idempotency = ByNumber, echo_if_present(kind, account)
)]
#[request(new = "Creates the request that removes this account.")]
#[non_exhaustive]
pub struct DeleteReceiver {
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid.
    #[request(into)]
    pub account: Redacted,
    /// App; required if the account is an openid of it.
    pub appid: Option<Appid>,
}

/// An added or removed receiver.
///
/// Outside e-commerce: [`profit_sharing::AddedReceiver`](crate::api::profit_sharing::AddedReceiver).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AddedReceiver {
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// Account.
    pub account: Option<Redacted>,
}
