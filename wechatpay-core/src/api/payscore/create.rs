//! New service orders.

use wechatpay_macros::Endpoint;

use super::{
    BillItem, Device, Location, PlannedDiscount, PostPayment, RiskFund, ServiceOrder, ServiceOrderNo,
    ServiceTime, TimeRange,
};
use crate::types::{Appid, Fen, Openid};

/// Creates an order before the service (创建支付分订单).
///
/// `POST /v3/payscore/serviceorder`.
///
/// Safe to retry unchanged: the same `out_order_no` is the same order, and the page allows the repetition.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder",
    response = ServiceOrder, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates an order that covers `risk_fund` at most.")]
#[non_exhaustive]
pub struct Create {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the merchant.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Name of the service, up to 20 characters.
    #[request(into)]
    pub service_introduction: String,
    /// Planned time.
    pub time_range: TimeRange,
    /// Risk: the order never costs more.
    pub risk_fund: RiskFund,
    /// Notification URL.
    #[request(into)]
    pub notify_url: String,
    /// Items, at most 100.
    pub post_payments: Option<Vec<PostPayment>>,
    /// Discounts, at most 30.
    pub post_discounts: Option<Vec<PlannedDiscount>>,
    /// Planned places.
    pub location: Option<Location>,
    /// Text that comes back with the order, up to 256 characters.
    pub attach: Option<String>,
    /// User under the app; required without a confirmation.
    pub openid: Option<Openid>,
    /// False for a user who has authorised the service.
    pub need_user_confirm: Option<bool>,
    /// Devices.
    pub device: Option<Device>,
}

/// Creates an order after the service, and completes it (创单结单合并).
///
/// `POST /v3/payscore/serviceorder/direct-complete`. The money is collected at once.
///
/// Safe to retry unchanged: the same `out_order_no` is the same order, which is collected once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/direct-complete",
    response = ServiceOrder, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates an order of a service that has ended.")]
#[non_exhaustive]
pub struct CreateAndComplete {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the merchant.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Time of the service.
    pub time_range: ServiceTime,
    /// Items.
    pub post_payments: Option<Vec<BillItem>>,
    /// Discounts.
    pub post_discounts: Option<Vec<BillItem>>,
    /// Places of the service.
    pub location: Option<Location>,
    /// Name of the service.
    pub service_introduction: Option<String>,
    /// Text that comes back with the order.
    pub attach: Option<String>,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// User under the app, who has authorised the service.
    pub openid: Option<Openid>,
    /// Amount to collect, in fen: the items less the discounts.
    pub total_amount: Option<Fen>,
    /// True if the money is shared later.
    pub profit_sharing: Option<bool>,
    /// Tag for coupons.
    pub goods_tag: Option<String>,
}
