//! What an application says of the merchant.

use serde::{Serialize, Serializer};

use super::{
    AccountInfo, Beneficiary, Contact, IdCard, IdDocument, IdDocumentType, IdHolderType, SalesScene,
    SettlementRule,
};
use crate::{
    crypto::EncryptError,
    macros::{open_enum, request},
    types::{ApplymentRequestNo, PrivateText, SensitiveFields, SensitiveVisitor},
};

open_enum! {
    /// What the merchant is (主体类型).
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
}

open_enum! {
    /// Kind of a financial institution (金融机构类型).
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
}

request! {
    /// An application (申请单), the same for both ways of handing it in.
    pub struct Application {
        required {
            /// The platform's number of it.
            out_request_no: ApplymentRequestNo,
            /// What the merchant is.
            organization_type: OrganizationType,
            /// The account that is settled to.
            account_info: AccountInfo,
            /// Who administers the merchant.
            contact_info: Contact,
            /// Where it sells.
            sales_scene_info: SalesScene,
            /// A short name that payers see: up to 64 bytes, which are 21 Chinese characters.
            merchant_shortname: String,
        }
        optional {
            /// Whether it is a financial institution; `finance_institution_info` then is required.
            finance_institution: bool,
            /// Its licence; not for micro merchants and individual sellers.
            business_license_info: BusinessLicense,
            /// What kind of financial institution it is.
            finance_institution_info: FinanceInstitution,
            /// Whose document it is: the legal person's, or that of who answers for it.
            id_holder_type: IdHolderType,
            /// Kind of that document.
            id_doc_type: IdDocumentType,
            /// Media id of the letter that appoints who answers for the merchant; for `SUPER`.
            authorize_letter_copy: String,
            /// The document, if it is a mainland identity card.
            id_card_info: IdCard,
            /// The document, if it is another one.
            id_doc_info: IdDocument,
            /// Whether the legal person is the beneficiary; for companies.
            owner: bool,
            /// The beneficiaries, if it is not.
            ubo_info_list: Vec<Beneficiary>,
            /// How settlement works.
            settlement_info: SettlementRule,
            /// Special qualifications.
            qualifications: MediaList,
            /// Further pictures.
            business_addition_pics: MediaList,
            /// Further words, up to 512 characters.
            business_addition_desc: String,
        }
    }
    /// An application with what every one must have.
    new
}

impl SensitiveFields for Application {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.id_card_info.visit_sensitive(f)?;
        self.id_doc_info.visit_sensitive(f)?;
        self.ubo_info_list.visit_sensitive(f)?;
        self.account_info.visit_sensitive(f)?;
        self.contact_info.visit_sensitive(f)
    }
}

request! {
    /// A licence (营业执照, 登记证书).
    pub struct BusinessLicense {
        required {
            /// Media id of its picture.
            business_license_copy: String,
            /// Its number, up to 18 characters.
            business_license_number: String,
            /// The merchant's name on it, up to 128 characters.
            merchant_name: String,
            /// The legal person on it, up to 128 characters.
            legal_person: PrivateText,
        }
        optional {
            /// Kind of a certificate that is no business licence: `CERTIFICATE_TYPE_2388` to `CERTIFICATE_TYPE_2400`,
            /// `CERTIFICATE_TYPE_2520` to `CERTIFICATE_TYPE_2522`.
            cert_type: String,
            /// Kind of the business licence; not on every page.
            business_license_type: String,
            /// The address on it, up to 128 characters.
            company_address: String,
            /// How long it is valid.
            business_time: BusinessTime,
        }
    }
    /// A licence with what every one must have.
    new
}

/// How long a licence is valid (营业期限). On the wire it is a JSON list **inside a string**.
///
/// ```
/// use wechatpay_core::api::ecommerce::applyments::BusinessTime;
///
/// let time = BusinessTime::new("2014-01-01", "长期");
/// assert_eq!(serde_json::to_value(&time)?, r#"["2014-01-01","长期"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
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

request! {
    /// A financial institution's licence (金融机构许可证信息).
    pub struct FinanceInstitution {
        required {
            /// What kind it is.
            finance_type: FinanceType,
            /// Media ids of the licence.
            finance_license_pics: Vec<String>,
        }
    }
    /// A licence of this kind.
    new
}

/// A list of media ids. Newer pages write it as a list, older ones as a JSON list inside a string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// use wechatpay_core::api::ecommerce::applyments::MediaList;
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
