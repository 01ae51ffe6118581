//! Requests of a merchant: five lines.

mod body;
mod frame;
mod method;
mod placeholder;
mod url;

use std::fmt;

use super::{
    Part, lines,
    search::{Grid, Limits},
    slot::Slot,
};

pub(super) use body::MISTAKES as BODY_MISTAKES;
pub(super) use frame::MISTAKES as FRAME_MISTAKES;
pub(super) use method::MISTAKES as METHOD_MISTAKES;
pub(super) use url::MISTAKES as URL_MISTAKES;

/// Request whose signature does not match, as the gateway received it.
///
/// All values are borrowed and verbatim: decoding or trimming them before hides mistakes.
#[derive(Clone)]
pub struct SignedRequest<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
    pub(super) signature: &'a str,
    whole_form: Option<&'a [u8]>,
    host: Option<&'a str>,
    earlier_nonces: Vec<&'a str>,
    pub(super) claimed: Option<&'a [u8]>,
}

impl<'a> SignedRequest<'a> {
    /// Creates a request from its parts, verbatim.
    ///
    /// Pass method, path and query, and body as received, and timestamp, nonce and signature text of `Authorization`.
    /// For an upload, `body` is the text of its part `meta`.
    #[must_use]
    pub fn new(
        method: &'a str,
        target: &'a str,
        timestamp: &'a str,
        nonce: &'a str,
        body: &'a [u8],
        signature: &'a str,
    ) -> Self {
        Self {
            method,
            target,
            timestamp,
            nonce,
            body,
            signature,
            whole_form: None,
            host: None,
            earlier_nonces: Vec::new(),
            claimed: None,
        }
    }

    /// Sets the whole form of an upload.
    #[must_use]
    pub fn whole_form(mut self, form: &'a [u8]) -> Self {
        self.whole_form = Some(form);
        self
    }

    /// Sets the `Host` header, for clients that sign absolute URLs.
    #[must_use]
    pub fn host(mut self, host: &'a str) -> Self {
        self.host = Some(host);
        self
    }

    /// Adds nonces of earlier requests of the same merchant, the newest first.
    ///
    /// About twenty are enough.
    #[must_use]
    pub fn earlier_nonces(mut self, nonces: impl IntoIterator<Item = &'a str>) -> Self {
        self.earlier_nonces = nonces.into_iter().collect();
        self
    }

    /// Sets the message that the client claims to have signed.
    ///
    /// It was pasted, or sent as [`SIGN_MESSAGE_HEADER`](super::SIGN_MESSAGE_HEADER).
    #[must_use]
    pub fn claimed(mut self, message: &'a [u8]) -> Self {
        self.claimed = Some(message);
        self
    }

    /// Returns the correct values of the five lines.
    pub(super) fn values(&self) -> [&'a [u8]; 5] {
        [
            self.method.as_bytes(),
            self.target.as_bytes(),
            self.timestamp.as_bytes(),
            self.nonce.as_bytes(),
            self.body,
        ]
    }

    /// Returns all candidates.
    pub(super) fn grid(&self, limits: Limits) -> Grid<'a> {
        let [method, target, timestamp, nonce, body] = self.values();
        let mut method = Slot::new(Part::Method, method);
        let mut target = Slot::new(Part::Url, target);
        let mut timestamp = Slot::new(Part::Timestamp, timestamp);
        let mut nonce = Slot::new(Part::Nonce, nonce);
        let mut body = Slot::new(Part::Body, body).within(limits.memory);
        method::variants(&mut method);
        url::variants(&mut target, self.host);
        lines::timestamps(&mut timestamp);
        lines::nonces(&mut nonce, &self.earlier_nonces);
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        body::variants(&mut body, self.whole_form, query, limits);
        Grid {
            frames: frame::frames(self),
            slots: vec![method, target, timestamp, nonce, body],
        }
    }
}

/// Omits body and signature.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method)
            .field("timestamp", &self.timestamp)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
