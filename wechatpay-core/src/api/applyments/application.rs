//! The merchant, as an application describes it.

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
    /// A person who sells a little, without a licence (小微).
    Micro = "2401",
    /// A person who sells (个人卖家).
    IndividualSeller = "2500",
    /// A sole proprietor (个体工商户).
    SoleProprietor = "4",
    /// A company (企业).
    Company = "2",
    /// A public institution (事业单位).
    PublicInstitution = "3",
    /// A government body (政府机关).
    Government = "2502",
    /// A social organisation (社会组织).
    SocialOrganization = "1708",
}

/// Kind of a financial institution (金融机构类型).
#[open_enum]
pub enum FinanceType {
    /// A bank.
    BankAgent = "BANK_AGENT",
    /// A payment agency.
    PaymentAgent = "PAYMENT_AGENT",
    /// An insurer.
    Insurance = "INSURANCE",
    /// A trading or settlement house.
    TradeAndSettle = "TRADE_AND_SETTLE",
    /// An institution of another kind.
    OtherKind = "OTHER",
}

/// An application (申请单), the same for both ways of handing it in.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An application with what every one must have.")]
#[non_exhaustive]
pub struct Application {
    /// The platform's number of it.
    pub out_request_no: ApplymentRequestNo,
    /// Kind of merchant.
    pub organization_type: OrganizationType,
    /// The account that is settled to.
    pub account_info: AccountInfo,
    /// Who administers the merchant.
    pub contact_info: Contact,
    /// The places where it sells.
    pub sales_scene_info: SalesScene,
    /// A short name that payers see: up to 64 bytes, which are 21 Chinese characters.
    #[request(into)]
    pub merchant_shortname: String,
    /// True for a financial institution; `finance_institution_info` then is required.
    pub finance_institution: Option<bool>,
    /// Its licence; not for micro merchants and individual sellers.
    pub business_license_info: Option<BusinessLicense>,
    /// Kind of financial institution.
    pub finance_institution_info: Option<FinanceInstitution>,
    /// Whose document it is: the legal person's, or that of who responds for it.
    pub id_holder_type: Option<IdHolderType>,
    /// Kind of that document.
    pub id_doc_type: Option<IdDocumentType>,
    /// Media id of the letter that appoints who responds for the merchant; for `SUPER`.
    pub authorize_letter_copy: Option<String>,
    /// The document, if it is a mainland identity card.
    pub id_card_info: Option<IdCard>,
    /// The document, if it is another one.
    pub id_doc_info: Option<IdDocument>,
    /// True if the legal person is the beneficiary; for companies.
    pub owner: Option<bool>,
    /// The beneficiaries, if it is not.
    pub ubo_info_list: Option<Vec<Beneficiary>>,
    /// Rules of settlement.
    pub settlement_info: Option<SettlementRule>,
    /// Special qualifications.
    pub qualifications: Option<MediaList>,
    /// Further pictures.
    pub business_addition_pics: Option<MediaList>,
    /// Further words, up to 512 characters.
    pub business_addition_desc: Option<String>,
}

/// A licence (营业执照, 登记证书).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A licence with what every one must have.")]
#[non_exhaustive]
pub struct BusinessLicense {
    /// Media id of its picture.
    #[request(into)]
    pub business_license_copy: String,
    /// Its number, up to 18 characters.
    #[request(into)]
    pub business_license_number: String,
    /// The merchant's name on it, up to 128 characters.
    #[request(into)]
    pub merchant_name: String,
    /// The legal person on it, up to 128 characters.
    #[request(into)]
    pub legal_person: Redacted,
    /// Kind of a certificate that is no business licence: `CERTIFICATE_TYPE_2388` to `CERTIFICATE_TYPE_2400`,
    /// `CERTIFICATE_TYPE_2520` to `CERTIFICATE_TYPE_2522`.
    pub cert_type: Option<String>,
    /// Kind of the business licence; not on every page.
    pub business_license_type: Option<String>,
    /// The address on it, up to 128 characters.
    pub company_address: Option<String>,
    /// Its validity.
    pub business_time: Option<BusinessTime>,
}

/// Validity of a licence (营业期限). On the wire it is a JSON list **inside a string**.
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
    /// From a day, written `2014-01-01`, to a day or `长期` (for good).
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

/// A financial institution's licence (金融机构许可证信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "A licence of this kind.")]
#[non_exhaustive]
pub struct FinanceInstitution {
    /// Kind of the institution.
    pub finance_type: FinanceType,
    /// Media ids of the licence.
    pub finance_license_pics: Vec<String>,
}

/// A list of media ids. Newer pages write it as a list, older ones as a JSON list inside a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MediaList {
    /// A list.
    List(Vec<String>),
    /// A JSON list inside a string, up to 1024 characters.
    Text(String),
}

impl MediaList {
    /// The same as the string that older versions of the API want.
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
