//! Business of a merchant: name, telephone number, places of payment.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::Appid;

/// Place of payment (经营场景类型).
#[open_enum]
pub enum SalesScene {
    /// Shop.
    Store = "SALES_SCENES_STORE",
    /// Official account (公众号).
    OfficialAccount = "SALES_SCENES_MP",
    /// Mini program.
    MiniProgram = "SALES_SCENES_MINI_PROGRAM",
    /// Website.
    Web = "SALES_SCENES_WEB",
    /// App.
    App = "SALES_SCENES_APP",
    /// WeCom (企业微信).
    Wework = "SALES_SCENES_WEWORK",
}

/// Business of a merchant (经营资料).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from its required fields.")]
#[non_exhaustive]
pub struct BusinessInfo {
    /// Short name shown to payers.
    #[request(into)]
    pub merchant_shortname: String,
    /// Telephone number for payers.
    #[request(into)]
    pub service_phone: String,
    /// Places of payment.
    pub sales_info: SalesInfo,
}

/// Places of payment (经营场景).
///
/// Each of the chosen kinds has a member here.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for these kinds; set the member for each.")]
#[non_exhaustive]
pub struct SalesInfo {
    /// Kinds.
    pub sales_scenes_type: Vec<SalesScene>,
    /// Shop.
    pub biz_store_info: Option<BizStoreInfo>,
    /// Official account.
    pub mp_info: Option<MpInfo>,
    /// Mini program.
    pub mini_program_info: Option<MiniProgramInfo>,
    /// App.
    pub app_info: Option<AppInfo>,
    /// Website.
    pub web_info: Option<WebInfo>,
    /// WeCom.
    pub wework_info: Option<WeworkInfo>,
}

/// A shop (线下场所场景).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a shop from its required fields.")]
#[non_exhaustive]
pub struct BizStoreInfo {
    /// Name.
    #[request(into)]
    pub biz_store_name: String,
    /// Area code.
    #[request(into)]
    pub biz_address_code: String,
    /// Address.
    #[request(into)]
    pub biz_store_address: String,
    /// Media ids of the entrance.
    pub store_entrance_pic: Vec<String>,
    /// Media ids of the inside.
    pub indoor_pic: Vec<String>,
    /// App of the merchant.
    pub biz_sub_appid: Option<Appid>,
}

/// An official account (公众号场景); one of its two apps.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct MpInfo {
    /// App of the partner.
    pub mp_appid: Option<Appid>,
    /// App of the merchant.
    pub mp_sub_appid: Option<Appid>,
    /// Media ids of its pages.
    pub mp_pics: Option<Vec<String>>,
}

/// A mini program (小程序场景); one of its two apps.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct MiniProgramInfo {
    /// App of the partner.
    pub mini_program_appid: Option<Appid>,
    /// App of the merchant.
    pub mini_program_sub_appid: Option<Appid>,
    /// Media ids of its pages.
    pub mini_program_pics: Option<Vec<String>>,
}

/// An app (App场景); one of its two apps.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct AppInfo {
    /// App of the partner.
    pub app_appid: Option<Appid>,
    /// App of the merchant.
    pub app_sub_appid: Option<Appid>,
    /// Media ids of its pages.
    pub app_pics: Option<Vec<String>>,
}

/// A website (互联网网站场景).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct WebInfo {
    /// Domain.
    pub domain: Option<String>,
    /// Media id of the letter that allows its use.
    pub web_authorisation: Option<String>,
    /// App of the merchant.
    pub web_appid: Option<Appid>,
}

/// WeCom (企业微信场景).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty entry.")]
#[non_exhaustive]
pub struct WeworkInfo {
    /// Corporation of the merchant.
    pub sub_corp_id: Option<String>,
    /// Media ids of its pages.
    pub wework_pics: Option<Vec<String>>,
}
