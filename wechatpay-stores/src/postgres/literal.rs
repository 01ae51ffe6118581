//! SQL literals of values.
//!
//! A statement with parameters is prepared and run in two steps, and a pooler in transaction mode may send the steps
//! to two servers. The operations of one statement therefore travel as text. A value in that text is written in
//! hexadecimal digits unless each of its characters is plain, so nothing needs escaping. Values that name a payer are
//! never written this way, because servers log statements: they are parameters inside a transaction.

use std::{fmt, time::Duration};

use base16ct::HexDisplay;

use crate::time::milliseconds;

/// Text as an expression of type `text`.
pub(crate) struct Text<'a>(pub(crate) &'a str);

/// Bytes as an expression of type `bytea`.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

/// Duration as an expression of type `interval`.
pub(crate) struct Interval(pub(crate) Duration);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most values are plain, and the server reads a plain literal faster than two calls of functions.
        if self.0.bytes().all(is_plain) {
            return write!(f, "'{}'::text", self.0);
        }
        write!(f, "convert_from({}, 'UTF8')", Bytes(self.0.as_bytes()))
    }
}

/// Returns `true` for a character that means itself in every literal.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b':')
}

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decode('{:x}', 'hex')", HexDisplay(self.0))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interval '{} milliseconds'", milliseconds(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_value_is_read_as_sql() {
        for hostile in [
            "'; DROP TABLE leases; --",
            "\\",
            "\"",
            "$1",
            "'' OR ''=''",
            "\u{0}",
            "商户",
        ] {
            let written = Text(hostile).to_string();
            let inside = written
                .strip_prefix("convert_from(decode('")
                .and_then(|rest| rest.strip_suffix("', 'hex'), 'UTF8')"))
                .unwrap();
            assert!(inside.bytes().all(|byte| byte.is_ascii_hexdigit()), "{written}");
            assert_eq!(inside.len(), hostile.len() * 2);
        }
        assert_eq!(
            Text("payment/ORDER-1/SUCCESS").to_string(),
            "'payment/ORDER-1/SUCCESS'::text"
        );
        assert_eq!(
            Interval(Duration::from_secs(30)).to_string(),
            "interval '30000 milliseconds'"
        );
    }
}
