//! Profit sharing (分账) of a direct merchant and of an ordinary service provider.
//!
//! Also the types common with e-commerce, and the notification to a receiver. A platform shares the orders of its
//! sub-merchants with [`profit_sharing::ecommerce`](ecommerce), which has types of the same names; each family is
//! rejected for the other's merchants.
//!
//! The same number with the same receivers is the same share. The `result` of each receiver decides success, not the
//! state of the whole. Money that is not shared is released automatically after 30 days. Rate limits: 300 shares, 500
//! queries and 100 returns per second.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::profit_sharing::{Receiver, ReceiverType, Share, ShareResult, SharingOrder};
//! use wechatpay_core::types::Fen;
//!
//! let partner = Receiver::new(ReceiverType::MerchantId, "1900000110", Fen::new(300)?, "commission");
//! let share = Share::new("4200001".parse()?, "SHARE-0001".parse()?, vec![partner], true);
//!
//! // The client returns a `SharingOrder`, and `QueryShare` returns it later with the results.
//! let shared: SharingOrder = serde_json::from_str(r#"{"transaction_id":"4200001","out_order_no":"SHARE-0001",
//!     "order_id":"3008","state":"FINISHED","receivers":[{"result":"SUCCESS","amount":300}]}"#)?;
//! assert!(shared.receivers.iter().all(|receiver| receiver.result == ShareResult::Success));
//! # assert_eq!(serde_json::to_value(&share)?["receivers"][0]["amount"], 300);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 请求分账, 查询分账结果, 请求分账回退, 查询分账回退结果, 解冻剩余资金, 查询剩余待分金额, 查询最大分账比例,
//! 添加分账接收方, 删除分账接收方, 分账动账通知.

mod amounts;
mod common;
pub mod ecommerce;
mod notice;
mod receivers;
mod returns;
mod share;

pub use amounts::{MerchantConfig, QueryMerchantConfig, QueryUnsplitAmount, UnsplitAmount};
pub use common::{
    ReceiverType, ReturnFailReason, ReturnResult, ShareFailReason, ShareResult, SharedOrder, SharingStatus,
};
pub use notice::{SharingNotice, SharingNoticeReceiver};
pub use receivers::{AddReceiver, AddedReceiver, DeleteReceiver, DeletedReceiver, RelationType};
pub use returns::{QueryReturn, ReturnShare, SharingReturn};
pub use share::{QueryShare, Receiver, ReceiverResult, Share, SharingOrder, Unfreeze};
