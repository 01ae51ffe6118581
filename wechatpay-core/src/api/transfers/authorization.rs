//! Authorisation to receive transfers without a confirmation.

use wechatpay_macros::{Endpoint, RequestPart, Resource, Response, open_enum};

use super::OutAuthorizationNo;
use crate::types::{Appid, DateTime, Openid, Redacted};

/// Kind of the user's device (用户设备类型).
#[open_enum]
pub enum DeviceType {
    /// iOS.
    Ios = "IOS",
    /// Android.
    Android = "ANDROID",
    /// HarmonyOS.
    Harmony = "HARMONY",
    /// Any other.
    AnyOther = "OTHER",
}

/// Device from which the user asked (场景信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct SceneInfo {
    /// IP address of the user.
    #[request(into)]
    pub client_ip: Option<Redacted>,
    /// Id of the device.
    #[request(into)]
    pub device_id: Option<Redacted>,
    /// Kind of device.
    pub device_type: Option<DeviceType>,
}

/// Asks the user for an authorisation (申请免确认收款授权).
///
/// `POST /v3/fund-app/mch-transfer/user-confirm-authorization`.
///
/// Safe to retry unchanged: the same `out_authorization_no` is the same authorisation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/user-confirm-authorization",
    response = AuthorizationToConfirm, idempotency = ByNumber, echo(out_authorization_no)
)]
#[request(new = "Creates the request to the user `openid`, for a scene.")]
#[non_exhaustive]
pub struct Authorize {
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
    /// App of the merchant.
    pub appid: Appid,
    /// User under this app.
    pub openid: Openid,
    /// Scene that the merchant applied for.
    #[request(into)]
    pub transfer_scene_id: String,
    /// Name under which the user sees the authorisation.
    #[request(into)]
    pub user_display_name: String,
    /// Notification URL.
    #[request(into)]
    pub authorization_notify_url: String,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// Device from which the user asked.
    pub scene_info: Option<SceneInfo>,
}

/// An authorisation that the user may confirm.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AuthorizationToConfirm {
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
    /// State.
    #[response(required)]
    pub state: AuthorizationState,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Package for the page in which the user confirms.
    pub package_info: Option<String>,
}

/// State of an authorisation (单据状态).
#[open_enum]
pub enum AuthorizationState {
    /// The user may confirm.
    WaitUserConfirm = "WAIT_USER_CONFIRM",
    /// In effect.
    TakingEffect = "TAKING_EFFECT",
    /// Closed.
    Closed = "CLOSED",
}

/// Reason why an authorisation was closed (关闭原因).
#[open_enum]
pub enum CloseReason {
    /// By the merchant.
    Merchant = "CLOSE_VIA_MCH_API",
    /// By the user.
    User = "USER_CLOSE",
    /// The user did not confirm in time.
    Overdue = "USER_OVERDUE_UNCONFIRMED",
    /// Risk control.
    Risk = "TRANSFER_RISK",
    /// The user's account is not usable.
    AccountAbnormal = "USER_ACCOUNT_ABNORMAL",
}

/// End of an authorisation (自动收款授权的关闭信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CloseInfo {
    /// Time.
    pub close_time: Option<DateTime>,
    /// Reason.
    pub close_reason: Option<CloseReason>,
}

/// An authorisation; also the resource of its notifications (自动收款授权).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("MCHTRANSFER.AUTHORIZATION.CONFIRMED", "MCHTRANSFER.AUTHORIZATION.CLOSED"),
    decides("out_authorization_no", "state")
)]
#[non_exhaustive]
pub struct Authorization {
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
    /// State.
    #[response(required)]
    pub state: AuthorizationState,
    /// WeChat Pay's number of the authorisation, once it is in effect.
    pub authorization_id: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// User under this app.
    pub openid: Option<Openid>,
    /// Name under which the user sees the authorisation.
    pub user_display_name: Option<String>,
    /// Time of the user's confirmation.
    pub authorize_time: Option<DateTime>,
    /// Its end, if it was closed.
    pub close_info: Option<CloseInfo>,
    /// Scene.
    pub transfer_scene_id: Option<String>,
    /// Reason that the user sees.
    pub user_recv_perception: Option<String>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Package for the page in which the user confirms, if it was asked for.
    pub package_info: Option<String>,
}

/// Queries an authorisation by the merchant's number (商户单号查询自动收款授权).
///
/// `GET /v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}",
    response = Authorization, echo(out_authorization_no)
)]
#[request(new = "Creates the request for the authorisation `out_authorization_no`.")]
#[non_exhaustive]
pub struct QueryAuthorization {
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
    /// `true` also returns the package for the page in which the user confirms.
    pub is_display_authorization: Option<bool>,
}

/// Closes an authorisation (解除免确认收款授权).
///
/// `POST /v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}/close`.
///
/// Safe to retry unchanged: a closed authorisation stays closed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}/close",
    response = Authorization, idempotency = ByNumber, echo(out_authorization_no)
)]
#[request(new = "Creates the request for the authorisation `out_authorization_no`.")]
#[non_exhaustive]
pub struct CloseAuthorization {
    /// Merchant's number of the authorisation.
    pub out_authorization_no: OutAuthorizationNo,
}
