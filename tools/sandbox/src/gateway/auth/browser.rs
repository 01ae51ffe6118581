//! Requests of web pages, which the gateway refuses.
//!
//! The gateway is for servers. The demo keys are public, so that a page could sign with them. The gateway's `Host` is free,
//! for a client may reach it by any name.

use http::HeaderMap;

/// The header that only a web page's request has, if it has one.
///
/// `Sec-Fetch-Mode: cors` alone is none: the `fetch` of Node.js sends it, and browsers send `Sec-Fetch-Site` with it.
pub(crate) fn sign_of_a_page(headers: &HeaderMap) -> Option<&str> {
    headers.iter().find_map(|(name, value)| {
        let name = name.as_str();
        let is_of_a_page = match name {
            "origin" => true,
            "sec-fetch-mode" => value != "cors",
            _ => name.starts_with("sec-fetch-"),
        };
        is_of_a_page.then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn pages_are_told_from_clients_by_their_headers() {
        let sign = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            sign_of_a_page(&pairs.collect()).map(str::to_owned)
        };
        for name in [
            "origin",
            "sec-fetch-site",
            "sec-fetch-dest",
            "sec-fetch-user",
            "sec-fetch-storage-access",
        ] {
            for value in ["same-origin", "null", "none", ""] {
                assert_eq!(sign(&[("accept", "*/*"), (name, value)]).as_deref(), Some(name));
            }
        }
        for mode in ["navigate", "no-cors", "same-origin", "websocket"] {
            assert_eq!(
                sign(&[("sec-fetch-mode", mode)]).as_deref(),
                Some("sec-fetch-mode")
            );
        }
        // As Node.js sends it.
        assert_eq!(sign(&[("user-agent", "node"), ("sec-fetch-mode", "cors")]), None);
        assert!(sign(&[("sec-fetch-mode", "cors"), ("sec-fetch-site", "same-origin")]).is_some());
    }
}
