//! Query and close of orders (订单), in direct and partner mode.
//!
//! Query and payment notification share the [`Transaction`] type. In partner mode a request contains both ids, the
//! service provider's and the sub-merchant's.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::transactions::{Close, QueryByOutTradeNo, TradeState, Transaction};
//! use wechatpay_core::types::{Mchid, OutTradeNo};
//!
//! let (mchid, number): (Mchid, OutTradeNo) = ("1900000001".parse()?, "ORDER-0001".parse()?);
//! let query = QueryByOutTradeNo::new(mchid.clone(), number.clone());
//!
//! // The client returns a `Transaction`, here of an order that is not paid yet.
//! let order: Transaction = serde_json::from_str(
//!     r#"{"mchid":"1900000001","out_trade_no":"ORDER-0001","trade_state":"NOTPAY"}"#)?;
//! if order.trade_state == TradeState::NotPay {
//!     let close = Close::new(mchid, number); // the response is `()`
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Before you deliver, compare a paid order with yours: [`Expectation`](crate::notify::Expectation).
//!
//! Pages: 查询订单, 关闭订单, 支付通知 of both modes.

mod close;
mod query;
mod transaction;

pub use close::{Close, PartnerClose};
pub use query::{PartnerQueryById, PartnerQueryByOutTradeNo, QueryById, QueryByOutTradeNo};
pub use transaction::{
    Amount, ExchangeRate, ExchangeRateType, InstallmentInfo, Payer, Promotion, PromotionGoods,
    PromotionScope, PromotionType, SceneInfo, TradeState, TradeType, Transaction,
};
