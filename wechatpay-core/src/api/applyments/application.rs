//! The applicant: kind of merchant, licence, documents.

use serde::{Serialize, Serializer};
use wechatpay_macros::{RequestPart, SensitiveFields, open_enum};

use super::{
    AccountInfo, Beneficiary, Contact, IdCard, IdDocument, IdDocumentType, IdHolderType, SalesScene,
    SettlementRule,
};
use crate::types::{ApplymentRequestNo, Redacted};

/// Kind of merchant (主体类型).
#[open_enum]
pub enum OrganizationType {
    /// Small seller without a licence (小微).
    Micro = "2401",
    /// Individual seller (个人卖家).
    IndividualSeller = "2500",
    /// Sole proprietor (个体工商户).
    SoleProprietor = "4",
    /// Company (企业).
    Company = "2",
    /// Public institution (事业单位).
    PublicInstitution = "3",
    /// Government body (政府机关).
    Government = "2502",
    /// Social organisation (社会组织).
    SocialOrganization = "1708",
}

/// Kind of financial institution (金融机构类型).
#[open_enum]
pub enum FinanceType {
    /// Bank.
    BankAgent = "BANK_AGENT",
    /// Payment company.
    PaymentAgent = "PAYMENT_AGENT",
    /// Insurance company.
    Insurance = "INSURANCE",
    /// Trading or settlement company.
    TradeAndSettle = "TRADE_AND_SETTLE",
    /// Other institution.
    OtherKind = "OTHER",
}

/// An onboarding application (申请单), the same for both endpoints that submit one.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an application from its required fields.")]
#[non_exhaustive]
pub struct Application {
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
    /// Kind of merchant.
    pub organization_type: OrganizationType,
    /// Bank account for settlement.
    pub account_info: AccountInfo,
    /// Super administrator (超级管理员) of the merchant.
    pub contact_info: Contact,
    /// Sales channels of the merchant.
    pub sales_scene_info: SalesScene,
    /// Short name shown to payers: up to 64 bytes, 21 Chinese characters.
    #[request(into)]
    pub merchant_shortname: String,
    /// True for a financial institution; `finance_institution_info` is then required.
    pub finance_institution: Option<bool>,
    /// Licence; not for micro merchants and individual sellers.
    pub business_license_info: Option<BusinessLicense>,
    /// Kind of financial institution.
    pub finance_institution_info: Option<FinanceInstitution>,
    /// Holder of the identity document: legal representative or operator.
    pub id_holder_type: Option<IdHolderType>,
    /// Kind of the identity document.
    pub id_doc_type: Option<IdDocumentType>,
    /// Media id of the letter that appoints the operator; required for `SUPER`.
    pub authorize_letter_copy: Option<String>,
    /// Identity document, if it is a mainland identity card.
    pub id_card_info: Option<IdCard>,
    /// Identity document of any other kind.
    pub id_doc_info: Option<IdDocument>,
    /// True if the legal representative is the beneficial owner; for companies.
    pub owner: Option<bool>,
    /// Beneficial owners, if `owner` is false.
    pub ubo_info_list: Option<Vec<Beneficiary>>,
    /// Settlement rule.
    pub settlement_info: Option<SettlementRule>,
    /// Media ids of special qualifications.
    pub qualifications: Option<MediaList>,
    /// Media ids of further pictures.
    pub business_addition_pics: Option<MediaList>,
    /// Further explanation, up to 512 characters.
    pub business_addition_desc: Option<String>,
}

/// A business licence or certificate (营业执照, 登记证书).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a licence from its required fields.")]
#[non_exhaustive]
pub struct BusinessLicense {
    /// Media id of the picture.
    #[request(into)]
    pub business_license_copy: String,
    /// Licence number, up to 18 characters.
    #[request(into)]
    pub business_license_number: String,
    /// Merchant name on the licence, up to 128 characters.
    #[request(into)]
    pub merchant_name: String,
    /// Legal representative on the licence, up to 128 characters.
    #[request(into)]
    pub legal_person: Redacted,
    /// Kind of a certificate that is not a business licence.
    ///
    /// `CERTIFICATE_TYPE_2388` to `CERTIFICATE_TYPE_2400`, `CERTIFICATE_TYPE_2520` to `CERTIFICATE_TYPE_2522`.
    pub cert_type: Option<String>,
    /// Kind of business licence; not on every page.
    pub business_license_type: Option<String>,
    /// Address on the licence, up to 128 characters.
    pub company_address: Option<String>,
    /// Validity of the licence.
    pub business_time: Option<BusinessTime>,
}

/// Validity of a licence (营业期限).
///
/// On the wire it is a JSON list **inside a string**.
///
/// ```
/// use wechatpay_core::api::applyments::BusinessTime;
///
/// let time = BusinessTime::new("2014-01-01", "长期");
/// assert_eq!(serde_json::to_value(&time)?, r#"["2014-01-01","长期"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, SensitiveFields)]
pub struct BusinessTime {
    begin: String,
    end: String,
}

impl BusinessTime {
    /// Creates a validity period from `2014-01-01` to a day or `长期` (no expiry).
    pub fn new(begin: impl Into<String>, end: impl Into<String>) -> Self {
        Self {
            begin: begin.into(),
            end: end.into(),
        }
    }
}

impl Serialize for BusinessTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = serde_json::to_string(&[&self.begin, &self.end]).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&list)
    }
}

/// Licence of a financial institution (金融机构许可证信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a licence of this kind.")]
#[non_exhaustive]
pub struct FinanceInstitution {
    /// Kind of the institution.
    pub finance_type: FinanceType,
    /// Media ids of the licence pages.
    pub finance_license_pics: Vec<String>,
}

/// A list of media ids.
///
/// Newer pages write it as a list, older ones as a JSON list inside a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MediaList {
    /// Written as a list.
    List(Vec<String>),
    /// Written as a JSON list inside a string, up to 1024 characters.
    Text(String),
}

impl MediaList {
    /// Converts to the string form that older versions of the API expect.
    ///
    /// ```
    /// use wechatpay_core::api::applyments::MediaList;
    ///
    /// let list = MediaList::from(vec!["a".to_owned(), "b".to_owned()]);
    /// assert_eq!(serde_json::to_value(&list)?, serde_json::json!(["a", "b"]));
    /// assert_eq!(serde_json::to_value(&list.into_text())?, r#"["a","b"]"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn into_text(self) -> Self {
        match self {
            Self::List(ids) => Self::Text(serde_json::Value::from(ids).to_string()),
            Self::Text(text) => Self::Text(text),
        }
    }
}

impl From<Vec<String>> for MediaList {
    fn from(ids: Vec<String>) -> Self {
        Self::List(ids)
    }
}
