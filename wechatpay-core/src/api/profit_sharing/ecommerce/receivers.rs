//! Who may receive shares.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::profit_sharing::ReceiverType,
    types::{Appid, Redacted, Sensitive},
};

/// Relation of a receiver to the platform (与分账方的关系类型).
#[open_enum]
pub enum RelationType {
    /// It supplies.
    Supplier = "SUPPLIER",
    /// It distributes.
    Distributor = "DISTRIBUTOR",
    /// It provides a service.
    ServiceProvider = "SERVICE_PROVIDER",
    /// It is the platform.
    Platform = "PLATFORM",
    /// Something else.
    Others = "OTHERS",
}

/// Adds a receiver (添加分账接收方): `POST /v3/ecommerce/profitsharing/receivers/add`.
///
/// May be repeated unchanged: the account is its number, and is added once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/receivers/add",
    response = AddedReceiver, idempotency = ByNumber, echo_if_present(kind, account)
)]
#[request(new = "The account as a receiver.")]
#[non_exhaustive]
pub struct AddReceiver {
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant's id or a person's openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Relation to the platform.
    pub relation_type: RelationType,
    /// The app; required when the account is an openid of it.
    pub appid: Option<Appid>,
    /// A merchant's full name, up to 256 characters; required for one.
    pub name: Option<String>,
    /// A person's name; travels encrypted.
    pub encrypted_name: Option<Sensitive>,
}

/// Removes a receiver (删除分账接收方): `POST /v3/ecommerce/profitsharing/receivers/delete`.
///
/// May be repeated unchanged: the account is its number, and is removed once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/receivers/delete",
    response = AddedReceiver, idempotency = ByNumber, echo_if_present(kind, account)
)]
#[request(new = "The account, as a receiver no more.")]
#[non_exhaustive]
pub struct DeleteReceiver {
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant's id or a person's openid.
    #[request(into)]
    pub account: Redacted,
    /// The app; required when the account is an openid of it.
    pub appid: Option<Appid>,
}

/// The receiver that was added or removed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AddedReceiver {
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// The account.
    pub account: Option<Redacted>,
}
