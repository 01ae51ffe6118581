//! The gateway: `/v3/…`.
//!
//! A request is read, its signature checked, its headers checked, its endpoint found and asked; then the response is
//! recorded, signed and sent. Each step has its file.

mod answer;
pub mod auth;
mod call;
mod codes;
mod hints;
mod multipart;
mod notes;
mod race;
mod received;
mod refusal;
mod replay;
mod response;
mod routes;
mod state;
pub mod stubs;
pub mod traffic;
mod transport;
mod validate;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::any,
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode, Version,
    header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, USER_AGENT},
};
use tokio::time::Instant;

pub use auth::{EARLIER_NONCES, Nonces, certificate_label, doctor};
pub use multipart::parts as form_parts;
pub use replay::replay;
pub(crate) use response::KEEP_ALIVE_SECONDS;
pub(crate) use routes::bills::Files;
pub use routes::{
    bills::{bill_text, has_bill},
    title,
};
pub use state::Gateway;
pub(crate) use state::GatewaySettings;
pub(crate) use traffic::sign_message;

use answer::Answer;
use auth::{sign_of_a_page, signature};
use call::Call;
use hints::{Conflict, RequestHint};
use notes::Notes;
use received::Received;
use refusal::Refusal;
use stubs::dispatch;
use validate::Location;

use crate::{
    faults::{self, Fault, Fired},
    gateway::traffic::{RecordedRequest, RecordedResponse},
    journal::EventKind,
    platform::header_names,
    world::{count, random::Ids},
};

/// Names what is to go wrong with a request, or with what follows from it.
const FAULT_HEADER: &str = "x-sandbox-fault";
/// Header of the older API's sandbox.
const OLD_FAULT_HEADER: &str = "wechatpay-negative-test";

/// The routes of the gateway.
pub(crate) fn router() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/v3", any(respond))
        .route("/v3/", any(respond))
        .route("/v3/{*rest}", any(respond))
}

