//! Words that both families of profit sharing use.

use serde::Serialize;
use wechatpay_macros::{SensitiveFields, open_enum};

use crate::{
    api::EchoMismatch,
    types::{OutOrderNo, SharingOrderId},
};

/// Kind of a receiver's account (分账接收方类型).
#[open_enum]
pub enum ReceiverType {
    /// The id of a merchant.
    MerchantId = "MERCHANT_ID",
    /// A person's openid below the caller's app.
    PersonalOpenid = "PERSONAL_OPENID",
    /// A person's openid below the sub-merchant's app; not in e-commerce.
    PersonalSubOpenid = "PERSONAL_SUB_OPENID",
}

/// State of a share (分账单状态). Executed does not mean successful: look at each receiver.
///
/// The sources have three lists of values; this is all of them.
#[open_enum]
pub enum SharingStatus {
    /// Under way.
    Processing = "PROCESSING",
    /// Executed.
    Finished = "FINISHED",
    /// Accepted.
    Accepted = "ACCEPTED",
    /// Closed.
    Closed = "CLOSED",
    /// Not executed yet.
    Pending = "PENDING",
    /// Executed with success.
    Success = "SUCCESS",
    /// Given to the sub-merchant after it failed.
    Adjust = "ADJUST",
    /// Returned.
    Returned = "RETURNED",
}

/// Result of a share for one receiver (分账结果). This decides.
#[open_enum]
pub enum ShareResult {
    /// Not yet.
    Pending = "PENDING",
    /// The receiver has the money.
    Success = "SUCCESS",
    /// It will not get it.
    Closed = "CLOSED",
    /// Given to the sub-merchant after it failed; older responses.
    Adjust = "ADJUST",
    /// Returned; older responses.
    Returned = "RETURNED",
}

/// Why a receiver did not get its share (分账失败原因).
#[open_enum]
pub enum ShareFailReason {
    /// The receiver's account is abnormal.
    AccountAbnormal = "ACCOUNT_ABNORMAL",
    /// The receiver was removed.
    NoRelation = "NO_RELATION",
    /// The receiver is a high risk.
    ReceiverHighRisk = "RECEIVER_HIGH_RISK",
    /// The receiver's name was not verified.
    ReceiverRealNameNotVerified = "RECEIVER_REAL_NAME_NOT_VERIFIED",
    /// There is no permission.
    NoAuth = "NO_AUTH",
    /// The receiver may not receive more.
    ReceiverReceiptLimit = "RECEIVER_RECEIPT_LIMIT",
    /// The payer's account is abnormal.
    PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL",
    /// The description has forbidden words.
    InvalidRequest = "INVALID_REQUEST",
}

/// Result of the return of a share (回退结果).
#[open_enum]
pub enum ReturnResult {
    /// Under way; repeat it under its number, or ask.
    Processing = "PROCESSING",
    /// The money is back.
    Success = "SUCCESS",
    /// It is not coming back.
    Failed = "FAILED",
}

/// Why the return of a share failed (失败原因).
#[open_enum]
pub enum ReturnFailReason {
    /// The account it was to come from is abnormal.
    AccountAbnormal = "ACCOUNT_ABNORMAL",
    /// Nothing happened for too long.
    TimeOutClosed = "TIME_OUT_CLOSED",
    /// The account it was to go to is abnormal.
    PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL",
    /// The request is not valid.
    InvalidRequest = "INVALID_REQUEST",
    /// The account it was to come from has too little; not in e-commerce.
    BalanceNotEnough = "BALANCE_NOT_ENOUGH",
}

/// A share, by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(rename_all = "snake_case")]
pub enum SharedOrder {
    /// By the platform's number.
    OrderId(SharingOrderId),
    /// By the merchant's number.
    OutOrderNo(OutOrderNo),
}

impl SharedOrder {
    /// Passes unless the response names another share.
    pub(crate) fn may_be(
        &self,
        order_id: Option<&SharingOrderId>,
        out_order_no: Option<&OutOrderNo>,
    ) -> Result<(), EchoMismatch> {
        match (self, order_id, out_order_no) {
            (Self::OrderId(sent), Some(answered), _) => EchoMismatch::compare("order_id", sent, answered),
            (Self::OutOrderNo(sent), _, Some(answered)) => {
                EchoMismatch::compare("out_order_no", sent, answered)
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
