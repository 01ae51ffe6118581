//! The layer.

use std::sync::Arc;

use http::HeaderValue;
use tower_layer::Layer;
use wechatpay_core::{keys::KeyStore, sign::RequestSigner};

use super::{AllowedHosts, Sign};

/// Default limit of a request body, 4 MiB.
///
/// The largest documented order, with 6000 goods, has about 2 MB.
pub const DEFAULT_BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Default user agent: the platform refuses requests without one.
const USER_AGENT: &str = concat!("wechatpay-rust/", env!("CARGO_PKG_VERSION"));

/// Layer that signs requests. [The module](super) lists the rules.
#[derive(Clone, Debug)]
pub struct SignLayer {
    pub(super) config: Arc<Config>,
}

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) signer: RequestSigner,
    pub(super) keys: Option<Arc<dyn KeyStore>>,
    pub(super) hosts: AllowedHosts,
    pub(super) body_limit: usize,
    pub(super) user_agent: HeaderValue,
}

impl SignLayer {
    /// Signs for the merchant of `signer`, to the platform's hosts.
    #[must_use]
    pub fn new(signer: RequestSigner) -> Self {
        Self {
            config: Arc::new(Config {
                signer,
                keys: None,
                hosts: AllowedHosts::platform(),
                body_limit: DEFAULT_BODY_LIMIT,
                user_agent: HeaderValue::from_static(USER_AGENT),
            }),
        }
    }

    /// Announces the preferred key of `keys` in `Wechatpay-Serial`.
    ///
    /// The platform then signs its response with a key that is known here.
    #[must_use]
    pub fn announce(self, keys: Arc<dyn KeyStore>) -> Self {
        self.change(|config| config.keys = Some(keys))
    }

    /// Sets the hosts that may receive signed requests.
    #[must_use]
    pub fn hosts(self, hosts: AllowedHosts) -> Self {
        self.change(|config| config.hosts = hosts)
    }

    /// Sets the limit of a request body in bytes. Default: [`DEFAULT_BODY_LIMIT`].
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        self.change(|config| config.body_limit = bytes)
    }

    /// Sets the `User-Agent`, which should contain your product and its version.
    #[must_use]
    pub fn user_agent(self, value: HeaderValue) -> Self {
        self.change(|config| config.user_agent = value)
    }

    fn change(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }
}

impl<S> Layer<S> for SignLayer {
    type Service = Sign<S>;

    fn layer(&self, inner: S) -> Sign<S> {
        Sign {
            inner,
            config: Arc::clone(&self.config),
        }
    }
}
