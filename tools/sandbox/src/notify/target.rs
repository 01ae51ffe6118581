//! Allowed URLs of notifications.

use http::Uri;

use super::connector::HAS_TLS;
use crate::{journal::TargetError, notify::Notifier};

/// Accepts loopback, or a host that the builder allowed.
///
/// Nothing of a sandbox leaves the machine by accident.
pub(crate) fn judge(notifier: &Notifier, url: &str) -> Result<Uri, TargetError> {
    let uri: Uri = url.parse().map_err(|_| TargetError::NotUrl)?;
    let host = uri.host().ok_or(TargetError::NoHost)?;
    if !notifier.is_allowed_host(host) {
        return Err(TargetError::OtherHost);
    }
    match uri.scheme_str() {
        Some("http") => Ok(uri),
        Some("https") if HAS_TLS => Ok(uri),
        Some("https") => Err(TargetError::NoTls),
        _ => Err(TargetError::OtherScheme),
    }
}

/// Host and path of a URL, for logs; a query may hold anything.
pub(super) fn shown(url: &str) -> String {
    match url.parse::<Uri>() {
        Ok(uri) => {
            // A name and password in front of the host stay out of the log.
            let authority = uri.authority().map_or("", |authority| authority.as_str());
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{host}{}", uri.path())
        }
        Err(_) => "?".to_owned(),
    }
}
