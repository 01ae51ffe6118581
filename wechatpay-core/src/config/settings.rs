//! Validated settings.

use std::{fmt, sync::Arc};

use super::ConfigError;
use crate::{
    crypto::CryptoProvider,
    is_loopback,
    sign::{LocalSigner, RequestSigner, Signer},
    types::{ApiV3Key, Appid, Mchid},
    verify::{Observer, PlatformKey},
};

/// Returns `true` if the gateway is on this machine: a sandbox, never the real platform.
pub(super) fn is_local(base_url: &str) -> bool {
    base_url
        .parse::<http::Uri>()
        .is_ok_and(|uri| uri.host().is_some_and(is_loopback))
}

/// Validated settings.
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The calling merchant.
    pub mchid: Mchid,
    /// The sub-merchant that is paid, in partner mode.
    pub sub_mchid: Option<Mchid>,
    /// The app.
    pub appid: Option<Appid>,
    /// The signer with the private key.
    pub signer: Arc<LocalSigner>,
    /// The APIv3 key.
    pub api_v3_key: ApiV3Key,
    /// The WeChat Pay public key.
    pub public_key: Option<Arc<PlatformKey>>,
    /// `true` if platform certificates are downloaded.
    pub certificates: bool,
    /// The gateway, without a trailing slash.
    pub base_url: String,
    /// The URL for notifications.
    pub notify_url: Option<String>,
    /// The crypto backend.
    pub provider: Arc<dyn CryptoProvider>,
    /// Observer of messages whose signature does not match.
    ///
    /// [`Config`](super::Config) sets none.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Settings {
    /// Returns the merchant's signer for requests and client parameters.
    ///
    /// Logs a warning if the merchant's certificate was given and expires soon.
    #[must_use]
    pub fn request_signer(&self) -> RequestSigner {
        let signer: Arc<dyn Signer> = Arc::<LocalSigner>::clone(&self.signer);
        let signer = RequestSigner::new(self.mchid.clone(), signer);
        signer.warn_before_expiry();
        signer
    }
}

/// Ids of an order in partner mode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartnerIds {
    /// The service provider's app.
    pub sp_appid: Appid,
    /// The service provider.
    pub sp_mchid: Mchid,
    /// The sub-merchant that is paid.
    pub sub_mchid: Mchid,
}

/// Ids of an order in direct mode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectIds {
    /// The merchant's app.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
}

impl Settings {
    /// Returns the ids of an order in direct mode.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] without an app, [`ConfigError::Superfluous`] with a sub-merchant: then an order is
    /// placed in partner mode.
    pub fn direct(&self) -> Result<DirectIds, ConfigError> {
        match &self.sub_mchid {
            Some(_) => Err(ConfigError::Superfluous("sub_mchid (WECHATPAY_SUB_MCHID)")),
            None => Ok(DirectIds {
                appid: self.app()?,
                mchid: self.mchid.clone(),
            }),
        }
    }

    /// Returns the ids of an order in partner mode.
    ///
    /// [`Config::validate_partner`](super::Config::validate_partner) requires them from the start.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] without an app or a sub-merchant.
    pub fn partner(&self) -> Result<PartnerIds, ConfigError> {
        Ok(PartnerIds {
            sp_appid: self.app()?,
            sp_mchid: self.mchid.clone(),
            sub_mchid: self
                .sub_mchid
                .clone()
                .ok_or(ConfigError::Missing("sub_mchid (WECHATPAY_SUB_MCHID)"))?,
        })
    }

    fn app(&self) -> Result<Appid, ConfigError> {
        self.appid
            .clone()
            .ok_or(ConfigError::Missing("appid (WECHATPAY_APPID)"))
    }

    /// Returns `true` if the gateway is on this machine: a sandbox, never the real platform.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_local(&self.base_url)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("mchid", &self.mchid)
            .field("sub_mchid", &self.sub_mchid)
            .field("appid", &self.appid)
            .field("signer", &self.signer)
            .field("public_key", &self.public_key)
            .field("certificates", &self.certificates)
            .field("base_url", &self.base_url)
            .field("notify_url", &self.notify_url)
            .finish_non_exhaustive()
    }
}
