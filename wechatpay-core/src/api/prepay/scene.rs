//! Where an order is made.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::Redacted;

/// System of the payer's browser.
#[open_enum]
pub enum H5Type {
    /// Apple.
    Ios = "iOS",
    /// Android.
    Android = "Android",
    /// Any mobile browser.
    Wap = "Wap",
}

/// The place where an order is made (场景信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct OrderScene {
    /// The payer's address, IPv4 or IPv6.
    pub payer_client_ip: Option<Redacted>,
    /// Number of the device or shop, up to 32 characters.
    pub device_id: Option<String>,
    /// The device's address, IPv4 or IPv6; few pages have it.
    pub device_ip: Option<String>,
    /// The shop.
    pub store_info: Option<StoreInfo>,
}

impl OrderScene {
    /// A payer at this address. [`default`](Self::default) makes a scene without one.
    pub fn new(payer_client_ip: impl Into<Redacted>) -> Self {
        Self::default().payer_client_ip(payer_client_ip)
    }
}

/// The place where an H5 order is made: [`OrderScene`] and the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct H5Scene {
    /// The payer's address, IPv4 or IPv6. It must be the one with which the payer then opens the page.
    pub payer_client_ip: Option<Redacted>,
    /// Number of the device or shop, up to 32 characters.
    pub device_id: Option<String>,
    /// The device's address, IPv4 or IPv6; few pages have it.
    pub device_ip: Option<String>,
    /// The shop.
    pub store_info: Option<StoreInfo>,
    /// The browser or app.
    pub h5_info: Option<H5Info>,
}

impl H5Scene {
    /// A payer at this address with this browser. [`default`](Self::default) makes a scene without them.
    pub fn new(payer_client_ip: impl Into<Redacted>, h5_info: H5Info) -> Self {
        Self::default().payer_client_ip(payer_client_ip).h5_info(h5_info)
    }
}

/// The browser or app of an H5 payer.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct H5Info {
    /// The system it runs on.
    #[serde(rename = "type")]
    pub kind: Option<H5Type>,
    /// Name of the app.
    pub app_name: Option<String>,
    /// Its site.
    pub app_url: Option<String>,
    /// Its bundle on Apple's systems.
    pub bundle_id: Option<String>,
    /// Its package on Android.
    pub package_name: Option<String>,
}

impl H5Info {
    /// A browser of this kind. [`default`](Self::default) makes one of no kind.
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
    /// The merchant's number of it, up to 32 characters.
    pub id: Option<String>,
    /// The merchant's own code of it; few pages have it.
    pub out_id: Option<String>,
    /// The name, up to 256 characters.
    pub name: Option<String>,
    /// Code of its district.
    pub area_code: Option<String>,
    /// Its address, up to 512 characters.
    pub address: Option<String>,
}

impl StoreInfo {
    /// The shop of this number. [`default`](Self::default) makes one without it.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            ..Self::default()
        }
    }
}
