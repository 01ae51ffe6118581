//! The certificate cache: a snapshot that is read without a lock, and one gate through which all downloads go.

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

/// Platform certificates that look after themselves.
///
/// * Reading is a snapshot: no lock, no wait, never half a set.
/// * One download at a time, at most one a minute because of unknown serials, with back-off after failures. Serials that
///   the platform does not know are remembered for a minute.
/// * One forged, weak or contradictory certificate refuses the whole response. One that has expired or is not valid yet is
///   left out, and the others are taken; clocks may differ by five minutes. The set never shrinks because of an error, a 404
///   or an empty list; keys leave it when they expire.
/// * The very first response is verified too: decrypted with the APIv3 key, then checked with the key found inside.
/// * A pinned WeChat Pay public key may stand beside the certificates, for the change-over. Then a 404 (the merchant has no
///   certificates) is no failure: an unknown serial is unknown, and the next download is due at the usual time.
///
/// Without a [refresher](Self::spawn_refresh) it still works: an unknown serial downloads. With one, rotation is never
/// noticed by a request. Downloads run on a tokio runtime with its timer on; reading keys needs none. Cheap to clone; all
/// clones share one set.
#[derive(Clone, Debug)]
pub struct CertificateCache {
    downloads: Arc<Downloads>,
    announced: Option<KeyId>,
}

impl CertificateCache {
    /// Starts to build a cache for one merchant.
    pub fn builder(api_v3_key: ApiV3Key, fetcher: Arc<dyn CertificateSource>) -> CertificateCacheBuilder {
        CertificateCacheBuilder {
            api_v3_key,
            fetcher,
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

    /// Downloads now, unless a download is under way; then waits for that one.
    ///
    /// # Errors
    /// Why it failed. The keys that were there stay. [`RefreshError::NoCertificates`] also beside a pinned public key, where
    /// [`health`](KeyStore::health) does not count it as a failure.
    ///
    /// # Cancel safety
    /// Dropping the future gives the download up and leaves the old set.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn refresh(&self) -> Result<(), Arc<RefreshError>> {
        self.downloads.refresh_now().await
    }

    /// A future that keeps the certificates fresh. It ends when the last clone of this cache is gone.
    pub fn refresher(&self) -> Refresher {
        refresher(&self.downloads)
    }

    /// Spawns the [refresher](Self::refresher) on the current tokio runtime; dropping the guard stops it.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn_refresh(&self) -> RefreshGuard {
        RefreshGuard::new(tokio::spawn(self.refresher()))
    }

    /// The keys as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<KeyRing> {
        Arc::clone(&self.downloads.ring())
    }

    /// The certificates as PEM text, to be saved (mode 0600) and given to
    /// [`saved_certificates`](CertificateCacheBuilder::saved_certificates) at the next start.
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
            // There is no API that gives a public key, so asking would be for nothing.
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
    fetcher: Arc<dyn CertificateSource>,
    pinned: Vec<Arc<PlatformKey>>,
    announced: Option<KeyId>,
    saved: Option<String>,
    root_pem: Option<String>,
    provider: Option<Arc<dyn CryptoProvider>>,
    clock: Clock,
    observer: Option<Arc<dyn Observer>>,
    settings: RefreshSettings,
}

/// Leaves the PEM texts out: a private key may have been given for one.
impl fmt::Debug for CertificateCacheBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateCacheBuilder")
            .field("fetcher", &self.fetcher)
            .field("pinned", &self.pinned)
            .field("announced", &self.announced)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl CertificateCacheBuilder {
    /// A key that is trusted from the start and never expires by a refresh: a WeChat Pay public key.
    pub fn pin(mut self, key: impl Into<Arc<PlatformKey>>) -> Self {
        self.pinned.push(key.into());
        self
    }

    /// Announces this key on requests and encrypts with it, as long as it is valid. Default: the pinned public key, else
    /// the newest certificate.
    pub fn announce(mut self, id: KeyId) -> Self {
        self.announced = Some(id);
        self
    }

    /// Certificates of the last run ([`CertificateCache::to_pem`]); those that are out of their time are left out.
    pub fn saved_certificates(mut self, pem: impl Into<String>) -> Self {
        self.saved = Some(pem.into());
        self
    }

    /// Accepts only certificates that this issuer signed (PEM certificate or public key).
    pub fn root(mut self, pem: impl Into<String>) -> Self {
        self.root_pem = Some(pem.into());
        self
    }

    /// Another backend than the features choose.
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Sets an observer of downloads whose signature does not match. There is none by default.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Another clock than the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// When to download, within the bounds of [`RefreshSettings`].
    pub fn settings(mut self, settings: RefreshSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Makes the cache. Nothing is downloaded or spawned yet.
    ///
    /// # Errors
    /// A root or saved certificate that cannot be read, or no crypto backend.
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
                // Time has passed since it was saved, or the clock was set back; the download brings what is valid now.
                Ok(key) if !key.is_valid_at(now) => {}
                Ok(key) => keys.push(Arc::new(key)),
                Err(RejectedCertificate::Key(error)) => return Err(error.into()),
                Err(other) => return Err(ConfigError::SavedCertificate(other)),
            }
        }
        let aead = provider.aead(&self.api_v3_key)?;
        let source = Source {
            fetcher: self.fetcher,
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
