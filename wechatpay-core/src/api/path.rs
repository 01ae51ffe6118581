//! Path and query, percent-encoded once: the same text is signed and sent.

use std::{borrow::Cow, fmt};

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
    /// A fixed beginning, with a leading and without a trailing slash.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            text: prefix.to_owned(),
            has_query: false,
        }
    }

    /// Appends `/` and a segment; whatever it holds stays one segment. `*` and `@` stay as they are.
    /// Give the value as it is: one that is percent-encoded already is encoded once more.
    ///
    /// A segment `.` or `..` is not sent: HTTP clients resolve it, and so change a path that is signed. The client refuses
    /// it before anything leaves.
    #[must_use]
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        self.text.push('/');
        let value = value.as_ref();
        // Two dots are all unreserved, and yet would climb.
        if value == "." || value == ".." {
            self.text.push_str(&value.replace('.', "%2E"));
        } else {
            percent_encode(
                value,
                |byte| is_unreserved(byte) || matches!(byte, b'*' | b'@'),
                &mut self.text,
            );
        }
        self
    }

    /// A template with `values` in the places of its `{placeholders}`, in order; each stays one segment.
    pub(crate) fn fill(template: &str, values: &[Cow<'_, str>]) -> Self {
        debug_assert_eq!(
            template
                .split('/')
                .filter(|segment| segment.starts_with('{'))
                .count(),
            values.len(),
            "one value for each placeholder of {template}"
        );
        let mut values = values.iter();
        let mut path = Self::new("");
        for segment in template.split('/').skip(1) {
            let placeholder = segment.starts_with('{');
            let value = if placeholder { values.next() } else { None };
            path = match value {
                Some(value) => path.segment(value),
                None => path.segment(segment),
            };
        }
        path
    }

    /// Appends a query pair.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        percent_encode(key, is_unreserved, &mut self.text);
        self.text.push('=');
        percent_encode(value.as_ref(), is_unreserved, &mut self.text);
        self
    }

    /// Appends a query pair if there is a value.
    #[must_use]
    pub fn query_opt(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// The text that is signed and sent.
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

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends `text` to `out` with every byte encoded that `keep` does not name.
pub(crate) fn percent_encode(text: &str, keep: impl Fn(u8) -> bool, out: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    for byte in text.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(
            Path::new("/v3").segment("../a?b#c").as_str(),
            "/v3/..%2Fa%3Fb%23c"
        );
        assert_eq!(Path::new("/v3").segment("..").as_str(), "/v3/%2E%2E");
        assert_eq!(Path::new("/v3").segment("A*b@c|d").as_str(), "/v3/A*b@c%7Cd");
    }

    #[test]
    fn a_template_is_filled_from_left_to_right() {
        let path = Path::fill("/v3/a/{one}/b-c/{two}", &["x/y".into(), "{z}".into()]);
        assert_eq!(path.as_str(), "/v3/a/x%2Fy/b-c/%7Bz%7D");
        // A slash at the end belongs to the path.
        assert_eq!(Path::fill("/v3/a/", &[]).as_str(), "/v3/a/");
    }

    #[test]
    #[should_panic(expected = "one value for each placeholder of /v3/a/{one}")]
    #[cfg(debug_assertions)]
    fn a_template_with_too_few_values_fails_in_tests() {
        let _ = Path::fill("/v3/a/{one}", &[]);
    }

    #[test]
    #[should_panic(expected = "one value for each placeholder")]
    #[cfg(debug_assertions)]
    fn a_template_with_too_many_values_fails_in_tests() {
        let _ = Path::fill("/v3/a", &["x".into()]);
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
        // Some clients write `'` otherwise than others.
        assert_eq!(Path::new("/v3").query("q", "it's").as_str(), "/v3?q=it%27s");
    }
}
