//! Hosts that may receive signed requests.

use http::{Uri, uri::Authority};
use wechatpay_core::is_loopback;

/// Suffixes of the platform's hosts.
///
/// A receiver of a signed request can replay it for five minutes.
const PLATFORM_SUFFIXES: [&str; 2] = [".mch.weixin.qq.com", ".wechatpay.cn"];

/// Hosts that may receive signed requests: the platform's over https, and added ones.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    added: Vec<Authority>,
}

impl AllowedHosts {
    /// Allows `*.mch.weixin.qq.com` and `*.wechatpay.cn`.
    #[must_use]
    pub fn platform() -> Self {
        Self::default()
    }

    /// Adds a host with its port, for instance a gateway of yours or the sandbox.
    ///
    /// Plain http is accepted for loopback addresses only.
    #[must_use]
    pub fn and(mut self, authority: Authority) -> Self {
        self.added.push(authority);
        self
    }

    /// Returns `true` if a request to `uri` may be signed.
    #[must_use]
    pub fn allow(&self, uri: &Uri) -> bool {
        let (Some(authority), Some(host)) = (uri.authority(), uri.host()) else {
            return false;
        };
        // Look-alike addresses put another host into the user name.
        if authority.as_str().contains('@') {
            return false;
        }
        let listed = self.added.iter().any(|added| added == authority);
        match uri.scheme_str() {
            Some("https") => listed || (is_platform(host) && matches!(uri.port_u16(), None | Some(443))),
            Some("http") => listed && is_loopback(host),
            _ => false,
        }
    }
}

fn is_platform(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    PLATFORM_SUFFIXES
        .iter()
        .any(|suffix| host.len() > suffix.len() && host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_is_allowed_over_https_only() {
        let hosts = AllowedHosts::platform();
        for good in [
            "https://api.mch.weixin.qq.com/v3",
            "https://API2.MCH.weixin.qq.com:443/v3",
            "https://api.wechatpay.cn/",
        ] {
            assert!(hosts.allow(&good.parse().unwrap()), "{good}");
        }
        for bad in [
            "http://api.mch.weixin.qq.com/v3",
            "https://mch.weixin.qq.com.evil.example/v3",
            "https://api.mch.weixin.qq.com@evil.example/",
            "https://evilmch.weixin.qq.com/",
            "https://.mch.weixin.qq.com:8443/",
            "https://127.0.0.1/",
            "/v3/certificates",
        ] {
            assert!(!hosts.allow(&bad.parse().unwrap()), "{bad}");
        }
    }

    #[test]
    fn an_added_host_is_allowed_with_its_port_and_without_tls_on_loopback_only() {
        let hosts = AllowedHosts::platform()
            .and("127.0.0.1:8640".parse().unwrap())
            .and("gateway.example".parse().unwrap());
        assert!(hosts.allow(&"http://127.0.0.1:8640/v3".parse().unwrap()));
        assert!(!hosts.allow(&"http://127.0.0.1:8641/v3".parse().unwrap()));
        assert!(hosts.allow(&"https://gateway.example/v3".parse().unwrap()));
        assert!(!hosts.allow(&"http://gateway.example/v3".parse().unwrap()));
    }
}
