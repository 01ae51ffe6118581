//! Abnormal refunds: refunds that could not be paid out.

use wechatpay_macros::{Endpoint, open_enum};

use super::Refund;
use crate::types::{Mchid, OutRefundNo, RefundId, Sensitive};

/// Destination of an abnormal refund (异常退款处理方式).
#[open_enum]
pub enum AbnormalRefundType {
    /// Payer's bank card, which the request must contain.
    UserBankCard = "USER_BANK_CARD",
    /// Merchant's bank card; the merchant then pays the payer.
    MerchantBankCard = "MERCHANT_BANK_CARD",
}

/// Pays out an `ABNORMAL` refund in another way (发起异常退款).
///
/// `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`. For e-commerce:
/// [`ecommerce::ApplyAbnormal`](super::ecommerce::ApplyAbnormal).
///
/// Safe to retry unchanged: it concerns one refund, which is paid out once.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
    response = Refund, idempotency = ByNumber, echo(refund_id, out_refund_no)
)]
#[request(new = "Creates the request for the refund with these two numbers.")]
#[non_exhaustive]
pub struct ApplyAbnormal {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Destination of the money.
    #[serde(rename = "type")]
    pub kind: AbnormalRefundType,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Bank of the card, up to 16 characters: `ICBC_DEBIT`, ….
    pub bank_type: Option<String>,
    /// Card number; sent encrypted.
    pub bank_account: Option<Sensitive>,
    /// Card holder; sent encrypted.
    pub real_name: Option<Sensitive>,
}
