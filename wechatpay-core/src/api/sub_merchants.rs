//! Sub-merchants of one subject (指定主体子商户) (feature `sub-merchants`).
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::sub_merchants::{ListOfSubject, OrganizationType, SubMerchantPage};
//!
//! // The number is sent encrypted.
//! let list = ListOfSubject::new(OrganizationType::Enterprise, "914403003599126459").limit(20_u32);
//!
//! // The client returns a `SubMerchantPage`.
//! let page: SubMerchantPage = serde_json::from_str(
//!     r#"{"data":[{"sub_mchid":"1900000109","merchant_shortname":"张三餐饮店"}],"total_count":1}"#)?;
//! assert_eq!(page.data[0].sub_mchid.as_str(), "1900000109");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Page: 查询指定主体子商户列表.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, Mchid, Sensitive};

/// Kind of subject (主体类型).
#[open_enum]
pub enum OrganizationType {
    /// Company.
    Enterprise = "SUBJECT_TYPE_ENTERPRISE",
    /// Public institution.
    Institution = "SUBJECT_TYPE_INSTITUTIONS_CLONED",
    /// Sole proprietor.
    Individual = "SUBJECT_TYPE_INDIVIDUAL",
    /// Other organisation.
    Organization = "SUBJECT_TYPE_OTHERS",
    /// Government.
    Government = "SUBJECT_TYPE_GOVERNMENT",
    /// Person.
    Micro = "SUBJECT_TYPE_MICRO",
}

/// Lists the platform's sub-merchants of one subject (查询指定主体子商户列表).
///
/// `GET /v3/ecommerce/subject-sub-merchants`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/subject-sub-merchants", response = SubMerchantPage)]
#[request(new = "Creates the request for the subject with the certificate `cert_number`.")]
#[non_exhaustive]
pub struct ListOfSubject {
    /// Kind of subject.
    pub organization_type: OrganizationType,
    /// Number of its certificate; sent encrypted.
    #[request(into)]
    pub cert_number: Sensitive,
    /// Maximum number of sub-merchants.
    pub limit: Option<u32>,
    /// Number of sub-merchants to skip.
    pub offset: Option<u32>,
}

/// A page of sub-merchants.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubMerchantPage {
    /// Sub-merchants of this page.
    pub data: Vec<SubMerchant>,
    /// Offset of this page.
    pub offset: Option<u64>,
    /// Maximum number of sub-merchants.
    pub limit: Option<u64>,
    /// Number of all sub-merchants.
    pub total_count: Option<u64>,
}

/// A sub-merchant (子商户).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubMerchant {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Short name.
    pub merchant_shortname: Option<String>,
    /// Time of its contract.
    pub sign_time: Option<DateTime>,
}
