//! Everything of one merchant in one handle.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;
use wechatpay_core::{
    BoxError, Config, ConfigError, Settings,
    keys::{CertificateCache, KeyHealth, KeyStore, PinnedKeys, RefreshGuard},
    notify::{Expectation, NotificationReceiver, Payee},
    sign::{RequestSigner, Signer as _},
    types::{Currency, Fen, OutTradeNo},
    verify::Verifier,
};

use crate::{MaybeBuffered, RequestBody, client::Client};

/// One merchant, ready to use: client, receiver and keys, built of its [`Settings`]. Cheap to clone.
///
/// ```no_run
/// # #[cfg(feature = "hyper")]
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_core::Config;
/// use wechatpay_tower::WechatPay;
///
/// let wechatpay = WechatPay::new(&Config::from_env()?.validate()?)?;
/// let _refresh = wechatpay.spawn_refresh(); // keeps platform certificates fresh until it is dropped
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct WechatPay(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    receiver: NotificationReceiver,
    keys: Arc<dyn KeyStore>,
    cache: Option<CertificateCache>,
    settings: Settings,
}

impl WechatPay {
    /// Reads the `WECHATPAY_*` variables; see [`Config::from_env`].
    ///
    /// # Errors
    /// [`ConfigError::Problems`] with everything that is wrong with the settings, else the part that could not be built.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wechatpay_tower::WechatPay;
    ///
    /// let wechatpay = WechatPay::from_env()?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "hyper")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(&Config::from_env()?.validate()?)
    }

    /// Over the [hyper transport](crate::hyper::HyperTransport).
    ///
    /// # Errors
    /// Settings that no part can be built of.
    #[cfg(feature = "hyper")]
    pub fn new(settings: &Settings) -> Result<Self, ConfigError> {
        let transport =
            crate::hyper::HyperTransport::new().map_err(|_| ConfigError::Missing("a TLS backend"))?;
        Self::with_transport(settings, transport)
    }

    /// Over a transport of your own: any tower service of `http` requests. It must not follow redirects and not decompress.
    ///
    /// # Errors
    /// Settings that no part can be built of.
    pub fn with_transport<S, B>(settings: &Settings, transport: S) -> Result<Self, ConfigError>
    where
        S: Service<Request<MaybeBuffered<RequestBody>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let signer = settings.request_signer();
        let builder = || {
            Client::builder(signer.clone())
                .base_url(&settings.base_url)
                .provider(Arc::clone(&settings.provider))
        };
        let cache = if settings.certificates {
            let fetcher = Arc::new(builder().certificates(transport.clone())?);
            let mut cache = CertificateCache::builder(settings.api_v3_key.clone(), fetcher)
                .provider(Arc::clone(&settings.provider));
            if let Some(key) = &settings.public_key {
                cache = cache.pin(Arc::clone(key));
            }
            if let Some(observer) = &settings.observer {
                cache = cache.observer(Arc::clone(observer));
            }
            Some(cache.build()?)
        } else {
            None
        };
        let keys: Arc<dyn KeyStore> = match &cache {
            Some(cache) => Arc::new(cache.clone()),
            None => Arc::new(PinnedKeys::new(settings.public_key.clone())),
        };
        let mut verifier = Verifier::new(Arc::clone(&keys));
        if let Some(observer) = &settings.observer {
            verifier = verifier.observer(Arc::clone(observer));
        }
        let client = builder().service(transport, verifier)?;
        let mut receiver = NotificationReceiver::builder(
            settings.mchid.clone(),
            settings.api_v3_key.clone(),
            Arc::clone(&keys),
        )
        .provider(Arc::clone(&settings.provider));
        if let Some(appid) = &settings.appid {
            receiver = receiver.appid(appid.clone());
        }
        if let Some(sub_mchid) = &settings.sub_mchid {
            receiver = receiver.sub_mchid(sub_mchid.clone());
        }
        if let Some(observer) = &settings.observer {
            receiver = receiver.observer(Arc::clone(observer));
        }
        Ok(Self(Arc::new(Inner {
            client,
            receiver: receiver.build()?,
            keys,
            cache,
            settings: settings.clone(),
        })))
    }

    /// The typed client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The receiver of notifications.
    #[must_use]
    pub fn receiver(&self) -> &NotificationReceiver {
        &self.0.receiver
    }

    /// Describes the payment of an order: its number and its total in CNY, to the app and merchant of the settings.
    ///
    /// Compare a verified payment with it before you fulfil the order: `paid.confirm(&expectation)`. For another sub-merchant
    /// than that of the settings, add [`Expectation::sub_mchid`].
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if no app is set.
    pub fn expectation(&self, out_trade_no: OutTradeNo, total: Fen) -> Result<Expectation, ConfigError> {
        let payee = Payee::of(&self.0.settings)?;
        Ok(Expectation::new(out_trade_no, payee, total, Currency::Cny))
    }

    /// The merchant's signer, for invocation parameters.
    #[must_use]
    pub fn signer(&self) -> &RequestSigner {
        self.0.client.signer()
    }

    /// The platform's keys.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn KeyStore> {
        &self.0.keys
    }

    /// The settings this was built of.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// State of the platform's keys, and the end of the merchant's own certificate, if it was given.
    #[must_use]
    pub fn health(&self) -> KeyHealth {
        let mut health = self.0.keys.health();
        health.merchant_certificate_expiry = self.0.settings.signer.expires_at();
        health
    }

    /// Whether a platform key is trusted, so that notifications can be verified.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.health().is_ready()
    }

    /// Starts to keep platform certificates fresh; dropping the guard stops it. `None` in pure public-key mode, where there
    /// is nothing to refresh.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use = "dropping the guard stops the refresh"]
    pub fn spawn_refresh(&self) -> Option<RefreshGuard> {
        self.0.cache.as_ref().map(CertificateCache::spawn_refresh)
    }
}
