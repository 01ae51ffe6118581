//! Events as a stream of server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::CACHE_CONTROL};
use http_body_util::channel::Channel;
use serde::Deserialize;
use serde_json::Value;
use tokio::{sync::broadcast::error::RecvError, time::interval};
use utoipa::IntoParams;

use super::{Problem, Query, Sandbox, with_type};
use wechatpay_sandbox::journal::Event;

/// Interval of heartbeats on an idle stream; they reveal readers that are gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that may wait for a slow reader.
const WAITING: usize = 64;

#[derive(Deserialize, IntoParams)]
pub(super) struct Known {
    /// The id of the newest event that is known; Last-Event-ID says the same.
    after: Option<u64>,
}

/// Streams events, as server-sent events.
///
/// Each has its number as `id`, its kind as `event`, and an object as `data`. `Last-Event-ID` or `?after=` names the newest
/// known event; later ones that are kept come first. Without either, the stream starts with the next event.
#[utoipa::path(
    get,
    path = "/events",
    params(Known),
    responses((status = 200, body = String, content_type = "text/event-stream"))
)]
pub(super) async fn stream(
    State(engine): Sandbox,
    Query(known): Query<Known>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut last = match headers.get("last-event-id") {
        Some(id) => id
            .to_str()
            .ok()
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Problem::bad("Last-Event-ID is the id of an event"))?,
        None => known.after.unwrap_or_else(|| engine.journal.log.newest()),
    };
    let (mut lines, body) = Channel::<Bytes, Infallible>::new(WAITING);
    let mut stopping = engine.stopping.clone();
    tokio::spawn(async move {
        let mut heartbeat = interval(HEARTBEAT);
        loop {
            // Who reads too slowly is told from the log what was missed.
            let (kept, mut next) = engine.journal.log.follow(last);
            for event in kept {
                last = event.id;
                if lines.send_data(message(&event)).await.is_err() {
                    return;
                }
            }
            loop {
                let text = tokio::select! {
                    event = next.recv() => match event {
                        Ok(event) => {
                            last = event.id;
                            message(&event)
                        }
                        Err(RecvError::Lagged(_)) => break,
                        Err(RecvError::Closed) => return,
                    },
                    _ = heartbeat.tick() => Bytes::from_static(b":\n\n"),
                    _ = stopping.wait_for(|stopping| *stopping) => return,
                };
                if lines.send_data(text).await.is_err() {
                    return;
                }
            }
        }
    });
    let mut response = with_type("text/event-stream", Response::new(Body::new(body)));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// JSON has no line ends in it.
fn message(event: &Event) -> Bytes {
    let (id, json) = (event.id, event.to_json());
    let kind = json.get("kind").and_then(Value::as_str).unwrap_or_default();
    format!("id: {id}\nevent: {kind}\ndata: {json}\n\n").into()
}
