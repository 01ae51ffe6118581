//! The subject: kind of merchant, licence, documents.

use wechatpay_macros::{RequestPart, open_enum};

use super::{Beneficiary, IdentityInfo};
use crate::{api::applyments::FinanceType, types::Redacted};

/// Kind of merchant (主体类型).
#[open_enum]
pub enum SubjectType {
    /// Sole proprietor (个体户).
    Individual = "SUBJECT_TYPE_INDIVIDUAL",
    /// Company (企业).
    Enterprise = "SUBJECT_TYPE_ENTERPRISE",
    /// Public institution (事业单位).
    Institutions = "SUBJECT_TYPE_INSTITUTIONS",
    /// Social organisation (社会组织).
    Others = "SUBJECT_TYPE_OTHERS",
    /// Small seller without a licence (小微).
    Micro = "SUBJECT_TYPE_MICRO",
    /// Government body (政府机关).
    Government = "SUBJECT_TYPE_GOVERNMENT",
    /// Public institution, under another name on the wire.
    InstitutionsCloned = "SUBJECT_TYPE_INSTITUTIONS_CLONED",
}

/// Kind of a micro merchant's business (小微经营类型).
#[open_enum]
pub enum MicroBizType {
    /// Shop.
    Store = "MICRO_TYPE_STORE",
    /// Without a fixed place.
    Mobile = "MICRO_TYPE_MOBILE",
    /// Online.
    Online = "MICRO_TYPE_ONLINE",
}

/// Kind of certificate (登记证书类型).
#[open_enum]
pub enum CertificateType {
    /// Public institution (事业单位法人证书).
    PublicInstitution = "CERTIFICATE_TYPE_2388",
    /// Unified social credit code (统一社会信用代码证书).
    UnifiedCreditCode = "CERTIFICATE_TYPE_2389",
    /// Paid service of an army hospital (有偿服务许可证).
    PaidService = "CERTIFICATE_TYPE_2390",
    /// Medical institution (医疗机构执业许可证).
    MedicalInstitution = "CERTIFICATE_TYPE_2391",
    /// Company to which a party organisation belongs (企业营业执照).
    CompanyLicense = "CERTIFICATE_TYPE_2392",
    /// Organisation code of a government body (组织机构代码证).
    OrganizationCode = "CERTIFICATE_TYPE_2393",
    /// Social organisation (社会团体法人登记证书).
    SocialOrganization = "CERTIFICATE_TYPE_2394",
    /// Private non-enterprise unit (民办非企业单位登记证书).
    PrivateNonEnterprise = "CERTIFICATE_TYPE_2395",
    /// Foundation (基金会法人登记证书).
    Foundation = "CERTIFICATE_TYPE_2396",
    /// Place of religious activity (宗教活动场所登记证).
    ReligiousPlace = "CERTIFICATE_TYPE_2399",
    /// Any other certificate or approval (其他证书/批文/证明).
    AnyOther = "CERTIFICATE_TYPE_2400",
    /// Practice licence (执业许可证/执业证).
    PracticeLicense = "CERTIFICATE_TYPE_2520",
    /// Grassroots self-governing organisation (基层群众性自治组织).
    SelfGoverningOrganization = "CERTIFICATE_TYPE_2521",
    /// Rural collective economic organisation (农村集体经济组织).
    RuralCollective = "CERTIFICATE_TYPE_2522",
}

/// The subject (主体资料).
///
/// Sole proprietors and companies give `business_license_info`; institutions, government bodies and social
/// organisations `certificate_info`; micro merchants `micro_biz_info`.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a subject of this kind, with the document of its representative.")]
#[non_exhaustive]
pub struct SubjectInfo {
    /// Kind of merchant.
    pub subject_type: SubjectType,
    /// Identity document of the legal representative or operator.
    pub identity_info: IdentityInfo,
    /// True for a financial institution; `finance_institution_info` is then required.
    pub finance_institution: Option<bool>,
    /// Business of a micro merchant.
    pub micro_biz_info: Option<MicroBizInfo>,
    /// Business licence.
    pub business_license_info: Option<BusinessLicense>,
    /// Certificate.
    pub certificate_info: Option<Certificate>,
    /// Organisation code, if the licence does not have the unified code.
    pub organization_info: Option<Organization>,
    /// Media id of the letter that proves the unit.
    pub certificate_letter_copy: Option<String>,
    /// Licence of a financial institution.
    pub finance_institution_info: Option<FinanceInstitution>,
    /// Beneficial owners, if the representative is not the owner.
    pub ubo_info_list: Option<Vec<Beneficiary>>,
}

