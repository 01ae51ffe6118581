//! The buyers' page: one document, style sheet and script, embedded in the binary.

mod assets;
mod body;

use http::Uri;
use maud::Markup;

use crate::{reply::Reply, shop::Shop, texts::Language};

/// A year: the name of an asset changes with its content.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Headers and query that the page needs of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageRequest<'a> {
    /// The query parameter `lang`.
    pub lang: Option<&'a str>,
    /// The header `Cookie`.
    pub cookie: Option<&'a str>,
    /// The header `Accept-Language`.
    pub accept_language: Option<&'a str>,
}

impl PageRequest<'_> {
    /// Language of the page: the switch, now or before, the browser's preference, English.
    fn language(&self) -> Language {
        let chosen = self.lang.and_then(Language::from_name);
        let remembered = || {
            self.cookie?.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                Language::from_name(value).filter(|_| name == "lang")
            })
        };
        chosen
            .or_else(remembered)
            .or_else(|| Language::accepted(self.accept_language?))
            .unwrap_or(Language::English)
    }
}

impl Shop {
    /// `GET /`: the page.
    pub fn page(&self, request: PageRequest<'_>) -> Reply {
        let language = request.language();
        let sandbox = self.0.sandbox.as_deref();
        let html: Markup = body::document(language, sandbox);
        let reply = Reply::new(200, "text/html; charset=utf-8", html.into_string())
            .header("cache-control", "no-store")
            .header("content-security-policy", policy(sandbox))
            // H5 cashiers ask where the buyer comes from: the origin is sent, the order number is not.
            .header("referrer-policy", "strict-origin-when-cross-origin")
            .header("vary", "accept-language, cookie")
            .header("x-content-type-options", "nosniff");
        match request.lang.and_then(Language::from_name) {
            Some(chosen) => reply.header(
                "set-cookie",
                format!(
                    "lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
                    chosen.as_str()
                ),
            ),
            None => reply,
        }
    }

    /// `GET /assets/{name}`: style sheet and script.
    pub fn asset(&self, name: &str) -> Reply {
        match assets::find(name) {
            Some(asset) => Reply::new(200, asset.content_type, asset.text)
                .header("cache-control", FOREVER)
                .header("x-content-type-options", "nosniff"),
            None => Reply::no_such_route(),
        }
    }
}

/// The page's content security policy.
///
/// It may load its own files and, of a sandbox on this machine, the bridge and the cashier. Of the real platform it
/// loads nothing: JSAPI brings its own bridge, and H5 leaves the page.
fn policy(sandbox: Option<&str>) -> String {
    let own = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:";
    match sandbox.and_then(origin) {
        Some(sandbox) => format!(
            "{own}; connect-src 'self'; frame-src {sandbox}; script-src 'self' {sandbox}; style-src 'self'"
        ),
        None => format!("{own}; connect-src 'self'; script-src 'self'; style-src 'self'"),
    }
}

/// Scheme and host, and nothing that could add to the policy.
fn origin(url: &str) -> Option<String> {
    let uri = url.parse::<Uri>().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_beats_the_cookie_and_the_cookie_beats_the_browser() {
        let request = PageRequest {
            lang: Some("zh"),
            cookie: Some("a=b; lang=en"),
            accept_language: Some("en"),
        };
        assert_eq!(request.language(), Language::Chinese);
        let request = PageRequest {
            lang: Some("xx"),
            ..request
        };
        assert_eq!(request.language(), Language::English);
        let request = PageRequest {
            cookie: Some("alang=en"),
            accept_language: Some("zh-CN"),
            ..request
        };
        assert_eq!(request.language(), Language::Chinese);
        assert_eq!(PageRequest::default().language(), Language::English);
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere_unless_there_is_a_sandbox() {
        assert!(!policy(None).contains("http"));
        let policy = policy(Some("http://127.0.0.1:8640"));
        assert!(policy.contains("script-src 'self' http://127.0.0.1:8640;"));
        assert!(!policy.contains("unsafe"));
    }
}
