//! States, results and reasons common to both families of profit sharing.

use serde::Serialize;
use wechatpay_macros::{SensitiveFields, open_enum};

use crate::{
    api::EchoMismatch,
    types::{OutOrderNo, SharingOrderId},
};

/// Kind of a receiver's account (分账接收方类型).
#[open_enum]
pub enum ReceiverType {
    /// Merchant id.
    MerchantId = "MERCHANT_ID",
    /// Openid of a person under the caller's app.
    PersonalOpenid = "PERSONAL_OPENID",
    /// Openid of a person under the sub-merchant's app; not in e-commerce.
    PersonalSubOpenid = "PERSONAL_SUB_OPENID",
}

/// State of a share (分账单状态); executed does not mean successful.
///
/// Check the `result` of each receiver. The sources have three lists of values; this enum contains all of them.
#[open_enum]
pub enum SharingStatus {
    /// In progress.
    Processing = "PROCESSING",
    /// Executed.
    Finished = "FINISHED",
    /// Accepted.
    Accepted = "ACCEPTED",
    /// Closed.
    Closed = "CLOSED",
    /// Not executed yet.
    Pending = "PENDING",
    /// Executed successfully.
    Success = "SUCCESS",
    /// Failed; the money went to the sub-merchant.
    Adjust = "ADJUST",
    /// Returned.
    Returned = "RETURNED",
}

/// Result of a share for one receiver (分账结果); decides success.
#[open_enum]
pub enum ShareResult {
    /// Not signed.
    Pending = "PENDING",
    /// Paid to the receiver.
    Success = "SUCCESS",
    /// Closed; the receiver gets no money.
    Closed = "CLOSED",
    /// Failed; the money went to the sub-merchant; in older responses.
    Adjust = "ADJUST",
    /// Returned; in older responses.
    Returned = "RETURNED",
}

/// Failure reason of a share for one receiver (分账失败原因).
#[open_enum]
pub enum ShareFailReason {
    /// Receiver's account is abnormal.
    AccountAbnormal = "ACCOUNT_ABNORMAL",
    /// Receiver was removed.
    NoRelation = "NO_RELATION",
    /// Receiver is classified as high risk.
    ReceiverHighRisk = "RECEIVER_HIGH_RISK",
    /// Receiver's name is not verified.
    ReceiverRealNameNotVerified = "RECEIVER_REAL_NAME_NOT_VERIFIED",
    /// Missing permission.
    NoAuth = "NO_AUTH",
    /// Receiver reached its receipt limit.
    ReceiverReceiptLimit = "RECEIVER_RECEIPT_LIMIT",
    /// Payer's account is abnormal.
    PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL",
    /// Description contains forbidden words.
    InvalidRequest = "INVALID_REQUEST",
}

/// Result of the return of a share (回退结果).
#[open_enum]
pub enum ReturnResult {
    /// In progress; retry under the same number, or query.
    Processing = "PROCESSING",
    /// Returned.
    Success = "SUCCESS",
    /// Failed; the money does not return.
    Failed = "FAILED",
}

/// Failure reason of the return of a share (失败原因).
#[open_enum]
pub enum ReturnFailReason {
    /// Returning account is abnormal.
    AccountAbnormal = "ACCOUNT_ABNORMAL",
    /// Closed after a timeout.
    TimeOutClosed = "TIME_OUT_CLOSED",
    /// Receiving account is abnormal.
    PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL",
    /// Invalid request.
    InvalidRequest = "INVALID_REQUEST",
    /// Insufficient balance of the returning account; not in e-commerce.
    BalanceNotEnough = "BALANCE_NOT_ENOUGH",
}

/// A share, named by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(rename_all = "snake_case")]
pub enum SharedOrder {
    /// By WeChat Pay's number.
    OrderId(SharingOrderId),
    /// By the merchant's number.
    OutOrderNo(OutOrderNo),
}

impl SharedOrder {
    /// Succeeds unless the response names another share.
    pub(crate) fn may_be(
        &self,
        order_id: Option<&SharingOrderId>,
        out_order_no: Option<&OutOrderNo>,
    ) -> Result<(), EchoMismatch> {
        match (self, order_id, out_order_no) {
            (Self::OrderId(sent), Some(returned), _) => EchoMismatch::compare("order_id", sent, returned),
            (Self::OutOrderNo(sent), _, Some(returned)) => {
                EchoMismatch::compare("out_order_no", sent, returned)
            }
            _ => Ok(()),
        }
    }
}

impl From<SharingOrderId> for SharedOrder {
    fn from(id: SharingOrderId) -> Self {
        Self::OrderId(id)
    }
}

impl From<OutOrderNo> for SharedOrder {
    fn from(number: OutOrderNo) -> Self {
        Self::OutOrderNo(number)
    }
}
