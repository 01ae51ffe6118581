//! The merchants that the gateway knows.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    crypto::{Aead, CryptoProvider, PublicKey, pem},
    testing::{DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey, private_key_pem},
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use crate::world::lock;
use crate::{StartError, platform::fresh_key};

/// Serial of the demo merchant's API certificate.
pub const DEMO_MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// App of the demo sub-merchant.
pub const DEMO_SUB_APPID: &str = "wx7a3c5e9f10b2d4e6";

/// Kinds of merchants, which decide the families of endpoints they may call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
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

/// A merchant to be known besides the demo merchant.
///
/// ```
/// use wechatpay_core::{testing::DemoKey, types::{ApiV3Key, Appid, Mchid, SerialNumber}};
/// use wechatpay_sandbox::MerchantSpec;
///
/// let merchant = MerchantSpec::new(
///     Mchid::parse("1900000002")?,
///     ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc")?,
/// )
/// .appid(Appid::parse("wx0123456789abcdef")?)
/// .demo_key(SerialNumber::parse("4F2E")?, DemoKey::OtherMerchant);
/// # let _ = merchant;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "give it to SandboxBuilder::merchant or Sandbox::add_merchant"]
pub struct MerchantSpec {
    kind: MerchantKind,
    mchid: Mchid,
    api_v3_key: ApiV3Key,
    name: String,
    appids: Vec<Appid>,
    subs: Vec<SubMerchant>,
    keys: Vec<KeySpec>,
    share_notify_url: Option<String>,
}

#[derive(Clone)]
enum KeySpec {
    /// The sandbox only verifies with it.
    Public { serial: SerialNumber, pem: String },
    /// The private key, which may also appear in a [`Config`](wechatpay_core::Config).
    Private { serial: SerialNumber, pem: String },
    /// The same, made when the sandbox starts.
    Fresh { serial: SerialNumber },
}

impl MerchantSpec {
    /// Takes the merchant id and its APIv3 key.
    pub fn new(mchid: Mchid, api_v3_key: ApiV3Key) -> Self {
        Self {
            kind: MerchantKind::default(),
            name: format!("Sandbox shop {mchid}"),
            mchid,
            api_v3_key,
            appids: Vec::new(),
            subs: Vec::new(),
            keys: Vec::new(),
            share_notify_url: None,
        }
    }

    /// The demo merchant, with the key that everybody has or a new one.
    pub(crate) fn demo(has_fresh_key: bool) -> Result<Self, StartError> {
        let broken = |_| StartError::Demo;
        let mchid = Mchid::parse(DEMO_MCHID).map_err(broken)?;
        let api_v3_key = ApiV3Key::parse(DEMO_API_V3_KEY).map_err(|_| StartError::Demo)?;
        let serial = SerialNumber::parse(DEMO_MERCHANT_SERIAL).map_err(broken)?;
        let demo = Self::new(mchid, api_v3_key)
            .name("Sandbox Demo Shop")
            .appid(Appid::parse(DEMO_APPID).map_err(broken)?)
            .sub_merchant(
                Mchid::parse(DEMO_SUB_MCHID).map_err(broken)?,
                [Appid::parse(DEMO_SUB_APPID).map_err(broken)?],
            );
        Ok(if has_fresh_key {
            demo.fresh_key(serial)
        } else {
            demo.demo_key(serial, DemoKey::Merchant)
        })
    }

    /// Sets the kind of merchant. Default: [`MerchantKind::Platform`].
    pub fn kind(mut self, kind: MerchantKind) -> Self {
        self.kind = kind;
        self
    }

    /// The name that the cashier shows.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// An app that is bound to the merchant.
    pub fn appid(mut self, appid: Appid) -> Self {
        self.appids.push(appid);
        self
    }

    /// A sub-merchant of this service provider, and the apps that are bound to it.
    pub fn sub_merchant(mut self, mchid: Mchid, appids: impl IntoIterator<Item = Appid>) -> Self {
        self.subs.push(SubMerchant {
            mchid,
            appids: appids.into_iter().collect(),
        });
        self
    }

    /// Sets the URL for notifications of received shares (分账动账通知). Default: none.
    pub fn share_notify_url(mut self, url: impl Into<String>) -> Self {
        self.share_notify_url = Some(url.into());
        self
    }

