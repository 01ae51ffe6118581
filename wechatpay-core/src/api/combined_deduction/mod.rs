//! Combined deductions (合单委托代扣): orders that a contract pays, without the payer (feature `combined-deduction`).
//!
//! The payer signs a contract once ([`PreSignInApp`], [`PreSignInMiniProgram`]). The notification [`Signed`] tells that
//! it is in effect, and [`QueryContract`] returns its `contract_id`. [`Deduct`] then charges orders of several
//! sub-merchants at once. If its response was lost, query the combined order ([`QueryDeduction`]) before anything else.
//! The response is the [`CombinedTransaction`] of combined orders.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, combine::CombineAmount, combined_deduction::{Deduct, SubOrder}};
//! use wechatpay_core::types::{Appid, Fen, Mchid};
//!
//! let (platform, shop): (Mchid, Mchid) = ("1900000109".parse()?, "1900000110".parse()?);
//! let appid: Appid = "wxd678efh567hg6787".parse()?;
//! let order = SubOrder::new(
//!     platform.clone(), CombineAmount::cny(Fen::new(990)?), "ORDER-0001".parse()?, shop, "Milk, every Monday",
//! );
//! let deduct = Deduct::new(appid, platform, "COMBINED-0001".parse()?, "Wx15463511252015071056489715")
//!     .sub_orders(vec![order]);
//! assert_eq!(deduct.idempotency(), Idempotency::No, "a lost response is queried, not repeated");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: APP方式预签约, 小程序方式预签约, 通过商户协议号查询协议, 商户协议号解约协议, 电商合单委托代扣支付, 电商合单委托代扣查询订单,
//! 电商合单委托代扣撤销订单, 收付通合单代扣签约成功通知, 收付通合单代扣解约成功通知.
//!
//! [`CombinedTransaction`]: super::combine::CombinedTransaction

mod contract;
mod notice;
mod order;

pub use contract::{
    Contract, ContractState, PreSignInApp, PreSignInMiniProgram, PreSigned, QueryContract, Terminate,
    TerminateInfo, TerminatedContract, TerminationMode,
};
pub use notice::{Signed, Terminated};
pub use order::{Deduct, QueryDeduction, Reverse, ReversedSubOrder, SubOrder};
