//! Where an order is made.

use serde::Serialize;

use crate::{
    macros::{open_enum, setters},
    types::PrivateText,
};

open_enum! {
    /// What the payer's browser runs on.
    pub enum H5Type {
        /// Apple.
        Ios = "iOS",
        /// Android.
        Android = "Android",
        /// Any mobile browser.
        Wap = "Wap",
    }
}

/// Where the order is made (场景信息).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OrderScene {
    /// The payer's address, IPv4 or IPv6.
    pub payer_client_ip: PrivateText,
    /// Number of the device or shop, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_info: Option<StoreInfo>,
}

impl OrderScene {
    /// A payer at this address.
    pub fn new(payer_client_ip: impl Into<PrivateText>) -> Self {
        Self {
            payer_client_ip: payer_client_ip.into(),
            device_id: None,
            store_info: None,
        }
    }

    setters! {
        /// Number of the device.
        device_id: String,
        /// The shop.
        store_info: StoreInfo,
    }
}

/// Where an H5 order is made: [`OrderScene`] and the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct H5Scene {
    /// The payer's address, IPv4 or IPv6. It must be the one with which the payer then opens the page.
    pub payer_client_ip: PrivateText,
    /// Number of the device or shop, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_info: Option<StoreInfo>,
    /// The browser or app.
    pub h5_info: H5Info,
}

impl H5Scene {
    /// A payer at this address with this browser.
    pub fn new(payer_client_ip: impl Into<PrivateText>, h5_info: H5Info) -> Self {
        Self {
            payer_client_ip: payer_client_ip.into(),
            device_id: None,
            store_info: None,
            h5_info,
        }
    }

    setters! {
        /// Number of the device.
        device_id: String,
        /// The shop.
        store_info: StoreInfo,
    }
}

/// The browser or app of an H5 payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct H5Info {
    /// What it runs on.
    #[serde(rename = "type")]
    pub kind: H5Type,
    /// Name of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// Its site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_url: Option<String>,
    /// Its bundle on Apple's systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<String>,
    /// Its package on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_name: Option<String>,
}

impl H5Info {
    /// A browser of this kind.
    #[must_use]
    pub fn new(kind: H5Type) -> Self {
        Self {
            kind,
            app_name: None,
            app_url: None,
            bundle_id: None,
            package_name: None,
        }
    }

    setters! {
        /// Name of the app.
        app_name: String,
        /// Its site.
        app_url: String,
        /// Its bundle on Apple's systems.
        bundle_id: String,
        /// Its package on Android.
        package_name: String,
    }
}

/// A shop (门店信息).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoreInfo {
    /// The merchant's number of it, up to 32 characters.
    pub id: String,
    /// The name, up to 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Code of its district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    /// Its address, up to 512 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl StoreInfo {
    /// The shop of this number.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
            area_code: None,
            address: None,
        }
    }

    setters! {
        /// The name.
        name: String,
        /// Code of its district.
        area_code: String,
        /// Its address.
        address: String,
    }
}
