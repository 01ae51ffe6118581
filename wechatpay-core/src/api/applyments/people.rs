//! The people of a merchant and their documents.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Redacted, Sensitive};

/// Whose document it is (证件持有人类型).
#[open_enum]
pub enum IdHolderType {
    /// The legal person's, or the proprietor's.
    Legal = "LEGAL",
    /// That of who responds for the merchant; with a letter that appoints them.
    Super = "SUPER",
}

/// Kind of a person's document (证件类型).
#[open_enum]
pub enum IdDocumentType {
    /// Mainland identity card.
    IdCard = "IDENTIFICATION_TYPE_IDCARD",
    /// The same; an older word.
    MainlandIdCard = "IDENTIFICATION_TYPE_MAINLAND_IDCARD",
    /// Passport.
    OverseaPassport = "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    /// Home-return permit for Hong Kong.
    HongkongPassport = "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    /// Home-return permit for Macao.
    MacaoPassport = "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    /// Travel permit for Taiwan.
    TaiwanPassport = "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    /// Home-return permit for Hong Kong; an older word.
    Hongkong = "IDENTIFICATION_TYPE_HONGKONG",
    /// Home-return permit for Macao; an older word.
    Macao = "IDENTIFICATION_TYPE_MACAO",
    /// Travel permit for Taiwan; an older word.
    Taiwan = "IDENTIFICATION_TYPE_TAIWAN",
    /// Permanent residence of a foreigner.
    ForeignResident = "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    /// Residence permit for Hong Kong and Macao.
    HongkongMacaoResident = "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    /// Residence permit for Taiwan.
    TaiwanResident = "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
}

/// Who administers the merchant (超级管理员类型).
#[open_enum]
pub enum ContactType {
    /// The legal person, or the proprietor.
    LegalPerson = "65",
    /// Somebody else, whose document then is required.
    Agent = "66",
}

/// A mainland identity card (身份证信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A card, its texts in plain; the client encrypts them.")]
#[non_exhaustive]
pub struct IdCard {
    /// Media id of the side with the face.
    #[request(into)]
    pub id_card_copy: String,
    /// Media id of the side with the emblem.
    #[request(into)]
    pub id_card_national: String,
    /// The name; travels encrypted.
    #[request(into)]
    pub id_card_name: Sensitive,
    /// The number; travels encrypted.
    #[request(into)]
    pub id_card_number: Sensitive,
    /// First day on which it is valid.
    #[request(into)]
    pub id_card_valid_time_begin: Redacted,
    /// Last day on which it is valid, or `长期` (for good).
    #[request(into)]
    pub id_card_valid_time: Redacted,
    /// The address; travels encrypted.
    pub id_card_address: Option<Sensitive>,
}

/// A document that is no mainland identity card (其他类型证件信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A document, its texts in plain; the client encrypts them.")]
#[non_exhaustive]
pub struct IdDocument {
    /// The name; travels encrypted.
    #[request(into)]
    pub id_doc_name: Sensitive,
    /// The number; travels encrypted.
    #[request(into)]
    pub id_doc_number: Sensitive,
    /// Media id of the front.
    #[request(into)]
    pub id_doc_copy: String,
    /// First day on which it is valid.
    #[request(into)]
    pub doc_period_begin: Redacted,
    /// Last day on which it is valid, or `长期` (for good).
    #[request(into)]
    pub doc_period_end: Redacted,
    /// The address; travels encrypted.
    pub id_doc_address: Option<Sensitive>,
    /// Media id of the back.
    pub id_doc_copy_back: Option<String>,
}

/// Who benefits from a company (最终受益人).
///
/// The pages spell the days of validity in two ways: `ubo_period_…` in one, `ubo_id_doc_period_…` in another.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A person, their texts in plain; the client encrypts them.")]
#[non_exhaustive]
pub struct Beneficiary {
    /// Kind of the document.
    pub ubo_id_doc_type: IdDocumentType,
    /// Media id of the front.
    #[request(into)]
    pub ubo_id_doc_copy: String,
    /// The name; travels encrypted.
    #[request(into)]
    pub ubo_id_doc_name: Sensitive,
    /// The number; travels encrypted.
    #[request(into)]
    pub ubo_id_doc_number: Sensitive,
    /// Media id of the back.
    pub ubo_id_doc_copy_back: Option<String>,
    /// The address; travels encrypted.
    pub ubo_id_doc_address: Option<Sensitive>,
    /// First day on which the document is valid.
    pub ubo_period_begin: Option<Redacted>,
    /// Last day on which it is valid, or `长期` (for good).
    pub ubo_period_end: Option<Redacted>,
    /// First day, in the other spelling.
    pub ubo_id_doc_period_begin: Option<Redacted>,
    /// Last day, in the other spelling.
    pub ubo_id_doc_period_end: Option<Redacted>,
}

/// Who administers the merchant (超级管理员信息).
///
/// The pages spell the days of validity in two ways: `contact_period_…` in one, `contact_id_doc_period_…` in another.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A person, their texts in plain; the client encrypts them.")]
#[non_exhaustive]
pub struct Contact {
    /// Who it is.
    pub contact_type: ContactType,
    /// The name; travels encrypted.
    #[request(into)]
    pub contact_name: Sensitive,
    /// The telephone; travels encrypted.
    #[request(into)]
    pub mobile_phone: Sensitive,
    /// Kind of the document.
    pub contact_id_doc_type: Option<IdDocumentType>,
    /// Number of the document; travels encrypted.
    pub contact_id_card_number: Option<Sensitive>,
    /// Media id of the front.
    pub contact_id_doc_copy: Option<String>,
    /// Media id of the back.
    pub contact_id_doc_copy_back: Option<String>,
    /// First day on which the document is valid.
    pub contact_period_begin: Option<Redacted>,
    /// Last day on which it is valid, or `长期` (for good).
    pub contact_period_end: Option<Redacted>,
    /// First day, in the other spelling.
    pub contact_id_doc_period_begin: Option<Redacted>,
    /// Last day, in the other spelling.
    pub contact_id_doc_period_end: Option<Redacted>,
    /// Media id of the letter that authorises them.
    pub business_authorization_letter: Option<String>,
    /// The mail address; older pages only; travels encrypted.
    pub contact_email: Option<Sensitive>,
}
