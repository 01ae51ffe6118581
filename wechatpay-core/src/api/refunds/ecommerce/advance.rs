//! The amount that the platform advanced for a refund and takes back from the sub-merchant (垫付回补).

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{AdvanceReturnId, DateTime, Fen, Mchid, RefundId};

/// Result of taking an advance back (回补结果).
#[open_enum]
pub enum AdvanceReturnResult {
    /// The platform has the money.
    Success = "SUCCESS",
    /// It could not be taken.
    Failed = "FAILED",
    /// Under way.
    Processing = "PROCESSING",
}

/// An account that an advance is returned from or to.
#[open_enum]
pub enum AdvanceAccount {
    /// The basic account.
    Basic = "BASIC",
    /// The operating account.
    Operation = "OPERATION",
}

/// Takes back from the sub-merchant what the platform advanced for a refund (垫付退款回补):
/// `POST /v3/ecommerce/refunds/{refund_id}/return-advance`.
///
/// May be repeated unchanged: a refund has one advance, which is returned once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/{refund_id}/return-advance",
    response = AdvanceReturn, idempotency = ByNumber, echo(refund_id)
)]
#[request(new = "The advance for the refund `refund_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct ReturnAdvance {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Queries how taking an advance back went (查询垫付回补结果): `GET /v3/ecommerce/refunds/{refund_id}/return-advance`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/refunds/{refund_id}/return-advance",
    response = AdvanceReturn, echo(refund_id)
)]
#[request(new = "The advance for the refund `refund_id` of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryAdvanceReturn {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// An advance on its way back.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AdvanceReturn {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The platform's number of the return.
    pub advance_return_id: AdvanceReturnId,
    /// Result.
    pub result: AdvanceReturnResult,
    /// Who returns it.
    pub payer_mchid: Option<Mchid>,
    /// From which account.
    pub payer_account: Option<AdvanceAccount>,
    /// Who gets it.
    pub payee_mchid: Option<Mchid>,
    /// To which account.
    pub payee_account: Option<AdvanceAccount>,
    /// When it arrived.
    pub success_time: Option<DateTime>,
    /// Returned amount in fen.
    pub return_amount: Option<Fen>,
}
