//! Authorisation of the platform by a sub-merchant.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use crate::types::{DateTime, Mchid};

/// Agreement that the sub-merchant signed (签约协议).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Agreement {
    /// Number of the agreement.
    #[request(into)]
    pub agreement_code: String,
    /// Version of the agreement.
    #[request(into)]
    pub agreement_version: String,
    /// Name of the signing party.
    #[request(into)]
    pub sign_organization: String,
    /// Time of the signature.
    pub sign_time: DateTime,
}

/// Asks for the authorisation to transfer from a sub-merchant (申请二级商户商家转账授权).
///
/// `POST /v3/ecommerce/mch-transfer/authorizations`.
///
/// Safe to retry unchanged: a sub-merchant has one authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/mch-transfer/authorizations",
    response = Authorization, idempotency = ByNumber, echo(sub_mchid)
)]
#[request(new = "Creates the request for a sub-merchant and the agreements that it signed.")]
#[non_exhaustive]
pub struct Authorize {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Agreements that it signed.
    pub agreement_list: Vec<Agreement>,
}

/// Queries the authorisation of a sub-merchant (查询二级商户商家转账授权状态).
///
/// `GET /v3/ecommerce/mch-transfer/authorizations/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/mch-transfer/authorizations/{sub_mchid}",
    response = Authorization, echo(sub_mchid)
)]
#[request(new = "Creates the request for a sub-merchant.")]
#[non_exhaustive]
pub struct QueryAuthorization {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Authorisation of a sub-merchant (商家转账授权).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Authorization {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// State, as a text: no table of its values is known.
    pub authorization_state: String,
    /// Time at which the request was accepted; absent in the response to a query.
    pub accept_time: Option<DateTime>,
    /// Time of the authorisation, once there is one.
    pub authorize_time: Option<DateTime>,
}
