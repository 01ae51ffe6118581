//! Abnormal refunds: refunds that could not be paid out.

use wechatpay_macros::Endpoint;

use super::{Refund, RefundedPayee};
use crate::{
    api::refunds::AbnormalRefundType,
    types::{OutRefundNo, RefundId, Sensitive},
};

/// Pays out an `ABNORMAL` refund in another way (发起异常退款).
///
/// `POST /v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund`. Outside e-commerce:
/// [`refunds::ApplyAbnormal`](crate::api::refunds::ApplyAbnormal).
///
/// Safe to retry unchanged: it concerns one refund, which is paid out once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund",
    response = Refund, idempotency = ByNumber, echo(refund_id, out_refund_no)
)]
#[request(new = "Creates the request for the refund with these two numbers.")]
#[non_exhaustive]
pub struct ApplyAbnormal {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Destination of the money.
    #[serde(rename = "type")]
    pub kind: AbnormalRefundType,
    /// Bank of the card, up to 16 characters: `ICBC_DEBIT`, ….
    pub bank_type: Option<String>,
    /// Card number; sent encrypted.
    pub bank_account: Option<Sensitive>,
    /// Card holder; sent encrypted.
    pub real_name: Option<Sensitive>,
}
