//! Onboarding of a partner's merchants (特约商户进件) (feature `applyment4sub`).
//!
//! The onboarding of an e-commerce platform's sub-merchants (二级商户) is [`applyments`](crate::api::applyments).
//!
//! Names, document numbers, addresses, accounts and telephone numbers are [`Sensitive`](crate::types::Sensitive): the
//! client encrypts them. Documents are pictures that were uploaded before ([`media`](crate::api::media)), named by
//! their media id. The same `business_code` is the same application; a rejected one is submitted again under its
//! number.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, applyment4sub::{
//!     AccountType, Applyment, ApplymentState, BankAccountInfo, BusinessInfo, ContactInfo, IdCardInfo, IdentityInfo,
//!     SalesInfo, SalesScene, SettlementInfo, Submit, SubjectInfo, SubjectType,
//! }};
//! use wechatpay_core::api::applyments::{IdDocumentType, IdHolderType};
//!
//! let contact = ContactInfo::new(IdHolderType::Legal, "张三", "13900000000", "zhangsan@example.com");
//! let card = IdCardInfo::new("media-front", "media-back", "张三", "440300199001010000", "2019-06-06", "长期");
//! let identity = IdentityInfo::new(IdDocumentType::IdCard).id_card_info(card);
//! let subject = SubjectInfo::new(SubjectType::Micro, identity);
//! let business = BusinessInfo::new("张三餐饮店", "0758-0000000", SalesInfo::new(vec![SalesScene::Store]));
//! let account = BankAccountInfo::new(AccountType::Personal, "张三", "工商银行", "110000")
//!     .account_number("6222000000000000000");
//! let submit = Submit::new(
//!     "1900013511_10000".parse()?, contact, subject, business, SettlementInfo::new().settlement_id("719"), account,
//! );
//! assert_eq!(submit.idempotency(), Idempotency::ByNumber);
//!
//! // The client encrypts names and numbers. `QueryByBusinessCode` returns the state:
//! let applyment: Applyment = serde_json::from_str(
//!     r#"{"business_code":"1900013511_10000","applyment_id":2000002124775691,
//!         "applyment_state":"APPLYMENT_STATE_FINISHED","sub_mchid":"1900013511"}"#)?;
//! assert_eq!(applyment.applyment_state, ApplymentState::Finished);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 提交申请单, 通过业务申请编号查询申请状态, 通过申请单号查询申请状态.

mod business;
mod ids;
mod people;
mod status;
mod subject;
mod submit;

pub use business::{
    AppInfo, BizStoreInfo, BusinessInfo, MiniProgramInfo, MpInfo, SalesInfo, SalesScene, WebInfo, WeworkInfo,
};
pub use ids::BusinessCode;
pub use people::{Beneficiary, ContactInfo, IdCardInfo, IdentityInfo};
pub use status::{Applyment, ApplymentState, AuditDetail, QueryByApplymentId, QueryByBusinessCode};
pub use subject::{
    BusinessLicense, Certificate, CertificatePeriod, CertificateType, FinanceInstitution, MicroBizInfo,
    MicroBizType, MicroMobileInfo, MicroOnlineInfo, MicroStoreInfo, Organization, SubjectInfo, SubjectType,
};
pub use submit::{AccountType, AdditionInfo, BankAccountInfo, SettlementInfo, Submit, Submitted};