/// Business of a micro merchant (小微辅助证明材料).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry of this kind; set the member for it.")]
#[non_exhaustive]
pub struct MicroBizInfo {
    /// Kind, which says the member that is set.
    pub micro_biz_type: MicroBizType,
    /// Shop.
    pub micro_store_info: Option<MicroStoreInfo>,
    /// Business without a fixed place.
    pub micro_mobile_info: Option<MicroMobileInfo>,
    /// Online business.
    pub micro_online_info: Option<MicroOnlineInfo>,
}

/// Shop of a micro merchant (门店场所).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a shop from its required fields.")]
#[non_exhaustive]
pub struct MicroStoreInfo {
    /// Name.
    #[request(into)]
    pub micro_name: String,
    /// Area code.
    #[request(into)]
    pub micro_address_code: String,
    /// Address.
    #[request(into)]
    pub micro_address: Redacted,
    /// Media id of the entrance.
    #[request(into)]
    pub store_entrance_pic: String,
    /// Media id of the inside.
    #[request(into)]
    pub micro_indoor_copy: String,
    /// Longitude.
    pub store_longitude: Option<Redacted>,
    /// Latitude.
    pub store_latitude: Option<Redacted>,
}

/// Business without a fixed place (流动经营/便民服务).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a business from its required fields.")]
#[non_exhaustive]
pub struct MicroMobileInfo {
    /// Name.
    #[request(into)]
    pub micro_mobile_name: String,
    /// Area code.
    #[request(into)]
    pub micro_mobile_city: String,
    /// Address without province and city.
    #[request(into)]
    pub micro_mobile_address: Redacted,
    /// Media ids of the place.
    pub micro_mobile_pics: Vec<String>,
}

/// Online business of a micro merchant (线上商品/服务交易).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a shop on a platform.")]
#[non_exhaustive]
pub struct MicroOnlineInfo {
    /// Name of the shop.
    #[request(into)]
    pub micro_online_store: String,
    /// Name of the platform.
    #[request(into)]
    pub micro_ec_name: String,
    /// Media id of the shop's QR code.
    pub micro_qrcode: Option<String>,
    /// URL of the shop.
    pub micro_link: Option<String>,
}

/// A business licence (营业执照).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a licence from its required fields.")]
#[non_exhaustive]
pub struct BusinessLicense {
    /// Media id of the picture.
    #[request(into)]
    pub license_copy: String,
    /// Licence number.
    #[request(into)]
    pub license_number: String,
    /// Merchant name on the licence.
    #[request(into)]
    pub merchant_name: String,
    /// Legal representative or proprietor on the licence.
    #[request(into)]
    pub legal_person: Redacted,
    /// Address on the licence.
    pub license_address: Option<String>,
    /// First day of validity.
    pub period_begin: Option<String>,
    /// Last day of validity, or `长期` (no expiry).
    pub period_end: Option<String>,
}

/// A certificate (登记证书).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a certificate from its required fields.")]
#[non_exhaustive]
pub struct Certificate {
    /// Media id of the picture.
    #[request(into)]
    pub cert_copy: String,
    /// Kind of certificate.
    pub cert_type: CertificateType,
    /// Number.
    #[request(into)]
    pub cert_number: String,
    /// Merchant name on the certificate.
    #[request(into)]
    pub merchant_name: String,
    /// Address on the certificate.
    #[request(into)]
    pub company_address: String,
    /// Legal representative on the certificate.
    #[request(into)]
    pub legal_person: Redacted,
    /// Validity; its two members are members of the certificate.
    #[serde(flatten)]
    pub period: CertificatePeriod,
}

/// Validity of a certificate (有效期限).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a validity from `2019-08-01` to a day or `长期` (no expiry).")]
#[non_exhaustive]
pub struct CertificatePeriod {
    /// First day.
    #[request(into)]
    pub period_begin: String,
    /// Last day, or `长期` (no expiry).
    #[request(into)]
    pub period_end: String,
}

/// An organisation code (组织机构代码证).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from its required fields.")]
#[non_exhaustive]
pub struct Organization {
    /// Media id of the picture.
    #[request(into)]
    pub organization_copy: String,
    /// Code.
    #[request(into)]
    pub organization_code: String,
    /// First day of validity.
    #[request(into)]
    pub org_period_begin: String,
    /// Last day of validity, or `长期` (no expiry).
    #[request(into)]
    pub org_period_end: String,
}

/// Licence of a financial institution (金融机构许可证信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct FinanceInstitution {
    /// Kind of the institution.
    pub finance_type: Option<FinanceType>,
    /// Media ids of the licence pages.
    pub finance_license_pics: Option<Vec<String>>,
}
