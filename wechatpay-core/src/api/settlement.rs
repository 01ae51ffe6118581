//! The bank account that a sub-merchant is settled to (结算账户): changing it, and looking at it.
//!
//! At most five changes per day for a sub-merchant, 20 per minute in all.
//!
//! Pages: 修改结算账户, 查询结算账户, 查询结算账户修改申请状态.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, Mchid, Redacted, Sensitive, SettlementApplicationNo};

/// Mode of the change (修改模式).
#[open_enum]
pub enum ModifyMode {
    /// Accepted first and decided later.
    Async = "MODIFY_MODE_ASYNC",
}

/// Whose the account is (账户类型).
#[open_enum]
pub enum SettlementAccountType {
    /// The company's.
    Business = "ACCOUNT_TYPE_BUSINESS",
    /// A person's.
    Private = "ACCOUNT_TYPE_PRIVATE",
}

/// Result of verifying the account, by paying to it or by looking at the change (验证结果, 审核状态).
#[open_enum]
pub enum VerifyResult {
    /// Paying to it works.
    VerifySuccess = "VERIFY_SUCCESS",
    /// Paying to it fails.
    VerifyFail = "VERIFY_FAIL",
    /// Being tried.
    Verifying = "VERIFYING",
    /// The change was accepted.
    AuditSuccess = "AUDIT_SUCCESS",
    /// Somebody looks at the change.
    Auditing = "AUDITING",
    /// The change was refused.
    AuditFail = "AUDIT_FAIL",
}

/// Masking of the number of an account (银行账号显示规则).
#[open_enum]
pub enum AccountNumberRule {
    /// The older way.
    MaskV1 = "ACCOUNT_NUMBER_RULE_MASK_V1",
    /// The newer way.
    MaskV2 = "ACCOUNT_NUMBER_RULE_MASK_V2",
}

/// Changes the account (修改结算账户): `POST /v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement`.
///
/// It carries no number of the merchant's: when a response is lost, look at the account before you repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
    response = Option<SettlementApplication>
)]
#[request(new = "The new account of `sub_mchid`, its number in plain; the client encrypts it.")]
#[non_exhaustive]
pub struct ModifySettlement {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Whose the account is.
    pub account_type: SettlementAccountType,
    /// The bank, up to 128 characters.
    #[request(into)]
    pub account_bank: String,
    /// Code of the bank's city.
    #[request(into)]
    pub bank_address_code: String,
    /// The number; travels encrypted.
    #[request(into)]
    pub account_number: Sensitive,
    /// Mode of the change.
    pub modify_mode: Option<ModifyMode>,
    /// Full name of the bank with its branch, up to 128 characters.
    pub bank_name: Option<String>,
    /// Number of the branch, up to 128 characters.
    pub bank_branch_id: Option<String>,
    /// Name of the holder; travels encrypted.
    pub account_name: Option<Sensitive>,
}

/// A change that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementApplication {
    /// The platform's number of it; ask with [`QueryApplication`].
    pub application_no: SettlementApplicationNo,
}

/// Queries the account (查询结算账户): `GET /v3/apply4sub/sub_merchants/{sub_mchid}/settlement`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement", response = SettlementAccount)]
#[request(new = "The account of `sub_mchid`.")]
#[non_exhaustive]
pub struct QuerySettlement {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Masking of the number.
    pub account_number_rule: Option<AccountNumberRule>,
}

/// The account that is settled to.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementAccount {
    /// State of paying to it.
    pub verify_result: VerifyResult,
    /// Whose it is.
    pub account_type: SettlementAccountType,
    /// The number, masked.
    pub account_number: Option<Redacted>,
    /// The bank.
    pub account_bank: Option<String>,
    /// Full name of the bank with its branch.
    pub bank_name: Option<String>,
    /// Number of the branch.
    pub bank_branch_id: Option<String>,
    /// Code of the bank's city; not on every page.
    pub bank_address_code: Option<String>,
    /// Why paying to it fails.
    pub verify_fail_reason: Option<String>,
}

/// Queries how far a change is (查询结算账户修改申请状态):
/// `GET /v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}",
    response = SettlementChange
)]
#[request(new = "The change `application_no` of the account of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryApplication {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The platform's number of the change.
    pub application_no: SettlementApplicationNo,
    /// Masking of the number.
    pub account_number_rule: Option<AccountNumberRule>,
}

/// A change of the account.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SettlementChange {
    /// State of the change.
    pub verify_result: VerifyResult,
    /// Whose the account is.
    pub account_type: SettlementAccountType,
    /// The number, masked.
    pub account_number: Option<Redacted>,
    /// Name of the holder, masked.
    pub account_name: Option<Redacted>,
    /// The bank.
    pub account_bank: Option<String>,
    /// Full name of the bank with its branch.
    pub bank_name: Option<String>,
    /// Number of the branch.
    pub bank_branch_id: Option<String>,
    /// Why it was refused.
    pub verify_fail_reason: Option<String>,
    /// When it was decided.
    pub verify_finish_time: Option<DateTime>,
}
