//! Changes of a merchant while the sandbox runs.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    crypto::{Aead, CryptoProvider},
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use super::{
    document::{MerchantCertificate, SubMerchant},
    error::MerchantError,
    state::{Merchant, MerchantKey},
    strict,
};
use crate::world::random::Ids;

/// Revoked ones included.
const MAX_CERTIFICATES: usize = 100;

/// Changes of a merchant for [`Sandbox::change_merchant`](crate::Sandbox::change_merchant). Everything else stays.
///
/// By serde it is the patch of the admin API, and a snapshot holds all changes of a merchant as one.
///
/// ```
/// use wechatpay_core::types::Appid;
/// use wechatpay_sandbox::MerchantChange;
///
/// let change = MerchantChange::new()
///     .name("Another name")
///     .appids([Appid::parse("wx0123456789abcdef")?]);
/// # let _ = change;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schema(min_properties = 1))]
#[must_use = "give it to Sandbox::change_merchant"]
pub struct MerchantChange {
    /// Shown at the cashier.
    #[serde(
        default,
        deserialize_with = "strict::given",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    name: Option<String>,
    /// Replaces the bound apps; orders of removed ones continue.
    #[serde(
        default,
        deserialize_with = "strict::given_list",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    appids: Option<Vec<Appid>>,
    /// Those that come, or get other apps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sub_merchants: Vec<SubMerchant>,
    /// `null` ends these notifications.
    #[serde(
        default,
        deserialize_with = "strict::given",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    share_notify_url: Option<Option<String>>,
    /// The old one becomes useless at once.
    #[serde(default, with = "strict::api_v3_key", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    api_v3_key: Option<ApiV3Key>,
    /// API certificates that come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(ignore))]
    certificates: Vec<MerchantCertificate>,
    /// Serials of API certificates that are revoked.
    #[serde(
        default,
        deserialize_with = "strict::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(feature = "schema", schema(ignore))]
    revoked: Vec<SerialNumber>,
}

/// Changes of a merchant at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MerchantEdit {
    /// Names of the changed settings.
    pub settings: Vec<&'static str>,
    /// Serials of new certificates.
    pub registered: Vec<SerialNumber>,
    /// Serials of certificates that no longer sign.
    pub revoked: Vec<SerialNumber>,
}

impl MerchantChange {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Replaces the apps bound to the merchant. Orders of removed apps continue.
    pub fn appids(mut self, appids: impl IntoIterator<Item = Appid>) -> Self {
        self.appids = Some(appids.into_iter().collect());
        self
    }

    /// Adds a sub-merchant with its apps, or replaces the apps of one.
    ///
    /// Sub-merchants cannot be removed.
    pub fn sub_merchant(mut self, mchid: Mchid, appids: impl IntoIterator<Item = Appid>) -> Self {
        self.sub_merchants.push(SubMerchant::new(mchid, appids));
        self
    }

    /// Sets the URL for notifications of received shares (分账动账通知).
    pub fn share_notify_url(mut self, url: impl Into<String>) -> Self {
        self.share_notify_url = Some(Some(url.into()));
        self
    }

    /// Ends notifications of received shares.
    pub fn no_share_notify_url(mut self) -> Self {
        self.share_notify_url = Some(None);
        self
    }

    /// Sets the APIv3 key. The old one becomes useless at once.
    ///
    /// Everything encrypted from now on, retried notifications included, needs the new one.
    pub fn api_v3_key(mut self, key: ApiV3Key) -> Self {
        self.api_v3_key = Some(key);
        self
    }

    /// Registers an API certificate, valid for signing from now on.
    ///
    /// A [fresh key](MerchantCertificate::fresh_key) takes a moment to make.
    pub fn certificate(mut self, certificate: MerchantCertificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// Revokes an API certificate for good.
    pub fn revoke(mut self, serial: SerialNumber) -> Self {
        self.revoked.push(serial);
        self
    }

    /// Returns true if nothing changes.
    pub fn is_empty(&self) -> bool {
        self.words().is_empty() && self.certificates.is_empty() && self.revoked.is_empty()
    }

    /// Names and serials of what changes, without secrets.
    pub(crate) fn edit(&self) -> MerchantEdit {
        let registered = self.certificates.iter();
        MerchantEdit {
            settings: self.words(),
            registered: registered
                .filter_map(|certificate| certificate.serial_no.clone())
                .collect(),
            revoked: self.revoked.clone(),
        }
    }

    /// The names of the changed settings.
    fn words(&self) -> Vec<&'static str> {
        [
            (self.name.is_some(), "name"),
            (self.appids.is_some(), "appids"),
            (!self.sub_merchants.is_empty(), "sub-merchants"),
            (self.share_notify_url.is_some(), "share_notify_url"),
            (self.api_v3_key.is_some(), "APIv3 key"),
        ]
        .into_iter()
        .filter_map(|(is_there, word)| is_there.then_some(word))
        .collect()
    }

