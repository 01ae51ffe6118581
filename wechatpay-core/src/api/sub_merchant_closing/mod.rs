//! Closing of sub-merchants (二级商户注销) (feature `sub-merchant-closing`).
//!
//! [`Apply`] closes a sub-merchant, with pictures of the application ([`UPLOAD`]).
//!
//! [`ApplyPayout`] is for a sub-merchant under a limitation that cannot be lifted, such as one whose licence was revoked:
//! its balances are paid to a bank account. [`Validate`] tells before whether the platform may apply. After the review
//! the merchant confirms within 30 days, or the platform [confirms](Confirm) for it.
//!
//! The same number is the same closing. If a response was lost, query it or send the request again under its number.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, sub_merchant_closing::{
//!     AccountType, ApplyPayout, BankAccount, ClosingState, Payee, PayoutClosing, PayoutWish, QueryPayoutByOutRequestNo,
//! }};
//! use wechatpay_core::types::Mchid;
//!
//! let sub_mchid: Mchid = "1900000109".parse()?;
//! let account = BankAccount::new("温州名优贸易", "工商银行", "6222021234567890123"); // name and number are sent encrypted
//! let apply = ApplyPayout::new(sub_mchid, "P202410241010125346".parse()?, Payee::new(AccountType::Corporate, account))
//!     .withdraw(PayoutWish::Apply);
//! assert_eq!(apply.idempotency(), Idempotency::ByNumber);
//!
//! // Later: the client returns a `PayoutClosing`.
//! let query = QueryPayoutByOutRequestNo::new(apply.out_request_no.clone());
//! let closing: PayoutClosing = serde_json::from_str(
//!     r#"{"applyment_id":"X202410241010125346","out_request_no":"P202410241010125346","sub_mchid":"1900000109",
//!         "cancel_state":"WAITING_MERCHANT_CONFIRM","confirm_cancel":{"confirm_cancel_url":"https://pay.example/c"}}"#)?;
//! query.check_echo(&closing)?;
//! assert_eq!(closing.cancel_state, ClosingState::WaitingMerchantConfirm);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 商户注销资格校验, 提交注销提现申请, 平台代商户确认注销, 商户注销提现申请单号查询申请单状态, 微信支付注销提现申请单号查询申请单状态,
//! 注销申请图片上传, 提交注销申请单, 查询注销单状态.

mod closing;
mod ids;
mod payout;
mod query;

pub use closing::{Apply, Closing, Material, MaterialType, Query, SimpleClosingState, UPLOAD};
pub use ids::{ClosingApplyNo, ClosingRequestNo};
pub use payout::{
    AccountType, AppliedPayout, ApplyPayout, BankAccount, Confirm, Confirmed, Identity, IdentityType, Payee,
    PayoutWish, Proof, ProofType,
};
pub use query::{
    AccountBalance, AccountPayout, BlockReason, BlockType, ClosingState, ConfirmCancel, MerchantState,
    OutAccountType, PayState, PayoutClosing, PayoutState, QueryPayoutByApplymentId,
    QueryPayoutByOutRequestNo, Validate, Validated, ValidationResult,
};
