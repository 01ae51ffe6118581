//! Contracts with persons who receive money.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::OutContractCode;
use crate::types::{Appid, DateTime, Openid, Redacted, Sensitive};

/// State of an authorisation (授权状态).
#[open_enum]
pub enum AuthState {
    /// The person may receive money.
    Authorized = "AUTHORIZED",
    /// The person has not authorised the platform.
    Unauthorized = "UNAUTHORIZED",
}

/// Kind of permission (权限类型).
#[open_enum]
pub enum PermissionType {
    /// To receive money.
    IndividualPayee = "INDIVIDUAL_PAYEE",
}

/// Kind of identity document (证件类型).
#[open_enum]
pub enum CredentialType {
    /// Identity card.
    IdCard = "ID_CARD",
}

/// Prepared contract, which the person signs in WeChat.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PreparedContract {
    /// Id with which the person's page opens the contract.
    #[serde(rename = "pre_entrustweb_id")]
    pub pre_entrust_web_id: Redacted,
}

/// Prepares a contract in a mini program (小程序场景预签约).
///
/// `POST /v3/ecommerce/individual-contracts/pre-entrust-sign/mini-program`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign/mini-program",
    response = PreparedContract, idempotency = ByNumber
)]
#[request(new = "Creates the request for the contract `out_contract_code`.")]
#[non_exhaustive]
pub struct PrepareInMiniProgram {
    /// App in which the person signs.
    pub appid: Appid,
    /// Platform's number of the contract.
    pub out_contract_code: OutContractCode,
    /// Person under the app.
    pub openid: Openid,
}

/// Prepares a contract in an app (APP场景预签约).
///
/// `POST /v3/ecommerce/individual-contracts/pre-entrust-sign/app`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign/app",
    response = PreparedContract, idempotency = ByNumber
)]
#[request(new = "Creates the request for the contract `out_contract_code`.")]
#[non_exhaustive]
pub struct PrepareInApp {
    /// App in which the person signs.
    pub appid: Appid,
    /// Platform's number of the contract.
    pub out_contract_code: OutContractCode,
}

/// Prepares a contract in a mini program with a verified name (小程序场景预签约（需要实名验证）).
///
/// `POST /v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    response = PreparedContract, idempotency = ByNumber
)]
#[request(new = "Creates the request for the contract `out_contract_code` with a person.")]
#[non_exhaustive]
pub struct PrepareVerifiedInMiniProgram {
    /// App in which the person signs.
    pub appid: Appid,
    /// Platform's number of the contract.
    pub out_contract_code: OutContractCode,
    /// Person under the app.
    pub openid: Openid,
    /// Name of the person; sent encrypted.
    #[request(into)]
    pub real_name: Sensitive,
    /// Kind of the person's document.
    pub cred_type: CredentialType,
    /// Number of the document; sent encrypted.
    #[request(into)]
    pub cred_id: Sensitive,
}

/// Prepares a contract in an app with a verified name (APP场景预签约（需要实名验证）).
///
/// `POST /v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/app`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/app",
    response = PreparedContract, idempotency = ByNumber
)]
#[request(new = "Creates the request for the contract `out_contract_code` with a person.")]
#[non_exhaustive]
pub struct PrepareVerifiedInApp {
    /// App in which the person signs.
    pub appid: Appid,
    /// Platform's number of the contract.
    pub out_contract_code: OutContractCode,
    /// Name of the person; sent encrypted.
    #[request(into)]
    pub real_name: Sensitive,
    /// Kind of the person's document.
    pub cred_type: CredentialType,
    /// Number of the document; sent encrypted.
    #[request(into)]
    pub cred_id: Sensitive,
}

/// Queries the authorisation of a person (查询个人收款方授权结果).
///
/// `GET /v3/ecommerce/individual-contracts/{openid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/individual-contracts/{openid}", response = PersonAuthorization)]
#[request(new = "Creates the request for a person.")]
#[non_exhaustive]
pub struct QueryByOpenid {
    /// Person under the app.
    pub openid: Openid,
    /// App in which the person signed.
    pub appid: Appid,
    /// Kind of permission.
    pub permission_type: PermissionType,
}

/// Authorisation of a person.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PersonAuthorization {
    /// State.
    #[response(required)]
    pub auth_state: AuthState,
    /// Authorisation id, which orders and settlements name.
    pub individual_auth_id: Option<Redacted>,
    /// Time of the last change.
    pub operation_time: Option<DateTime>,
}

/// Queries a contract by the platform's number (根据业务申请单号查签约信息).
///
/// `GET /v3/ecommerce/individual-contracts/out-contract-code/{out_contract_code}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/individual-contracts/out-contract-code/{out_contract_code}",
    response = Contract
)]
#[request(new = "Creates the request for the contract `out_contract_code`.")]
#[non_exhaustive]
pub struct QueryByOutContractCode {
    /// Platform's number of the contract.
    pub out_contract_code: OutContractCode,
    /// App in which the person signed.
    pub appid: Appid,
}

/// A contract with a person (签约信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Contract {
    /// State.
    #[response(required)]
    pub auth_state: AuthState,
    /// Authorisation id, which orders and settlements name.
    pub individual_auth_id: Option<Redacted>,
    /// Person under the app.
    pub individual_openid: Option<Openid>,
    /// Time of the signature.
    pub signed_time: Option<DateTime>,
    /// Access to the person's verified name.
    pub real_name_auth_result: Option<RealNameAccess>,
}

/// Scope of an access (应用授权作用域).
#[open_enum]
pub enum RealNameScope {
    /// The name that WeChat Pay knows.
    PayRealName = "pay_realname",
}

/// Access to a person's verified name (实名授权结果).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RealNameAccess {
    /// Scope.
    pub scope: Option<RealNameScope>,
    /// Token.
    pub access_token: Option<Redacted>,
    /// Time at which the token expires.
    pub access_token_expire_time: Option<DateTime>,
}
