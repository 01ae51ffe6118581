//! Stubs: responses that a test gives.

use std::{collections::BTreeMap, time::Duration};

use axum::extract::State;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Conflict, Json, Path, Problem, Reply, Sandbox, world::Added};
use wechatpay_sandbox::{
    gateway::stubs::{Definition, Entry, Responder, StubError, StubResponse},
    handle::engine::Engine,
    world::clock::span,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Stub)]
pub(super) struct NewStub {
    /// GET, POST, PUT, PATCH or DELETE.
    #[schema(example = "GET")]
    method: String,
    /// From /v3/ on, without a query; {name} is one segment.
    #[schema(example = "/v3/vehicle/transactions/{id}")]
    path: String,
    /// 200 by default, 204 without body and file.
    #[schema(minimum = 200, maximum = 599)]
    status: Option<u16>,
    /// JSON of any kind.
    body: Option<Value>,
    /// In place of body, with status 200 and unsigned.
    file: Option<File>,
    /// More headers; those of the signature are set by the sandbox.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Always by default.
    #[schema(minimum = 1)]
    times: Option<u64>,
    /// In real time: 500ms.
    delay: Option<String>,
    /// Fields that must be encrypted where they are there: user_name, payers/*/phone.
    #[serde(default)]
    sensitive_request: Vec<String>,
    /// Texts of body that are encrypted to the merchant's certificate.
    #[serde(default)]
    sensitive_response: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StubFile)]
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

/// Adds a stub: a response to requests of a method and path.
///
/// Signature and headers of a request are checked before; the response is signed, unless it is a file or has status 401. The
/// oldest stub that fits responds, also where an endpoint is emulated. Snapshots have no stubs; a reset removes them.
#[utoipa::path(post, path = "/stubs", responses((status = 200, body = Added), Conflict))]
pub(super) async fn add(State(engine): Sandbox, Json(stub): Json<NewStub>) -> Reply<Added> {
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
    Ok(Json(Added { id }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct StubList {
    stubs: Vec<StubView>,
}

#[derive(Serialize, ToSchema)]
struct StubView {
    id: u64,
    method: String,
    path: String,
    /// Always if null.
    times: Option<u64>,
    /// Number of responses so far.
    responses: u64,
    /// The numbers of the requests it responded to, as far as they are kept.
    requests: Vec<u64>,
}

impl StubList {
    fn of(engine: &Engine) -> Json<Self> {
        let responded = engine.gateway.requests.numbers_by_stub();
        let view = |entry: Entry| StubView {
            id: entry.id,
            method: entry.definition.method.to_string(),
            path: entry.definition.template.as_str().to_owned(),
            times: entry.definition.times,
            responses: entry.responses,
            requests: responded
                .iter()
                .filter(|(stub, _)| *stub == entry.id)
                .map(|(_, number)| *number)
                .collect(),
        };
        Json(Self {
            stubs: engine.gateway.stubs.all().into_iter().map(view).collect(),
        })
    }
}

/// The stubs with the numbers of the requests they responded to.
#[utoipa::path(get, path = "/stubs", responses((status = 200, body = StubList)))]
pub(super) async fn list(State(engine): Sandbox) -> Reply<StubList> {
    Ok(StubList::of(&engine))
}

/// Removes all stubs.
#[utoipa::path(delete, path = "/stubs", responses((status = 200, body = StubList)))]
pub(super) async fn clear(State(engine): Sandbox) -> Reply<StubList> {
    engine.gateway.stubs.clear();
    Ok(StubList::of(&engine))
}

/// Removes a stub.
#[utoipa::path(delete, path = "/stubs/{id}", responses((status = 200, body = StubList)))]
pub(super) async fn remove(State(engine): Sandbox, Path(id): Path<u64>) -> Reply<StubList> {
    if !engine.gateway.stubs.remove(id) {
        return Err(Problem::not_found("stub", "there is no stub of this id"));
    }
    Ok(StubList::of(&engine))
}
