//! People of a merchant and their identity documents.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Redacted, Sensitive};

/// Holder of the identity document (证件持有人类型).
#[open_enum]
pub enum IdHolderType {
    /// Legal representative or proprietor.
    Legal = "LEGAL",
    /// Operator (经办人), appointed by a letter.
    Super = "SUPER",
}

/// Kind of identity document (证件类型).
#[open_enum]
pub enum IdDocumentType {
    /// Mainland identity card.
    IdCard = "IDENTIFICATION_TYPE_IDCARD",
    /// Mainland identity card; older value.
    MainlandIdCard = "IDENTIFICATION_TYPE_MAINLAND_IDCARD",
    /// Passport.
    OverseaPassport = "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    /// Home-return permit for Hong Kong residents.
    HongkongPassport = "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    /// Home-return permit for Macao residents.
    MacaoPassport = "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    /// Travel permit for Taiwan residents.
    TaiwanPassport = "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    /// Home-return permit for Hong Kong residents; older value.
    Hongkong = "IDENTIFICATION_TYPE_HONGKONG",
    /// Home-return permit for Macao residents; older value.
    Macao = "IDENTIFICATION_TYPE_MACAO",
    /// Travel permit for Taiwan residents; older value.
    Taiwan = "IDENTIFICATION_TYPE_TAIWAN",
    /// Permanent residence permit for foreigners.
    ForeignResident = "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    /// Residence permit for Hong Kong and Macao residents.
    HongkongMacaoResident = "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    /// Residence permit for Taiwan residents.
    TaiwanResident = "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
}

/// Role of the super administrator (超级管理员类型).
#[open_enum]
pub enum ContactType {
    /// Legal representative or proprietor.
    LegalPerson = "65",
    /// Operator (经办人), whose identity document is required.
    Agent = "66",
}

/// A mainland identity card (身份证信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a card from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct IdCard {
    /// Media id of the portrait side.
    #[request(into)]
    pub id_card_copy: String,
    /// Media id of the emblem side.
    #[request(into)]
    pub id_card_national: String,
    /// Name; sent encrypted.
    #[request(into)]
    pub id_card_name: Sensitive,
    /// Number; sent encrypted.
    #[request(into)]
    pub id_card_number: Sensitive,
    /// First day of validity.
    #[request(into)]
    pub id_card_valid_time_begin: Redacted,
    /// Last day of validity, or `长期` (no expiry).
    #[request(into)]
    pub id_card_valid_time: Redacted,
    /// Address; sent encrypted.
    pub id_card_address: Option<Sensitive>,
}

/// An identity document other than the mainland identity card (其他类型证件信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a document from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct IdDocument {
    /// Name; sent encrypted.
    #[request(into)]
    pub id_doc_name: Sensitive,
    /// Number; sent encrypted.
    #[request(into)]
    pub id_doc_number: Sensitive,
    /// Media id of the front side.
    #[request(into)]
    pub id_doc_copy: String,
    /// First day of validity.
    #[request(into)]
    pub doc_period_begin: Redacted,
    /// Last day of validity, or `长期` (no expiry).
    #[request(into)]
    pub doc_period_end: Redacted,
    /// Address; sent encrypted.
    pub id_doc_address: Option<Sensitive>,
    /// Media id of the back side.
    pub id_doc_copy_back: Option<String>,
}

/// A beneficial owner of a company (最终受益人).
///
/// The pages spell the validity fields in two ways: `ubo_period_…` and `ubo_id_doc_period_…`.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct Beneficiary {
    /// Kind of document.
    pub ubo_id_doc_type: IdDocumentType,
    /// Media id of the front side.
    #[request(into)]
    pub ubo_id_doc_copy: String,
    /// Name; sent encrypted.
    #[request(into)]
    pub ubo_id_doc_name: Sensitive,
    /// Number; sent encrypted.
    #[request(into)]
    pub ubo_id_doc_number: Sensitive,
    /// Media id of the back side.
    pub ubo_id_doc_copy_back: Option<String>,
    /// Address; sent encrypted.
    pub ubo_id_doc_address: Option<Sensitive>,
    /// First day of validity of the document.
    pub ubo_period_begin: Option<Redacted>,
    /// Last day of validity, or `长期` (no expiry).
    pub ubo_period_end: Option<Redacted>,
    /// First day of validity, in the other spelling.
    pub ubo_id_doc_period_begin: Option<Redacted>,
    /// Last day of validity, in the other spelling.
    pub ubo_id_doc_period_end: Option<Redacted>,
}

/// Super administrator of the merchant (超级管理员信息).
///
/// The pages spell the validity fields in two ways: `contact_period_…` and `contact_id_doc_period_…`.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct Contact {
    /// Role of the administrator.
    pub contact_type: ContactType,
    /// Name; sent encrypted.
    #[request(into)]
    pub contact_name: Sensitive,
    /// Telephone number; sent encrypted.
    #[request(into)]
    pub mobile_phone: Sensitive,
    /// Kind of document.
    pub contact_id_doc_type: Option<IdDocumentType>,
    /// Document number; sent encrypted.
    pub contact_id_card_number: Option<Sensitive>,
    /// Media id of the front side.
    pub contact_id_doc_copy: Option<String>,
    /// Media id of the back side.
    pub contact_id_doc_copy_back: Option<String>,
    /// First day of validity of the document.
    pub contact_period_begin: Option<Redacted>,
    /// Last day of validity, or `长期` (no expiry).
    pub contact_period_end: Option<Redacted>,
    /// First day of validity, in the other spelling.
    pub contact_id_doc_period_begin: Option<Redacted>,
    /// Last day of validity, in the other spelling.
    pub contact_id_doc_period_end: Option<Redacted>,
    /// Media id of the authorisation letter.
    pub business_authorization_letter: Option<String>,
    /// E-mail address, on older pages only; sent encrypted.
    pub contact_email: Option<Sensitive>,
}
