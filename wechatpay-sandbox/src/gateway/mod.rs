//! The gateway: `/v3/…`.
//!
//! A request is read, its signature checked, its headers checked, its endpoint found and asked; then the answer is
//! recorded, signed and sent. Each step has its file.

mod answer;
mod applyments;
mod authorization;
mod bills;
mod call;
mod certificates;
mod codes;
mod combine;
mod diagnosis;
mod echo;
mod fields;
mod funds;
mod media;
mod misbehave;
mod multipart;
mod nonces;
mod notes;
mod orders;
mod parameters;
mod parties;
mod prepay;
mod received;
mod refunds;
mod refusal;
mod replay;
mod route;
mod rules;
mod sensitive;
mod settlement;
mod sharing;
mod signature;
mod subsidies;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use http::{
    HeaderMap, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use tokio::time::Instant;

pub(crate) use answer::probe;
pub(crate) use bills::Files;
pub use misbehave::Misbehaviour;
pub(crate) use misbehave::Misbehaviours;
pub(crate) use nonces::Nonces;
pub(crate) use replay::replay;

use answer::Answer;
use call::Call;
use notes::Notes;
use orders::Number;
use received::Received;
use refusal::Refusal;
use route::Route;

use crate::{
    event::EventKind,
    ids::Ids,
    shared::{Shared, count},
    state::request::{RecordedRequest, Verdict},
};

/// The routes of the gateway.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v3", any(gateway))
        .route("/v3/", any(gateway))
        .route("/v3/{*rest}", any(gateway))
}

/// Answers one request. What it changes is changed before the first await behind the body, so a client that goes away
/// leaves either the old state or the new one.
async fn gateway(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let started = Instant::now();
    let ids = shared.ids_of_request();
    let (received, outcome) = Received::read(request).await;
    let mut notes = Notes::new(shared.clock.now(), shared.settings.strict);
    let misbehaviour = shared.misbehaviours.take(received.path());
    let answer = match (outcome, misbehaviour) {
        (_, Some(Misbehaviour::Status(status))) => canned(status),
        (Err(received::Unread), _) => Answer::Refused(Refusal::unsigned(codes::TOO_LARGE)),
        (Ok(()), _) => process(&shared, &received, &ids, &mut notes).unwrap_or_else(Answer::Refused),
    };
    let requested = received.header("wechatpay-serial").map(str::to_owned);
    record(&shared, received, notes, &answer, started.elapsed());
    if let Some(Misbehaviour::HangFor(duration)) = misbehaviour {
        tokio::time::sleep(duration).await;
    }
    answer::respond(&shared, &answer, requested.as_deref(), misbehaviour, &ids).await
}

fn process(shared: &Shared, received: &Received, ids: &Ids, notes: &mut Notes) -> Result<Answer, Refusal> {
    let (merchant, serial) = signature::check(shared, received, notes)?;
    check_headers(received)?;
    let Some(route) = Route::find(&received.method, received.path()) else {
        return Err(Refusal::new(codes::NOT_EMULATED).hint(format!(
            "{} {} is not emulated; the README of wechatpay-sandbox lists what is",
            received.method,
            received.path(),
        )));
    };
    let mut call = Call {
        shared,
        merchant: &merchant,
        serial: &serial,
        received,
        ids,
        notes,
    };
    let call = &mut call;
    match route {
        Route::Certificates => certificates::list(call),
        Route::Prepay(family, scene) => prepay::prepay(call, family, scene),
        Route::QueryById(family, id) => orders::query(call, family, &Number::TransactionId(&id)),
        Route::QueryByNumber(family, number) => orders::query(call, family, &Number::OutTradeNo(&number)),
        Route::Close(family, number) => orders::close(call, family, &number),
        Route::Bill(route) => route.answer(call),
        Route::Combine(route) => route.answer(call),
        Route::Refund(route) => route.answer(call),
        Route::Sharing(route) => route.answer(call),
        Route::Subsidy(route) => route.answer(call),
        Route::Applyment(route) => route.answer(call),
        Route::Settlement(route) => route.answer(call),
        Route::Funds(route) => route.answer(call),
        Route::Upload(kind) => media::upload(call, kind),
        Route::Echo => echo::echo(call),
    }
}

/// The headers that the platform insists on.
fn check_headers(received: &Received) -> Result<(), Refusal> {
    let has_body = !received.body.is_empty();
    for (name, is_needed) in [(ACCEPT, true), (USER_AGENT, true), (CONTENT_TYPE, has_body)] {
        if is_needed && !received.headers.contains_key(&name) {
            return Err(Refusal::new(codes::INVALID_REQUEST)
                .field("header", name.as_str(), serde_json::Value::Null, "required and missing")
                .hint(format!(
                    "the header {name} is missing; Accept and User-Agent must be there, Content-Type with a body too"
                )));
        }
    }
    let is_json = received
        .header(CONTENT_TYPE.as_str())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    if has_body && !is_json && !received.is_upload() {
        return Err(Refusal::new(codes::INVALID_REQUEST)
            .field(
                "header",
                CONTENT_TYPE.as_str(),
                serde_json::Value::Null,
                "must be application/json",
            )
            .hint("Content-Type must be application/json"));
    }
    Ok(())
}

/// An answer that a test asked for.
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

fn record(shared: &Shared, received: Received, notes: Notes, answer: &Answer, took: Duration) {
    if !matches!(notes.verdict, Verdict::Good | Verdict::Unread) {
        count(&shared.totals.refused_signatures);
    }
    let path = received.path().to_owned();
    let status = answer.status();
    for lint in &notes.lints {
        shared.lint(lint.clone());
    }
    shared.tell(EventKind::Request {
        method: received.method.clone(),
        path,
        status,
        problem: answer.refusal().map(Refusal::summary),
        took,
        out_trade_no: notes.out_trade_no.clone(),
        total: notes.total,
    });
    shared.requests.push(RecordedRequest {
        number: 0,
        at: notes.at,
        method: received.method,
        target: received.target,
        headers: sensitive(received.headers),
        body: received.body,
        mchid: notes.mchid,
        verdict: notes.verdict,
        status,
        code: answer.refusal().map(|refusal| refusal.word().to_owned()),
        out_trade_no: notes.out_trade_no,
        lints: notes.lints,
        took,
    });
}

/// Keeps `Authorization` out of any `Debug` of the headers: for five minutes it could be replayed.
fn sensitive(mut headers: HeaderMap) -> HeaderMap {
    if let http::header::Entry::Occupied(mut entry) = headers.entry(AUTHORIZATION) {
        for value in entry.iter_mut() {
            value.set_sensitive(true);
        }
    }
    headers
}
