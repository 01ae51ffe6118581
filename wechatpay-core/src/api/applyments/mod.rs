//! Onboarding of sub-merchants (二级商户进件): an application, its state, its withdrawal.
//!
//! What is personal travels encrypted: name, number and address on documents, account, telephone. Documents are pictures
//! that were uploaded before, named by their media id. The same `out_request_no` is the same application; a rejected one is
//! handed in again under its number.
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
