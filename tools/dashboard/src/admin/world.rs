//! Clock, seed, faults, certificates: the state of the world, and changes to it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechatpay_core::types::DateTime;

use super::{
    Conflict, Json, Path, Problem, Reply, Sandbox,
    extract::{JsonText, with_type},
};
use wechatpay_sandbox::{
    Event, RestoreError, Snapshot,
    faults::{Fault, FaultInfo, FaultRule},
    handle::{
        clock::{ClockError, SandboxClock, Turn},
        credentials,
        engine::Engine,
        rotation::Rotation,
    },
    platform::Listed,
    world::clock::{Day, rfc3339, span},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Info {
    version: &'static str,
    base_url: String,
    /// Address of the dashboard.
    dashboard: String,
    /// Address of this description.
    description: String,
    /// `PublicKey` or `Certificate`: how receivers verify the sandbox's signatures.
    key_mode: String,
    /// The mchids that the sandbox started with.
    merchants: Vec<String>,
    /// Credentials as lines of a `.env` file.
    env: Vec<String>,
    clock: ClockView,
    /// The id of the newest event.
    newest_event: u64,
}

/// Version, addresses, merchants, credentials as lines of a .env file, and the clock.
#[utoipa::path(get, path = "/info", responses((status = 200, body = Info)))]
pub(super) async fn info(State(engine): Sandbox) -> Reply<Info> {
    let merchants = engine.world.merchants.originals();
    Ok(Json(Info {
        version: env!("CARGO_PKG_VERSION"),
        base_url: engine.base_url.clone(),
        dashboard: format!("{}/_sandbox", engine.base_url),
        description: format!("{}/_sandbox/openapi.json", engine.base_url),
        key_mode: format!("{:?}", engine.platform.mode()),
        merchants: merchants
            .map(|merchant| merchant.mchid.as_str().to_owned())
            .collect(),
        env: credentials::env_lines(&engine),
        clock: ClockView::of(&engine),
        newest_event: engine.journal.log.newest(),
    }))
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Seed {
    seed: u64,
}

/// Restarts ids, nonces and probabilities from a seed.
///
/// From now on they equal those of a sandbox that was started with this seed.
#[utoipa::path(put, path = "/seed", responses((status = 200, body = Seed)))]
pub(super) async fn seed(State(engine): Sandbox, Json(seed): Json<Seed>) -> Reply<Seed> {
    engine.world.alone(|| engine.reseed(seed.seed));
    Ok(Json(seed))
}

/// An object without members.
#[derive(Serialize, ToSchema)]
pub(super) struct Empty {}

/// Resets the sandbox, except merchants, keys and clock.
///
/// Forgets orders and all that came of them, requests, notifications, lints, faults and stubs.
#[utoipa::path(post, path = "/reset", responses((status = 200, body = Empty)))]
pub(super) async fn reset(State(engine): Sandbox) -> Reply<Empty> {
    engine.reset();
    Ok(Json(Empty {}))
}

/// A snapshot. Its form changes with its version.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used; the document is written by Snapshot"
)]
pub(super) struct SnapshotDocument {
    version: u64,
}

/// All that the sandbox keeps at this moment, as one document.
///
/// Requests and events are not in it.
#[utoipa::path(
    post,
    path = "/snapshot",
    responses((status = 200, description = "The snapshot", body = SnapshotDocument), Conflict)
)]
pub(super) async fn snapshot(State(engine): Sandbox) -> Result<Response, Problem> {
    // Writing it takes a while once there is much.
    let json = tokio::task::spawn_blocking(move || engine.snapshot().to_json()).await;
    json.map(|json| with_type("application/json", json))
        .map_err(Problem::conflict)
}

#[derive(Serialize, ToSchema)]
pub(super) struct Restored {
    /// When the snapshot was taken, in Unix seconds.
    taken_at: i64,
}

/// Restores a snapshot, or changes nothing.
#[utoipa::path(
    post,
    path = "/restore",
    request_body = SnapshotDocument,
    responses((status = 200, body = Restored), Conflict)
)]
pub(super) async fn restore(State(engine): Sandbox, JsonText(text): JsonText) -> Reply<Restored> {
    let restored = tokio::task::spawn_blocking(move || {
        let snapshot = Snapshot::from_json(&text)?;
        let taken_at = snapshot.taken_at();
        engine.restore(snapshot).map(|()| Restored { taken_at })
    });
    restored
        .await
        .map_err(Problem::conflict)?
        .map(Json)
        .map_err(|error| match error {
            RestoreError::Malformed(_) | RestoreError::Broken(_) => Problem::bad(error),
            error => Problem::conflict(error),
        })
}

