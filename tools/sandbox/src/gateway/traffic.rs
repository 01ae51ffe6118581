//! Recorded requests of the gateway.

use std::{collections::VecDeque, fmt, sync::Mutex, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::auth::authorization;
use crate::{
    faults::Fault,
    journal::Hint,
    platform::curl,
    world::{
        lints::{Lint, LintKind},
        lock,
    },
};

/// Maximum number of kept requests.
const CAPACITY: usize = 10_000;
/// Maximum total size of kept bodies; older requests are dropped.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Result of checking a request's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The signature fits.
    Good,
    /// Refused before the signature was checked.
    ///
    /// The body was too long or did not arrive, or a web page sent the request.
    Unread,
    /// No `Authorization`, or one that cannot be read.
    AuthorizationMalformed,
    /// A scheme other than `WECHATPAY2-SHA256-RSA2048`.
    OtherScheme,
    /// The timestamp is more than 300 s off.
    TimestampOff,
    /// The timestamp is in milliseconds.
    TimestampInMilliseconds,
    /// The mchid is unknown.
    MerchantUnknown,
    /// The merchant has no certificate of this serial.
    SerialUnknown,
    /// The merchant has revoked the certificate of this serial.
    CertificateRevoked,
    /// The signature does not fit.
    SignatureMismatch,
    /// The signature fits, and the body or query names another merchant than `Authorization`.
    OtherMerchant,
}

impl Verdict {
    /// Returns true if the request was refused for its signature or a part of it.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        !matches!(self, Self::Good | Self::Unread)
    }
}

/// A request to `/v3/…` as received, and its handling.
///
/// Headers and body hold whatever the client sent, payer data included; `Debug` leaves them out.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Counts from 1.
    pub number: u64,
    /// Time of arrival, in Unix seconds.
    pub at: i64,
    /// The method.
    pub method: Method,
    /// Path and query exactly as received.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The merchant that `Authorization` named, once the signature was found good.
    pub mchid: Option<String>,
    /// Result of the signature check.
    pub verdict: Verdict,
    /// The status of the response.
    pub status: StatusCode,
    /// The error code of the response.
    pub code: Option<String>,
    /// Remedy of the error.
    pub hint: Option<Hint>,
    /// The signature doctor's report, with expected and signed lines side by side.
    ///
    /// They may hold payer data.
    pub report: Option<String>,
    /// The response; `None` if there was to be none.
    pub response: Option<RecordedResponse>,
    /// Faults that fired. The response is recorded as it would have been sent.
    pub faults: Vec<Fault>,
    /// The order it was about.
    pub out_trade_no: Option<String>,
    /// Findings that would hurt in production.
    pub lints: Vec<Lint>,
    /// The stub that responded, by its [number](crate::Stub::id).
    pub stub: Option<u64>,
    /// Duration until the response.
    pub took: Duration,
    /// Signed part of the body: all of it, or the part `meta` of an upload.
    pub signed: Bytes,
}

