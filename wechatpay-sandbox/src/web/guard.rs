//! Who may look at the pages, and who may press their buttons.
//!
//! The cashier and the dashboard have no login: whoever reaches them may pay. So a hostile web page must not reach them.
//! Another name for this machine (DNS rebinding) is refused by `Host`; a form on another site is refused by `Origin` and
//! `Sec-Fetch-Site`, and would have to guess the page's token; a frame on another site stays empty by `frame-ancestors`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use wechatpay_core::is_loopback;

use super::Language;
use crate::shared::Shared;

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intruder {
    /// Came by a name that is not this machine's.
    ForeignHost,
    /// A page of another site sent the form.
    CrossSite,
}

/// Who may hold the pages in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frames {
    /// Shops: those on this machine, and the hosts that the builder allowed.
    OfShops,
    /// Nobody.
    None,
}

/// What stands before a group of pages.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) shared: Arc<Shared>,
    pub(crate) frames: Frames,
    /// The page for those who are not let in.
    pub(crate) refuse: fn(Language, Intruder) -> Response,
}

/// Refuses foreign hosts and cross-site posts, and puts the security headers on every answer.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let intruder = intruder(&guard.shared, request.method(), request.uri(), request.headers());
    let mut response = match intruder {
        Some(intruder) => {
            let language = Language::of_browser(request.headers()).unwrap_or_default();
            (guard.refuse)(language, intruder)
        }
        None => next.run(request).await,
    };
    secure(&guard, response.headers_mut());
    response
}

fn intruder(shared: &Shared, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Intruder> {
    let authority = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or_default();
    if !is_own(shared, authority) {
        return Some(Intruder::ForeignHost);
    }
    if *method == Method::GET || *method == Method::HEAD {
        return None;
    }
    let header = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let own_origin = match header(&ORIGIN) {
        // A browser sends it with every post; what is no browser carries no one else's cookies or habits.
        None => true,
        Some(origin) => ["http://", "https://"]
            .iter()
            .any(|scheme| origin.strip_prefix(scheme) == Some(authority)),
    };
    let own_site = matches!(
        header(&HeaderName::from_static("sec-fetch-site")),
        None | Some("same-origin" | "none")
    );
    (!own_origin || !own_site).then_some(Intruder::CrossSite)
}

/// Whether this `Host` is loopback or the one of the public URL.
fn is_own(shared: &Shared, authority: &str) -> bool {
    let host = host_of(authority);
    let own = shared
        .base_url
        .split_once("://")
        .map_or("", |(_, authority)| host_of(authority));
    !host.is_empty() && (is_loopback(host) || host.eq_ignore_ascii_case(own))
}

fn host_of(authority: &str) -> &str {
    if let Some(end) = authority.find(']') {
        return authority.get(..=end).unwrap_or_default();
    }
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

fn secure(guard: &Guard, headers: &mut HeaderMap) {
    let ancestors = match guard.frames {
        Frames::OfShops => ancestors(&guard.shared.settings.allowed_hosts),
        Frames::None => "'none'".to_owned(),
    };
    let policy = format!(
        "default-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
    );
    // A picture may bring a policy of its own.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // `no-referrer` would turn the Origin of our own forms into null.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// This origin, this machine, and what the builder allowed.
fn ancestors(allowed: &[String]) -> String {
    let mut ancestors = String::from("'self'");
    let loopback = ["127.0.0.1", "localhost"];
    for host in loopback.into_iter().chain(allowed.iter().map(String::as_str)) {
        // A host may come from the command line; nothing of it may end the directive.
        if host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        {
            ancestors.push_str(&format!(" http://{host}:* https://{host}:*"));
        }
    }
    ancestors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_without_their_port() {
        assert_eq!(host_of("127.0.0.1:8640"), "127.0.0.1");
        assert_eq!(host_of("localhost"), "localhost");
        assert_eq!(host_of("[::1]:8640"), "[::1]");
        assert_eq!(host_of("evil.example:8640"), "evil.example");
        assert_eq!(host_of(""), "");
    }
}
