//! Punishments of sub-merchants (商户违规通知) (feature `violations`).
//!
//! WeChat Pay tells the platform when it limits a sub-merchant. There is one notification URL for all of them.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, violations::{CreateNotifyUrl, Violation}};
//!
//! let create = CreateNotifyUrl::new().notify_url("https://shop.example/violations");
//! assert_eq!(create.idempotency(), Idempotency::ByNumber, "the same URL twice is the same");
//!
//! // `Notification<Violation>` derefs to it.
//! let violation: Violation = serde_json::from_str(
//!     r#"{"sub_mchid":"1900000109","record_id":"200201820200101080076610000","punish_plan":"关闭支付权限"}"#)?;
//! assert_eq!(violation.sub_mchid.as_str(), "1900000109");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 创建商户违规通知回调地址, 查询商户违规通知回调地址, 修改商户违规通知回调地址, 删除商户违规通知回调地址, 商户平台处置记录回调通知.

use wechatpay_macros::{Endpoint, Resource, Response};

use crate::types::{DateTime, Mchid};

/// Sets the notification URL (创建商户违规通知回调地址).
///
/// `POST /v3/merchant-risk-manage/violation-notifications`. Safe to retry unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant-risk-manage/violation-notifications",
    response = NotifyUrl, idempotency = ByNumber, echo_if_present(notify_url)
)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct CreateNotifyUrl {
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Queries the notification URL (查询商户违规通知回调地址).
///
/// `GET /v3/merchant-risk-manage/violation-notifications`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/merchant-risk-manage/violation-notifications", response = NotifyUrl)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct QueryNotifyUrl {}

/// Changes the notification URL (修改商户违规通知回调地址).
///
/// `PUT /v3/merchant-risk-manage/violation-notifications`. Safe to retry unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(
    PUT, "/v3/merchant-risk-manage/violation-notifications",
    response = NotifyUrl, idempotency = ByNumber, echo_if_present(notify_url)
)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct UpdateNotifyUrl {
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Deletes the notification URL (删除商户违规通知回调地址).
///
/// `DELETE /v3/merchant-risk-manage/violation-notifications`. Safe to retry unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(DELETE, "/v3/merchant-risk-manage/violation-notifications", idempotency = ByNumber)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct DeleteNotifyUrl {}

/// The notification URL.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct NotifyUrl {
    /// Notification URL; absent if none is set.
    pub notify_url: Option<String>,
}

/// Resource of the notifications of a punishment, an interception and an appeal (商户平台处置记录).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("VIOLATION.PUNISH", "VIOLATION.INTERCEPT", "VIOLATION.APPEAL"),
    decides("sub_mchid", "record_id")
)]
#[non_exhaustive]
pub struct Violation {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Number of the record.
    pub record_id: String,
    /// Name of the sub-merchant's company.
    pub company_name: Option<String>,
    /// Punishment in words, such as `关闭支付权限`.
    pub punish_plan: Option<String>,
    /// Time of the punishment.
    pub punish_time: Option<DateTime>,
    /// Description of the punishment.
    pub punish_description: Option<String>,
    /// Kind of risk, such as `FRAUD`.
    pub risk_type: Option<String>,
    /// Kind of risk in words.
    pub risk_description: Option<String>,
}
