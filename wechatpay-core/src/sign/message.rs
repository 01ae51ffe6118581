//! Text that is signed (签名串), in parts so that a body is never copied.

use bytes::Bytes;

/// Message to sign: lines that each end in LF, including the last one.
///
/// Cheap to clone: the body is shared.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningMessage {
    head: String,
    body: Option<Bytes>,
}

/// Error: a line contains CR, LF or NUL, which make the message ambiguous.
///
/// Protects against threat T10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line of the signed message may not hold CR, LF or NUL: {component}")]
pub struct InvalidLine {
    component: &'static str,
}

/// Rejects line ends and NUL, which make the message ambiguous.
pub(crate) fn check_line(component: &'static str, text: &str) -> Result<(), InvalidLine> {
    if text.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        Err(InvalidLine { component })
    } else {
        Ok(())
    }
}

impl SigningMessage {
    /// Creates the five lines of a request (protocol of API v3, request signature).
    ///
    /// They are the method, path and query exactly as sent, timestamp, nonce and body. An empty body still has its
    /// line.
    ///
    /// # Errors
    /// Returns an error if a component contains CR, LF or NUL. The body may contain anything.
    pub fn request(
        method: &str,
        path_and_query: &str,
        timestamp: &str,
        nonce: &str,
        body: Bytes,
    ) -> Result<Self, InvalidLine> {
        check_line("method", method)?;
        check_line("path and query", path_and_query)?;
        check_line("timestamp", timestamp)?;
        check_line("nonce", nonce)?;
        Ok(Self {
            head: format!("{method}\n{path_and_query}\n{timestamp}\n{nonce}\n"),
            body: Some(body),
        })
    }

    /// Creates the four lines that open the payment sheet.
    ///
    /// They are appid, timestamp, nonce, and `prepay_id=…` (JSAPI, mini program) or the bare prepay id (APP).
    ///
    /// # Errors
    /// Returns an error if a component contains CR, LF or NUL.
    pub fn invoke(appid: &str, timestamp: &str, nonce: &str, package: &str) -> Result<Self, InvalidLine> {
        check_line("appid", appid)?;
        check_line("timestamp", timestamp)?;
        check_line("nonce", nonce)?;
        check_line("package", package)?;
        Ok(Self {
            head: format!("{appid}\n{timestamp}\n{nonce}\n{package}\n"),
            body: None,
        })
    }

    /// Returns the message in parts. Their concatenation is signed.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 3] {
        match &self.body {
            Some(body) => [self.head.as_bytes(), body, b"\n"],
            None => [self.head.as_bytes(), b"", b""],
        }
    }

    /// Returns the message in one piece, for remote signers.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.parts().concat()
    }
}

/// Shows lengths only: the body of an order names its payer.
impl std::fmt::Debug for SigningMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningMessage")
            .field(
                "length",
                &self.parts().iter().map(|part| part.len()).sum::<usize>(),
            )
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_keeps_its_line() {
        let message =
            SigningMessage::request("GET", "/v3/certificates", "1554208460", "N", Bytes::new()).unwrap();
        assert_eq!(message.to_vec(), b"GET\n/v3/certificates\n1554208460\nN\n\n");
    }

    #[test]
    fn a_line_end_inside_a_component_is_refused() {
        for bad in ["a\nb", "a\rb", "a\0b"] {
            assert!(SigningMessage::request("GET", bad, "1", "N", Bytes::new()).is_err());
            assert!(SigningMessage::request("GET", "/", "1", bad, Bytes::new()).is_err());
            assert!(SigningMessage::invoke("wx", "1", "N", bad).is_err());
        }
    }
}
