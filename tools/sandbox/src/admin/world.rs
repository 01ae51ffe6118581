//! Clock, seed, faults, certificates: how the world is, and how it is to be.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use wechatpay_core::types::DateTime;

use super::{Problem, Reply, Sandbox, is_json, json_text, read, reply, value};
use crate::{
    RestoreError, Snapshot,
    faults::{Fault, FaultInfo, FaultRule},
    handle::{
        clock::{ClockError, SandboxClock, Turn},
        credentials,
        engine::Engine,
        rotation::Rotation,
    },
    world::{
        clock::rfc3339,
        clock::{Day, span},
    },
};

pub(super) async fn info(State(engine): Sandbox) -> Reply {
    let merchants: Vec<&str> = engine
        .world
        .merchants
        .originals()
        .map(|merchant| merchant.mchid.as_str())
        .collect();
    Ok(reply(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "base_url": engine.base_url,
        "dashboard": format!("{}/_sandbox", engine.base_url),
        "description": format!("{}/_sandbox/openapi.json", engine.base_url),
        "key_mode": format!("{:?}", engine.platform.mode()),
        "merchants": merchants,
        "env": credentials::env_lines(&engine),
        "clock": clock_json(&engine),
        "newest_event": engine.journal.log.newest(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    seed: u64,
}

/// Restarts ids, nonces and probabilities from a seed.
///
/// From now on they equal those of a sandbox that was started with this seed.
pub(super) async fn seed(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let Seed { seed } = read(&headers, &body)?;
    engine.world.alone(|| engine.reseed(seed));
    Ok(reply(&json!({ "seed": seed })))
}

/// Resets the sandbox, except merchants, keys and clock.
pub(super) async fn reset(State(engine): Sandbox) -> Reply {
    engine.reset();
    Ok(reply(&json!({})))
}

/// All that there is, as one document.
pub(super) async fn snapshot(State(engine): Sandbox) -> Reply {
    // Writing it takes a while once there is much.
    let json = tokio::task::spawn_blocking(move || engine.snapshot().to_json()).await;
    json.map(json_text).map_err(Problem::conflict)
}

/// Restores a snapshot, or changes nothing.
pub(super) async fn restore(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    is_json(&headers)?;
    let restored = tokio::task::spawn_blocking(move || {
        let snapshot = Snapshot::from_json(&body)?;
        let taken_at = snapshot.taken_at();
        engine.restore(snapshot).map(|()| taken_at)
    });
    match restored.await.map_err(Problem::conflict)? {
        Ok(taken_at) => Ok(reply(&json!({ "taken_at": taken_at }))),
        Err(error @ (RestoreError::Malformed(_) | RestoreError::Broken(_))) => Err(Problem::bad(error)),
        Err(error) => Err(Problem::conflict(error)),
    }
}

fn clock_json(engine: &Engine) -> Value {
    let now = engine.world.clock.now();
    json!({
        "now": now,
        "time": rfc3339(now),
        "today": Day::of(now).to_string(),
        "is_manual": engine.world.agenda.is_manual(),
        "is_adjustable": engine.world.agenda.source().is_adjustable(),
        "factor": engine.world.agenda.factor(),
    })
}

pub(super) async fn clock(State(engine): Sandbox) -> Reply {
    Ok(reply(&clock_json(&engine)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: Option<String>,
    to: Option<String>,
    next_day_at: Option<String>,
}

/// Turns an adjustable clock and runs what falls due on the way.
///
/// Responds when everything is done, deliveries included.
pub(super) async fn advance(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let clock = SandboxClock::new(Arc::clone(&engine));
    let turn = match read(&headers, &body)? {
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

/// Waits until nothing is due.
pub(super) async fn idle(State(engine): Sandbox) -> Reply {
    turned(SandboxClock::new(engine).run_until_idle().await)
}

fn turned(turn: Result<Turn, ClockError>) -> Reply {
    let turn = turn.map_err(|error| match error {
        ClockError::TimeOfDay => Problem::bad(error),
        error => Problem::conflict(error),
    })?;
    let events: Vec<Value> = turn.events.iter().map(crate::Event::to_json).collect();
    Ok(reply(
        &json!({ "from": turn.from, "to": turn.to, "events": events }),
    ))
}

pub(super) async fn faults(State(engine): Sandbox) -> Reply {
    Ok(reply(&json!({ "faults": value(&engine.faults.all()) })))
}

pub(super) async fn add_fault(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let rule: FaultRule = read(&headers, &body)?;
    let id = engine.faults.add(rule, engine.world.clock.now());
    engine.tell_of_faults();
    Ok(reply(&json!({ "id": id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    faults: Vec<FaultRule>,
}

pub(super) async fn replace_faults(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let Rules { faults } = read(&headers, &body)?;
    engine.faults.clear();
    for rule in faults {
        engine.faults.add(rule, engine.world.clock.now());
    }
    engine.tell_of_faults();
    self::faults(State(engine)).await
}

pub(super) async fn clear_faults(State(engine): Sandbox) -> Reply {
    engine.faults.clear();
    engine.tell_of_faults();
    faults(State(engine)).await
}

pub(super) async fn remove_fault(State(engine): Sandbox, Path(id): Path<u64>) -> Reply {
    if !engine.faults.remove(id) {
        return Err(Problem::not_found("fault", "there is no rule of this id"));
    }
    engine.tell_of_faults();
    faults(State(engine)).await
}

/// All faults that there are.
pub(super) async fn catalogue() -> Reply {
    let describe = |info: &FaultInfo| {
        json!({
            "name": info.name,
            "example": info.example,
            "argument": info.argument.map(|argument| argument.en),
            "place": info.place.as_str(),
            "text": info.text.en,
        })
    };
    let all: Vec<Value> = Fault::CATALOGUE.iter().map(describe).collect();
    Ok(reply(&json!({ "faults": all })))
}

pub(super) async fn certs(State(engine): Sandbox) -> Reply {
    let listed: Vec<Value> = if engine.platform.mode().has_certificates() {
        engine.platform.with_certificates(|set, _| {
            set.described()
                .iter()
                .map(|certificate| {
                    json!({
                        "serial_no": certificate.serial.as_str(),
                        "not_before": certificate.not_before,
                        "not_after": certificate.not_after,
                    })
                })
                .collect()
        })
    } else {
        Vec::new()
    };
    Ok(reply(&json!({ "certificates": listed })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    step: Option<String>,
    percent: Option<f64>,
}

/// Rotates the platform's certificate at once, or by one step.
///
/// Without a step, a new certificate signs at once; with one, the rotation advances by that step.
pub(super) async fn rotate(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let Rotate { step, percent } = read(&headers, &body)?;
    let rotation = Rotation::new(Arc::clone(&engine));
    let outcome = match (step.as_deref(), percent) {
        (None, None) => rotation.at_once().map(drop),
        (Some("announce"), None) => rotation.announce().map(drop),
        (Some("ramp"), Some(percent)) => rotation.ramp(percent),
        (Some("finish"), None) => rotation.finish(),
        (Some("expire-old"), None) => rotation.expire_old(),
        _ => {
            return Err(Problem::bad(
                "step is announce, ramp (with percent), finish or expire-old",
            ));
        }
    };
    outcome.map_err(Problem::conflict)?;
    certs(State(engine)).await
}
