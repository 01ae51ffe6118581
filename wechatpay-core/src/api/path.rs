//! Path and query, percent-encoded once: the same text is signed and sent.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything except letters, digits and `-._~`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Like [`QUERY`], but `*` and `@`, which business numbers may contain, stay unencoded.
const SEGMENT: &AsciiSet = &QUERY.remove(b'*').remove(b'@');

/// Path and query of a request.
///
/// ```
/// use wechatpay_core::api::Path;
///
/// let path = Path::new("/v3/pay/transactions/out-trade-no").segment("a|b").query("mchid", "1900000001");
/// assert_eq!(path.as_str(), "/v3/pay/transactions/out-trade-no/a%7Cb?mchid=1900000001");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: String,
    has_query: bool,
}

impl Path {
    /// Creates a path from a fixed prefix with a leading, without a trailing slash.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            text: prefix.to_owned(),
            has_query: false,
        }
    }

    /// Appends `/` and a percent-encoded segment; `*` and `@` stay as they are.
    ///
    /// Pass the raw value: an encoded one is encoded again. The value always stays one segment.
    ///
    /// The segments `.` and `..` are never sent: HTTP clients resolve them and would change the signed path. The client
    /// rejects such a request before it sends anything.
    #[must_use]
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        self.text.push('/');
        let value = value.as_ref();
        // Dots are unreserved, but HTTP clients resolve these two segments.
        if value == "." || value == ".." {
            self.text.push_str(&value.replace('.', "%2E"));
        } else {
            self.text.extend(utf8_percent_encode(value, SEGMENT));
        }
        self
    }

    /// Appends fixed segments, with a leading slash, unchanged.
    #[must_use]
    pub fn fixed(mut self, segments: &str) -> Self {
        self.text.push_str(segments);
        self
    }

    /// Appends a query pair.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.extend(utf8_percent_encode(key, QUERY));
        self.text.push('=');
        self.text.extend(utf8_percent_encode(value.as_ref(), QUERY));
        self
    }

    /// Appends a query pair if the value is present.
    #[must_use]
    pub fn query_opt(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// Returns the text that is signed and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A flattened field that adds its own query pairs.
///
/// For a field marked `#[serde(flatten)]` whose parameter name depends on its value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not define its query pairs",
    note = "implement `QueryPairs` for it, or remove `#[serde(flatten)]` from the field"
)]
pub trait QueryPairs {
    /// Appends the query pairs to the path.
    #[must_use]
    fn append(&self, path: Path) -> Path;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one_segment() {
        assert_eq!(
            Path::new("/v3").segment("../a?b#c").as_str(),
            "/v3/..%2Fa%3Fb%23c"
        );
        assert_eq!(Path::new("/v3").segment("..").as_str(), "/v3/%2E%2E");
        assert_eq!(Path::new("/v3").segment("A*b@c|d").as_str(), "/v3/A*b@c%7Cd");
    }

    #[test]
    fn a_query_value_is_encoded_whole() {
        let path = Path::new("/v3")
            .query("time", "2024-01-01T00:00:00+08:00")
            .query("名", "a&b=c");
        assert_eq!(
            path.as_str(),
            "/v3?time=2024-01-01T00%3A00%3A00%2B08%3A00&%E5%90%8D=a%26b%3Dc"
        );
        // HTTP clients encode `'` differently.
        assert_eq!(Path::new("/v3").query("q", "it's").as_str(), "/v3?q=it%27s");
    }
}
