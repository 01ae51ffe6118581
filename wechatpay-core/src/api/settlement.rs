//! Settlement account (结算账户) of a sub-merchant: change and query.
//!
//! At most five changes per day for a sub-merchant, 20 per minute in total.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::settlement::{ModifySettlement, SettlementAccountType, SettlementApplication};
//!
//! // The account number is plain text here; the client encrypts it before it signs the request.
//! let change = ModifySettlement::new(
//!     "1900000109".parse()?, SettlementAccountType::Business, "工商银行", "110000", "6222000000000000000",
//! );
//! assert!(serde_json::to_string(&change).is_err(), "plain text is never serialised");
//!
//! // The client returns an `Option<SettlementApplication>`; older versions of the API return no body.
//! let accepted: SettlementApplication = serde_json::from_str(r#"{"application_no":"102329389XXXX"}"#)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 修改结算账户, 查询结算账户, 查询结算账户修改申请状态.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, Mchid, Redacted, Sensitive, SettlementApplicationNo};

/// Mode of the change (修改模式).
#[open_enum]
pub enum ModifyMode {
    /// Asynchronous: accepted first, decided later.
    Async = "MODIFY_MODE_ASYNC",
}

/// Owner of the account (账户类型).
#[open_enum]
pub enum SettlementAccountType {
    /// Corporate account.
    Business = "ACCOUNT_TYPE_BUSINESS",
    /// Personal account.
    Private = "ACCOUNT_TYPE_PRIVATE",
}

/// Result of a transfer to the account, or of the review (验证结果, 审核状态).
#[open_enum]
pub enum VerifyResult {
    /// Transfer succeeded.
    VerifySuccess = "VERIFY_SUCCESS",
    /// Transfer failed.
    VerifyFail = "VERIFY_FAIL",
    /// Transfer in progress.
    Verifying = "VERIFYING",
    /// Change approved.
    AuditSuccess = "AUDIT_SUCCESS",
    /// Change under manual review.
    Auditing = "AUDITING",
    /// Change rejected.
    AuditFail = "AUDIT_FAIL",
}

/// Masking of an account number (银行账号显示规则).
#[open_enum]
pub enum AccountNumberRule {
    /// Older mask.
    MaskV1 = "ACCOUNT_NUMBER_RULE_MASK_V1",
    /// Newer mask.
    MaskV2 = "ACCOUNT_NUMBER_RULE_MASK_V2",
}

/// Changes the settlement account (修改结算账户).
///
/// `POST /v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement`.
///
/// The request carries no merchant number: if the response is lost, query the account before you send it again.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
    response = Option<SettlementApplication>
)]
#[request(new = "Creates a change from a plain account number; the client encrypts it.")]
#[non_exhaustive]
pub struct ModifySettlement {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Owner of the account.
    pub account_type: SettlementAccountType,
    /// Name of the bank, up to 128 characters.
    #[request(into)]
    pub account_bank: String,
    /// Area code of the bank's city.
    #[request(into)]
    pub bank_address_code: String,
    /// Number; sent encrypted.
    #[request(into)]
    pub account_number: Sensitive,
    /// Mode of the change.
    pub modify_mode: Option<ModifyMode>,
    /// Full bank name with its branch, up to 128 characters.
    pub bank_name: Option<String>,
    /// Branch code (联行号), up to 128 characters.
    pub bank_branch_id: Option<String>,
    /// Account holder; sent encrypted.
    pub account_name: Option<Sensitive>,
}

/// An accepted change.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementApplication {
    /// WeChat Pay's number of the change, for [`QueryApplication`].
    pub application_no: SettlementApplicationNo,
}

/// Queries the settlement account (查询结算账户).
///
/// `GET /v3/apply4sub/sub_merchants/{sub_mchid}/settlement`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement", response = SettlementAccount)]
#[request(new = "Creates the request for the account of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySettlement {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Masking of the account number.
    pub account_number_rule: Option<AccountNumberRule>,
}

/// Bank account for settlement.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementAccount {
    /// Result of a transfer to the account.
    pub verify_result: VerifyResult,
    /// Owner of the account.
    pub account_type: SettlementAccountType,
    /// Masked account number.
    pub account_number: Option<Redacted>,
    /// Name of the bank.
    pub account_bank: Option<String>,
    /// Full bank name with its branch.
    pub bank_name: Option<String>,
    /// Branch code (联行号).
    pub bank_branch_id: Option<String>,
    /// Area code of the bank's city; not on every page.
    pub bank_address_code: Option<String>,
    /// Reason why the transfer failed.
    pub verify_fail_reason: Option<String>,
}

/// Queries the state of a change (查询结算账户修改申请状态).
///
/// `GET /v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}",
    response = SettlementChange
)]
#[request(new = "Creates the request for the change `application_no` of the account of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryApplication {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's number of the change.
    pub application_no: SettlementApplicationNo,
    /// Masking of the account number.
    pub account_number_rule: Option<AccountNumberRule>,
}

/// A change of the settlement account.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementChange {
    /// State of the change.
    pub verify_result: VerifyResult,
    /// Owner of the account.
    pub account_type: SettlementAccountType,
    /// Masked account number.
    pub account_number: Option<Redacted>,
    /// Masked account holder.
    pub account_name: Option<Redacted>,
    /// Name of the bank.
    pub account_bank: Option<String>,
    /// Full bank name with its branch.
    pub bank_name: Option<String>,
    /// Branch code (联行号).
    pub bank_branch_id: Option<String>,
    /// Reason of the rejection.
    pub verify_fail_reason: Option<String>,
    /// Time of the decision.
    pub verify_finish_time: Option<DateTime>,
}
