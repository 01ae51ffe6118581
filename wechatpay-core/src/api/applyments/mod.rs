//! Onboarding of sub-merchants (二级商户进件): submit an application, query its state, revoke it.
//!
//! Names, document numbers, addresses, accounts and telephone numbers are [`Sensitive`](crate::types::Sensitive): the
//! client encrypts them. Documents are pictures that were uploaded before ([`media`](crate::api::media)), named by
//! their media id. The same `out_request_no` is the same application; a rejected one is submitted again under its
//! number.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::applyments::{
//!     AccountInfo, Application, BankAccountType, Contact, ContactType, OrganizationType, SalesScene, Submit, Submitted,
//! };
//!
//! let account = AccountInfo::new(BankAccountType::Personal, "工商银行", "张三", "6222000000000000000");
//! let contact = Contact::new(ContactType::LegalPerson, "张三", "13900000000");
//! let application = Application::new(
//!     "APPLY-0001".parse()?, OrganizationType::Micro, account, contact, SalesScene::new("Tea house"), "Tea house",
//! );
//! let submit = Submit::new(application);
//!
//! // The client encrypts names and numbers, and returns a `Submitted`; `QueryById` returns the state.
//! let submitted: Submitted = serde_json::from_str(r#"{"applyment_id":2000002124,"out_request_no":"APPLY-0001"}"#)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 提交申请单, 通过业务申请编号查询申请状态, 通过申请单ID查询申请状态, 撤销申请单, 平台代理签约核身.

mod account;
mod application;
mod people;
mod status;
mod submit;

pub use account::{AccountInfo, BankAccountType, SalesScene, SettlementRule};
pub use application::{
    Application, BusinessLicense, BusinessTime, FinanceInstitution, FinanceType, MediaList, OrganizationType,
};
pub use people::{Beneficiary, Contact, ContactType, IdCard, IdDocument, IdDocumentType, IdHolderType};
pub use status::{
    AccountValidation, Applyment, ApplymentState, AuditDetail, QueryById, QueryByOutRequestNo, SignState,
};
pub use submit::{
    ProxyVerification, RevokeById, RevokeByOutRequestNo, RevokedApplyment, Submit, SubmitAccountHosting,
    SubmitSignVerifyInfo, Submitted, SubmittedSignVerifyInfo, VerifyIdentityType,
};
