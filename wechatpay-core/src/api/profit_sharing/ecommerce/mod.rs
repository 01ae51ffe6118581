//! Profit sharing of e-commerce (电商收付通分账): a sub-merchant's order, frozen by `profit_sharing`, is divided.
//!
//! Sharing is asynchronous: the response says that it was accepted. What counts is the `result` of each receiver in the
//! response of a query; `FINISHED` means executed, not successful. The same number with the same receivers is the same share;
//! with others it is refused. Every share and the call that ends sharing need numbers of their own: ending under the number
//! of a share responses success and **releases nothing**.
//!
//! At least one minute after the payment; at most 50 shares with 50 receivers per order; unshared money is released by
//! itself after 180 days. 2000 requests per second for a platform, 300 for a sub-merchant.
//!
//! Pages: 请求分账, 查询分账结果, 请求分账回退, 查询分账回退结果, 完结分账, 查询订单剩余待分金额, 添加分账接收方, 删除分账接收方.

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
