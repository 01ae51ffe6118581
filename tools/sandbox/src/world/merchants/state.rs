//! The merchants that the gateway knows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    crypto::{Aead, CryptoProvider, PublicKey, pem},
    testing::private_key_pem,
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use super::{
    document::{MerchantCertificate, SubMerchant},
    error::MerchantError,
};
use crate::world::random::{Ids, rsa_key};

/// Serial of the demo merchant's API certificate.
pub const DEMO_MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// Name of the demo merchant.
pub const DEMO_NAME: &str = "Sandbox Demo Shop";
/// App of the demo sub-merchant.
pub const DEMO_SUB_APPID: &str = "wx7a3c5e9f10b2d4e6";

/// Kinds of merchants, which decide the families of endpoints they may call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MerchantKind {
    /// An e-commerce platform (平台商户, 电商收付通): `/v3/ecommerce/…`. May also sell for itself.
    #[default]
    Platform,
    /// An ordinary service provider (普通服务商).
    ServiceProvider,
    /// A merchant without sub-merchants (普通商户).
    Direct,
}

/// An API certificate of a merchant, as far as the gateway needs it.
#[derive(Clone)]
pub struct MerchantKey {
    /// Serial number of the certificate.
    pub serial: SerialNumber,
    /// Nothing that it signs is taken any more.
    pub is_revoked: bool,
    /// The public key, which verifies requests.
    pub public: Arc<dyn PublicKey>,
    /// The public key as DER.
    pub public_key_info: Vec<u8>,
    /// The private key in PEM, if the sandbox made it.
    pub private_pem: Option<String>,
}

debug_only!(MerchantKey { serial, is_revoked });

impl MerchantKey {
    /// The key of a certificate, or a new one, which takes a moment to make.
    pub(super) fn load(
        certificate: MerchantCertificate,
        provider: &dyn CryptoProvider,
        secrets: &Ids,
    ) -> Result<Self, MerchantError> {
        let serial = match certificate.serial_no {
            Some(serial) => serial,
            None => secrets.serial().ok_or(MerchantError::FreshKey)?,
        };
        let (public_key_info, private_pem) = match (certificate.private_key, certificate.public_key) {
            (None, Some(pem)) => (pem::public_key_info(&pem)?, None),
            (given, _) => {
                let pem = given.or_else(|| rsa_key().map(|key| private_key_pem(&key)));
                let pem = pem.ok_or(MerchantError::FreshKey)?;
                let key = pem::private_key(&pem, provider)?;
                (key.public_key_info().to_vec(), Some(pem))
            }
        };
        Ok(Self {
            serial,
            is_revoked: false,
            public: provider.public_key(&public_key_info)?,
            public_key_info,
            private_pem,
        })
    }
}

/// One version of a merchant; a change makes a new one, see `Merchants`.
#[derive(Clone)]
pub struct Merchant {
    /// Direct merchant, service provider or platform.
    pub kind: MerchantKind,
    /// Number of the merchant.
    pub mchid: Mchid,
    pub(crate) api_v3_key: ApiV3Key,
    pub(crate) aead: Arc<dyn Aead>,
    /// Name for pages.
    pub name: String,
    /// Apps of the merchant.
    pub appids: Vec<Appid>,
    /// Apps whose account may not use web authorisation.
    pub appids_without_oauth: Vec<Appid>,
    /// Sub-merchants.
    pub sub_merchants: Vec<SubMerchant>,
    /// Certificates, the oldest first.
    pub keys: Vec<MerchantKey>,
    /// Address of notifications about shares.
    pub share_notify_url: Option<String>,
}

debug_only!(Merchant { kind, mchid, appids });

impl Merchant {
    pub(crate) fn has_appid(&self, appid: &str) -> bool {
        self.appids.iter().any(|known| *known == appid)
    }

    pub(crate) fn is_platform(&self) -> bool {
        self.kind == MerchantKind::Platform
    }

    pub(crate) fn sub(&self, mchid: &str) -> Option<&SubMerchant> {
        self.sub_merchants.iter().find(|sub| sub.mchid == mchid)
    }

    /// The certificate of this serial, be it revoked.
    pub fn key(&self, serial: &SerialNumber) -> Option<&MerchantKey> {
        self.keys.iter().find(|key| key.serial == *serial)
    }

    /// The certificates that are not revoked.
    pub fn valid_keys(&self) -> impl Iterator<Item = &MerchantKey> {
        self.keys.iter().filter(|key| !key.is_revoked)
    }
}
