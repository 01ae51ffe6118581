//! Turns a response into what goes over the wire: status, headers, signature.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, DATE, LOCATION, SERVER,
        X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::{
    faults::{Fault, Fired},
    gateway::{
        Gateway, Received,
        answer::Answer,
        refusal::{Style, Wording},
    },
    platform::signing::signed,
    world::{clock::http_date, random::Ids},
};

/// Lifetime of a connection that nobody uses, in seconds.
pub(crate) const KEEP_ALIVE_SECONDS: u64 = 8;

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
