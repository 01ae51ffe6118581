//! Profit sharing of an e-commerce platform's sub-merchants (电商收付通分账).
//!
//! It divides an order whose money was frozen by `profit_sharing`.
//!
//! Sharing is asynchronous: the response means accepted. The `result` of each receiver in the response to a query
//! decides; `FINISHED` means executed, not successful. The same number with the same receivers is the same share; with
//! other receivers it is rejected. Every share and [`FinishOrder`] need numbers of their own: `FinishOrder` under the
//! number of a share returns success and **releases nothing**.
//!
//! Share at least one minute after the payment; at most 50 shares with 50 receivers each per order. Money that is not
//! shared is released automatically after 180 days. Rate limits: 2000 requests per second per platform, 300 per
//! sub-merchant.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::profit_sharing::{ReceiverType, ecommerce::{FinishOrder, QueryShare, Receiver, Share}};
//! use wechatpay_core::types::{Fen, Mchid, TransactionId};
//!
//! let (sub, payment): (Mchid, TransactionId) = ("1900000109".parse()?, "4200001".parse()?);
//! let partner = Receiver::new(ReceiverType::MerchantId, "1900000110", Fen::new(300)?, "commission");
//! let share = Share::new(sub.clone(), payment.clone(), "SHARE-0001".parse()?, vec![partner], false);
//!
//! // `SharingOrder` is the response to both; check the `result` of each receiver.
//! let query = QueryShare::new(sub.clone(), payment.clone(), "SHARE-0001".parse()?);
//!
//! // Releases the rest to the sub-merchant, under a number of its own.
//! let finish = FinishOrder::new(sub, payment, "FINISH-0001".parse()?, "order completed");
//! # assert_eq!(serde_json::to_value(&share)?["finish"], false);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All other merchants share with [`profit_sharing`](crate::api::profit_sharing), which has types of the same names.
//!
//! Pages: 请求分账, 查询分账结果, 请求分账回退, 查询分账回退结果, 完结分账, 查询订单剩余待分金额, 添加分账接收方,
//! 删除分账接收方.

mod after_sales;
mod finish;
mod receivers;
mod returns;
mod share;

pub use after_sales::{
    AfterSalesOrder, AfterSalesResult, AfterSalesScene, AfterSalesType, CreateAfterSalesOrder,
    CreatedAfterSalesOrder, QueryAfterSalesOrder,
};
pub use finish::{FinishOrder, FinishedOrder, QueryUnsplitAmount};
pub use receivers::{AddReceiver, AddedReceiver, DeleteReceiver, RelationType};
pub use returns::{QueryReturn, ReturnShare, SharingReturn};
pub use share::{
    AbnormalReceiver, AbnormalStatus, FundsAbnormalReason, QueryShare, Receiver, ReceiverResult, Share,
    SharingOrder,
};
