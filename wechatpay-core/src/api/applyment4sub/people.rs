//! People of a merchant and their identity documents.

use wechatpay_macros::RequestPart;

use crate::{
    api::applyments::{IdDocument, IdDocumentType, IdHolderType},
    types::{Openid, Redacted, Sensitive},
};

/// Super administrator of the merchant (超级管理员信息).
///
/// An operator ([`IdHolderType::Super`]) also needs the members of the identity document and the authorisation letter.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct ContactInfo {
    /// Role of the administrator.
    pub contact_type: IdHolderType,
    /// Name; sent encrypted.
    #[request(into)]
    pub contact_name: Sensitive,
    /// Telephone number; sent encrypted.
    #[request(into)]
    pub mobile_phone: Sensitive,
    /// E-mail address; sent encrypted.
    #[request(into)]
    pub contact_email: Sensitive,
    /// Kind of document.
    pub contact_id_doc_type: Option<IdDocumentType>,
    /// Document number; sent encrypted.
    pub contact_id_number: Option<Sensitive>,
    /// Media id of the front side.
    pub contact_id_doc_copy: Option<String>,
    /// Media id of the back side.
    pub contact_id_doc_copy_back: Option<String>,
    /// First day of validity of the document.
    pub contact_period_begin: Option<Redacted>,
    /// Last day of validity, or `长期` (no expiry).
    pub contact_period_end: Option<Redacted>,
    /// Media id of the authorisation letter.
    pub business_authorization_letter: Option<String>,
    /// WeChat user of the administrator.
    pub openid: Option<Openid>,
}

/// A mainland identity card (身份证信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a card from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct IdCardInfo {
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
    pub card_period_begin: Redacted,
    /// Last day of validity, or `长期` (no expiry).
    #[request(into)]
    pub card_period_end: Redacted,
    /// Address; sent encrypted. Required for a company.
    pub id_card_address: Option<Sensitive>,
}

/// Identity document of the legal representative or operator (经营者/法人身份证件).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for this kind of document.")]
#[non_exhaustive]
pub struct IdentityInfo {
    /// Kind of document.
    pub id_doc_type: IdDocumentType,
    /// Holder of the document; for government bodies and public institutions.
    pub id_holder_type: Option<IdHolderType>,
    /// Media id of the letter about the legal representative; for [`IdHolderType::Super`].
    pub authorize_letter_copy: Option<String>,
    /// Document, if it is a mainland identity card.
    pub id_card_info: Option<IdCardInfo>,
    /// Document of any other kind.
    pub id_doc_info: Option<IdDocument>,
    /// True if the legal representative is the beneficial owner; for companies.
    pub owner: Option<bool>,
}

/// A beneficial owner of a company (最终受益人).
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
    /// Address; sent encrypted.
    #[request(into)]
    pub ubo_id_doc_address: Sensitive,
    /// First day of validity of the document.
    #[request(into)]
    pub ubo_period_begin: Redacted,
    /// Last day of validity, or `长期` (no expiry).
    #[request(into)]
    pub ubo_period_end: Redacted,
    /// Media id of the back side; a passport has none.
    pub ubo_id_doc_copy_back: Option<String>,
}