#[derive(Serialize, ToSchema)]
pub(super) struct ClockView {
    /// Unix seconds.
    now: i64,
    /// RFC 3339, in Beijing.
    time: String,
    /// The day in Beijing.
    today: String,
    /// True if it moves only when it is turned.
    is_manual: bool,
    /// True if it can be turned.
    is_adjustable: bool,
    /// Sandbox seconds per second.
    factor: f64,
}

impl ClockView {
    fn of(engine: &Engine) -> Self {
        let now = engine.world.clock.now();
        Self {
            now,
            time: rfc3339(now),
            today: Day::of(now).to_string(),
            is_manual: engine.world.agenda.is_manual(),
            is_adjustable: engine.world.agenda.is_adjustable(),
            factor: engine.world.agenda.factor(),
        }
    }
}

/// Time of the sandbox.
#[utoipa::path(get, path = "/clock", responses((status = 200, body = ClockView)))]
pub(super) async fn clock(State(engine): Sandbox) -> Reply<ClockView> {
    Ok(Json(ClockView::of(&engine)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, max_properties = 1, example = json!({ "by": "90s" }))]
pub(super) struct Advance {
    /// A span: 90s, 30m, 2h, 1d.
    by: Option<String>,
    /// RFC 3339.
    to: Option<String>,
    /// A time of the next day in Beijing: 10:05.
    next_day_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Turned {
    /// Previous time, in Unix seconds.
    from: i64,
    /// New time, in Unix seconds.
    to: i64,
    /// The events on the way.
    events: Vec<Event>,
}

/// Turns an adjustable clock and runs what falls due on the way.
///
/// Responds when everything is done, deliveries included.
#[utoipa::path(post, path = "/clock/advance", responses((status = 200, body = Turned), Conflict))]
pub(super) async fn advance(State(engine): Sandbox, Json(advance): Json<Advance>) -> Reply<Turned> {
    let clock = SandboxClock::new(Arc::clone(&engine));
    let turn = match advance {
        Advance {
            by: Some(by),
            to: None,
            next_day_at: None,
        } => {
            let by = span::parse(&by).ok_or_else(|| Problem::bad("by is a span: 90s, 30m, 2h, 1d"))?;
            clock.advance(by).await
        }
        Advance {
            by: None,
            to: Some(to),
            next_day_at: None,
        } => {
            clock
                .advance_to(to.parse::<DateTime>().map_err(Problem::bad)?)
                .await
        }
        Advance {
            by: None,
            to: None,
            next_day_at: Some(time),
        } => clock.next_day_at(&time).await,
        _ => return Err(Problem::bad("exactly one of by, to and next_day_at is given")),
    };
    turned(turn)
}

/// Waits until nothing is due, deliveries included.
#[utoipa::path(post, path = "/clock/idle", responses((status = 200, body = Turned), Conflict))]
pub(super) async fn idle(State(engine): Sandbox) -> Reply<Turned> {
    turned(SandboxClock::new(engine).run_until_idle().await)
}

fn turned(turn: Result<Turn, ClockError>) -> Reply<Turned> {
    let turn = turn.map_err(|error| match error {
        ClockError::TimeOfDay => Problem::bad(error),
        error => Problem::conflict(error),
    })?;
    Ok(Json(Turned {
        from: turn.from,
        to: turn.to,
        events: turn.events,
    }))
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    faults: Vec<FaultRule>,
}

impl Rules {
    fn of(engine: &Engine) -> Json<Self> {
        Json(Self {
            faults: engine.faults.all(),
        })
    }
}

/// The id of what was added.
#[derive(Serialize, ToSchema)]
pub(super) struct Added {
    pub(super) id: u64,
}

/// The rules, those that will not fire any more included.
#[utoipa::path(get, path = "/faults", responses((status = 200, body = Rules)))]
pub(super) async fn faults(State(engine): Sandbox) -> Reply<Rules> {
    Ok(Rules::of(&engine))
}

/// Adds a rule.
#[utoipa::path(post, path = "/faults", responses((status = 200, body = Added)))]
pub(super) async fn add_fault(State(engine): Sandbox, Json(rule): Json<FaultRule>) -> Reply<Added> {
    let id = engine.faults.add(rule, engine.world.clock.now());
    engine.tell_of_faults();
    Ok(Json(Added { id }))
}

/// Removes all rules and adds these.
#[utoipa::path(put, path = "/faults", responses((status = 200, body = Rules)))]
pub(super) async fn replace_faults(State(engine): Sandbox, Json(rules): Json<Rules>) -> Reply<Rules> {
    engine.faults.clear();
    for rule in rules.faults {
        engine.faults.add(rule, engine.world.clock.now());
    }
    engine.tell_of_faults();
    Ok(Rules::of(&engine))
}

/// Removes all rules.
#[utoipa::path(delete, path = "/faults", responses((status = 200, body = Rules)))]
pub(super) async fn clear_faults(State(engine): Sandbox) -> Reply<Rules> {
    engine.faults.clear();
    engine.tell_of_faults();
    Ok(Rules::of(&engine))
}

/// Removes a rule.
#[utoipa::path(delete, path = "/faults/{id}", responses((status = 200, body = Rules)))]
pub(super) async fn remove_fault(State(engine): Sandbox, Path(id): Path<u64>) -> Reply<Rules> {
    if !engine.faults.remove(id) {
        return Err(Problem::not_found("fault", "there is no rule of this id"));
    }
    engine.tell_of_faults();
    Ok(Rules::of(&engine))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Catalogue {
    faults: Vec<FaultDescription>,
}

#[derive(Serialize, ToSchema)]
struct FaultDescription {
    name: &'static str,
    /// As `do` of a rule takes it.
    #[schema(value_type = String)]
    example: Fault,
    /// Meaning of the argument, if there is one.
    argument: Option<&'static str>,
    /// The part that it spoils: response, message, notification, payment, bill or keys.
    place: &'static str,
    text: &'static str,
}

/// All faults, with an example of each.
#[utoipa::path(get, path = "/faults/catalogue", responses((status = 200, body = Catalogue)))]
pub(super) async fn catalogue() -> Reply<Catalogue> {
    let describe = |info: &FaultInfo| FaultDescription {
        name: info.name,
        example: info.example,
        argument: info.argument.map(|argument| argument.en),
        place: info.place.as_str(),
        text: info.text.en,
    };
    Ok(Json(Catalogue {
        faults: Fault::CATALOGUE.iter().map(describe).collect(),
    }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Certificates {
    certificates: Vec<CertificateView>,
}

#[derive(Serialize, ToSchema)]
struct CertificateView {
    serial_no: String,
    /// Unix seconds.
    not_before: i64,
    /// Unix seconds.
    not_after: i64,
}

impl Certificates {
    fn of(engine: &Engine) -> Json<Self> {
        if !engine.platform.mode().has_certificates() {
            return Json(Self {
                certificates: Vec::new(),
            });
        }
        let view = |certificate: Listed| CertificateView {
            serial_no: certificate.serial.as_str().to_owned(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        };
        let certificates = engine.platform.certificates().into_iter().map(view).collect();
        Json(Self { certificates })
    }
}

/// The platform certificates that are listed; none in public-key mode.
#[utoipa::path(get, path = "/certs", responses((status = 200, body = Certificates)))]
pub(super) async fn certs(State(engine): Sandbox) -> Reply<Certificates> {
    Ok(Certificates::of(&engine))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotate {
    step: Option<RotationStep>,
    /// Only with ramp.
    percent: Option<f64>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum RotationStep {
    Announce,
    Ramp,
    Finish,
    ExpireOld,
}

/// Rotates the platform's certificate at once, or by one step.
///
/// Without a step, a new certificate signs at once; with one, the rotation advances by that step.
#[utoipa::path(post, path = "/certs/rotate", responses((status = 200, body = Certificates), Conflict))]
pub(super) async fn rotate(State(engine): Sandbox, Json(rotate): Json<Rotate>) -> Reply<Certificates> {
    let rotation = Rotation::new(Arc::clone(&engine));
    let outcome = match (rotate.step, rotate.percent) {
        (None, None) => rotation.at_once().map(drop),
        (Some(RotationStep::Announce), None) => rotation.announce().map(drop),
        (Some(RotationStep::Ramp), Some(percent)) => rotation.ramp(percent),
        (Some(RotationStep::Finish), None) => rotation.finish(),
        (Some(RotationStep::ExpireOld), None) => rotation.expire_old(),
        _ => {
            return Err(Problem::bad(
                "step is announce, ramp (with percent), finish or expire-old",
            ));
        }
    };
    outcome.map_err(Problem::conflict)?;
    Ok(Certificates::of(&engine))
}
