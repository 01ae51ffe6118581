//! Profit sharing (分账) of a direct merchant and of an ordinary service provider; the words it has in common with
//! e-commerce; and the notification that a receiver gets.
//!
//! A platform shares the orders of its sub-merchants with
//! [`profit_sharing::ecommerce`](ecommerce) instead. Each family is refused for the other's merchants.
//!
//! The same number with the same receivers is the same share. What counts is the `result` of each receiver, not the state
//! of the whole. Money that is not shared is released by itself after 30 days. 300 shares, 500 queries and 100 returns per
//! second.
//!
//! Pages: 请求分账, 查询分账结果, 请求分账回退, 查询分账回退结果, 解冻剩余资金, 查询剩余待分金额, 查询最大分账比例, 添加分账接收方, 删除分账接收方,
//! 分账动账通知.

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
