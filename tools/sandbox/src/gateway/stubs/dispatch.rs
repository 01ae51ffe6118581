//! Responses that a test gave.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::StatusCode;
use serde_json::Value;

use crate::gateway::{
    Gateway, Refusal,
    answer::{Answer, Stubbed},
    call::Call,
    codes,
    hints::{RequestHint, StubProblem},
    stubs::{Entry, FieldPath, PreparedBody, Responder, Source, StubRequest},
    validate::sensitive,
};

/// Lets a stub respond, if there is one for this request.
pub(in crate::gateway) fn answer(call: &mut Call<'_>) -> Option<Result<Answer, Refusal>> {
    let received = call.received;
    loop {
        let entry = call.gateway.stubs.find(&received.method, received.path())?;
        if let Err(refusal) = check(call, &entry) {
            return Some(Err(refusal));
        }
        // Another request may have come first.
        if call.gateway.stubs.take(entry.id) {
            call.notes.stub = Some(entry.id);
            return Some(respond(call, &entry));
        }
    }
}

/// Waits as long as the stub wants, or until the sandbox stops.
pub(in crate::gateway) async fn wait(gateway: &Gateway, answer: &Answer) {
    let Answer::Stub(stubbed) = answer else { return };
    if stubbed.delay.is_zero() {
        return;
    }
    let mut stopping = gateway.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(stubbed.delay) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// The body is JSON, and the sensitive fields in it open.
fn check(call: &Call<'_>, entry: &Entry) -> Result<(), Refusal> {
    let signed = &call.received.signed;
    let mut json = match serde_json::from_slice(signed) {
        Ok(json @ Value::Object(_)) => json,
        _ if signed.is_empty() && !call.received.is_upload => return Ok(()),
        _ => return Err(crate::gateway::validate::Problem::not_json().refusal()),
    };
    for field in &entry.definition.sensitive {
        open_all(call, field, &mut json)?;
    }
    Ok(())
}

fn open_all(call: &Call<'_>, field: &FieldPath, json: &mut Value) -> Result<(), Refusal> {
    field.visit(json, &mut |pointer, value| {
        sensitive::open_text(call.gateway, call.received, value.as_str(), pointer).map(drop)
    })
}

fn respond(call: &Call<'_>, entry: &Entry) -> Result<Answer, Refusal> {
    let broken = |problem: StubProblem| {
        Refusal::new(codes::STUB_BROKEN).hint(RequestHint::Stub {
            id: entry.id,
            problem,
        })
    };
    let response = match &entry.definition.responder {
        Responder::Fixed(response) => response.clone(),
        Responder::Function(function) => {
            let mchid = call.mchid();
            let source = Source {
                method: &call.received.method,
                target: &call.received.target,
                headers: &call.received.headers,
                body: &call.received.body,
                signed: &call.received.signed,
                mchid: &mchid,
            };
            let request = StubRequest::new(&call.gateway.platform, &source, &entry.definition.template);
            catch_unwind(AssertUnwindSafe(|| function(&request)))
                .map_err(|_| broken(StubProblem::Panicked))?
        }
    };
    let prepared = response
        .prepare()
        .map_err(|error| broken(StubProblem::Response { error }))?;
    let is_signed = !prepared.is_file() && prepared.status != StatusCode::UNAUTHORIZED;
    let body = match prepared.body {
        PreparedBody::Bytes(bytes) => bytes,
        PreparedBody::Json(mut json) => {
            for field in &prepared.sensitive {
                field.visit(&mut json, &mut |_, value| {
                    let text = value.as_str().unwrap_or_default();
                    *value = call
                        .sealed(text)
                        .map_err(|_| broken(StubProblem::TooLong))?
                        .into();
                    Ok::<(), Refusal>(())
                })?;
            }
            json.to_string().into()
        }
    };
    Ok(Answer::Stub(Stubbed {
        status: prepared.status,
        headers: prepared.headers,
        body,
        is_signed,
        delay: entry.definition.delay,
    }))
}
