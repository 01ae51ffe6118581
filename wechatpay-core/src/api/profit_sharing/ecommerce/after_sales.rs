//! Service fees for after-sales work (售后服务分账), for ticketing.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::profit_sharing::ShareFailReason,
    types::{DateTime, Fen, Mchid, RefundId, TransactionId},
};

/// Kind of fee (类型).
#[open_enum]
pub enum AfterSalesType {
    /// Service fee.
    ServiceFeeIncome = "SERVICE_FEE_INCOME",
}

/// Scene of the after-sales work (场景).
#[open_enum]
pub enum AfterSalesScene {
    /// Ticket refund.
    RefundTicket = "REFUND_TICKET",
    /// Ticket change.
    ChangeTicket = "CHANGE_TICKET",
    /// Return of goods.
    ReturnGoods = "RETURN_GOODS",
}

/// Result (分账结果).
#[open_enum]
pub enum AfterSalesResult {
    /// In progress.
    Processing = "PROCESSING",
    /// Fee paid.
    Success = "SUCCESS",
    /// Fee not paid.
    Failed = "FAILED",
}

/// Charges a service fee for after-sales work (请求售后服务分账).
///
/// `POST /v3/ecommerce/profitsharing/after-sales-orders`.
///
/// The request carries **no merchant number**: if the response is lost, query with [`QueryAfterSalesOrder`] before you
/// send it again.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/after-sales-orders",
    response = CreatedAfterSalesOrder, echo(sub_mchid, transaction_id), echo_if_present(amount)
)]
#[request(new = "Creates a fee of `amount`.")]
#[non_exhaustive]
pub struct CreateAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Kind of fee.
    #[serde(rename = "type")]
    pub kind: AfterSalesType,
    /// Scene.
    pub scene: AfterSalesScene,
    /// Refund that the fee belongs to.
    pub refund_id: Option<RefundId>,
}

/// Response to [`CreateAfterSalesOrder`].
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CreatedAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Fee in fen; missing in some sources.
    pub amount: Option<Fen>,
}

/// Queries a service fee (查询售后服务分账结果).
///
/// `GET /v3/ecommerce/profitsharing/after-sales-orders`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/after-sales-orders",
    response = AfterSalesOrder, echo(sub_mchid)
)]
#[request(new = "Creates the request for the fee of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryAfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: Option<TransactionId>,
}

/// A service fee, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AfterSalesOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Result.
    pub result: AfterSalesResult,
    /// WeChat Pay's number: of the share on one page, of the payment on another.
    pub transaction_id: Option<TransactionId>,
    /// Failure reason.
    pub fail_reason: Option<ShareFailReason>,
    /// Time of completion.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}
