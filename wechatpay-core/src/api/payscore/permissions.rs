//! Authorisations: users who need not confirm each order.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::AuthorizationCode;
use crate::types::{Appid, DateTime, Fen, Mchid, Openid, Redacted};

/// Asks the user for an authorisation (商户预授权).
///
/// `POST /v3/payscore/permissions`.
///
/// Safe to retry unchanged: the same `authorization_code` is the same authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/permissions",
    response = AuthorizationToken, idempotency = ByNumber
)]
#[request(new = "Creates the request for the authorisation `authorization_code`.")]
#[non_exhaustive]
pub struct Authorize {
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the authorisation.
    pub authorization_code: AuthorizationCode,
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Token with which the user opens the authorisation in WeChat.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AuthorizationToken {
    /// The token, up to 300 characters.
    pub apply_permissions_token: Redacted,
}

/// State of an authorisation (授权状态).
#[open_enum]
pub enum AuthorizationState {
    /// The user has not authorised the service.
    Unavailable = "UNAVAILABLE",
    /// In effect.
    Available = "AVAILABLE",
    /// No user yet.
    UnboundUser = "UNBINDUSER",
}

/// An authorisation, as WeChat Pay reports it (用户授权记录).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Authorization {
    /// State.
    #[response(required)]
    pub authorization_state: AuthorizationState,
    /// Merchant's number of the authorisation.
    pub authorization_code: Option<AuthorizationCode>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// Time of the last end.
    pub cancel_authorization_time: Option<DateTime>,
    /// Time of the last authorisation.
    pub authorization_success_time: Option<DateTime>,
    /// Level of risk, if the merchant may see it.
    pub user_risk_level: Option<i64>,
    /// Version of the levels.
    pub risk_level_version: Option<i64>,
}

/// Queries an authorisation by its number (查询与用户授权记录（授权协议号）).
///
/// `GET /v3/payscore/permissions/authorization-code/{authorization_code}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/payscore/permissions/authorization-code/{authorization_code}",
    response = Authorization, echo_if_present(authorization_code, service_id)
)]
#[request(new = "Creates the request for the authorisation `authorization_code`.")]
#[non_exhaustive]
pub struct QueryAuthorizationByCode {
    /// Merchant's number of the authorisation.
    pub authorization_code: AuthorizationCode,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
}

/// Queries the authorisation of a user (查询与用户授权记录（openid）).
///
/// `GET /v3/payscore/permissions/openid/{openid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/payscore/permissions/openid/{openid}",
    response = Authorization, echo_if_present(openid, service_id, appid)
)]
#[request(new = "Creates the request for a user.")]
#[non_exhaustive]
pub struct QueryAuthorizationByOpenid {
    /// User under the app.
    pub openid: Openid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// App of the merchant.
    pub appid: Appid,
}

/// Ends an authorisation by its number (解除用户授权关系（授权协议号）).
///
/// `POST /v3/payscore/permissions/authorization-code/{authorization_code}/terminate`; the response is an empty 204.
///
/// Safe to retry unchanged: an ended authorisation stays ended.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/permissions/authorization-code/{authorization_code}/terminate",
    idempotency = ByNumber
)]
#[request(new = "Creates the request for the authorisation `authorization_code`.")]
#[non_exhaustive]
pub struct TerminateAuthorizationByCode {
    /// Merchant's number of the authorisation.
    pub authorization_code: AuthorizationCode,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Reason.
    #[request(into)]
    pub reason: String,
}

/// Ends the authorisation of a user (解除用户授权关系（openid）).
///
/// `POST /v3/payscore/permissions/openid/{openid}/terminate`; the response is an empty 204.
///
/// Not retried: the user may have given a new authorisation meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/payscore/permissions/openid/{openid}/terminate")]
#[request(new = "Creates the request for a user.")]
#[non_exhaustive]
pub struct TerminateAuthorizationByOpenid {
    /// User under the app.
    pub openid: Openid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// App of the merchant.
    pub appid: Appid,
    /// Reason.
    #[request(into)]
    pub reason: String,
}

/// Tells if a user may use the service (用户授权服务情况).
#[open_enum]
pub enum UseServiceState {
    /// Not authorised.
    Unavailable = "UNAVAILABLE",
    /// Authorised.
    Available = "AVAILABLE",
}

/// Queries if a user has authorised the service (查询用户授权状态).
///
/// `GET /v3/payscore/user-service-state`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/payscore/user-service-state",
    response = UserServiceState, echo_if_present(appid, service_id, openid)
)]
#[request(new = "Creates the request for a user.")]
#[non_exhaustive]
pub struct QueryUserServiceState {
    /// App of the merchant.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// User under the app.
    pub openid: Openid,
}

/// Answer about a user.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UserServiceState {
    /// State.
    #[response(required)]
    pub use_service_state: UseServiceState,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
    /// User under the app.
    pub openid: Option<Openid>,
}

/// Goods that the user wants to have (商品列表).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for `count` goods at `amount` each.")]
#[non_exhaustive]
pub struct ShoppingGoods {
    /// Name.
    #[request(into)]
    pub name: String,
    /// URL of the picture.
    #[request(into)]
    pub picture: String,
    /// Unit price in fen.
    pub amount: Fen,
    /// Quantity.
    pub count: i64,
    /// Categories.
    pub category_id: Option<Vec<String>>,
}

/// Goods of an order that is paid after their use (先用后付商品信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the list of goods.")]
#[non_exhaustive]
pub struct ShoppingInfo {
    /// Goods.
    pub goods: Vec<ShoppingGoods>,
}

/// Assesses the risk of a user, who is named by one member (商户评估用户分层).
///
/// `POST /v3/payscore/permissions/assess-user-risk-level`. Safe to retry: nothing changes.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/permissions/assess-user-risk-level",
    response = Assessment, idempotency = Safe,
    echo_if_present(service_id, appid, openid, authorization_code)
)]
#[request(new = "Creates the request; set the user's openid or the number of the authorisation.")]
#[non_exhaustive]
pub struct AssessUser {
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the authorisation.
    pub authorization_code: Option<AuthorizationCode>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// Goods.
    pub shopping_info: Option<ShoppingInfo>,
}

/// Risk of a user (用户分层).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Assessment {
    /// State of the authorisation.
    #[response(required)]
    pub authorization_state: AuthorizationState,
    /// Level of risk.
    pub user_risk_level: Option<i64>,
    /// Version of the levels.
    pub risk_level_version: Option<i64>,
    /// Label of the user.
    pub user_label: Option<Redacted>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// Merchant's number of the authorisation.
    pub authorization_code: Option<AuthorizationCode>,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// Time of the last end.
    pub cancel_authorization_time: Option<DateTime>,
    /// Time of the last authorisation.
    pub authorization_success_time: Option<DateTime>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// User under the app of the sub-merchant.
    pub sub_openid: Option<Openid>,
    /// The channel's merchant.
    pub channel_id: Option<String>,
}
