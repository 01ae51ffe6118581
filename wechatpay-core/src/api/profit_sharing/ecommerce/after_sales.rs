//! A service fee for after-sales work (售后服务分账), for ticketing.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::profit_sharing::ShareFailReason,
    types::{DateTime, Fen, Mchid, RefundId, TransactionId},
};

/// Kind of the money (类型).
#[open_enum]
pub enum AfterSalesType {
    /// A service fee.
    ServiceFeeIncome = "SERVICE_FEE_INCOME",
}

/// Scene (场景).
#[open_enum]
pub enum AfterSalesScene {
    /// A ticket was given back.
    RefundTicket = "REFUND_TICKET",
    /// A ticket was changed.
    ChangeTicket = "CHANGE_TICKET",
    /// Goods were returned.
    ReturnGoods = "RETURN_GOODS",
}

/// Result (分账结果).
#[open_enum]
pub enum AfterSalesResult {
    /// Under way.
    Processing = "PROCESSING",
    /// The platform has the fee.
    Success = "SUCCESS",
    /// It could not be had.
    Failed = "FAILED",
}

/// Shares a service fee for after-sales work (请求售后服务分账): `POST /v3/ecommerce/profitsharing/after-sales-orders`.
///
/// It carries **no number of the merchant's**: when a response is lost, ask with [`QueryAfterSalesOrder`] before you
/// repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/after-sales-orders",
    response = CreatedAfterSalesOrder, echo(sub_mchid, transaction_id), echo_if_present(amount)
)]
#[request(new = "A fee of `amount` fen.")]
#[non_exhaustive]
pub struct CreateAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Kind of the money.
    #[serde(rename = "type")]
    pub kind: AfterSalesType,
    /// Scene.
    pub scene: AfterSalesScene,
    /// The refund it belongs to.
    pub refund_id: Option<RefundId>,
}

/// The response to [`CreateAfterSalesOrder`].
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CreatedAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The fee, in fen; not every source has it.
    pub amount: Option<Fen>,
}

/// Queries a service fee (查询售后服务分账结果): `GET /v3/ecommerce/profitsharing/after-sales-orders`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/after-sales-orders",
    response = AfterSalesOrder, echo(sub_mchid)
)]
#[request(new = "The fee of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: Option<TransactionId>,
}

/// A service fee at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Result.
    pub result: AfterSalesResult,
    /// The platform's number. One page calls it the number of the share, another the payment's.
    pub transaction_id: Option<TransactionId>,
    /// Why it failed.
    pub fail_reason: Option<ShareFailReason>,
    /// When it was done.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}
