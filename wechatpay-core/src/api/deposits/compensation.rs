//! Compensations as WeChat Pay reports them.

use wechatpay_macros::{Response, open_enum};

use super::{CompensationId, CompensationNo, PaymentType, ReceiverType};
use crate::types::{Appid, DateTime, Fen, Mchid, Openid};

/// State of a compensation (赔付状态).
#[open_enum]
pub enum CompensationState {
    /// Accepted.
    Accepted = "ACCEPTED",
    /// Paid.
    Success = "SUCCESS",
    /// Closed without a payment.
    Closed = "CLOSED",
    /// The user may confirm.
    WaitUserConfirm = "WAIT_USER_CONFIRM",
    /// Being cancelled.
    Cancelling = "CANCELING",
    /// Cancelled.
    Cancelled = "CANCELLED",
}

/// Kind of compensation (业务类型).
#[open_enum]
pub enum BusinessType {
    /// From a deposit.
    Deposit = "DEPOSIT_COMPENSATION",
    /// After sales, from the platform.
    PlatformAfterSales = "PLATFORM_AFTER_SALES_COMPENSATION",
    /// Claim on an insurance.
    InsuranceClaim = "INSURANCE_CLAIM",
    /// After sales, from a deposit.
    DepositAfterSales = "DEPOSIT_AFTER_SALES_COMPENSATION",
}

/// A compensation.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Compensation {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// State.
    #[response(required)]
    pub state: CompensationState,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// The platform merchant.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant; for a deposit, or a claim.
    pub sub_mchid: Option<Mchid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// Merchant that paid.
    pub sponsor_mchid: Option<Mchid>,
    /// Kind of compensation; for a deduction.
    pub business_type: Option<BusinessType>,
    /// Receiver.
    pub receiver_detail: Option<ReceiverDetail>,
    /// Reason.
    pub transfer_remark: Option<String>,
    /// Remark for the receiver; for a deduction.
    pub receiver_remark: Option<String>,
    /// Time of the acceptance.
    pub accept_time: Option<DateTime>,
    /// Time of the payment.
    pub success_time: Option<DateTime>,
    /// Its end, if it was closed.
    pub close_info: Option<CloseInfo>,
}

/// End of a compensation without a payment (关单信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CloseInfo {
    /// Time.
    pub close_time: Option<DateTime>,
    /// Time, under the name that it has for claims.
    pub accept_time: Option<DateTime>,
    /// Reason.
    pub close_reason: Option<String>,
}

/// Receiver of a compensation (转账接收方信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReceiverDetail {
    /// Receiver.
    pub receiver: Option<PaidReceiver>,
}

/// Receiver of a compensation, by its kind (转账接收者信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PaidReceiver {
    /// Kind of receiver.
    #[serde(rename = "type")]
    pub receiver_type: Option<ReceiverType>,
    /// Payment of the order.
    pub transaction_info: Option<PaidPayment>,
    /// User.
    pub user_info: Option<PaidUser>,
    /// Merchant.
    pub mch_info: Option<PaidMerchant>,
}

/// Payment that a compensation belongs to (转账接收方订单信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PaidPayment {
    /// Number of the payment.
    pub transaction_id: Option<String>,
    /// Kind of payment.
    #[serde(rename = "type")]
    pub payment_type: Option<PaymentType>,
}

/// User who received the money (转账接收方用户).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PaidUser {
    /// User under the platform's app.
    pub sp_openid: Option<Openid>,
}

/// Merchant that received the money (转账接收方商户信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PaidMerchant {
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// The merchant, under the name that it has for deductions.
    pub mch_id: Option<Mchid>,
}

/// A compensation whose money is locked until the payer confirms.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PendingCompensation {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// The sub-merchant; for a claim.
    pub sub_mchid: Option<Mchid>,
    /// Time of the acceptance.
    pub accept_time: Option<DateTime>,
    /// Package for the page in which the payer confirms.
    pub package_info: Option<String>,
}

/// A compensation that is being cancelled.
///
/// [`Cancelling`](CompensationState::Cancelling) is not the end: the payer may have confirmed in this moment. Query the
/// compensation until its state is final.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CancelledCompensation {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// State.
    #[response(required)]
    pub state: CompensationState,
    /// The sub-merchant; for a claim.
    pub sub_mchid: Option<Mchid>,
    /// Time of the acceptance of the cancellation.
    pub cancel_accept_time: Option<DateTime>,
}
