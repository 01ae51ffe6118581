//! The query of a page, and the fields of a form.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Collected, Limited};

use super::Language;
use wechatpay_sandbox::handle::engine::Engine;

/// Longest value that is taken; URLs and signatures are far below.
const MAX_VALUE: usize = 4096;

/// Keys and values, decoded.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn of(uri: &Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default().as_bytes())
    }

    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(bytes)
                .filter(|(_, value)| value.len() <= MAX_VALUE)
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// Fields of a form that may hold long texts.
    pub(crate) fn of_form(form: &Bytes) -> Self {
        Self(form_urlencoded::parse(form).into_owned().collect())
    }

    /// The first value of a key, unless it is empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The keys in their order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Language of the page.
    ///
    /// It is `?lang=`, else the language in which the page was opened, else the builder's, else the browser's.
    pub(crate) fn language(&self, engine: &Engine, headers: &HeaderMap, page: Option<Language>) -> Language {
        self.get("lang")
            .and_then(Language::from_tag)
            .or(page)
            .or(engine.language)
            .or_else(|| Language::of_browser(headers))
            .unwrap_or_default()
    }
}

/// Reads a form that a page sent, of at most `max` bytes.
pub(crate) async fn read_form(headers: &HeaderMap, body: Body, max: usize) -> Result<Bytes, StatusCode> {
    let is_form = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let body = Limited::new(body, max).collect().await;
    body.map(Collected::to_bytes)
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
}

/// Returns true for a web address on this machine or an allowed host.
pub(crate) fn is_allowed_url(engine: &Engine, url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri
                .host()
                .is_some_and(|host| engine.notifier.is_allowed_host(host))
    })
}

/// The same address in another language.
pub(crate) fn in_language(uri: &Uri, language: Language) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if key != "lang" {
            query.append_pair(&key, &value);
        }
    }
    query.append_pair("lang", language.tag());
    format!("{}?{}", uri.path(), query.finish())
}

/// An address with one more parameter.
pub(crate) fn with_parameter(url: &str, key: &str, value: &str) -> String {
    let pair = form_urlencoded::Serializer::new(String::new())
        .append_pair(key, value)
        .finish();
    let (url, fragment) = url
        .split_once('#')
        .map_or((url, ""), |(url, fragment)| (url, fragment));
    let separator = if url.contains('?') { '&' } else { '?' };
    let hash = if fragment.is_empty() { "" } else { "#" };
    format!("{url}{separator}{pair}{hash}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_replaced_and_all_else_kept() {
        let uri: Uri = "/cashier/h5?prepay_id=wx1&lang=en&redirect_url=http%3A%2F%2Flocalhost%2F%3Fa%3Db"
            .parse()
            .unwrap();
        assert_eq!(
            in_language(&uri, Language::Chinese),
            "/cashier/h5?prepay_id=wx1&redirect_url=http%3A%2F%2Flocalhost%2F%3Fa%3Db&lang=zh-CN"
        );
        assert_eq!(Query::of(&uri).get("redirect_url"), Some("http://localhost/?a=b"));
    }

    #[test]
    fn a_parameter_is_appended_in_front_of_the_fragment() {
        assert_eq!(
            with_parameter("http://localhost/a?b=1#c", "errCode", "-2"),
            "http://localhost/a?b=1&errCode=-2#c"
        );
        assert_eq!(
            with_parameter("http://localhost/a", "errCode", "0"),
            "http://localhost/a?errCode=0"
        );
    }
}
