//! Check of the addresses of files.

use http::Uri;
use wechatpay_core::api::bills::DownloadUrl;

use super::DownloadError;
use crate::sign::AllowedHosts;

/// Parses an address and checks its host.
///
/// [`Sign`](crate::sign::Sign) checks it too; this check comes before anything is built and has an error of its own.
pub(super) fn check(url: &DownloadUrl, hosts: &AllowedHosts) -> Result<Uri, DownloadError> {
    let text = url.as_str();
    // The signed address must be the sent one: characters that a client could rewrite are not allowed.
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    if !is_plain || text.contains('#') {
        return Err(DownloadError::NotAUrl);
    }
    let uri: Uri = text.parse().map_err(|_| DownloadError::NotAUrl)?;
    if hosts.allow(&uri) {
        return Ok(uri);
    }
    let host = uri
        .authority()
        .map_or("no host", |authority| {
            authority.as_str().rsplit('@').next().unwrap_or_default()
        })
        .to_owned();
    Err(DownloadError::HostNotAllowed { host })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_platform_and_added_hosts_serve_files() {
        let hosts = AllowedHosts::platform().and("127.0.0.1:8640".parse().unwrap());
        for good in [
            "https://api.mch.weixin.qq.com/v3/billdownload/file?token=x&tartype=gzip",
            " https://api2.mch.weixin.qq.com/v3/bill/downloadurl?token=x",
            "https://api.wechatpay.cn/x",
            "https://api.mch.weixin.qq.com:443/x",
            "http://127.0.0.1:8640/v3/billdownload/file?token=x",
        ] {
            assert!(check(&DownloadUrl::new(good), &hosts).is_ok(), "{good}");
        }
        for bad in [
            "http://api.mch.weixin.qq.com/x",
            "https://evil.example/x",
            "https://api.mch.weixin.qq.com.evil.example/x",
            "https://evilmch.weixin.qq.com/x",
            "https://mch.weixin.qq.com.evil/x",
            "https://api.mch.weixin.qq.com@evil.example/x",
            "https://user:pass@api.mch.weixin.qq.com/x",
            "https://api.mch.weixin.qq.com:8443/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest",
            "http://127.0.0.1:8641/x",
            "http://localhost:8640/x",
            "ftp://api.mch.weixin.qq.com/x",
            "/v3/billdownload/file?token=x",
        ] {
            assert!(
                matches!(
                    check(&DownloadUrl::new(bad), &hosts),
                    Err(DownloadError::HostNotAllowed { .. })
                ),
                "{bad}"
            );
        }
        for bad in [
            "",
            "https://",
            "https://evil.example\\@api.mch.weixin.qq.com/x",
            "https://api.mch.weixin.qq.com/x y",
            "https://api.mch.weixin.qq.com/x\r\nHost: evil",
            "https://api.mch.weixin.qq.com/x#@evil",
            "https://api.mch.weixin.qq.com/名",
            "javascript:alert(1)",
        ] {
            assert!(check(&DownloadUrl::new(bad), &hosts).is_err(), "{bad}");
        }
        let Err(DownloadError::HostNotAllowed { host }) = check(
            &DownloadUrl::new("https://user:secret@evil.example/x?token=secret"),
            &hosts,
        ) else {
            panic!("allowed")
        };
        assert_eq!(host, "evil.example");
    }
}