/// A response as it was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedResponse {
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl fmt::Debug for RecordedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedResponse")
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl RecordedRequest {
    /// The text that the gateway verified: five lines, each with its line end.
    ///
    /// `None` if `Authorization` could not be read.
    #[must_use]
    pub fn sign_message(&self) -> Option<Bytes> {
        crate::gateway::sign_message(self)
    }

    /// The request as a shell command with its signature, valid for five minutes.
    #[must_use]
    pub fn curl(&self, base_url: &str) -> String {
        let url = format!("{base_url}{}", self.target);
        curl(self.method.as_str(), &url, &self.headers, &self.body)
    }

    /// Approximate size in memory.
    fn weight(&self) -> usize {
        let answer = self.response.as_ref().map_or(0, |answer| answer.body.len());
        self.body.len().saturating_add(answer)
    }

    /// The path without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// Returns true if a lint of this kind was found.
    #[must_use]
    pub fn has_lint(&self, kind: LintKind) -> bool {
        self.lints.iter().any(|lint| lint.kind() == kind)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path())
            .field("verdict", &self.verdict)
            .field("status", &self.status)
            .field("code", &self.code)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// A bounded ring of requests.
#[derive(Default)]
pub struct Requests(Mutex<Ring>);

debug_only!(Requests {});

#[derive(Default)]
struct Ring {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
    count: u64,
    /// The test has taken the refusals up to this number.
    taken: u64,
}

impl Ring {
    fn refused(&self) -> Vec<RecordedRequest> {
        self.requests
            .iter()
            .filter(|request| request.number > self.taken && request.verdict.is_refusal())
            .cloned()
            .collect()
    }
}

impl Requests {
    /// Keeps a request and assigns its number, which `finish` may write into it.
    pub(crate) fn push(
        &self,
        mut request: RecordedRequest,
        finish: impl FnOnce(&mut RecordedRequest),
    ) -> u64 {
        let mut ring = lock(&self.0);
        ring.count = ring.count.saturating_add(1);
        let number = ring.count;
        request.number = number;
        finish(&mut request);
        ring.bytes = ring.bytes.saturating_add(request.weight());
        ring.requests.push_back(request);
        while ring.requests.len() > CAPACITY || (ring.bytes > MAX_BYTES && ring.requests.len() > 1) {
            let Some(oldest) = ring.requests.pop_front() else {
                break;
            };
            ring.bytes = ring.bytes.saturating_sub(oldest.weight());
        }
        number
    }

    /// The one of this number, if it is still kept.
    pub fn get(&self, number: u64) -> Option<RecordedRequest> {
        let ring = lock(&self.0);
        let index = ring.requests.partition_point(|request| request.number < number);
        ring.requests
            .get(index)
            .filter(|request| request.number == number)
            .cloned()
    }

    /// The newest one that `is_wanted`.
    pub fn newest(&self, is_wanted: impl Fn(&RecordedRequest) -> bool) -> Option<RecordedRequest> {
        lock(&self.0)
            .requests
            .iter()
            .rev()
            .find(|request| is_wanted(request))
            .cloned()
    }

    /// Continues counting from here, unless more requests came already.
    pub(crate) fn count_from(&self, count: u64) {
        let mut ring = lock(&self.0);
        ring.count = ring.count.max(count);
    }

    /// Forgets all, the count included.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Ring::default();
    }

    /// The kept ones, the oldest first.
    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    /// The kept ones that a stub responded to, the oldest first.
    pub(crate) fn of_stub(&self, id: u64) -> Vec<RecordedRequest> {
        let ring = lock(&self.0);
        let wanted = ring.requests.iter().filter(|request| request.stub == Some(id));
        wanted.cloned().collect()
    }

    /// Stub and number of the kept ones that a stub responded to, the oldest first.
    pub fn numbers_by_stub(&self) -> Vec<(u64, u64)> {
        let ring = lock(&self.0);
        let numbers = ring.requests.iter();
        numbers
            .filter_map(|request| Some((request.stub?, request.number)))
            .collect()
    }

    /// Kept requests refused for their signature that nobody has taken note of.
    pub(crate) fn refused(&self) -> Vec<RecordedRequest> {
        lock(&self.0).refused()
    }

    /// The same, and takes note of them.
    pub(crate) fn take_refused(&self) -> Vec<RecordedRequest> {
        let mut ring = lock(&self.0);
        let refused = ring.refused();
        ring.taken = ring.count;
        refused
    }

    /// Copies of the newest that are wanted, the newest first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&RecordedRequest) -> bool) -> Vec<RecordedRequest> {
        let ring = lock(&self.0);
        let wanted = ring.requests.iter().rev().filter(|request| is_wanted(request));
        wanted.take(limit).cloned().collect()
    }

    /// Number of requests, forgotten ones included.
    pub fn count(&self) -> u64 {
        lock(&self.0).count
    }
}

/// The text that a recorded request's signature is over.
pub(crate) fn sign_message(request: &RecordedRequest) -> Option<Bytes> {
    let claim = authorization::read(&request.headers).ok()?;
    let (method, target) = (request.method.as_str(), &request.target);
    let head = format!("{method}\n{target}\n{}\n{}\n", claim.timestamp, claim.nonce);
    Some([head.as_bytes(), &request.signed, b"\n"].concat().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: usize) -> RecordedRequest {
        RecordedRequest {
            number: 0,
            at: 0,
            method: Method::GET,
            target: "/v3/x?y".into(),
            headers: HeaderMap::new(),
            body: vec![0; body].into(),
            mchid: None,
            verdict: Verdict::Good,
            status: StatusCode::OK,
            code: None,
            hint: None,
            report: None,
            response: None,
            faults: Vec::new(),
            out_trade_no: None,
            lints: Vec::new(),
            stub: None,
            took: Duration::ZERO,
            signed: Bytes::new(),
        }
    }

    #[test]
    fn the_ring_forgets_the_oldest_and_goes_on_counting() {
        let requests = Requests::default();
        for _ in 0..CAPACITY + 5 {
            requests.push(request(1), |_| {});
        }
        let all = requests.all();
        assert_eq!(all.len(), CAPACITY);
        assert_eq!(all[0].number, 6);
        assert_eq!(requests.get(6).unwrap().number, 6);
        assert!(requests.get(5).is_none() && requests.get(CAPACITY as u64 + 6).is_none());
        assert_eq!(all[0].path(), "/v3/x");
        assert_eq!(requests.count(), CAPACITY as u64 + 5);
    }

    #[test]
    fn large_bodies_do_not_fill_the_memory() {
        let requests = Requests::default();
        for _ in 0..5 {
            requests.push(request(MAX_BYTES / 2), |_| {});
        }
        assert_eq!(requests.all().len(), 2);
    }
}
