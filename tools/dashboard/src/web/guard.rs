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
use wechatpay_sandbox::handle::engine::Engine;

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

/// Access rules of a group of pages.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) engine: Arc<Engine>,
    pub(crate) frames: Frames,
    /// The page for those who are not let in.
    pub(crate) refuse: fn(Language, Intruder) -> Response,
}

/// Refuses foreign hosts and cross-site posts, and puts the security headers on every response.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let intruder = intruder(&guard.engine, request.method(), request.uri(), request.headers());
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

fn intruder(engine: &Engine, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Intruder> {
    let authority = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or_default();
    if !is_own(engine, authority) {
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

/// Returns true if this `Host` is loopback or that of the public URL.
fn is_own(engine: &Engine, authority: &str) -> bool {
    let own = engine
        .base_url
        .split_once("://")
        .and_then(|(_, authority)| host_of(authority));
    host_of(authority)
        .is_some_and(|host| is_loopback(host) || own.is_some_and(|own| host.eq_ignore_ascii_case(own)))
}

/// Host of `host`, `host:port`, `[address]` or `[address]:port`; `None` for everything else.
fn host_of(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(inside) => inside.find(']')?.checked_add(2)?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_sound = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    (is_sound && !host.is_empty() && !host.contains('@')).then_some(host)
}

fn secure(guard: &Guard, headers: &mut HeaderMap) {
    let ancestors = match guard.frames {
        Frames::OfShops => ancestors(&guard.engine.notifier.settings.allowed_hosts),
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
        for (authority, host) in [
            ("127.0.0.1:8640", "127.0.0.1"),
            ("localhost", "localhost"),
            ("[::1]:8640", "[::1]"),
            ("[::1]", "[::1]"),
            ("evil.example:8640", "evil.example"),
        ] {
            assert_eq!(host_of(authority), Some(host));
        }
    }

    #[test]
    fn what_only_begins_like_this_machine_is_none() {
        for authority in [
            "",
            ":8640",
            "[::1].evil.example",
            "[::1]evil.example:80",
            "[::1",
            "127.0.0.1:80@evil.example",
            "127.0.0.1@evil.example",
            "localhost:80.evil.example",
            "localhost:80:80",
        ] {
            assert_eq!(host_of(authority), None, "{authority}");
        }
    }
}
