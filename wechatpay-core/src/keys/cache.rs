//! Certificate cache with lock-free reads and one download at a time.

use std::{fmt, sync::Arc};

use super::{
    CertificateSource, KeyError, KeyFuture, KeyHealth, KeyRing, KeyStore, PlatformKey, RefreshError,
    RefreshSettings, RejectedCertificate,
    accept::downloaded,
    downloads::{Downloads, Source},
    refresh::{RefreshGuard, Refresher, refresher},
};
use crate::{
    clock::Clock,
    config::ConfigError,
    crypto::{CryptoProvider, default_provider, pem, x509::PlatformCertificate},
    types::{ApiV3Key, KeyId},
    verify::Observer,
};

/// Platform certificates (平台证书) that are downloaded and refreshed automatically.
///
/// * Reads take a snapshot: they never lock or wait, and never see a partial set.
/// * At most one download runs at a time. Unknown serials start at most one download a minute. Failures are retried
///   with backoff. Serials that the platform does not know are remembered for a minute.
/// * One forged, weak or contradictory certificate rejects the whole response. A certificate that has expired or is not
///   valid yet is left out and the others are accepted; clocks may differ by five minutes. An error, a 404 or an empty
///   list never removes a key. Keys are removed when they expire.
/// * The very first response is verified too: it is decrypted with the APIv3 key, then its signature is verified with a
///   key inside it.
/// * A pinned WeChat Pay public key (微信支付公钥) may be combined with certificates during the migration. Then a 404 (the
///   merchant has no certificates) is not a failure: an unknown serial is unknown, and the next download follows the
///   usual interval.
///
/// The cache works without a [refresher](Self::spawn_refresh): an unknown serial starts a download. With a refresher,
/// no request waits for a rotation. Downloads need a tokio runtime with time enabled; reading keys does not. Cheap to
/// clone; all clones share one set.
///
/// # Examples
/// ```
/// # #[cfg(feature = "test-util")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wechatpay_core::{keys::{CertificateSource, FetchFuture}, testing::{DemoKey, FakePlatform}};
/// # #[derive(Debug)]
/// # struct Gateway(FakePlatform);
/// # impl CertificateSource for Gateway {
/// #     fn fetch(&self) -> FetchFuture {
/// #         let platform = &self.0;
/// #         let pem = platform.issue(&platform.certificate_spec(DemoKey::Platform1, &[0x11; 20]));
/// #         let signer = (platform.platform_key(&pem).id().clone(), platform.demo_key(DemoKey::Platform1));
/// #         let response = platform.certificates_response(&[pem], signer);
/// #         Box::pin(async move { Ok(response) })
/// #     }
/// # }
/// # let platform = FakePlatform::new();
/// # let api_v3_key = platform.api_v3_key().clone();
/// # let gateway = Gateway(platform);
/// use std::sync::Arc;
/// use wechatpay_core::keys::{CertificateCache, KeyStore};
///
/// // `gateway` implements `CertificateSource`, as `HttpCertificateSource` of `wechatpay-tower` does.
/// let cache = CertificateCache::builder(api_v3_key, Arc::new(gateway)).build()?;
/// cache.refresh().await?; // optional: the first message would download too
/// assert_eq!(cache.health().usable_keys, 1);
///
/// let guard = cache.spawn_refresh(); // keep it as long as the server runs
/// assert!(guard.is_running());
/// # Ok(()) }
/// # #[cfg(not(feature = "test-util"))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct CertificateCache {
    downloads: Arc<Downloads>,
    announced: Option<KeyId>,
}

impl CertificateCache {
    /// Starts to build a cache for one merchant.
    pub fn builder(api_v3_key: ApiV3Key, source: Arc<dyn CertificateSource>) -> CertificateCacheBuilder {
        CertificateCacheBuilder {
            api_v3_key,
            source,
            pinned: Vec::new(),
            announced: None,
            saved: None,
            root_pem: None,
            provider: None,
            clock: Clock::system(),
            observer: None,
            settings: RefreshSettings::default(),
        }
    }

    /// Downloads certificates now, or waits for a download in progress.
    ///
    /// # Errors
    /// Returns the reason of the failure. Current keys stay. Returns [`RefreshError::NoCertificates`] also with a
    /// pinned public key, where [`health`](KeyStore::health) does not count it as a failure.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the download and keeps the current keys.
    ///
    /// # Panics
    /// Panics outside a tokio runtime.
    pub async fn refresh(&self) -> Result<(), Arc<RefreshError>> {
        self.downloads.refresh_now().await
    }

    /// Returns a future that keeps the certificates fresh.
    ///
    /// It ends when the last clone of this cache is dropped.
    pub fn refresher(&self) -> Refresher {
        refresher(&self.downloads)
    }

    /// Spawns the [refresher](Self::refresher) on the current tokio runtime.
    ///
    /// Dropping the guard stops it.
    ///
    /// # Panics
    /// Panics outside a tokio runtime.
    pub fn spawn_refresh(&self) -> RefreshGuard {
        RefreshGuard::new(tokio::spawn(self.refresher()))
    }

    /// Returns the current keys.
    #[must_use]
    pub fn snapshot(&self) -> Arc<KeyRing> {
        Arc::clone(&self.downloads.ring())
    }

