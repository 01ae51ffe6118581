//! Return of money that the e-commerce platform advanced for a refund (垫付回补).

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{AdvanceReturnId, DateTime, Fen, Mchid, RefundId};

/// Result of returning an advance (回补结果).
#[open_enum]
pub enum AdvanceReturnResult {
    /// Returned to the e-commerce platform.
    Success = "SUCCESS",
    /// Not returned.
    Failed = "FAILED",
    /// In progress.
    Processing = "PROCESSING",
}

/// Account that an advance is returned from or to.
#[open_enum]
pub enum AdvanceAccount {
    /// Basic account.
    Basic = "BASIC",
    /// Operating account.
    Operation = "OPERATION",
}

/// Takes the advance for a refund back from the sub-merchant (垫付退款回补).
///
/// `POST /v3/ecommerce/refunds/{refund_id}/return-advance`.
///
/// Safe to retry unchanged: a refund has one advance, which is returned once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/{refund_id}/return-advance",
    response = AdvanceReturn, idempotency = ByNumber, echo(refund_id)
)]
#[request(new = "Creates the request for the advance for the refund `refund_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct ReturnAdvance {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries the return of an advance (查询垫付回补结果).
///
/// `GET /v3/ecommerce/refunds/{refund_id}/return-advance`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/refunds/{refund_id}/return-advance",
    response = AdvanceReturn, echo(refund_id)
)]
#[request(new = "Creates the request for the advance for the refund `refund_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryAdvanceReturn {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Return of an advance, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AdvanceReturn {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// WeChat Pay's number of the return.
    pub advance_return_id: AdvanceReturnId,
    /// Result.
    pub result: AdvanceReturnResult,
    /// Merchant that returns the advance.
    pub payer_mchid: Option<Mchid>,
    /// Debited account.
    pub payer_account: Option<AdvanceAccount>,
    /// Merchant that receives it.
    pub payee_mchid: Option<Mchid>,
    /// Credited account.
    pub payee_account: Option<AdvanceAccount>,
    /// Time of arrival.
    pub success_time: Option<DateTime>,
    /// Returned amount in fen.
    pub return_amount: Option<Fen>,
}
