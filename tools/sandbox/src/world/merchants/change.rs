//! Changes of a merchant while the sandbox runs.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use wechatpay_core::{
    crypto::{Aead, CryptoProvider, KeyLoadError},
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};

use crate::world::merchants::{
    form::{CertificateForm, SubForm, field, parsed, texts},
    state::{Merchant, MerchantKey, SubMerchant},
};

/// Changes of a merchant for [`Sandbox::change_merchant`](crate::Sandbox::change_merchant). Everything else stays.
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
#[derive(Clone, Default)]
#[must_use = "give it to Sandbox::change_merchant"]
pub struct MerchantChange {
    name: Option<String>,
    appids: Option<Vec<Appid>>,
    subs: Vec<SubMerchant>,
    /// `None` in it is nowhere.
    share_notify_url: Option<Option<String>>,
    api_v3_key: Option<ApiV3Key>,
}

/// Why a merchant was not changed. It is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MerchantError {
    /// The mchid is unknown.
    #[error("nobody has this mchid")]
    Unknown,
    /// A merchant is to be its own sub-merchant.
    #[error("a merchant is no sub-merchant of its own")]
    OwnSub,
    /// It has a certificate of this serial, which may be revoked.
    #[error("the merchant has a certificate of this serial")]
    CertificateTwice,
    /// The maximum number of certificates is reached.
    #[error("the merchant has too many certificates")]
    TooManyCertificates,
    /// It has no certificate of this serial.
    #[error("the merchant has no certificate of this serial")]
    NoCertificate,
    /// The certificate was revoked before.
    #[error("the certificate is revoked already")]
    RevokedAlready,
    /// A key cannot be read.
    #[error("a key cannot be read")]
    Key(#[from] KeyLoadError),
    /// A new key could not be made.
    #[error("a new key could not be made")]
    FreshKey,
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
        self.subs.push(SubMerchant {
            mchid,
            appids: appids.into_iter().collect(),
        });
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

    pub(crate) fn subs(&self) -> &[SubMerchant] {
        &self.subs
    }

    /// The names of the changes.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        [
            (self.name.is_some(), "name"),
            (self.appids.is_some(), "appids"),
            (!self.subs.is_empty(), "sub-merchants"),
            (self.share_notify_url.is_some(), "share_notify_url"),
            (self.api_v3_key.is_some(), "APIv3 key"),
        ]
        .into_iter()
        .filter_map(|(is_there, word)| is_there.then_some(word))
        .collect()
    }
}

impl fmt::Debug for MerchantChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantChange")
            .field("changes", &self.words())
            .finish_non_exhaustive()
    }
}

/// All changes of a merchant since it was added, except sub-merchants.
#[derive(Clone, Default)]
pub(crate) struct Changes {
    name: Option<String>,
    appids: Option<Vec<Appid>>,
    share_notify_url: Option<Option<String>>,
    api_v3_key: Option<(ApiV3Key, Arc<dyn Aead>)>,
    registered: Vec<MerchantKey>,
    revoked: Vec<SerialNumber>,
}

impl Changes {
    pub(crate) fn is_none(&self) -> bool {
        let Self {
            name,
            appids,
            share_notify_url,
            api_v3_key,
            registered,
            revoked,
        } = self;
        name.is_none()
            && appids.is_none()
            && share_notify_url.is_none()
            && api_v3_key.is_none()
            && registered.is_empty()
            && revoked.is_empty()
    }

    /// Applies changes; later ones win.
    pub(crate) fn apply(
        &mut self,
        change: MerchantChange,
        provider: &dyn CryptoProvider,
    ) -> Result<(), MerchantError> {
        if let Some(key) = change.api_v3_key {
            let aead = provider.aead(&key)?;
            self.api_v3_key = Some((key, aead));
        }
        self.name = change.name.or(self.name.take());
        self.appids = change.appids.or(self.appids.take());
        self.share_notify_url = change.share_notify_url.or(self.share_notify_url.take());
        Ok(())
    }

    pub(crate) fn register(&mut self, key: MerchantKey) {
        self.registered.push(key);
    }

    pub(crate) fn revoke(&mut self, serial: SerialNumber) {
        self.revoked.push(serial);
    }
}

