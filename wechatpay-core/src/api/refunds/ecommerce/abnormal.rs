//! A refund that could not be paid out.

use wechatpay_macros::Endpoint;

use super::{Refund, RefundedPayee};
use crate::{
    api::refunds::AbnormalRefundType,
    types::{OutRefundNo, RefundId, Sensitive},
};

/// Has a refund of state `ABNORMAL` paid out in another way (发起异常退款):
/// `POST /v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund`.
///
/// May be repeated unchanged: it is about one refund, which is paid out once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund",
    response = Refund, idempotency = ByNumber, echo(refund_id, out_refund_no)
)]
#[request(new = "The refund of these two numbers.")]
#[non_exhaustive]
pub struct ApplyAbnormal {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Destination of the money.
    #[serde(rename = "type")]
    pub kind: AbnormalRefundType,
    /// The bank of the card, up to 16 characters: `ICBC_DEBIT`, ….
    pub bank_type: Option<String>,
    /// Number of the card; travels encrypted.
    pub bank_account: Option<Sensitive>,
    /// Name of its holder; travels encrypted.
    pub real_name: Option<Sensitive>,
}
