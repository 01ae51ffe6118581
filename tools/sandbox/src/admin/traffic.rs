//! Requests, notifications and lints.

use axum::{
    body::Body,
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Problem, Reply, Sandbox, orders::limit, read, reply, value, with};
use crate::{
    faults::Fault,
    gateway::{self, traffic::RecordedRequest},
    language::{Language, Localize as _},
    notify::{self, Attempt, Craft, CraftError, Notification},
    web::Query,
    world::lints::Lint,
};

fn text(bytes: &[u8]) -> Value {
    json!(String::from_utf8_lossy(bytes))
}

/// Renders headers; of a sensitive one only the name.
///
/// `Authorization` could be replayed for five minutes.
fn fields(headers: &HeaderMap) -> Value {
    let mut fields = Map::new();
    for (name, field) in headers {
        let shown = if field.is_sensitive() {
            json!("(withheld)")
        } else {
            text(field.as_bytes())
        };
        fields.insert(name.as_str().to_owned(), shown);
    }
    Value::Object(fields)
}

fn names(faults: &[Fault]) -> Value {
    faults.iter().map(|fault| json!(fault.to_string())).collect()
}

fn in_short(request: &RecordedRequest) -> Value {
    json!({
        "number": request.number,
        "at": request.at,
        "method": request.method.as_str(),
        "target": request.target,
        "mchid": request.mchid,
        "verdict": format!("{:?}", request.verdict),
        "status": request.status.as_u16(),
        "code": request.code,
        "hint": request.hint.as_ref().map(ToString::to_string),
        "faults": names(&request.faults),
        "out_trade_no": request.out_trade_no,
        "stub": request.stub,
        "took_ms": request.took.as_millis(),
    })
}

pub(super) async fn requests(State(engine): Sandbox, uri: Uri) -> Reply {
    let query = Query::of(&uri);
    let (order, status) = (query.get("order"), query.get("status"));
    let requests = engine.gateway.requests.latest(limit(&query)?, |request| {
        order.is_none_or(|number| request.out_trade_no.as_deref() == Some(number))
            && status.is_none_or(|status| request.status.as_str() == status)
    });
    let requests: Vec<Value> = requests.iter().map(in_short).collect();
    Ok(reply(&json!({ "requests": requests })))
}

fn no_request() -> Problem {
    Problem::not_found("request", "there was no such request, or it is forgotten")
}

pub(super) async fn request(State(engine): Sandbox, Path(number): Path<u64>) -> Reply {
    let request = engine.gateway.requests.get(number).ok_or_else(no_request)?;
    let message = request.sign_message();
    let answer = request
        .response
        .as_ref()
        .map(|answer| json!({ "headers": fields(&answer.headers), "body": text(&answer.body) }));
    let body = with(
        in_short(&request),
        [
            ("headers", fields(&request.headers)),
            ("body", text(&request.body)),
            (
                "sign_message",
                message.map_or(Value::Null, |message| text(&message)),
            ),
            ("lints", lint_list(&request.lints)),
            ("response", answer.unwrap_or_default()),
        ],
    );
    Ok(reply(&body))
}

pub(super) async fn replay(State(engine): Sandbox, Path(number): Path<u64>) -> Reply {
    if !gateway::replay(&engine.gateway, number).await {
        return Err(no_request());
    }
    let newest = engine.gateway.requests.newest(|_| true);
    Ok(reply(&newest.as_ref().map_or(Value::Null, in_short)))
}

/// A shell command with `Authorization`, which every request needs.
pub(super) async fn curl(State(engine): Sandbox, Path(number): Path<u64>) -> Reply {
    let request = engine.gateway.requests.get(number).ok_or_else(no_request)?;
    let mut response = Response::new(Body::from(request.curl(&engine.base_url)));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    Ok(response)
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "at": attempt.at,
        "outcome": attempt.outcome.to_string(),
        "status": attempt.outcome.status().map(|status| status.as_u16()),
        "is_forged": attempt.is_forged,
        "faults": names(&attempt.faults),
        "key_id": attempt.key_id,
        "took_ms": attempt.took.as_millis(),
        "reply": text(&attempt.reply),
    })
}

fn notification_in_short(notification: &Notification) -> Value {
    json!({
        "id": notification.id,
        "mchid": notification.mchid,
        "out_trade_no": notification.out_trade_no,
        "subject": notification.subject,
        "event_type": notification.event_type,
        "notify_url": notification.notify_url,
        "created_at": notification.created_at,
        "state": notification.state,
        "faults": names(&notification.faults),
        "attempts": notification.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

pub(super) async fn notifications(State(engine): Sandbox, uri: Uri) -> Reply {
    let query = Query::of(&uri);
    let about = query.get("about");
    let notifications = engine
        .notifier
        .notifications
        .latest(limit(&query)?, |notification| {
            about.is_none_or(|number| notification.out_trade_no == number || notification.subject == number)
        });
    let notifications: Vec<Value> = notifications.iter().map(notification_in_short).collect();
    Ok(reply(&json!({ "notifications": notifications })))
}

fn no_notification() -> Problem {
    Problem::not_found(
        "notification",
        "there was no such notification, or it is forgotten",
    )
}

pub(super) async fn notification(State(engine): Sandbox, Path(id): Path<String>) -> Reply {
    let notification = engine
        .notifier
        .notifications
        .get(&id)
        .ok_or_else(no_notification)?;
    let resource: Value = serde_json::from_str(&notification.resource).unwrap_or_default();
    let sent = notification
        .attempts
        .iter()
        .rev()
        .find_map(|attempt| attempt.sent.as_ref());
    let sent = sent.map(|sent| json!({ "headers": fields(&sent.headers), "body": text(&sent.body) }));
    let body = with(
        notification_in_short(&notification),
        [("resource", resource), ("sent", sent.unwrap_or_default())],
    );
    Ok(reply(&body))
}

pub(super) async fn send(State(engine): Sandbox, Path(id): Path<String>) -> Reply {
    let made = notify::send_again(&engine.notifier, &id)
        .await
        .ok_or_else(no_notification)?;
    Ok(reply(&attempt(&made)))
}

pub(super) async fn craft(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let craft: Craft = read(&headers, &body)?;
    let id = notify::craft(&engine.notifier, craft).map_err(|error| match error {
        CraftError::Gone => no_notification(),
        error => Problem::bad(error.text().en),
    })?;
    notification(State(engine), Path(id)).await
}

pub(super) async fn stop(State(engine): Sandbox, Path(id): Path<String>) -> Reply {
    engine.notifier.notifications.give_up(&id);
    notification(State(engine), Path(id)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enabled {
    enabled: bool,
}

pub(super) async fn enable(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let Enabled { enabled } = read(&headers, &body)?;
    engine
        .notifier
        .is_enabled
        .store(enabled, std::sync::atomic::Ordering::Relaxed);
    Ok(reply(&json!({ "enabled": enabled })))
}

pub(super) async fn lints(State(engine): Sandbox) -> Reply {
    Ok(reply(&json!({ "lints": lint_list(&engine.world.lints.all()) })))
}

fn lint_list(lints: &[Lint]) -> Value {
    let texts = lints.iter().map(|lint| {
        with(
            value(lint),
            [("text", json!(lint.in_language(Language::English)))],
        )
    });
    texts.collect()
}