    /// Loads its keys; new ones are made.
    pub(crate) fn load(
        mut self,
        provider: &dyn CryptoProvider,
        secrets: &Ids,
    ) -> Result<LoadedChange, MerchantError> {
        let aead = self
            .api_v3_key
            .as_ref()
            .map(|key| provider.aead(key))
            .transpose()?;
        let certificates = self.certificates.into_iter();
        let keys: Vec<MerchantKey> = certificates
            .map(|certificate| MerchantKey::load(certificate, provider, secrets))
            .collect::<Result<_, _>>()?;
        self.certificates = keys.iter().map(MerchantCertificate::from).collect();
        Ok(LoadedChange {
            change: self,
            aead,
            keys,
        })
    }

    /// This change, and then a later one.
    fn then(&mut self, later: Self) {
        self.name = later.name.or(self.name.take());
        self.appids = later.appids.or(self.appids.take());
        self.share_notify_url = later.share_notify_url.or(self.share_notify_url.take());
        self.api_v3_key = later.api_v3_key.or(self.api_v3_key.take());
        for sub in later.sub_merchants {
            bind(&mut self.sub_merchants, sub);
        }
        self.certificates.extend(later.certificates);
        self.revoked.extend(later.revoked);
    }
}

/// Adds a sub-merchant, or replaces the apps of one.
fn bind(subs: &mut Vec<SubMerchant>, sub: SubMerchant) {
    match subs.iter_mut().find(|known| known.mchid == sub.mchid) {
        Some(known) => *known = sub,
        None => subs.push(sub),
    }
}

impl fmt::Debug for MerchantChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantChange")
            .field("changes", &self.words())
            .finish_non_exhaustive()
    }
}

/// A change with its keys, ready to be applied.
#[derive(Clone, Default)]
pub(crate) struct LoadedChange {
    pub(crate) change: MerchantChange,
    aead: Option<Arc<dyn Aead>>,
    keys: Vec<MerchantKey>,
}

impl LoadedChange {
    /// A sub-merchant that comes.
    pub(super) fn of_sub(sub: SubMerchant) -> Self {
        let mut loaded = Self::default();
        loaded.change.sub_merchants.push(sub);
        loaded
    }
}

impl Merchant {
    /// The merchant after a change.
    pub(super) fn changed(&self, loaded: &LoadedChange) -> Result<Self, MerchantError> {
        let LoadedChange { change, aead, keys } = loaded;
        let mut merchant = self.clone();
        if let Some(name) = &change.name {
            merchant.name.clone_from(name);
        }
        if let Some(appids) = &change.appids {
            merchant.appids.clone_from(appids);
        }
        if let Some(url) = &change.share_notify_url {
            merchant.share_notify_url.clone_from(url);
        }
        if let (Some(key), Some(aead)) = (&change.api_v3_key, aead) {
            (merchant.api_v3_key, merchant.aead) = (key.clone(), Arc::clone(aead));
        }
        for sub in &change.sub_merchants {
            if sub.mchid == self.mchid {
                return Err(MerchantError::OwnSub);
            }
            bind(&mut merchant.sub_merchants, sub.clone());
        }
        for key in keys {
            if merchant.key(&key.serial).is_some() {
                return Err(MerchantError::CertificateTwice);
            }
            if merchant.keys.len() >= MAX_CERTIFICATES {
                return Err(MerchantError::TooManyCertificates);
            }
            merchant.keys.push(key.clone());
        }
        for serial in &change.revoked {
            let mut keys = merchant.keys.iter_mut();
            let key = keys.find(|key| key.serial == *serial);
            let key = key.ok_or(MerchantError::NoCertificate)?;
            if key.is_revoked {
                return Err(MerchantError::RevokedAlready);
            }
            key.is_revoked = true;
        }
        Ok(merchant)
    }
}

