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

/// A request whose signature does not fit, as the gateway received it.
///
/// Everything is borrowed and kept verbatim: what is decoded or trimmed before it comes here cannot be told apart any more.
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
    /// Takes the method, path and query, and the body, all as they came, and from `Authorization` the timestamp, the nonce
    /// and the text of the signature. Of an upload the body is the text of its part `meta`.
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

    /// The whole form of an upload.
    #[must_use]
    pub fn whole_form(mut self, form: &'a [u8]) -> Self {
        self.whole_form = Some(form);
        self
    }

    /// The `Host` header, for those who sign absolute URLs.
    #[must_use]
    pub fn host(mut self, host: &'a str) -> Self {
        self.host = Some(host);
        self
    }

    /// Nonces of earlier requests of the same merchant, the newest first; some twenty are enough.
    #[must_use]
    pub fn earlier_nonces(mut self, nonces: impl IntoIterator<Item = &'a str>) -> Self {
        self.earlier_nonces = nonces.into_iter().collect();
        self
    }

    /// The message that the client says it signed: pasted, or sent as [`SIGN_MESSAGE_HEADER`](super::SIGN_MESSAGE_HEADER).
    #[must_use]
    pub fn claimed(mut self, message: &'a [u8]) -> Self {
        self.claimed = Some(message);
        self
    }

    /// The right values of the five lines.
    pub(super) fn values(&self) -> [&'a [u8]; 5] {
        [
            self.method.as_bytes(),
            self.target.as_bytes(),
            self.timestamp.as_bytes(),
            self.nonce.as_bytes(),
            self.body,
        ]
    }

    /// All candidates.
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

/// Shows neither body nor signature.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method)
            .field("timestamp", &self.timestamp)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
