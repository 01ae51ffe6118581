//! Stubs: responses that a test gives.

use std::{collections::BTreeMap, time::Duration};

use axum::extract::{Path, State};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Problem, Reply, Sandbox, read, reply};
use crate::{
    gateway::stubs::{Definition, Entry, Responder, StubError, StubResponse},
    world::clock::span,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStub {
    method: String,
    path: String,
    status: Option<u16>,
    body: Option<Value>,
    file: Option<File>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    times: Option<u64>,
    delay: Option<String>,
    #[serde(default)]
    sensitive_request: Vec<String>,
    #[serde(default)]
    sensitive_response: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    content_type: String,
    base64: String,
}

impl NewStub {
    fn response(&self) -> Result<StubResponse, Problem> {
        let response = match (&self.body, &self.file) {
            (Some(_), Some(_)) => return Err(Problem::bad("a response has body or file, not both")),
            (Some(body), None) => StubResponse::json(self.status.unwrap_or(200), body.clone()),
            (None, Some(file)) => {
                if self.status.is_some_and(|status| status != 200) {
                    return Err(Problem::bad("a file comes with status 200"));
                }
                let content = STANDARD.decode(&file.base64);
                let content = content.map_err(|_| Problem::bad("file.base64 is not base64"))?;
                StubResponse::file(&file.content_type, content)
            }
            (None, None) => self.status.unwrap_or(204).into(),
        };
        let headers = self.headers.iter();
        let response = headers.fold(response, |response, (name, value)| response.header(name, value));
        let fields = self.sensitive_response.iter();
        Ok(fields.fold(response, StubResponse::sensitive))
    }

    fn delay(&self) -> Result<Duration, Problem> {
        let Some(text) = &self.delay else {
            return Ok(Duration::ZERO);
        };
        span::parse(text).ok_or_else(|| Problem::bad("delay is a span: 500ms, 2s"))
    }
}

pub(super) async fn add(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let stub: NewStub = read(&headers, &body)?;
    let method = stub
        .method
        .to_ascii_uppercase()
        .parse::<Method>()
        .map_err(|_| Problem::bad("method is GET, POST, PUT, PATCH or DELETE"))?;
    let definition = Definition::new(
        method,
        &stub.path,
        stub.times,
        stub.delay()?,
        &stub.sensitive_request,
        Responder::Fixed(stub.response()?),
    );
    let id = definition.and_then(|definition| engine.gateway.stubs.add(definition));
    let id = id.map_err(|error| match error {
        StubError::Hidden { .. } | StubError::Full => Problem::conflict(error),
        error => Problem::bad(error),
    })?;
    Ok(reply(&json!({ "id": id })))
}

pub(super) async fn list(State(engine): Sandbox) -> Reply {
    let answered = engine.gateway.requests.numbers_by_stub();
    let described = |entry: Entry| {
        let numbers: Vec<u64> = answered
            .iter()
            .filter(|(stub, _)| *stub == entry.id)
            .map(|(_, number)| *number)
            .collect();
        json!({
            "id": entry.id,
            "method": entry.definition.method.as_str(),
            "path": entry.definition.template.as_str(),
            "times": entry.definition.times,
            "responses": entry.responses,
            "requests": numbers,
        })
    };
    let stubs: Vec<Value> = engine.gateway.stubs.all().into_iter().map(described).collect();
    Ok(reply(&json!({ "stubs": stubs })))
}

pub(super) async fn clear(State(engine): Sandbox) -> Reply {
    engine.gateway.stubs.clear();
    list(State(engine)).await
}

pub(super) async fn remove(State(engine): Sandbox, Path(id): Path<u64>) -> Reply {
    if !engine.gateway.stubs.remove(id) {
        return Err(Problem::not_found("stub", "there is no stub of this id"));
    }
    list(State(engine)).await
}
