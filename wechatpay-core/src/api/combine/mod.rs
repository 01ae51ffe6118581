//! Combined orders (合单支付): several orders that the payer pays together or not at all.
//!
//! The orders may belong to different merchants. One notification lists all sub-orders, each with its own transaction
//! id; refund, share and subsidise them one by one. The ordinary query and close endpoints do not find them. E-invoices
//! and micro merchants are not supported.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::combine::{CombineAmount, CombinePayer, JsapiPrepay, SubOrder};
//! use wechatpay_core::types::{Fen, Mchid};
//!
//! let provider: Mchid = "1900000001".parse()?;
//! let sub_order = |number: &str, fen, sub_mchid: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let order = SubOrder::new(provider.clone(), "", CombineAmount::cny(Fen::new(fen)?), number.parse()?, "Green tea");
//!     Ok(order.sub_mchid(sub_mchid.parse::<Mchid>()?))
//! };
//! let orders = vec![sub_order("ORDER-0001", 990, "1900000109")?, sub_order("ORDER-0002", 500, "1900000110")?];
//! let payer = CombinePayer::openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse()?);
//! let order = JsapiPrepay::new("wxd678efh567hg6787".parse()?, provider.clone(), "COMBINED-0001".parse()?, orders,
//!     "https://shop.example/wechatpay/notify", payer);
//! // The client returns a `PrepayIdResponse`; the payment sheet is invoked as for an ordinary order.
//! # assert_eq!(serde_json::to_value(&order)?["sub_orders"][1]["amount"]["total_amount"], 500);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`QueryByOutTradeNo`] returns a [`CombinedTransaction`]; [`CombinedExpectation`](crate::notify::CombinedExpectation)
//! compares it with your orders.
//!
//! Types with the same name as in other families: `JsapiPrepay`, `AppPrepay`, `H5Prepay` and `NativePrepay` also exist
//! in [`prepay`](crate::api::prepay), `Close` and `QueryByOutTradeNo` in [`transactions`](crate::api::transactions).
//!
//! Pages: 合单下单 (JSAPI, APP, H5, Native), 个人收款交易下单, 查询合单订单, 关闭合单订单, 合单支付通知.

mod close;
mod order;
mod prepay;
mod query;
mod state;

pub use close::{Close, ClosedSubOrder};
pub use order::{
    CombineAmount, CombineH5Scene, CombinePayer, CombineScene, IndividualSubOrder, OrderServiceType,
    SubOrder, TradeScenario,
};
pub use prepay::{
    AppPrepay, ContractInfo, ContractPrepayResponse, ContractResult, H5Prepay, JsapiPrepay,
    MiniProgramPrepay, NativePrepay,
};
pub use query::{
    CombinePayerInfo, CombinedTransaction, QueryByOutTradeNo, QueryByTransactionId, SubAmount, SubTransaction,
};
pub use state::CombinedState;
