//! Messages about a collection to come.

use wechatpay_macros::Endpoint;

use super::{BillItem, ServiceOrderNo};
use crate::types::Fen;

/// Tells the user that a fee waits to be settled (下发服务费用待处理消息).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/send-pendingmessage`.
///
/// Safe to retry unchanged: an order has one such message.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/send-pendingmessage",
    idempotency = ByNumber
)]
#[request(new = "Creates a message about `total_amount`, collected at `prepaid_time`.")]
#[non_exhaustive]
pub struct SendPendingMessage {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Items.
    pub post_payments: Vec<BillItem>,
    /// Amount to collect, in fen.
    pub total_amount: Fen,
    /// Day of the collection, of Beijing: `20231218`.
    #[request(into)]
    pub prepaid_time: String,
    /// Discounts.
    pub post_discounts: Option<Vec<BillItem>>,
}

/// Tells the user that a fee will be collected (下发服务预扣费消息).
///
/// `POST /v3/payscore/serviceorder/{out_order_no}/send-prepaidmessage`.
///
/// Safe to retry unchanged: an order has one such message.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/payscore/serviceorder/{out_order_no}/send-prepaidmessage",
    idempotency = ByNumber
)]
#[request(new = "Creates a message about `total_amount`, collected at `prepaid_time`.")]
#[non_exhaustive]
pub struct SendPrepaidMessage {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// Items.
    pub post_payments: Vec<BillItem>,
    /// Amount to collect, in fen.
    pub total_amount: Fen,
    /// Day of the collection, of Beijing: `20231218`.
    #[request(into)]
    pub prepaid_time: String,
    /// Discounts.
    pub post_discounts: Option<Vec<BillItem>>,
}
