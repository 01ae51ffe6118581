//! Base URLs of the gateway.

use std::fmt;

use http::{
    Uri,
    uri::{Authority, Scheme},
};
use wechatpay_core::ConfigError;

/// Scheme and host, for instance `https://api.mch.weixin.qq.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    scheme: Scheme,
    authority: Authority,
}

impl Base {
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let none = ConfigError::Missing("a base URL of scheme and host");
        let Ok(uri) = text.trim_end_matches('/').parse::<Uri>() else {
            return Err(none);
        };
        let has_path = !matches!(uri.path(), "" | "/") || uri.query().is_some();
        match (uri.scheme(), uri.authority()) {
            (Some(scheme), Some(authority)) if !has_path => Ok(Self {
                scheme: scheme.clone(),
                authority: authority.clone(),
            }),
            _ => Err(none),
        }
    }

    /// Returns the platform's main host.
    pub(crate) fn platform() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api.mch.weixin.qq.com"),
        }
    }

    /// Returns the platform's backup host.
    pub(crate) fn platform_backup() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api2.mch.weixin.qq.com"),
        }
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Returns `true` if requests go over TLS, or stay on this machine.
    #[cfg(feature = "openid")]
    pub(crate) fn is_private(&self) -> bool {
        self.scheme == Scheme::HTTPS || self.is_loopback()
    }

    /// Returns `true` if the host is this machine.
    #[cfg(feature = "openid")]
    pub(crate) fn is_loopback(&self) -> bool {
        wechatpay_core::is_loopback(self.authority.host())
    }

    /// Returns `true` if the request goes to this host.
    pub(super) fn is_of(&self, uri: &Uri) -> bool {
        uri.scheme() == Some(&self.scheme) && uri.authority() == Some(&self.authority)
    }

    /// Returns the URI with this scheme and host, and with its own path and query.
    pub(super) fn rebase(&self, uri: &Uri) -> Option<Uri> {
        let mut parts = uri.clone().into_parts();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        Uri::from_parts(parts).ok()
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}