    /// Adds an API certificate by its serial and its public key as PEM.
    ///
    /// The PEM may be the certificate itself.
    pub fn public_key_pem(self, serial: SerialNumber, pem: impl Into<String>) -> Self {
        self.certificate(MerchantCertificate::public_key_pem(serial, pem))
    }

    /// The same by its private key, so that [`Sandbox::config_of`](crate::Sandbox::config_of) can hold it.
    pub fn private_key_pem(self, serial: SerialNumber, pem: impl Into<String>) -> Self {
        self.certificate(MerchantCertificate::private_key_pem(serial, pem))
    }

    /// The same with a key that is public anyway.
    pub fn demo_key(self, serial: SerialNumber, key: DemoKey) -> Self {
        self.certificate(MerchantCertificate::demo_key(serial, key))
    }

    /// Adds an API certificate with a new key, made when the sandbox starts.
    ///
    /// For tests that must not use a public key.
    pub fn fresh_key(self, serial: SerialNumber) -> Self {
        self.certificate(MerchantCertificate::fresh_key(serial))
    }

    /// Adds an API certificate.
    pub fn certificate(mut self, certificate: MerchantCertificate) -> Self {
        self.keys.push(certificate.0);
        self
    }

    pub(crate) fn build(self, provider: &dyn CryptoProvider) -> Result<Merchant, StartError> {
        let keys = self
            .keys
            .into_iter()
            .map(|key| MerchantKey::load(key, provider))
            .collect::<Result<_, _>>()?;
        Ok(Merchant {
            aead: provider.aead(&self.api_v3_key)?,
            kind: self.kind,
            mchid: self.mchid,
            api_v3_key: self.api_v3_key,
            name: self.name,
            appids: self.appids,
            subs: self.subs,
            admitted: Arc::default(),
            share_notify_url: self.share_notify_url,
            keys,
        })
    }
}

impl fmt::Debug for MerchantSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantSpec")
            .field("mchid", &self.mchid)
            .field("appids", &self.appids)
            .finish_non_exhaustive()
    }
}

/// An API certificate of a merchant, by serial and key, for [`Sandbox::add_certificate`].
///
/// [`Sandbox::add_certificate`]: crate::Sandbox::add_certificate
#[derive(Clone)]
#[must_use = "give it to MerchantSpec::certificate or Sandbox::add_certificate"]
pub struct MerchantCertificate(KeySpec);

impl MerchantCertificate {
    /// A certificate that can only be verified: its public key or itself, as PEM.
    pub fn public_key_pem(serial: SerialNumber, pem: impl Into<String>) -> Self {
        Self(KeySpec::Public {
            serial,
            pem: pem.into(),
        })
    }

    /// By its private key as PEM, so that [`Sandbox::config_with`](crate::Sandbox::config_with) can hold it.
    pub fn private_key_pem(serial: SerialNumber, pem: impl Into<String>) -> Self {
        Self(KeySpec::Private {
            serial,
            pem: pem.into(),
        })
    }

    /// The same with a key that is public anyway.
    pub fn demo_key(serial: SerialNumber, key: DemoKey) -> Self {
        Self::private_key_pem(serial, private_key_pem(key.pkcs8()))
    }

    /// The same with a key that is made now.
    pub fn fresh_key(serial: SerialNumber) -> Self {
        Self(KeySpec::Fresh { serial })
    }

    pub(crate) fn serial(&self) -> &SerialNumber {
        match &self.0 {
            KeySpec::Public { serial, .. } | KeySpec::Private { serial, .. } | KeySpec::Fresh { serial } => {
                serial
            }
        }
    }

    pub(crate) fn load(self, provider: &dyn CryptoProvider) -> Result<MerchantKey, StartError> {
        MerchantKey::load(self.0, provider)
    }
}

impl fmt::Debug for MerchantCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantCertificate")
            .field("serial", self.serial())
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SubMerchant {
    pub(crate) mchid: Mchid,
    pub(crate) appids: Vec<Appid>,
}

