//! Tells an open page that something has happened, so that it fetches itself again.

use std::{convert::Infallible, time::Duration};

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use http_body_util::channel::Channel;
use tokio::{sync::broadcast::error::RecvError, time::interval};

use super::Desk;

/// Interval of heartbeats on an idle stream; they reveal pages that are gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Lines that may wait for a slow reader.
const WAITING: usize = 16;

/// Server-sent events: one `change` for each thing that happens, with its line.
pub(super) async fn live(State(desk): State<Desk>) -> Response {
    let (mut lines, body) = Channel::<Bytes, Infallible>::new(WAITING);
    let mut events = desk.engine.journal.log.subscribe();
    let mut stopping = desk.engine.stopping.clone();
    tokio::spawn(async move {
        let mut heartbeat = interval(HEARTBEAT);
        loop {
            let line = tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => format!("event: change\ndata: {}\n\n", in_one_line(&event.to_string())),
                    Err(RecvError::Lagged(_)) => "event: change\ndata: \n\n".to_owned(),
                    Err(RecvError::Closed) => return,
                },
                _ = heartbeat.tick() => ":\n\n".to_owned(),
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            if lines.send_data(line.into()).await.is_err() {
                return;
            }
        }
    });
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A line end would end the message.
fn in_one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}
