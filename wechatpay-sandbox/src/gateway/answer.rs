//! Turns an answer into what goes over the wire: status, headers, signature.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, DATE},
};

use super::{Misbehaviour, Refusal};
use crate::{
    ids::Ids,
    platform::{CompletedSignature, sign},
    shared::Shared,
    time::http_date,
};

/// How old the signature of a stale answer is.
const STALE_SECONDS: i64 = 600;

/// What the gateway has to say.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 200 with JSON.
    Json(Bytes),
    /// 204.
    Empty,
    /// 200 with a file, unsigned.
    File {
        content: Bytes,
        content_type: &'static str,
    },
    /// An error.
    Refused(Refusal),
    /// What stands before the gateway answers in its place: HTML, unsigned.
    Proxy(StatusCode),
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Json(_) | Self::File { .. } => StatusCode::OK,
            Self::Empty => StatusCode::NO_CONTENT,
            Self::Refused(refusal) => {
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Proxy(status) => *status,
        }
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Json(_) | Self::Empty | Self::File { .. } | Self::Proxy(_) => None,
        }
    }

    fn is_signed(&self) -> bool {
        match self {
            Self::Json(_) | Self::Empty => true,
            Self::Refused(refusal) => refusal.is_signed(),
            Self::File { .. } | Self::Proxy(_) => false,
        }
    }

    fn body(&self, pure: bool) -> Bytes {
        match self {
            Self::Json(body) => body.clone(),
            Self::File { content, .. } => content.clone(),
            Self::Empty => Bytes::new(),
            Self::Refused(refusal) => refusal.body(pure),
            Self::Proxy(status) => format!("<html><head><title>{status}</title></head></html>\n").into(),
        }
    }
}

/// Signs and sends. `requested` is the request's `Wechatpay-Serial`.
pub(super) async fn respond(
    shared: &Shared,
    answer: &Answer,
    requested: Option<&str>,
    misbehaviour: Option<Misbehaviour>,
    ids: &Ids,
) -> Response {
    let mut body = answer.body(shared.settings.pure);
    let is_signed = answer.is_signed() && misbehaviour != Some(Misbehaviour::Unsigned);
    let signature = if is_signed {
        signature(shared, &body, requested, misbehaviour, ids).await
    } else {
        None
    };
    if misbehaviour == Some(Misbehaviour::WrongBody) {
        body = spoiled(&body);
    }
    let has_body = !body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = answer.status();
    let headers = response.headers_mut();
    if let Some(signature) = &signature {
        signature.write_to(headers);
    }
    // Else the server would write the system's time there.
    if let Ok(date) = HeaderValue::from_str(&http_date(shared.clock.now())) {
        headers.insert(DATE, date);
    }
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("no-cache, must-revalidate"),
    );
    if let Answer::Proxy(_) = answer {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        return response;
    }
    let number = answer.refusal().map_or(0, Refusal::number);
    let request_id = format!("{}-{number}", ids.request_id());
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        headers.insert(HeaderName::from_static("request-id"), request_id);
    }
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("zh-CN"));
    if let Answer::File { content_type, .. } = answer {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    } else if has_body {
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
    }
    response
}

async fn signature(
    shared: &Shared,
    body: &Bytes,
    requested: Option<&str>,
    misbehaviour: Option<Misbehaviour>,
    ids: &Ids,
) -> Option<CompletedSignature> {
    let key = shared.platform.answer_key(requested);
    let now = shared.clock.now();
    let (timestamp, signed_body) = match misbehaviour {
        Some(Misbehaviour::StaleTimestamp) => (now.saturating_sub(STALE_SECONDS), body.clone()),
        Some(Misbehaviour::BadSignature) => (now, Bytes::from_static(b"another text")),
        _ => (now, body.clone()),
    };
    let slowly = shared.platform.signs_slowly();
    let mut signature = sign(&key, slowly, timestamp, ids.nonce(), signed_body)
        .await
        .ok()?;
    if misbehaviour == Some(Misbehaviour::Probe) {
        signature.value = probe(ids);
    }
    Some(signature)
}

/// A deliberately wrong signature as the platform sends it: this prefix, and the length of a real one.
pub(crate) fn probe(ids: &Ids) -> String {
    format!("WECHATPAY/SIGNTEST/{}", ids.signature_noise(325))
}

/// Another body: the first byte that may change without breaking JSON does.
fn spoiled(body: &Bytes) -> Bytes {
    if body.is_empty() {
        return Bytes::from_static(b" ");
    }
    let mut spoiled = body.to_vec();
    let letter = spoiled.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric());
    if let Some(letter) = letter {
        *letter = if *letter == b'1' { b'2' } else { b'1' };
    }
    spoiled.into()
}
