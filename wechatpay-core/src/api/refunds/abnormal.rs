//! A refund that could not be paid out.

use wechatpay_macros::{Endpoint, open_enum};

use super::Refund;
use crate::types::{Mchid, OutRefundNo, RefundId, Sensitive};

/// Destination of an abnormal refund (异常退款处理方式).
#[open_enum]
pub enum AbnormalRefundType {
    /// To a bank card of the payer's, which must be given.
    UserBankCard = "USER_BANK_CARD",
    /// To the merchant's bank card; the merchant then pays the payer.
    MerchantBankCard = "MERCHANT_BANK_CARD",
}

/// Has a refund of state `ABNORMAL` paid out in another way (发起异常退款):
/// `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`.
///
/// May be repeated unchanged: it is about one refund, which is paid out once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
    response = Refund, idempotency = ByNumber, echo(refund_id, out_refund_no)
)]
#[request(new = "The refund of these two numbers.")]
#[non_exhaustive]
pub struct ApplyAbnormal {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Destination of the money.
    #[serde(rename = "type")]
    pub kind: AbnormalRefundType,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
    /// The bank of the card, up to 16 characters: `ICBC_DEBIT`, ….
    pub bank_type: Option<String>,
    /// Number of the card; travels encrypted.
    pub bank_account: Option<Sensitive>,
    /// Name of its holder; travels encrypted.
    pub real_name: Option<Sensitive>,
}