/// Handles one request.
///
/// It is carried out and recorded even if the client does not wait for the response.
async fn respond(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let started = Instant::now();
    let ids = gateway.ids_of_request();
    let is_last = is_last(&request);
    let is_upload = gateway.takes_upload(&request);
    let (received, read) = Received::read(request, is_upload).await;
    let work = tokio::spawn(carry_out(Arc::clone(&gateway), received, read, ids, started));
    match work.await {
        Ok((mut response, fired)) => {
            *response.extensions_mut() = if fired.has(Fault::LowerCaseHeaders) {
                header_names::lower_case(response.headers())
            } else {
                header_names::platform()
            };
            if is_last {
                // The server says that it closes.
                response.headers_mut().remove(CONNECTION);
                response.headers_mut().remove("keep-alive");
            }
            transport::send(&gateway, response, fired.transport()).await
        }
        // The runtime is going down.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

impl Gateway {
    /// Returns true for file endpoints, and for forms to a stub or an unknown path.
    fn takes_upload(&self, request: &Request) -> bool {
        let (method, path) = (request.method(), request.uri().path());
        routes::is_upload(method, path)
            || (received::is_form(request.headers())
                && (self.stubs.find(method, path).is_some() || routes::find(method, path).is_none()))
    }
}

/// Returns true if the client wants the connection to end with this request.
fn is_last(request: &Request) -> bool {
    let mut options = request.headers().get_all(CONNECTION).iter();
    request.version() < Version::HTTP_11
        || options.any(|value| {
            let mut options = value.to_str().unwrap_or_default().split(',');
            options.any(|option| option.trim().eq_ignore_ascii_case("close"))
        })
}

async fn carry_out(
    gateway: Arc<Gateway>,
    received: Received,
    read: Result<(), received::Unread>,
    ids: Ids,
    started: Instant,
) -> (http::Response<Bytes>, Fired) {
    let mut notes = Notes::new(gateway.world.clock.now(), gateway.settings.strict);
    let (fired, mut answer) = match faults_of(&gateway, &received, &ids) {
        Ok(fired) => {
            let answer = decide(&gateway, &received, &read, &fired, &ids, &mut notes);
            (fired, answer)
        }
        Err(refusal) => (Fired::default(), Answer::Refused(refusal)),
    };
    dispatch::wait(&gateway, &answer).await;
    if answer.is_success() {
        if fired.has(Fault::BeforeApiResponse) {
            race::run(&gateway, &received, notes.mchid.as_deref()).await;
        }
        if let Some(fault) = fired.content() {
            answer.spoil(fault);
        }
        if let Some(Fault::AcceptedBut(status)) = fired.outcome() {
            answer = canned(status);
        }
    }
    if fired.has(Fault::RotateNow) {
        gateway.journal.rotate_now(&gateway.platform);
    }
    let mut response = response::respond(&gateway, &answer, &received, &fired, &ids).await;
    record(
        &gateway,
        received,
        notes,
        &answer,
        &mut response,
        &fired,
        started.elapsed(),
    );
    (response, fired)
}

/// Faults of this request; none for a request from a web page.
fn faults_of(gateway: &Gateway, received: &Received, ids: &Ids) -> Result<Fired, Refusal> {
    if let Some(header) = sign_of_a_page(&received.headers) {
        return Err(Refusal::unsigned(codes::WEB_PAGE).hint(RequestHint::WebPage {
            header: header.to_string(),
        }));
    }
    let claim = auth::read_authorization(&received.headers).ok();
    let request = faults::Request {
        method: received.method.as_str(),
        target: &received.target,
        mchid: claim.as_ref().map(|claim| claim.mchid.as_str()),
        header: received
            .header(FAULT_HEADER)
            .or_else(|| received.header(OLD_FAULT_HEADER)),
        body: &received.body,
    };
    let fired = gateway
        .faults
        .of_request(&request, gateway.world.clock.now(), ids);
    fired.map_err(|problem| {
        Refusal::unsigned(codes::PARAMETER)
            .field(
                Location::Header,
                FAULT_HEADER,
                serde_json::Value::Null,
                Conflict::NoFault,
            )
            .hint(RequestHint::Fault { problem })
    })
}

fn decide(
    gateway: &Gateway,
    received: &Received,
    read: &Result<(), received::Unread>,
    fired: &Fired,
    ids: &Ids,
    notes: &mut Notes,
) -> Answer {
    if let Some(Fault::Status(status)) = fired.outcome() {
        return canned(status);
    }
    if fired.stops_request() {
        return Answer::Proxy(StatusCode::GATEWAY_TIMEOUT);
    }
    match read {
        Err(received::Unread) => Answer::Refused(Refusal::unsigned(codes::TOO_LARGE)),
        Ok(()) => process(gateway, received, fired, ids, notes).unwrap_or_else(Answer::Refused),
    }
}

fn process(
    gateway: &Gateway,
    received: &Received,
    fired: &Fired,
    ids: &Ids,
    notes: &mut Notes,
) -> Result<Answer, Refusal> {
    let (merchant, serial) = {
        let _working = gateway.world.working();
        signature::check(gateway, received, notes)?
    };
    check_headers(received)?;
    let found = routes::find(&received.method, received.path());
    let call = &mut Call {
        fields: found
            .as_ref()
            .map(|found| found.endpoint.fields)
            .unwrap_or_default(),
        gateway,
        merchant: &merchant,
        serial: &serial,
        received,
        fired,
        ids,
        notes,
    };
    // The function of a stub may use the handle, so nothing is held meanwhile.
    if let Some(answer) = dispatch::answer(call) {
        return answer;
    }
    let _working = gateway.world.working();
    let Some(found) = found else {
        return Err(Refusal::new(codes::NOT_EMULATED).hint(RequestHint::NotEmulated {
            method: received.method.to_string(),
            path: received.path().to_owned(),
        }));
    };
    found.respond(call)
}

/// The headers that the platform insists on.
fn check_headers(received: &Received) -> Result<(), Refusal> {
    let has_body = !received.body.is_empty();
    for (name, is_needed) in [(ACCEPT, true), (USER_AGENT, true), (CONTENT_TYPE, has_body)] {
        if is_needed && !received.headers.contains_key(&name) {
            return Err(Refusal::new(codes::INVALID_REQUEST)
                .field(
                    Location::Header,
                    name.as_str(),
                    serde_json::Value::Null,
                    Conflict::HeaderMissing,
                )
                .hint(RequestHint::NoHeader {
                    name: name.to_string(),
                }));
        }
    }
    let is_json = received
        .header(CONTENT_TYPE.as_str())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    if has_body && !is_json && !received.is_upload {
        return Err(Refusal::new(codes::INVALID_REQUEST)
            .field(
                Location::Header,
                CONTENT_TYPE.as_str(),
                serde_json::Value::Null,
                Conflict::NotJson,
            )
            .hint(RequestHint::NotJson));
    }
    Ok(())
}

/// A response that a test asked for.
fn canned(status: u16) -> Answer {
    let as_status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match status {
        200 => Answer::Json("{}".into()),
        204 => Answer::Empty,
        401 => Answer::Refused(Refusal::unsigned(codes::of_status(401))),
        400..=500 => Answer::Refused(Refusal::new(codes::of_status(status))),
        _ => Answer::Proxy(as_status),
    }
}

/// Records the request and its response.
///
/// A finding about a signature gets the address of the request's page.
fn record(
    gateway: &Gateway,
    received: Received,
    notes: Notes,
    answer: &Answer,
    response: &mut http::Response<Bytes>,
    fired: &Fired,
    took: Duration,
) {
    if notes.verdict.is_refusal() {
        count(&gateway.refused_signatures);
    }
    let language = received.language();
    let method = received.method.clone();
    let path = received.path().to_owned();
    let faults = fired.list().to_vec();
    let out_trade_no = notes.out_trade_no.clone();
    for lint in &notes.lints {
        gateway.world.lint(lint.clone());
    }
    let is_answered = !matches!(
        fired.transport(),
        Some(Fault::HangBeforeCommit | Fault::ResetBeforeCommit)
    );
    let refusal = answer.refusal();
    let request = RecordedRequest {
        number: 0,
        at: notes.at,
        method: received.method,
        target: received.target,
        headers: recorded(&received.headers),
        body: received.body,
        mchid: notes.mchid,
        verdict: notes.verdict,
        status: response.status(),
        code: answer.code(),
        hint: refusal.and_then(Refusal::advice).cloned(),
        report: refusal.and_then(Refusal::reported).map(str::to_owned),
        response: is_answered.then(|| RecordedResponse {
            headers: recorded(response.headers()),
            body: response.body().clone(),
        }),
        faults: faults.clone(),
        out_trade_no: notes.out_trade_no,
        lints: notes.lints,
        took,
        signed: received.signed,
        stub: notes.stub,
    };
    // A fault may have put another response in the place of this one.
    let is_told = !gateway.settings.pure && response.status() == StatusCode::UNAUTHORIZED;
    let explained = refusal.filter(|_| is_told && gateway.settings.has_pages);
    let number = gateway.requests.push(request, |request| {
        let page = format!("{}/_sandbox/requests/{}", gateway.base_url, request.number);
        let Some(body) = explained.and_then(|refusal| refusal.body_seen_at(&page, language)) else {
            return;
        };
        *response.body_mut() = body.clone();
        if let Some(answer) = &mut request.response {
            answer.body = body;
        }
    });
    gateway.journal.tell(EventKind::Request {
        number,
        method,
        path,
        status: response.status(),
        problem: refusal.map(Refusal::problem),
        took,
        out_trade_no,
        total: notes.total,
        faults,
    });
}

/// Copies of the headers, `Authorization` marked as sensitive, so that `Debug` hides it.
///
/// It could be replayed for five minutes. A header as received would keep the whole buffer it was read into, 8 KiB or
/// more.
fn recorded(headers: &HeaderMap) -> HeaderMap {
    let mut copies = HeaderMap::with_capacity(headers.keys_len());
    for (name, value) in headers {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(*name == AUTHORIZATION);
            copies.append(name, copy);
        }
    }
    copies
}
