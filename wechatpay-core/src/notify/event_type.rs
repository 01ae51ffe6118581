//! Kinds of notification.

use wechatpay_macros::open_enum;

/// Kind of event (通知类型).
///
/// An open set: about a hundred are documented, and more are added.
#[open_enum]
pub enum EventType {
    /// A payment succeeded.
    ///
    /// Profit sharing uses the same name with another `original_type`.
    TransactionSuccess = "TRANSACTION.SUCCESS",
    /// A deduction failed.
    TransactionFail = "TRANSACTION.FAIL",
    /// A deduction was paid back.
    TransactionPayBack = "TRANSACTION.PAY_BACK",
    /// A deduction of an industry product succeeded.
    TransactionIndustrySuccess = "TRANSACTION.INDUSTRY_SUCCESS",
    /// A deduction of an industry product failed.
    TransactionIndustryFailed = "TRANSACTION.INDUSTRY_FAILED",
    /// A refund succeeded.
    RefundSuccess = "REFUND.SUCCESS",
    /// A refund could not be paid out and needs an abnormal refund.
    RefundAbnormal = "REFUND.ABNORMAL",
    /// A refund was closed.
    RefundClosed = "REFUND.CLOSED",
    /// A share arrived at its receiver.
    ProfitSharingSuccess = "PROFITSHARING.SUCCESS",
    /// A share was returned.
    ProfitSharingReturn = "PROFITSHARING.RETURN",
    /// A withdrawal changed its state.
    MchWithdrawChange = "MCHWITHDRAW.CHANGE",
    /// The self-test of signature and encryption.
    SecurityEchoSuccess = "SECURITY_ECHO.SUCCESS",
    /// A recharge arrived.
    RechargeSuccess = "RECHARGE.SUCCESS",
    /// A recharge was closed.
    RechargeClosed = "RECHARGE.CLOSED",
    /// The money of a recharge was given back.
    RechargeFundReturned = "RECHARGE.FUND_RETURNED",
    /// A settlement succeeded.
    SettlementSuccess = "SETTLEMENT.SUCCESS",
    /// A transfer is finished.
    MchTransferBillFinished = "MCHTRANSFER.BILL.FINISHED",
    /// A batch of transfers is finished.
    MchTransferBatchFinished = "MCHTRANSFER.BATCH.FINISHED",
    /// A batch of transfers was closed.
    MchTransferBatchClosed = "MCHTRANSFER.BATCH.CLOSED",
    /// Abnormal funds were transferred.
    AbnormalFundTransferSuccess = "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS",
    /// An application was approved.
    ApplymentApproved = "APPLYMENT_STATE.APPROVED",
    /// A payer made a complaint.
    ComplaintCreate = "COMPLAINT.CREATE",
    /// A complaint changed its state.
    ComplaintStateChange = "COMPLAINT.STATE_CHANGE",
    /// A sub-merchant was punished.
    ViolationPunish = "VIOLATION.PUNISH",
    /// A sub-merchant's payments were intercepted.
    ViolationIntercept = "VIOLATION.INTERCEPT",
    /// A punishment was appealed.
    ViolationAppeal = "VIOLATION.APPEAL",
    /// A payment was identified as a risk.
    RiskTradeIdentification = "RISKTRADE.IDENTIFICATION",
    /// A message for the merchant.
    MerchantNotify = "MERCHANT_NOTIFY.NOTIFY",
    /// A payer agreed to automatic deductions.
    EcommerceEntrustSign = "ECOMMERCE_ENTRUST.SIGN",
    /// A payer ended the agreement to automatic deductions.
    EcommerceEntrustTerminate = "ECOMMERCE_ENTRUST.TERMINATE",
}
