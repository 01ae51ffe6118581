//! Combined orders (合单支付): several orders, of several merchants if need be, that the payer pays at once or not at all.
//!
//! One notification lists every sub-order, each with its own number of the platform; refunds, sharing and subsidies act on
//! them one by one. The ordinary query and close do not know them. There are no e-invoices, and micro merchants take no
//! part.
//!
//! Pages: 合单下单 (JSAPI, APP, H5, Native), 个人收款交易下单, 查询合单订单, 关闭合单订单, 合单支付通知.

mod close;
mod order;
mod prepay;
mod query;

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
