//! Ends and changes of service orders.

use wechatpay_macros::{Endpoint, RequestPart, open_enum};

use super::{
    BillItem, Device, EndLocation, OrderReference, PostDiscount, PostPayment, ServiceOrder, ServiceOrderNo,
    ServiceTime,
};
use crate::types::{Appid, Fen};

/// Cancels an order that has not been completed (取消支付分订单).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/cancel`.
///
/// Safe to retry unchanged: a cancelled order stays cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/cancel",
    response = OrderReference, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request for the order `out_order_no`.")]
#[non_exhaustive]
pub struct Cancel {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the order.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Reason, up to 30 characters.
    #[request(into)]
    pub reason: String,
}

/// Completes an order after the service, and collects its money (完结支付分订单).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/complete`. WeChat Pay tries until the user has paid.
///
/// Safe to retry unchanged: an order is collected once. With other members a repetition is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/complete",
    response = ServiceOrder, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request to collect `total_amount`: the items less the discounts.")]
#[non_exhaustive]
pub struct Complete {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the order.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Items, at most 100.
    pub post_payments: Vec<PostPayment>,
    /// Amount to collect, in fen; 0 ends the order without a payment.
    pub total_amount: Fen,
    /// Discounts, at most 30.
    pub post_discounts: Option<Vec<PostDiscount>>,
    /// Time of the service.
    pub time_range: Option<ServiceTime>,
    /// Place in which it ended.
    pub location: Option<EndLocation>,
    /// True if the money is shared later.
    pub profit_sharing: Option<bool>,
    /// Tag for coupons.
    pub goods_tag: Option<String>,
    /// Devices.
    pub device: Option<Device>,
}

/// Lowers the amount of an order that is to be paid (修改订单金额).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/modify`. The money of a paid order goes back by a refund.
///
/// Safe to retry unchanged: it sets the amount.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/modify",
    response = ServiceOrder, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request to collect `total_amount` instead.")]
#[non_exhaustive]
pub struct Modify {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the order.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Items, at most 100.
    pub post_payments: Vec<PostPayment>,
    /// New amount in fen, lower than the one before.
    pub total_amount: Fen,
    /// Reason, up to 50 characters.
    #[request(into)]
    pub reason: String,
    /// Discounts, at most 30.
    pub post_discounts: Option<Vec<BillItem>>,
    /// Devices.
    pub device: Option<Device>,
}

/// Tries to collect the money of a completed order now (商户发起催收扣款).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/pay`. The notification or a query tells the outcome.
///
/// Not retried: if the outcome is unknown, query the order.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/pay",
    response = OrderReference, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request for the order `out_order_no`.")]
#[non_exhaustive]
pub struct Collect {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the order.
    pub appid: Option<Appid>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
}

/// Event outside WeChat Pay (场景类型).
#[open_enum]
pub enum SyncType {
    /// The user paid the merchant directly.
    OrderPaid = "Order_Paid",
}

/// Details of an event (内容信息详情).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the details of a payment.")]
#[non_exhaustive]
pub struct SyncDetail {
    /// Time of the payment in Beijing: `20091225091210`.
    #[request(into)]
    pub paid_time: String,
}

/// Reports that the user paid the merchant directly (同步服务订单信息).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/sync`. WeChat Pay stops collecting.
///
/// Safe to retry unchanged: it sets the state.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/sync",
    response = ServiceOrder, idempotency = ByNumber, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request for the order `out_order_no`.")]
#[non_exhaustive]
pub struct Report {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// App of the order.
    pub appid: Appid,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Event.
    #[serde(rename = "type")]
    pub sync_type: SyncType,
    /// Its details.
    pub detail: SyncDetail,
}
