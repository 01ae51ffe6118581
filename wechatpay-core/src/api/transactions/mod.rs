//! Orders (订单): query and close, of a direct merchant and of a service provider or e-commerce platform; and the
//! transaction that query and notification share. A provider gives both ids, its own and the sub-merchant's.
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
