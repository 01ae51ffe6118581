//! Submitting an application.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::{BusinessCode, BusinessInfo, ContactInfo, SubjectInfo};
use crate::types::{ApplymentId, Sensitive};

/// Settlement rule (结算规则).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty rule.")]
#[non_exhaustive]
pub struct SettlementInfo {
    /// Number of the rule.
    pub settlement_id: Option<String>,
    /// Line of business.
    pub qualification_type: Option<String>,
    /// Media ids of special qualifications.
    pub qualifications: Option<Vec<String>>,
    /// Number of the promotion for a lower rate.
    pub activities_id: Option<String>,
    /// Rate of the promotion, such as `0.6`.
    pub activities_rate: Option<String>,
    /// Rate of the promotion for all but credit cards.
    pub debit_activities_rate: Option<String>,
    /// Rate of the promotion for credit cards.
    pub credit_activities_rate: Option<String>,
    /// Media ids of documents for the promotion.
    pub activities_additions: Option<Vec<String>>,
}

/// Owner of the bank account (账户类型).
#[open_enum]
pub enum AccountType {
    /// Corporate account.
    Corporate = "BANK_ACCOUNT_TYPE_CORPORATE",
    /// Account of the proprietor.
    Personal = "BANK_ACCOUNT_TYPE_PERSONAL",
}

/// Bank account for settlement (结算银行账户).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an account from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct BankAccountInfo {
    /// Owner of the account.
    pub bank_account_type: AccountType,
    /// Account holder; sent encrypted.
    #[request(into)]
    pub account_name: Sensitive,
    /// Name of the bank.
    #[request(into)]
    pub account_bank: String,
    /// Area code of the bank's city.
    #[request(into)]
    pub bank_address_code: String,
    /// Full bank name with its branch.
    pub bank_name: Option<String>,
    /// Branch code (联行号).
    pub bank_branch_id: Option<String>,
    /// Number; sent encrypted.
    pub account_number: Option<Sensitive>,
}

/// Further documents (补充材料).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct AdditionInfo {
    /// Media id of the legal representative's commitment.
    pub legal_person_commitment: Option<String>,
    /// Media id of the legal representative's video.
    pub legal_person_video: Option<String>,
    /// Media ids of further pictures.
    pub business_addition_pics: Option<Vec<String>>,
    /// Further explanation.
    pub business_addition_msg: Option<String>,
}

/// Submits an application (提交申请单).
///
/// `POST /v3/applyment4sub/applyment/`. The slash at the end belongs to the path.
///
/// Safe to retry unchanged: the same `business_code` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/applyment4sub/applyment/",
    response = Submitted, idempotency = ByNumber
)]
#[request(new = "Creates an application from its required fields.")]
#[non_exhaustive]
pub struct Submit {
    /// Partner's number of the application.
    pub business_code: BusinessCode,
    /// Super administrator (超级管理员) of the merchant.
    pub contact_info: ContactInfo,
    /// The subject.
    pub subject_info: SubjectInfo,
    /// Business of the merchant.
    pub business_info: BusinessInfo,
    /// Settlement rule.
    pub settlement_info: SettlementInfo,
    /// Bank account for settlement.
    pub bank_account_info: BankAccountInfo,
    /// Further documents.
    pub addition_info: Option<AdditionInfo>,
}

/// A submitted application.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Submitted {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
}
