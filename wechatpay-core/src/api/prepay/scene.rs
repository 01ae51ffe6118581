//! Scene of an order: device, browser, shop.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::Redacted;

/// Operating system of the payer's browser.
#[open_enum]
pub enum H5Type {
    /// Apple iOS.
    Ios = "iOS",
    /// Android.
    Android = "Android",
    /// Any mobile browser.
    Wap = "Wap",
}

/// Scene of an order (场景信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct OrderScene {
    /// Payer's IP address, IPv4 or IPv6.
    pub payer_client_ip: Option<Redacted>,
    /// Device or shop number, up to 32 characters.
    pub device_id: Option<String>,
    /// IP address of the device, IPv4 or IPv6; on few pages.
    pub device_ip: Option<String>,
    /// Shop.
    pub store_info: Option<StoreInfo>,
}

impl OrderScene {
    /// Creates a scene with the payer's address.
    ///
    /// [`default`](Self::default) creates one without it.
    pub fn new(payer_client_ip: impl Into<Redacted>) -> Self {
        Self::default().payer_client_ip(payer_client_ip)
    }
}

/// Scene of an H5 order: [`OrderScene`] and the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct H5Scene {
    /// Payer's IP address, IPv4 or IPv6.
    ///
    /// It must be the address from which the payer then opens the page.
    pub payer_client_ip: Option<Redacted>,
    /// Device or shop number, up to 32 characters.
    pub device_id: Option<String>,
    /// IP address of the device, IPv4 or IPv6; on few pages.
    pub device_ip: Option<String>,
    /// Shop.
    pub store_info: Option<StoreInfo>,
    /// Browser or app.
    pub h5_info: Option<H5Info>,
}

impl H5Scene {
    /// Creates a scene with the payer's address and browser.
    ///
    /// [`default`](Self::default) creates one without them.
    pub fn new(payer_client_ip: impl Into<Redacted>, h5_info: H5Info) -> Self {
        Self::default().payer_client_ip(payer_client_ip).h5_info(h5_info)
    }
}

/// Browser or app of an H5 payer.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct H5Info {
    /// Operating system.
    #[serde(rename = "type")]
    pub kind: Option<H5Type>,
    /// Name of the app.
    pub app_name: Option<String>,
    /// URL of the app's site.
    pub app_url: Option<String>,
    /// Bundle id on iOS.
    pub bundle_id: Option<String>,
    /// Package name on Android.
    pub package_name: Option<String>,
}

impl H5Info {
    /// Creates an entry for this operating system.
    ///
    /// [`default`](Self::default) creates one without it.
    #[must_use]
    pub fn new(kind: H5Type) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }
}

/// A shop (门店信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct StoreInfo {
    /// Merchant's shop number, up to 32 characters.
    pub id: Option<String>,
    /// Merchant's own shop code; on few pages.
    pub out_id: Option<String>,
    /// Name, up to 256 characters.
    pub name: Option<String>,
    /// District code of the shop.
    pub area_code: Option<String>,
    /// Address of the shop, up to 512 characters.
    pub address: Option<String>,
}

impl StoreInfo {
    /// Creates a shop with this number.
    ///
    /// [`default`](Self::default) creates one without it.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            ..Self::default()
        }
    }
}
