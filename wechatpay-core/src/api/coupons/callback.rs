//! URL of the notifications.

use wechatpay_macros::{Endpoint, Response};

use crate::types::{DateTime, Mchid};

/// Queries the notification URL (获取已设置的消息通知地址).
///
/// `GET /v3/marketing/favor/callbacks`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/callbacks", response = Callback, echo(mchid))]
#[request(new = "Creates the request for a merchant.")]
#[non_exhaustive]
pub struct QueryCallback {
    /// The merchant.
    pub mchid: Mchid,
}

/// Notification URL of a merchant.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Callback {
    /// The merchant.
    pub mchid: Mchid,
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Sets the notification URL (设置消息通知地址).
///
/// `POST /v3/marketing/favor/callbacks`.
///
/// Safe to retry unchanged: it sets the URL.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/callbacks",
    response = CallbackSet, idempotency = ByNumber
)]
#[request(new = "Creates the request for a merchant.")]
#[non_exhaustive]
pub struct SetCallback {
    /// The merchant.
    pub mchid: Mchid,
    /// Notification URL.
    #[request(into)]
    pub notify_url: String,
    /// `false` turns the notifications off.
    pub switch: Option<bool>,
}

/// Notification URL that was set.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CallbackSet {
    /// Time of the change.
    pub update_time: Option<DateTime>,
    /// Notification URL.
    pub notify_url: Option<String>,
}
