//! The admin API: everything that the handle can do, for tests in any language.
//!
//! JSON under `/_sandbox/api`, unsigned. Who may call it is decided by [`crate::web::guard`]: programs on this machine, and pages
//! of this very origin. A page of another site is refused, and so is another name for this machine.

mod acceptance;
mod events;
mod merchants;
mod orders;
mod sign;
mod stubs;
mod traffic;
mod world;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, patch, post, put},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    handle::engine::Engine,
    web::{Frames, Guard, Intruder, Language, guard},
};

/// Path of the API.
const HOME: &str = "/_sandbox/api";
/// Its description for machines.
const DESCRIPTION: &str = include_str!("openapi.json");
/// The largest body is a list of rules.
const MAX_BODY: usize = 1024 * 1024;
/// But for a stub with a file in base64
const MAX_STUB: usize = 16 * 1024 * 1024;
/// and a snapshot of all that a sandbox keeps.
const MAX_SNAPSHOT: usize = 512 * 1024 * 1024;
/// Says whether a report that is no JSON has a fatal failure.
const FATAL: HeaderName = HeaderName::from_static("sandbox-fatal");
/// Default number of entries of a list.
const LIMIT: usize = 100;

type Sandbox = State<Arc<Engine>>;
type Reply = Result<Response, Problem>;

/// The routes: method, path behind [`HOME`], and handler.
///
/// A test keeps the OpenAPI description equal to this list.
fn routes() -> Vec<(&'static str, &'static str, MethodRouter<Arc<Engine>>)> {
    vec![
        ("get", "/info", get(world::info)),
        ("get", "/events", get(events::stream)),
        ("put", "/seed", put(world::seed)),
        ("post", "/reset", post(world::reset)),
        ("post", "/snapshot", post(world::snapshot)),
        (
            "post",
            "/restore",
            post(world::restore).layer(DefaultBodyLimit::max(MAX_SNAPSHOT)),
        ),
        ("get", "/clock", get(world::clock)),
        ("post", "/clock/advance", post(world::advance)),
        ("post", "/clock/idle", post(world::idle)),
        ("get", "/faults", get(world::faults)),
        ("post", "/faults", post(world::add_fault)),
        ("put", "/faults", put(world::replace_faults)),
        ("delete", "/faults", delete(world::clear_faults)),
        ("get", "/faults/catalogue", get(world::catalogue)),
        ("delete", "/faults/{id}", delete(world::remove_fault)),
        ("get", "/stubs", get(stubs::list)),
        (
            "post",
            "/stubs",
            post(stubs::add).layer(DefaultBodyLimit::max(MAX_STUB)),
        ),
        ("delete", "/stubs", delete(stubs::clear)),
        ("delete", "/stubs/{id}", delete(stubs::remove)),
        ("get", "/certs", get(world::certs)),
        ("post", "/certs/rotate", post(world::rotate)),
        ("get", "/merchants", get(merchants::list)),
        ("post", "/merchants", post(merchants::add)),
        ("get", "/merchants/{mchid}", get(merchants::one)),
        ("patch", "/merchants/{mchid}", patch(merchants::change)),
        ("post", "/merchants/{mchid}/certs", post(merchants::register)),
        (
            "post",
            "/merchants/{mchid}/certs/{serial_no}/revoke",
            post(merchants::revoke),
        ),
        ("get", "/orders", get(orders::list)),
        ("get", "/orders/{out_trade_no}", get(orders::one)),
        ("post", "/orders/{out_trade_no}/pay", post(orders::pay)),
        ("post", "/orders/{out_trade_no}/cancel", post(orders::cancel)),
        ("post", "/orders/{out_trade_no}/close", post(orders::close)),
        ("post", "/orders/{out_trade_no}/force", post(orders::force)),
        ("post", "/orders/{out_trade_no}/refund", post(orders::refund)),
        ("get", "/refunds", get(orders::refunds)),
        ("post", "/refunds/{out_refund_no}/settle", post(orders::settle)),
        ("get", "/bills/{date}/{kind}", get(orders::bill)),
        ("get", "/requests", get(traffic::requests)),
        ("get", "/requests/{number}", get(traffic::request)),
        ("post", "/requests/{number}/replay", post(traffic::replay)),
        ("get", "/requests/{number}/curl", get(traffic::curl)),
        ("post", "/sign/explain", post(sign::explain)),
        ("get", "/notifications", get(traffic::notifications)),
        ("post", "/notifications", post(traffic::craft)),
        ("get", "/notifications/{id}", get(traffic::notification)),
        ("post", "/notifications/{id}/send", post(traffic::send)),
        ("post", "/notifications/{id}/stop", post(traffic::stop)),
        ("put", "/notifications/enabled", put(traffic::enable)),
        ("get", "/lints", get(traffic::lints)),
        ("post", "/acceptance", post(acceptance::run)),
    ]
}

