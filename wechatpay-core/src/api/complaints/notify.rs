//! Notification URL of complaints, and their notifications.

use wechatpay_macros::{Endpoint, Resource, Response, open_enum};

use crate::types::Mchid;

/// Sets the notification URL (创建投诉通知回调).
///
/// `POST /v3/merchant-service/complaint-notifications`. Safe to retry unchanged: a merchant has one URL.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant-service/complaint-notifications",
    response = NotifyUrl, idempotency = ByNumber, echo_if_present(url)
)]
#[request(new = "Creates the request for a URL.")]
#[non_exhaustive]
pub struct CreateNotifyUrl {
    /// Notification URL, with `https`.
    #[request(into)]
    pub url: String,
}

/// Queries the notification URL (查询投诉通知回调).
///
/// `GET /v3/merchant-service/complaint-notifications`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant-service/complaint-notifications", response = NotifyUrl)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct QueryNotifyUrl {}

/// Changes the notification URL (更新投诉通知回调).
///
/// `PUT /v3/merchant-service/complaint-notifications`. Safe to retry unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    PUT, "/v3/merchant-service/complaint-notifications",
    response = NotifyUrl, idempotency = ByNumber, echo_if_present(url)
)]
#[request(new = "Creates the request for a URL.")]
#[non_exhaustive]
pub struct UpdateNotifyUrl {
    /// Notification URL, with `https`.
    #[request(into)]
    pub url: String,
}

/// Deletes the notification URL (删除投诉通知回调).
///
/// `DELETE /v3/merchant-service/complaint-notifications`. Safe to retry unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(DELETE, "/v3/merchant-service/complaint-notifications", idempotency = ByNumber)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct DeleteNotifyUrl {}

/// The notification URL.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct NotifyUrl {
    /// Merchant or partner that receives the notifications.
    pub mchid: Option<Mchid>,
    /// Notification URL.
    pub url: Option<String>,
}

/// Event that a notification reports (触发本次投诉通知回调的具体动作类型).
#[open_enum]
pub enum NoticeAction {
    /// The payer complained.
    CreateComplaint = "CREATE_COMPLAINT",
    /// The payer complained again.
    ContinueComplaint = "CONTINUE_COMPLAINT",
    /// The payer wrote.
    UserResponse = "USER_RESPONSE",
    /// The platform wrote.
    ResponseByPlatform = "RESPONSE_BY_PLATFORM",
    /// The merchant refunded the whole order.
    SellerRefund = "SELLER_REFUND",
    /// The merchant replied.
    MerchantResponse = "MERCHANT_RESPONSE",
    /// The merchant completed the complaint.
    MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
    /// The payer asked the platform for help.
    UserApplyPlatformService = "USER_APPLY_PLATFORM_SERVICE",
    /// The payer withdrew the request for help.
    UserCancelPlatformService = "USER_CANCEL_PLATFORM_SERVICE",
    /// The platform's help ended.
    PlatformServiceFinished = "PLATFORM_SERVICE_FINISHED",
    /// The merchant approved a refund.
    MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
    /// The merchant rejected a refund.
    MerchantRejectRefund = "MERCHANT_REJECT_REFUND",
    /// The refund arrived.
    RefundSuccess = "REFUND_SUCCESS",
}

/// Resource of the notifications of a complaint (投诉通知回调).
///
/// It says that something happened; [`Query`](super::Query) returns the complaint.
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("COMPLAINT.CREATE", "COMPLAINT.STATE_CHANGE"),
    original_type = "complaint",
    decides("complaint_id", "action_type")
)]
#[non_exhaustive]
pub struct ComplaintNotice {
    /// Number of the complaint.
    pub complaint_id: String,
    /// Event.
    #[response(required)]
    pub action_type: NoticeAction,
}
