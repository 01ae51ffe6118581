//! Events as a stream of server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Uri,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use http_body_util::channel::Channel;
use serde_json::Value;
use tokio::{sync::broadcast::error::RecvError, time::interval};

use super::{Problem, Reply, Sandbox};
use crate::{journal::Event, web::Query};

/// Interval of heartbeats on an idle stream; they reveal readers that are gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that may wait for a slow reader.
const WAITING: usize = 64;

/// Streams each event with number as `id`, kind as `event`, and JSON as `data`.
///
/// `Last-Event-ID` or `?after=` names the newest known event; later ones that are kept come first. Without either, the
/// stream starts with the next event.
///
/// `Last-Event-ID` or `?after=` names the newest known event; later ones that are kept come first. Without either, the
/// stream starts with the next event.
pub(super) async fn stream(State(engine): Sandbox, uri: Uri, headers: HeaderMap) -> Reply {
    let query = Query::of(&uri);
    let known = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .or_else(|| query.get("after"));
    let mut last = match known {
        Some(id) => id
            .parse()
            .map_err(|_| Problem::bad("after is the id of an event"))?,
        None => engine.journal.log.newest(),
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
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// JSON has no line ends in it.
fn message(event: &Event) -> Bytes {
    let (id, json) = (event.id, event.to_json());
    let kind = json.get("kind").and_then(Value::as_str).unwrap_or_default();
    format!("id: {id}\nevent: {kind}\ndata: {json}\n\n").into()
}
