//! State of a closing with a payout, and the check before it.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{ClosingRequestNo, PayoutWish};
use crate::types::{DateTime, Fen, Mchid};

/// State of a closing with a payout (注销提现申请单状态).
#[open_enum]
pub enum ClosingState {
    /// Accepted.
    Accepted = "ACCEPTED",
    /// Being reviewed.
    Reviewing = "REVIEWING",
    /// Rejected.
    Rejected = "REJECTED",
    /// The merchant may confirm.
    WaitingMerchantConfirm = "WAITING_MERCHANT_CONFIRM",
    /// Revoked, such as without a confirmation within 30 days.
    Revoked = "REVOKED",
    /// Being processed.
    SystemProcessing = "SYSTEM_PROCESSING",
    /// The merchant is closed.
    Canceled = "CANCELED",
    /// The balances are being paid.
    FundProcessing = "FUND_PROCESSING",
    /// Completed.
    Finish = "FINISH",
}

/// State of all payouts of a closing (提现状态).
#[open_enum]
pub enum PayoutState {
    /// Being paid.
    Processing = "WITHDRAW_PROCESSING",
    /// Some payment did not succeed.
    Exception = "WITHDRAW_EXCEPTION",
    /// Paid.
    Succeed = "WITHDRAW_SUCCEED",
}

/// Account of a sub-merchant at WeChat Pay (二级商户号的出款子账户类型).
#[open_enum]
pub enum OutAccountType {
    /// Basic account.
    Basic = "BASIC_ACCOUNT",
    /// Operating account.
    Operate = "OPERATE_ACCOUNT",
    /// Deposit account.
    Margin = "MARGIN_ACCOUNT",
    /// Fee account.
    TradeFee = "TRADE_FEE_ACCOUNT",
}

/// State of the payout of an account (付款状态).
#[open_enum]
pub enum PayState {
    /// Being paid.
    Processing = "PAY_PROCESSING",
    /// Paid.
    Succeed = "PAY_SUCCEED",
    /// Failed.
    Fail = "PAY_FAIL",
    /// Returned by the bank.
    BankRefunded = "BANK_REFUNDED",
}

/// Payout of an account (账户提现结果).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AccountPayout {
    /// Account.
    #[response(required)]
    pub out_account_type: OutAccountType,
    /// State.
    #[response(required)]
    pub pay_state: PayState,
    /// Description of the state.
    pub state_description: Option<String>,
}

/// Balance of an account (账户信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AccountBalance {
    /// Account.
    #[response(required)]
    pub out_account_type: OutAccountType,
    /// Amount in fen.
    pub amount: Fen,
}

/// Page on which the merchant confirms (用于引导商户超级管理员确认注销的信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ConfirmCancel {
    /// Address for the merchant's administrator.
    pub confirm_cancel_url: Option<String>,
}

/// Queries a closing with a payout by the merchant's number (商户注销提现申请单号查询申请单状态).
///
/// `GET /v3/ecommerce/account/apply-cancel-withdraw/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/account/apply-cancel-withdraw/out-request-no/{out_request_no}",
    response = PayoutClosing, echo(out_request_no)
)]
#[request(new = "Creates the request for the closing `out_request_no`.")]
#[non_exhaustive]
pub struct QueryPayoutByOutRequestNo {
    /// Merchant's number of the closing.
    pub out_request_no: ClosingRequestNo,
}

/// Queries a closing with a payout by WeChat Pay's number (微信支付注销提现申请单号查询申请单状态).
///
/// `GET /v3/ecommerce/account/apply-cancel-withdraw/applyment-id/{applyment_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/account/apply-cancel-withdraw/applyment-id/{applyment_id}",
    response = PayoutClosing, echo(applyment_id)
)]
#[request(new = "Creates the request for the closing `applyment_id`.")]
#[non_exhaustive]
pub struct QueryPayoutByApplymentId {
    /// WeChat Pay's number of the closing.
    #[request(into)]
    pub applyment_id: String,
}

/// A closing with a payout.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PayoutClosing {
    /// WeChat Pay's number of the closing.
    pub applyment_id: String,
    /// Merchant's number of the closing.
    pub out_request_no: ClosingRequestNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// State.
    #[response(required)]
    pub cancel_state: ClosingState,
    /// Description of the state.
    pub cancel_state_description: Option<String>,
    /// Wish for a payout.
    pub withdraw: Option<PayoutWish>,
    /// State of all payouts.
    pub withdraw_state: Option<PayoutState>,
    /// Payout of each account.
    pub account_withdraw_result: Vec<AccountPayout>,
    /// Balance of each account.
    pub account_info: Vec<AccountBalance>,
    /// Page on which the merchant confirms.
    pub confirm_cancel: Option<ConfirmCancel>,
    /// Time of the last change.
    pub modify_time: Option<DateTime>,
}

/// State of a sub-merchant (商户状态).
#[open_enum]
pub enum MerchantState {
    /// Open.
    Normal = "NORMAL",
    /// Closed.
    Cancelled = "HAS_BEEN_CANCELLED",
}

/// Result of the check before a closing (注销资格检查结果).
#[open_enum]
pub enum ValidationResult {
    /// The platform may apply.
    Allowed = "ALLOW_CANCEL_WITHDRAW",
    /// The platform may not apply.
    NotAllowed = "NOT_ALLOW_CANCEL_WITHDRAW",
}

/// Kind of reason against a closing (不可发起注销原因).
#[open_enum]
pub enum BlockType {
    /// Complaints of consumers are open.
    Complaint = "CONSUMER_COMPLAINT_UNPROCESSED",
    /// A limitation forbids it.
    Control = "HAS_BLOCKING_CONTROL",
    /// Funds are being processed.
    FundsPending = "FUNDS_PENDING_PROCESSING",
    /// Any other.
    AnyOther = "OTHER_REASON",
}

/// Reason against a closing (不可发起注销原因).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BlockReason {
    /// Kind of reason.
    #[serde(rename = "type")]
    pub block_type: Option<BlockType>,
    /// Description.
    pub description: Option<String>,
}

/// Checks whether a closing with a payout is allowed (商户注销资格校验).
///
/// `GET /v3/ecommerce/account/apply-cancel-withdraw/validate-cancel/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/account/apply-cancel-withdraw/validate-cancel/{sub_mchid}",
    response = Validated, echo(sub_mchid)
)]
#[request(new = "Creates the request for `sub_mchid`.")]
#[non_exhaustive]
pub struct Validate {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Result of a check before a closing.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Validated {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Result.
    #[response(required)]
    pub validate_result: ValidationResult,
    /// State of the sub-merchant.
    pub merchant_state: Option<MerchantState>,
    /// Balance of each account.
    pub account_info: Vec<AccountBalance>,
    /// Reasons against a closing.
    pub block_reasons: Vec<BlockReason>,
}
