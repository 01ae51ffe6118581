//! Service orders and their queries.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{BillItem, Location, RiskFundName, ServiceOrderNo, ServiceTime};
use crate::{
    api::transactions::Promotion,
    types::{Appid, DateTime, Fen, Mchid, Openid, TransactionId},
};

/// State of a service order (服务订单状态).
#[open_enum]
pub enum OrderState {
    /// Created; the user has not confirmed.
    Created = "CREATED",
    /// The service is going on, or the money is being collected.
    Doing = "DOING",
    /// Ended; paid, or nothing to pay.
    Done = "DONE",
    /// Cancelled by the merchant.
    Revoked = "REVOKED",
    /// Expired without a confirmation.
    Expired = "EXPIRED",
}

/// Step of an order that is [`Doing`](OrderState::Doing) (订单状态说明).
#[open_enum]
pub enum OrderStep {
    /// Confirmed by the user.
    UserConfirm = "USER_CONFIRM",
    /// Completed by the merchant; the money is being collected.
    MerchantComplete = "MCH_COMPLETE",
}

/// State of a collection (收款状态).
#[open_enum]
pub enum CollectionState {
    /// To be paid.
    UserPaying = "USER_PAYING",
    /// Paid.
    UserPaid = "USER_PAID",
}

/// Way in which money was collected (收款成功渠道).
#[open_enum]
pub enum PaidType {
    /// By WeChat Pay.
    WechatPay = "NEWTON",
    /// By the merchant, outside WeChat Pay.
    Merchant = "MCH",
}

/// One collected amount (收款明细).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CollectionDetail {
    /// Position.
    pub seq: Option<i64>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Way.
    pub paid_type: Option<PaidType>,
    /// Time of the payment.
    pub paid_time: Option<DateTime>,
    /// WeChat Pay's number of the payment, for a refund.
    pub transaction_id: Option<TransactionId>,
    /// Promotions.
    pub promotion_detail: Vec<Promotion>,
}

/// Collection of an order's money (收款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Collection {
    /// State.
    #[response(required)]
    pub state: CollectionState,
    /// Amount to collect, in fen.
    pub total_amount: Option<Fen>,
    /// Part to be paid, in fen.
    pub paying_amount: Option<Fen>,
    /// Part paid, in fen.
    pub paid_amount: Option<Fen>,
    /// Collected amounts.
    pub details: Vec<CollectionDetail>,
    /// Bank that paid.
    pub bank_type: Option<String>,
}

/// Risk that an order covers, as the order reports it (服务风险金).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CoveredRisk {
    /// Kind.
    pub name: Option<RiskFundName>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Explanation.
    pub description: Option<String>,
}

/// A service order, as WeChat Pay reports it (支付分订单).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ServiceOrder {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// State.
    #[response(required)]
    pub state: OrderState,
    /// Step of an order that is going on.
    pub state_description: Option<OrderStep>,
    /// WeChat Pay's number of the order.
    pub order_id: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
    /// Name of the service.
    pub service_introduction: Option<String>,
    /// Amount of the order, in fen, once it is completed.
    pub total_amount: Option<Fen>,
    /// True if there is money to collect.
    pub need_collection: Option<bool>,
    /// Collection of the money.
    pub collection: Option<Collection>,
    /// Items.
    pub post_payments: Vec<BillItem>,
    /// Discounts.
    pub post_discounts: Vec<BillItem>,
    /// Risk.
    pub risk_fund: Option<CoveredRisk>,
    /// Time of the service.
    pub time_range: Option<ServiceTime>,
    /// Places of the service.
    pub location: Option<Location>,
    /// Text of the merchant.
    pub attach: Option<String>,
    /// Notification URL.
    pub notify_url: Option<String>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// Package for the mini program in which the user confirms; at the creation only.
    pub package: Option<String>,
}

impl ServiceOrder {
    /// Returns true if all the money was collected.
    ///
    /// An order without anything to pay is [`Done`](OrderState::Done), and never paid.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.collection
            .as_ref()
            .is_some_and(|collection| collection.state == CollectionState::UserPaid)
    }
}

/// Numbers of an order that a request changed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct OrderReference {
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// WeChat Pay's number of the order.
    pub order_id: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// Number of the merchant's service.
    pub service_id: Option<String>,
}

/// Queries an order by one of its two numbers (查询支付分订单).
///
/// `GET /v3/payscore/serviceorder`. The numbers are `out_order_no` and `query_id`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/payscore/serviceorder",
    response = ServiceOrder, echo(out_order_no), echo_if_present(service_id, appid)
)]
#[request(new = "Creates the request; set one of the two numbers.")]
#[non_exhaustive]
pub struct Query {
    /// Number of the merchant's service.
    #[request(into)]
    pub service_id: String,
    /// App of the merchant.
    pub appid: Appid,
    /// Merchant's number of the order.
    pub out_order_no: Option<ServiceOrderNo>,
    /// Number with which the user came back from WeChat.
    pub query_id: Option<String>,
}