    /// Returns the certificates as PEM text.
    ///
    /// Save it with mode 0600 and pass it to [`saved_certificates`](CertificateCacheBuilder::saved_certificates) at the
    /// next start.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let ring = self.downloads.ring();
        ring.iter()
            .filter_map(|key| key.certificate_der())
            .map(pem::encode_certificate)
            .collect()
    }
}

impl KeyStore for CertificateCache {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.downloads.ring().get(id).cloned()
    }

    fn fetch(&self, id: &KeyId) -> KeyFuture {
        match id {
            // No API returns a public key, so a download would not help.
            KeyId::PublicKey(_) => KeyFuture::ready(Err(KeyError::Unknown)),
            KeyId::Certificate(_) if self.downloads.is_unknown(id) => {
                KeyFuture::ready(Err(KeyError::Unknown))
            }
            KeyId::Certificate(_) => KeyFuture::new(Arc::clone(&self.downloads).fetch(id.clone())),
        }
    }

    fn announced(&self) -> Option<KeyId> {
        let now = self.downloads.now();
        self.downloads.ring().announced(self.announced.as_ref(), now)
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        let now = self.downloads.now();
        self.downloads.ring().encryption_key(self.announced.as_ref(), now)
    }

    fn is_refresh_failing(&self) -> bool {
        self.downloads.is_failing()
    }

    fn health(&self) -> KeyHealth {
        self.downloads.health()
    }
}

/// Builds a [`CertificateCache`].
#[must_use = "call build()"]
pub struct CertificateCacheBuilder {
    api_v3_key: ApiV3Key,
    source: Arc<dyn CertificateSource>,
    pinned: Vec<Arc<PlatformKey>>,
    announced: Option<KeyId>,
    saved: Option<String>,
    root_pem: Option<String>,
    provider: Option<Arc<dyn CryptoProvider>>,
    clock: Clock,
    observer: Option<Arc<dyn Observer>>,
    settings: RefreshSettings,
}

/// Leaves out the PEM texts, because a private key may have been passed by mistake.
impl fmt::Debug for CertificateCacheBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateCacheBuilder")
            .field("source", &self.source)
            .field("pinned", &self.pinned)
            .field("announced", &self.announced)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl CertificateCacheBuilder {
    /// Pins a key that is trusted from the start.
    ///
    /// Usually a WeChat Pay public key. No refresh removes it.
    pub fn pin(mut self, key: impl Into<Arc<PlatformKey>>) -> Self {
        self.pinned.push(key.into());
        self
    }

    /// Announces this key on requests and encrypts with it, while it is valid.
    ///
    /// Defaults to the pinned public key, then to the newest certificate.
    pub fn announce(mut self, id: KeyId) -> Self {
        self.announced = Some(id);
        self
    }

    /// Adds the certificates of the last run.
    ///
    /// Takes the text of [`CertificateCache::to_pem`]. Certificates outside their validity are left out.
    pub fn saved_certificates(mut self, pem: impl Into<String>) -> Self {
        self.saved = Some(pem.into());
        self
    }

    /// Accepts only certificates that this issuer signed (PEM certificate or public key).
    pub fn root(mut self, pem: impl Into<String>) -> Self {
        self.root_pem = Some(pem.into());
        self
    }

    /// Sets the crypto backend. Defaults to the one that the features select.
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Sets an observer of downloads whose signature does not match. Defaults to none.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Sets the clock. Defaults to the system clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the times of downloads, within the bounds of [`RefreshSettings`].
    pub fn settings(mut self, settings: RefreshSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Builds the cache without a download or a spawned task.
    ///
    /// # Errors
    /// Returns an error if a root or saved certificate cannot be read, or there is no crypto backend.
    pub fn build(self) -> Result<CertificateCache, ConfigError> {
        let provider = match self.provider {
            Some(provider) => provider,
            None => default_provider()?,
        };
        let now = self.clock.now();
        let root = self
            .root_pem
            .as_deref()
            .map(|pem| pem::public_key(pem, provider.as_ref()))
            .transpose()?;
        let mut keys: Vec<Arc<PlatformKey>> = self.pinned;
        for der in self
            .saved
            .as_deref()
            .map(pem::split_certificates)
            .transpose()?
            .unwrap_or_default()
        {
            let key = PlatformCertificate::from_der(&der)
                .map_err(RejectedCertificate::Key)
                .and_then(|certificate| downloaded(&certificate, root.as_deref(), provider.as_ref()));
            match key {
                Ok(key) if keys.iter().any(|known| known.conflicts_with(&key)) => {
                    return Err(ConfigError::SavedCertificate(RejectedCertificate::SerialReused));
                }
                // Time has passed since it was saved, or the clock was set back; the download returns the valid ones.
                Ok(key) if !key.is_valid_at(now) => {}
                Ok(key) => keys.push(Arc::new(key)),
                Err(RejectedCertificate::Key(error)) => return Err(error.into()),
                Err(other) => return Err(ConfigError::SavedCertificate(other)),
            }
        }
        let aead = provider.aead(&self.api_v3_key)?;
        let source = Source {
            certificates: self.source,
            provider,
            aead,
            root,
            observer: self.observer,
        };
        let downloads = Downloads::new(KeyRing::new(keys), source, self.clock, self.settings);
        Ok(CertificateCache {
            downloads: Arc::new(downloads),
            announced: self.announced,
        })
    }
}