/// The present version of a merchant, and its changes since it was added.
pub(super) struct Version {
    pub(super) merchant: Arc<Merchant>,
    pub(super) changes: MerchantChange,
}

impl Version {
    /// A merchant as added.
    pub(super) fn first(merchant: &Arc<Merchant>) -> Self {
        Self {
            merchant: Arc::clone(merchant),
            changes: MerchantChange::default(),
        }
    }

    /// Applies a change, or stays as it is.
    pub(super) fn change(&mut self, loaded: LoadedChange) -> Result<(), MerchantError> {
        self.merchant = Arc::new(self.merchant.changed(&loaded)?);
        self.changes.then(loaded.change);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wechatpay_core::{
        crypto::default_provider,
        testing::{DEMO_API_V3_KEY, DEMO_SUB_MCHID, DemoKey},
    };

    use super::{super::state::DEMO_MERCHANT_SERIAL, *};
    use crate::world::merchants::document::MerchantSpec;

    #[test]
    fn all_changes_together_are_one_change() {
        let (provider, secrets) = (default_provider().unwrap(), Ids::from_seed(1));
        let load = |change: MerchantChange| change.load(provider.as_ref(), &secrets).unwrap();
        let spec = MerchantSpec::demo(false).unwrap();
        let came = Arc::new(spec.build(provider.as_ref(), &secrets).unwrap());
        let mchid = |text: &str| Mchid::parse(text).unwrap();
        let serial = |text: &str| SerialNumber::parse(text).unwrap();
        let other = MerchantCertificate::demo_key(serial("4F31"), DemoKey::OtherMerchant);

        let mut version = Version::first(&came);
        for change in [
            MerchantChange::new()
                .name("first")
                .share_notify_url("http://127.0.0.1:9/"),
            MerchantChange::new().name("second").no_share_notify_url(),
            MerchantChange::new().sub_merchant(mchid("1900000777"), []),
            MerchantChange::new().sub_merchant(mchid(DEMO_SUB_MCHID), []),
            MerchantChange::new().certificate(other.clone()),
            MerchantChange::new().revoke(serial(DEMO_MERCHANT_SERIAL)),
            MerchantChange::new().api_v3_key(ApiV3Key::parse(DEMO_API_V3_KEY).unwrap()),
        ] {
            version.change(load(change)).unwrap();
        }
        // Written, read and applied at once.
        let json = serde_json::to_value(&version.changes).unwrap();
        assert_eq!(json["share_notify_url"], json!(null));
        let read: MerchantChange = serde_json::from_value(json.clone()).unwrap();
        let mut again = Version::first(&came);
        again.change(load(read)).unwrap();
        assert_eq!(serde_json::to_value(&again.changes).unwrap(), json);
        let document = |merchant: &Merchant| {
            let revoked = merchant.keys.iter().map(|key| key.is_revoked);
            (
                serde_json::to_value(MerchantSpec::from(merchant)).unwrap(),
                revoked.collect::<Vec<_>>(),
            )
        };
        assert_eq!(document(&again.merchant), document(&version.merchant));
        let (shown, revoked) = document(&version.merchant);
        assert_eq!(shown["name"], "second");
        assert_eq!(
            shown["sub_merchants"][0],
            json!({ "mchid": DEMO_SUB_MCHID, "appids": [] })
        );
        assert_eq!(revoked, [true, false]);

        // What cannot be changes nothing, not even the part that could.
        for (change, error) in [
            (
                MerchantChange::new().certificate(other),
                MerchantError::CertificateTwice,
            ),
            (
                MerchantChange::new().revoke(serial("4F32")),
                MerchantError::NoCertificate,
            ),
            (
                MerchantChange::new().revoke(serial(DEMO_MERCHANT_SERIAL)),
                MerchantError::RevokedAlready,
            ),
            (
                MerchantChange::new().sub_merchant(came.mchid.clone(), []),
                MerchantError::OwnSub,
            ),
        ] {
            let refused = version.change(load(change.name("third"))).unwrap_err();
            assert_eq!(refused.to_string(), error.to_string());
            assert_eq!(document(&version.merchant).0["name"], "second");
        }
    }
}
