//! Turns a response into what goes over the wire: status, headers, signature.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, DATE, LOCATION, SERVER,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use serde_json::Value;

use crate::gateway::{
    Received, Refusal, codes,
    refusal::{Style, Wording},
    stubs::dispatch::Stubbed,
};
use crate::{
    faults::{self, Fault, Fired},
    gateway::{Gateway, KEEP_ALIVE_SECONDS},
    platform::signing::signed,
    world::{clock::http_date, random::Ids},
};

/// Responses of the gateway.
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
    /// A proxy's response in front of the gateway: HTML, unsigned.
    Proxy(StatusCode),
    /// 302 to another host, unsigned.
    Elsewhere(&'static str),
    /// The response of a stub.
    Stub(Stubbed),
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
            Self::Elsewhere(_) => StatusCode::FOUND,
            Self::Stub(stubbed) => stubbed.status,
        }
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Json(_)
            | Self::Empty
            | Self::File { .. }
            | Self::Proxy(_)
            | Self::Elsewhere(_)
            | Self::Stub(_) => None,
        }
    }

    /// The code of an error.
    pub(super) fn code(&self) -> Option<String> {
        match self {
            Self::Stub(stubbed) => stubbed.code(),
            answer => answer.refusal().map(|refusal| refusal.word().to_owned()),
        }
    }

    /// The number behind the last `-` of `Request-ID`.
    fn number(&self) -> u64 {
        match self {
            Self::Refused(refusal) => refusal.number(),
            Self::Stub(stubbed) if !stubbed.status.is_success() => codes::UNSPECIFIED,
            _ => 0,
        }
    }

    pub(super) fn is_success(&self) -> bool {
        self.status().is_success()
    }

    /// Spoils what it says, if it is JSON.
    pub(super) fn spoil(&mut self, fault: Fault) {
        let body = match self {
            Self::Json(body) => body,
            Self::Stub(stubbed) if stubbed.is_signed => &mut stubbed.body,
            _ => return,
        };
        if let Ok(mut json) = serde_json::from_slice::<Value>(body) {
            faults::spoil(fault, &mut json);
            *body = json.to_string().into();
        }
    }

    fn is_signed(&self) -> bool {
        match self {
            Self::Json(_) | Self::Empty => true,
            Self::Refused(refusal) => refusal.is_signed(),
            Self::Stub(stubbed) => stubbed.is_signed,
            Self::File { .. } | Self::Proxy(_) | Self::Elsewhere(_) => false,
        }
    }

    fn body(&self, style: Style) -> Bytes {
        match self {
            Self::Json(body) => body.clone(),
            Self::File { content, .. } => content.clone(),
            Self::Stub(stubbed) => stubbed.body.clone(),
            Self::Empty | Self::Elsewhere(_) => Bytes::new(),
            Self::Refused(refusal) => refusal.body(style),
            Self::Proxy(status) => format!("<html><head><title>{status}</title></head></html>\n").into(),
        }
    }
}

/// Style of a refusal.
pub(super) fn style(gateway: &Gateway, received: &Received, fired: &Fired) -> Style {
    Style {
        is_pure: gateway.settings.pure,
        wording: match fired.wording() {
            Some(Fault::DocumentedDetail) => Wording::Documented,
            _ => Wording::Seen,
        },
        language: received.language(),
    }
}

/// Signs and puts into headers.
pub(super) async fn respond(
    gateway: &Gateway,
    answer: &Answer,
    received: &Received,
    fired: &Fired,
    ids: &Ids,
) -> Response<Bytes> {
    let fault = fired.signature();
    if fault == Some(Fault::OtherResponse)
        && let Some(earlier) = earlier_answer(gateway)
    {
        return earlier;
    }
    let mut body = answer.body(style(gateway, received, fired));
    let mut signature = None;
    if answer.is_signed() && fault != Some(Fault::NoSignHeaders) {
        let key = gateway.platform.answer_key(received.header("wechatpay-serial"));
        if let Ok(signed) = signed(&gateway.platform, &key, body.clone(), fault, ids).await {
            body = signed.body;
            signature = Some(signed.signature);
        }
    }
    let has_body = !body.is_empty();
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    // In the platform's order.
    put(SERVER, "nginx");
    // Else the server would write the system's time there.
    put(DATE, &http_date(gateway.platform.wire_clock.now()));
    let content_type = match answer {
        Answer::Proxy(_) => Some("text/html"),
        Answer::File { content_type, .. } => Some(*content_type),
        // It says it itself.
        Answer::Stub(_) => None,
        _ => has_body.then_some("application/json; charset=utf-8"),
    };
    if let Some(content_type) = content_type {
        put(CONTENT_TYPE, content_type);
    }
    put(CONNECTION, "keep-alive");
    put(
        HeaderName::from_static("keep-alive"),
        &format!("timeout={KEEP_ALIVE_SECONDS}"),
    );
    put(CACHE_CONTROL, "no-cache, must-revalidate");
    match answer {
        Answer::Proxy(_) => return response,
        Answer::Elsewhere(url) => {
            put(LOCATION, url);
            return response;
        }
        _ => {}
    }
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    let number = answer.number();
    put(
        HeaderName::from_static("request-id"),
        &format!("{}-{number}", ids.request_id()),
    );
    put(CONTENT_LANGUAGE, "zh-CN");
    if let Answer::Stub(stubbed) = answer {
        headers.extend(stubbed.headers.clone());
    }
    if let Some(signature) = &signature {
        signature.write_to(headers);
    }
    response
}

/// The newest signed response that was given, word for word.
fn earlier_answer(gateway: &Gateway) -> Option<Response<Bytes>> {
    let request = gateway.requests.newest(|request| {
        request.response.as_ref().is_some_and(|answer| {
            request.status == StatusCode::OK && answer.headers.contains_key("wechatpay-signature")
        })
    })?;
    let answer = request.response?;
    let mut response = Response::new(answer.body);
    *response.status_mut() = request.status;
    *response.headers_mut() = answer.headers;
    Some(response)
}
