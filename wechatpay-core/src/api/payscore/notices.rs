//! Notifications of orders and authorisations.

use wechatpay_macros::{Resource, Response, open_enum};

use super::{
    AuthorizationCode, BillItem, Collection, CollectionState, CoveredRisk, Location, OrderState, OrderStep,
    ServiceOrderNo, ServiceTime,
};
use crate::types::{Appid, DateTime, Fen, Mchid, Openid};

/// Change of an authorisation (回调状态).
#[open_enum]
pub enum UserServiceStatus {
    /// The user has authorised the service.
    Opened = "USER_OPEN_SERVICE",
    /// The authorisation has ended.
    Closed = "USER_CLOSE_SERVICE",
}

/// Change of a campus contract (校园轻松付 签约状态).
#[open_enum]
pub enum ContractStatus {
    /// Signed.
    Added = "ADD",
    /// Terminated.
    Deleted = "DELETE",
}

/// Resource of the notification that a user confirmed or paid an order (支付分订单回调).
///
/// Both events have this form: [`is_paid`](Self::is_paid) tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("PAYSCORE.USER_CONFIRM", "PAYSCORE.USER_PAID"),
    original_type = "payscore",
    decides(
        "mchid",
        "sub_mchid",
        "service_id",
        "out_order_no",
        "state",
        "total_amount",
        "collection.state",
        "collection.total_amount",
        "collection.paying_amount",
        "collection.paid_amount",
        "collection.details[].amount",
        "collection.details[].transaction_id"
    )
)]
#[non_exhaustive]
pub struct OrderNotice {
    /// The merchant.
    pub mchid: Mchid,
    /// Number of the merchant's service.
    pub service_id: String,
    /// Merchant's number of the order.
    pub out_order_no: ServiceOrderNo,
    /// State.
    #[response(required)]
    pub state: OrderState,
    /// Step of an order that is going on.
    pub state_description: Option<OrderStep>,
    /// WeChat Pay's number of the order.
    pub order_id: Option<String>,
    /// WeChat Pay's number of the charge for the merchant (扣款单号).
    pub out_trade_no: Option<String>,
    /// Amount of the order, in fen, once it is completed.
    pub total_amount: Option<Fen>,
    /// True if there is money to collect.
    pub need_collection: Option<bool>,
    /// Collection of the money.
    pub collection: Option<Collection>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// The channel's merchant.
    pub channel_id: Option<String>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// User under the app of the sub-merchant.
    pub sub_openid: Option<Openid>,
    /// Name of the service.
    pub service_introduction: Option<String>,
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
    /// Change of the authorisation, if it came with the order.
    pub user_service_status: Option<UserServiceStatus>,
    /// Time of that change.
    #[serde(rename = "openorclose_time")]
    pub open_or_close_time: Option<DateTime>,
    /// Merchant's number of the authorisation.
    pub authorization_code: Option<AuthorizationCode>,
    /// Merchant's number of the request for the authorisation.
    pub out_request_no: Option<String>,
}

impl OrderNotice {
    /// Returns true if all the money was collected.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.collection
            .as_ref()
            .is_some_and(|collection| collection.state == CollectionState::UserPaid)
    }
}

/// Resource of the notification that an authorisation began or ended (授权/解除授权服务回调).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("PAYSCORE.USER_OPEN_SERVICE", "PAYSCORE.USER_CLOSE_SERVICE"),
    decides(
        "mchid",
        "sub_mchid",
        "service_id",
        "openid",
        "user_service_status",
        "authorization_code"
    )
)]
#[non_exhaustive]
pub struct AuthorizationNotice {
    /// The merchant.
    pub mchid: Mchid,
    /// Number of the merchant's service.
    pub service_id: String,
    /// Change; the event's type says the same.
    pub user_service_status: Option<UserServiceStatus>,
    /// Time of the change.
    #[serde(rename = "openorclose_time")]
    pub open_or_close_time: Option<DateTime>,
    /// Merchant's number of the authorisation, if it had one.
    pub authorization_code: Option<AuthorizationCode>,
    /// Merchant's number of the request for the authorisation.
    pub out_request_no: Option<String>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// User under the app.
    pub openid: Option<Openid>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// User under the app of the sub-merchant.
    pub sub_openid: Option<Openid>,
    /// The channel's merchant.
    pub channel_id: Option<String>,
    /// WeChat Pay's number of a campus contract (校园轻松付).
    pub contract_id: Option<String>,
    /// Template of the contract.
    pub plan_id: Option<String>,
    /// Change of the contract.
    pub contract_status: Option<ContractStatus>,
    /// Merchant's number of the contract.
    pub out_contract_code: Option<String>,
    /// Time of the contract.
    pub create_time: Option<DateTime>,
}
