//! The admin API: everything that the handle can do, for tests in any language.
//!
//! JSON under `/_sandbox/api`, unsigned. Who may call it is decided by [`crate::web::guard`]: programs on this machine, and pages
//! of this very origin. A page of another site is refused, and so is another name for this machine.

mod acceptance;
mod document;
mod events;
mod extract;
mod merchants;
mod orders;
mod problem;
mod records;
mod sign;
mod stubs;
mod traffic;
mod world;

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, StatusCode};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use self::{
    document::Conflict,
    extract::{Json, Path, Query, with_type},
    problem::Problem,
};
use crate::web::{Frames, Guard, Intruder, Language, guard};
use wechatpay_sandbox::handle::engine::Engine;

/// Path of the API.
const HOME: &str = "/_sandbox/api";
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
type Reply<T> = Result<Json<T>, Problem>;

/// The API's description for machines, as JSON.
static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let document = document::finish(calls().into_openapi());
    let json = document.to_json().unwrap_or_default();
    // utoipa 6.0 writes `u-int64` for what the registry of formats calls `uint64`.
    json.replace("\"u-int", "\"uint")
});

/// The calls, each with its description.
fn calls() -> OpenApiRouter<Arc<Engine>> {
    OpenApiRouter::with_openapi(document::frame())
        .routes(routes!(world::info))
        .routes(routes!(events::stream))
        .routes(routes!(world::seed))
        .routes(routes!(world::reset))
        .routes(routes!(world::snapshot))
        .routes(routes!(world::restore).layer(DefaultBodyLimit::max(MAX_SNAPSHOT)))
        .routes(routes!(world::clock))
        .routes(routes!(world::advance))
        .routes(routes!(world::idle))
        .routes(routes!(
            world::faults,
            world::add_fault,
            world::replace_faults,
            world::clear_faults
        ))
        .routes(routes!(world::catalogue))
        .routes(routes!(world::remove_fault))
        .routes(routes!(stubs::list, stubs::add, stubs::clear).layer(DefaultBodyLimit::max(MAX_STUB)))
        .routes(routes!(stubs::remove))
        .routes(routes!(world::certs))
        .routes(routes!(world::rotate))
        .routes(routes!(merchants::list, merchants::add))
        .routes(routes!(merchants::one, merchants::change))
        .routes(routes!(merchants::register))
        .routes(routes!(merchants::revoke))
        .routes(routes!(orders::list))
        .routes(routes!(orders::one))
        .routes(routes!(orders::pay))
        .routes(routes!(orders::cancel))
        .routes(routes!(orders::close))
        .routes(routes!(orders::force))
        .routes(routes!(orders::refund))
        .routes(routes!(orders::refunds))
        .routes(routes!(orders::settle))
        .routes(routes!(orders::bill))
        .routes(routes!(records::list))
        .routes(routes!(records::settle))
        .routes(routes!(records::complain))
        .routes(routes!(traffic::requests))
        .routes(routes!(traffic::request))
        .routes(routes!(traffic::replay))
        .routes(routes!(traffic::curl))
        .routes(routes!(sign::explain))
        .routes(routes!(traffic::notifications, traffic::craft))
        .routes(routes!(traffic::notification))
        .routes(routes!(traffic::send))
        .routes(routes!(traffic::stop))
        .routes(routes!(traffic::enable))
        .routes(routes!(traffic::lints))
        .routes(routes!(acceptance::run))
}

/// The API and its description.
pub(crate) fn router(engine: &Arc<Engine>) -> Router<Arc<Engine>> {
    let own = Guard {
        engine: Arc::clone(engine),
        frames: Frames::None,
        refuse,
    };
    let calls = Router::from(calls())
        .method_not_allowed_fallback(no_method)
        .fallback(nowhere);
    Router::new()
        .nest(HOME, calls)
        .route("/_sandbox/openapi.json", axum::routing::get(description))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(own, guard))
}

async fn description() -> Response {
    with_type("application/json", DESCRIPTION.as_str())
}

async fn nowhere() -> Problem {
    Problem::not_found("route", "there is no such call; see /_sandbox/openapi.json")
}

async fn no_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "no-such-method",
        "this call has other methods; see /_sandbox/openapi.json",
    )
}

fn refuse(_: Language, intruder: Intruder) -> Response {
    let text = match intruder {
        Intruder::ForeignHost => "the Host header names another machine",
        Intruder::CrossSite => "a page of another site sent this",
    };
    Problem::new(StatusCode::FORBIDDEN, "refused", text).into_response()
}