/// The API and its description.
pub(crate) fn router(engine: &Arc<Engine>) -> Router<Arc<Engine>> {
    let own = Guard {
        engine: Arc::clone(engine),
        frames: Frames::None,
        refuse,
    };
    routes()
        .into_iter()
        .fold(Router::new(), |router, (_, path, method)| {
            router.route(&format!("{HOME}{path}"), method)
        })
        .route("/_sandbox/openapi.json", get(async || json_text(DESCRIPTION)))
        .route(&format!("{HOME}/{{*rest}}"), axum::routing::any(nowhere))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(own, guard))
}

async fn nowhere() -> Problem {
    Problem::not_found("route", "there is no such call; see /_sandbox/openapi.json")
}

fn refuse(_: Language, intruder: Intruder) -> Response {
    let text = match intruder {
        Intruder::ForeignHost => "the Host header names another machine",
        Intruder::CrossSite => "a page of another site sent this",
    };
    Problem::new(StatusCode::FORBIDDEN, "refused", text).into_response()
}

/// Why a call was not carried out.
struct Problem {
    status: StatusCode,
    code: String,
    text: String,
}

impl Problem {
    fn new(status: StatusCode, code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            text: text.into(),
        }
    }

    fn not_found(what: &str, text: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no-such-{what}"), text)
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
    fn bad(text: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", text.to_string())
    }

    /// The request conflicts with the current state.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
    fn conflict(text: impl ToString) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", text.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.text } });
        let mut response = reply(&body);
        *response.status_mut() = self.status;
        response
    }
}

/// 200 with JSON.
fn reply(body: &Value) -> Response {
    json_text(body.to_string())
}

fn json_text(text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A serialisable thing as JSON; what cannot be written is `null`.
fn value(thing: &impl serde::Serialize) -> Value {
    serde_json::to_value(thing).unwrap_or_default()
}

/// An object with more in it.
fn with<const N: usize>(mut body: Value, more: [(&str, Value); N]) -> Value {
    if let Value::Object(object) = &mut body {
        object.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    body
}

/// The body of a call; an empty one is `{}`.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Problem> {
    if body.is_empty() {
        return parsed(json!({}));
    }
    is_json(headers)?;
    let mut json = serde_json::Deserializer::from_slice(body);
    let thing = serde_path_to_error::deserialize(&mut json).map_err(Problem::bad)?;
    json.end().map_err(Problem::bad)?;
    Ok(thing)
}

/// A document of a call. Errors name the field.
fn parsed<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(body).map_err(Problem::bad)
}

/// A page of another site could send anything else without asking.
fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let is_json = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_json {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not-json",
        "Content-Type must be application/json",
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_description_names_each_route_and_no_other() {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                described.insert((method.clone(), path.clone()));
                assert!(call["summary"].is_string(), "{method} {path}");
                let named: BTreeSet<&str> = call["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|parameter| parameter["in"] == "path")
                    .filter_map(|parameter| parameter["name"].as_str())
                    .collect();
                let wanted: BTreeSet<&str> = path
                    .split('/')
                    .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                    .collect();
                assert_eq!(named, wanted, "{method} {path}");
            }
        }
        let served: BTreeSet<(String, String)> = routes()
            .into_iter()
            .map(|(method, path, _)| (method.to_owned(), path.to_owned()))
            .collect();
        assert_eq!(described, served);
        assert_eq!(description["servers"][0]["url"], HOME);
        assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
