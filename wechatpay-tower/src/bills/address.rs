//! Where a bill may be fetched from, and what it must be.

use http::Uri;
use wechatpay_core::api::bills::{DownloadUrl, HashType};

use super::BillError;
use crate::sign::AllowedHosts;

/// A digest in the form in which it is compared.
pub(super) type Digest = [u8; 20];

/// Reads an address and holds it to the list. The layer that signs does the same; here the refusal is the bill's own, and
/// comes before anything is built.
pub(super) fn check(url: &DownloadUrl, hosts: &AllowedHosts) -> Result<Uri, BillError> {
    let text = url.as_str();
    // What is signed is what is sent: characters that one of the two might write otherwise are no part of an address.
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    if !is_plain || text.contains('#') {
        return Err(BillError::NotAUrl);
    }
    let uri: Uri = text.parse().map_err(|_| BillError::NotAUrl)?;
    if hosts.allow(&uri) {
        return Ok(uri);
    }
    let host = uri
        .authority()
        .map_or("no host", |authority| {
            authority.as_str().rsplit('@').next().unwrap_or_default()
        })
        .to_owned();
    Err(BillError::HostNotAllowed { host })
}

/// Reads a digest in either case.
pub(super) fn digest(hash_type: &HashType, text: &str) -> Result<Digest, BillError> {
    if *hash_type != HashType::Sha1 {
        return Err(BillError::UnknownHash(hash_type.clone()));
    }
    let mut digest = Digest::default();
    let nibble = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or(BillError::MalformedHash)
    };
    let pairs = text.as_bytes().as_chunks::<2>();
    if pairs.0.len() != digest.len() || !pairs.1.is_empty() {
        return Err(BillError::MalformedHash);
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs.0) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_platform_and_what_was_given_are_bills_hosts() {
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
                    Err(BillError::HostNotAllowed { .. })
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
        let Err(BillError::HostNotAllowed { host }) = check(
            &DownloadUrl::new("https://user:secret@evil.example/x?token=secret"),
            &hosts,
        ) else {
            panic!("allowed")
        };
        assert_eq!(host, "evil.example");
    }

    #[test]
    fn a_digest_has_forty_digits_in_either_case() {
        let text = "79bb0f45fc4c42234a918000b2668d689e2bde04";
        let lower = digest(&HashType::Sha1, text).unwrap();
        assert_eq!(lower, digest(&HashType::Sha1, &text.to_uppercase()).unwrap());
        assert_eq!((lower[0], lower[19]), (0x79, 0x04));
        for bad in [
            "",
            &text[1..],
            &format!("{text}0"),
            &format!("{text}00"),
            &text.replace('7', "g"),
            &text.replace("79", "+9"),
        ] {
            assert!(
                matches!(digest(&HashType::Sha1, bad), Err(BillError::MalformedHash)),
                "{bad}"
            );
        }
        assert!(matches!(
            digest(&"SHA256".into(), text),
            Err(BillError::UnknownHash(_))
        ));
    }
}
