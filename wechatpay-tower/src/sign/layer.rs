//! The layer.

use std::sync::Arc;

use http::HeaderValue;
use tower_layer::Layer;
use wechatpay_core::{keys::KeyStore, sign::RequestSigner};

use super::{AllowedHosts, Sign};

/// Longest request body that is read in order to sign it, in bytes. The largest documented order, with 6000 goods, is
/// about 2 MB.
pub const DEFAULT_BODY_LIMIT: usize = 4 * 1024 * 1024;
/// The platform refuses requests without a user agent.
const USER_AGENT: &str = concat!("wechatpay-rust/", env!("CARGO_PKG_VERSION"));

/// Signs requests: see [the module](self::super) for its place in a stack.
///
/// Sets `Authorization`, and where they are missing `Accept`, `User-Agent`, `Content-Type` and `Wechatpay-Serial`.
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
    /// Signs in the name of this merchant, to the platform's hosts.
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

    /// Announces in `Wechatpay-Serial` the key that `keys` prefers, so that the platform signs its response with one that is
    /// known here.
    #[must_use]
    pub fn announce(self, keys: Arc<dyn KeyStore>) -> Self {
        self.change(|config| config.keys = Some(keys))
    }

    /// The hosts that may be sent signed requests.
    #[must_use]
    pub fn hosts(self, hosts: AllowedHosts) -> Self {
        self.change(|config| config.hosts = hosts)
    }

    /// Longest body that is read in order to sign it; default [`DEFAULT_BODY_LIMIT`].
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        self.change(|config| config.body_limit = bytes)
    }

    /// Another `User-Agent`. Put product and version into it.
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