impl Merchant {
    /// The merchant with these changes.
    pub(crate) fn with(&self, changes: &Changes) -> Self {
        let mut merchant = self.clone();
        let Changes {
            name,
            appids,
            share_notify_url,
            api_v3_key,
            registered,
            revoked,
        } = changes.clone();
        if let Some(name) = name {
            merchant.name = name;
        }
        if let Some(appids) = appids {
            merchant.appids = appids;
        }
        if let Some(url) = share_notify_url {
            merchant.share_notify_url = url;
        }
        if let Some((key, aead)) = api_v3_key {
            (merchant.api_v3_key, merchant.aead) = (key, aead);
        }
        merchant.keys.extend(registered);
        for key in &mut merchant.keys {
            key.is_revoked |= revoked.contains(&key.serial);
        }
        merchant
    }
}

/// A change as a document, for the admin API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeForm {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    appids: Option<Vec<String>>,
    #[serde(default)]
    sub_merchants: Vec<SubForm>,
    #[serde(default, deserialize_with = "given")]
    share_notify_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    api_v3_key: Option<String>,
    // What a merchant has and keeps: whoever tries to change it is told so.
    mchid: Option<IgnoredAny>,
    kind: Option<IgnoredAny>,
    certificates: Option<IgnoredAny>,
}

impl ChangeForm {
    /// The change that it describes, or which field is wrong.
    pub(crate) fn change(self) -> Result<MerchantChange, String> {
        for (is_there, told) in [
            (
                self.mchid.is_some(),
                "mchid: a merchant keeps its number; add another merchant",
            ),
            (
                self.kind.is_some(),
                "kind: a merchant keeps its kind, for orders under way depend on it; add another merchant",
            ),
            (
                self.certificates.is_some(),
                "certificates: POST /merchants/{mchid}/certs registers one, and …/certs/{serial_no}/revoke revokes one",
            ),
        ] {
            if is_there {
                return Err(told.to_owned());
            }
        }
        let change = MerchantChange {
            name: self.name,
            appids: self.appids.map(|appids| parsed(&appids)).transpose()?,
            subs: self
                .sub_merchants
                .iter()
                .map(SubForm::sub)
                .collect::<Result<_, _>>()?,
            share_notify_url: self.share_notify_url,
            api_v3_key: self
                .api_v3_key
                .map(|key| field("api_v3_key", ApiV3Key::parse(&key)))
                .transpose()?,
        };
        if change.words().is_empty() {
            return Err(
                "nothing is to change: name, appids, sub_merchants, share_notify_url and api_v3_key can"
                    .to_owned(),
            );
        }
        Ok(change)
    }
}

/// No more than this is said of a key.
const UNREAD: &str = "a key of a merchant cannot be read";

/// All that changed of a merchant, in a snapshot.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedChanges {
    pub(crate) mchid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    appids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    share_notify_url: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_v3_key: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<CertificateForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revoked: Vec<String>,
}

impl SavedChanges {
    pub(crate) fn of(mchid: &str, changes: &Changes) -> Self {
        Self {
            mchid: mchid.to_owned(),
            name: changes.name.clone(),
            appids: changes.appids.as_deref().map(texts),
            share_notify_url: changes.share_notify_url.clone(),
            api_v3_key: changes
                .api_v3_key
                .as_ref()
                .map(|(key, _)| String::from_utf8_lossy(key.expose()).into_owned()),
            certificates: changes.registered.iter().map(CertificateForm::of).collect(),
            revoked: changes
                .revoked
                .iter()
                .map(|serial| serial.as_str().to_owned())
                .collect(),
        }
    }

    /// The changes that it describes, or which field is wrong.
    pub(crate) fn changes(&self, provider: &dyn CryptoProvider) -> Result<Changes, String> {
        let api_v3_key = match &self.api_v3_key {
            Some(key) => {
                let key = field("api_v3_key", ApiV3Key::parse(key))?;
                let aead = provider.aead(&key).map_err(|_| UNREAD)?;
                Some((key, aead))
            }
            None => None,
        };
        let registered = self.certificates.iter().map(|form| {
            let key = form.clone().certificate()?.load(provider);
            key.map_err(|_| UNREAD.to_owned())
        });
        let revoked = self.revoked.iter();
        Ok(Changes {
            name: self.name.clone(),
            appids: self.appids.as_deref().map(parsed).transpose()?,
            share_notify_url: self.share_notify_url.clone(),
            api_v3_key,
            registered: registered.collect::<Result<_, _>>()?,
            revoked: revoked
                .map(|serial| field("revoked", SerialNumber::parse(serial)))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Reads a value that is present, even if it is `null`.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
