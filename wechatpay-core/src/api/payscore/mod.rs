//! Pay after service, by score (微信支付分) (feature `payscore`).
//!
//! The merchant creates an order before the service ([`Create`]), and the user confirms it in WeChat, or has authorised
//! the service once ([`Authorize`]). After the service the merchant completes the order ([`Complete`]); WeChat Pay then
//! collects the money, at once or later. [`ServiceOrder::is_paid`] tells if it has; the notification [`OrderNotice`] too.
//!
//! The same `out_order_no` is the same order, and an order is collected once. If a response was lost, query the order
//! or send the request again under its number.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, payscore::{
//!     Complete, Create, OrderState, OrderStep, PostPayment, RiskFund, RiskFundName, ServiceOrder, TimeRange,
//! }};
//! use wechatpay_core::types::{Appid, Fen};
//!
//! let appid: Appid = "wxd678efh567hg6787".parse()?;
//! let create = Create::new(
//!     "BORROW-0001".parse()?, appid.clone(), "2002000000000558128851361561536", "某某充电宝",
//!     TimeRange::new("OnAccept"), RiskFund::new(RiskFundName::Deposit, Fen::new(9_900)?),
//!     "https://shop.example/wechatpay/payscore",
//! );
//! assert_eq!(create.idempotency(), Idempotency::ByNumber);
//!
//! // The client returns a `ServiceOrder`, whose package opens WeChat. Later, the order as a query returns it:
//! let order: ServiceOrder = serde_json::from_str(
//!     r#"{"out_order_no":"BORROW-0001","service_id":"2002000000000558128851361561536",
//!         "state":"DOING","state_description":"USER_CONFIRM"}"#)?;
//! assert_eq!((order.state, order.state_description), (OrderState::Doing, Some(OrderStep::UserConfirm)));
//!
//! // The service has ended.
//! let items = vec![PostPayment::new("租借费用").amount(Fen::new(400)?).description("两小时")];
//! let complete = Complete::new(
//!     order.out_order_no, appid, "2002000000000558128851361561536", items, Fen::new(400)?,
//! );
//! assert_eq!(complete.path().as_str(), "/v3/payscore/serviceorder/BORROW-0001/complete");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 创建支付分订单, 查询支付分订单, 取消支付分订单, 完结支付分订单, 创单结单合并, 修改订单金额, 商户发起催收扣款, 同步服务订单信息,
//! 下发服务费用待处理消息, 下发服务预扣费消息, 商户预授权, 查询与用户授权记录, 解除用户授权关系, 查询用户授权状态, 商户评估用户分层,
//! 商户申请获取对账单, 确认订单/支付成功回调通知, 开启/解除授权服务回调通知.

mod bill;
mod change;
mod create;
mod ids;
mod messages;
mod notices;
mod order;
mod parts;
mod permissions;

pub use bill::GetBill;
pub use change::{Cancel, Collect, Complete, Modify, Report, SyncDetail, SyncType};
pub use create::{Create, CreateAndComplete};
pub use ids::{AuthorizationCode, ServiceOrderNo};
pub use messages::{SendPendingMessage, SendPrepaidMessage};
pub use notices::{AuthorizationNotice, ContractStatus, OrderNotice, UserServiceStatus};
pub use order::{
    Collection, CollectionDetail, CollectionState, CoveredRisk, OrderReference, OrderState, OrderStep,
    PaidType, Query, ServiceOrder,
};
pub use parts::{
    BillItem, Device, EndLocation, Location, PlannedDiscount, PostDiscount, PostPayment, RiskFund,
    RiskFundName, ServiceTime, TimeRange,
};
pub use permissions::{
    AssessUser, Assessment, Authorization, AuthorizationState, AuthorizationToken, Authorize,
    QueryAuthorizationByCode, QueryAuthorizationByOpenid, QueryUserServiceState, ShoppingGoods, ShoppingInfo,
    TerminateAuthorizationByCode, TerminateAuthorizationByOpenid, UseServiceState, UserServiceState,
};