/// An API certificate of a merchant, as far as the gateway needs it.
#[derive(Clone)]
pub(crate) struct MerchantKey {
    pub(crate) serial: SerialNumber,
    /// Nothing that it signs is taken any more.
    pub(crate) is_revoked: bool,
    pub(crate) public: Arc<dyn PublicKey>,
    pub(crate) public_key_info: Vec<u8>,
    pub(crate) private_pem: Option<String>,
}

impl MerchantKey {
    fn load(spec: KeySpec, provider: &dyn CryptoProvider) -> Result<Self, StartError> {
        let spec = match spec {
            KeySpec::Fresh { serial } => KeySpec::Private {
                serial,
                pem: private_key_pem(&fresh_key()?),
            },
            other => other,
        };
        let (serial, public_key_info, private_pem) = match spec {
            KeySpec::Public { serial, pem } => (serial, pem::public_key_info(&pem)?, None),
            KeySpec::Private { serial, pem } => {
                let key = pem::private_key(&pem, provider)?;
                (serial, key.public_key_info().to_vec(), Some(pem))
            }
            KeySpec::Fresh { .. } => return Err(StartError::FreshKey),
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

/// One version of a merchant; a change makes a new one, see [`Merchants`](super::merchants::Merchants).
#[derive(Clone)]
pub(crate) struct Merchant {
    pub(crate) kind: MerchantKind,
    pub(crate) mchid: Mchid,
    pub(crate) api_v3_key: ApiV3Key,
    pub(crate) aead: Arc<dyn Aead>,
    pub(crate) name: String,
    pub(crate) appids: Vec<Appid>,
    subs: Vec<SubMerchant>,
    /// Sub-merchants that were added, and those above with changed apps.
    ///
    /// All versions of a merchant share them.
    admitted: Arc<Mutex<Vec<SubMerchant>>>,
    pub(crate) keys: Vec<MerchantKey>,
    pub(crate) share_notify_url: Option<String>,
}

impl Merchant {
    pub(crate) fn has_appid(&self, appid: &str) -> bool {
        self.appids.iter().any(|known| *known == appid)
    }

    pub(crate) fn is_platform(&self) -> bool {
        self.kind == MerchantKind::Platform
    }

    pub(crate) fn sub(&self, mchid: &str) -> Option<SubMerchant> {
        self.subs().into_iter().find(|sub| sub.mchid == mchid)
    }

    /// Adds a sub-merchant.
    pub(crate) fn admit(&self, sub: SubMerchant) {
        let mut admitted = lock(&self.admitted);
        let mut known = self.subs.iter().chain(admitted.iter());
        if known.all(|known| known.mchid != sub.mchid) {
            admitted.push(sub);
        }
    }

    /// Adds a sub-merchant, or replaces the apps of one.
    pub(crate) fn bind(&self, sub: SubMerchant) {
        let mut admitted = lock(&self.admitted);
        match admitted.iter_mut().find(|known| known.mchid == sub.mchid) {
            Some(known) => *known = sub,
            None => admitted.push(sub),
        }
    }

    pub(crate) fn subs(&self) -> Vec<SubMerchant> {
        let admitted = lock(&self.admitted);
        let is_new = |sub: &&SubMerchant| self.subs.iter().all(|own| own.mchid != sub.mchid);
        let own = self.subs.iter().map(|own| {
            let changed = admitted.iter().find(|sub| sub.mchid == own.mchid);
            changed.unwrap_or(own)
        });
        own.chain(admitted.iter().filter(is_new)).cloned().collect()
    }

    /// Sub-merchants that were added or have changed apps.
    pub(crate) fn admitted(&self) -> Vec<SubMerchant> {
        lock(&self.admitted).clone()
    }

    /// Those that were there from the beginning.
    pub(crate) fn own_subs(&self) -> &[SubMerchant] {
        &self.subs
    }

    /// Replaces the added sub-merchants.
    pub(crate) fn admit_only(&self, subs: Vec<SubMerchant>) {
        *lock(&self.admitted) = subs;
    }

    /// The certificate of this serial, be it revoked.
    pub(crate) fn key(&self, serial: &SerialNumber) -> Option<&MerchantKey> {
        self.keys.iter().find(|key| key.serial == *serial)
    }

    /// The certificates that are not revoked.
    pub(crate) fn valid_keys(&self) -> impl Iterator<Item = &MerchantKey> {
        self.keys.iter().filter(|key| !key.is_revoked)
    }
}
