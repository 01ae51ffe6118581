//! Sends a response: as it is, late, in pieces, or not at all.

use std::{io, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Response, header::CONTENT_LENGTH};
use http_body_util::channel::{Channel, Sender};

use crate::{faults::Fault, gateway::Gateway};

/// A body that drips comes in so many pieces.
const PIECES: usize = 8;
/// So many bytes more are promised than come.
const MISSING: usize = 16;
/// Pause before the cut, so that written bytes reach the client.
const FLUSH: Duration = Duration::from_millis(20);

/// Gives the response to the server in the way that the fault wants.
pub(super) async fn send(
    gateway: &Gateway,
    response: Response<Bytes>,
    fault: Option<Fault>,
) -> Response<Body> {
    match fault {
        Some(Fault::Delay(wait)) => {
            let mut stopping = gateway.stopping.clone();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stopping.wait_for(|stopping| *stopping) => {}
            }
            response.map(Body::from)
        }
        Some(Fault::Hang | Fault::HangBeforeCommit) => {
            let mut stopping = gateway.stopping.clone();
            // An error means that the last handle was dropped.
            let _ = stopping.wait_for(|stopping| *stopping).await;
            cut()
        }
        Some(Fault::Reset | Fault::ResetBeforeCommit) => cut(),
        Some(Fault::TruncateBody) => {
            let half = response.body().len() / 2;
            in_pieces(response, move |body, sender| {
                truncated(body.slice(..half), sender)
            })
        }
        Some(Fault::Drip(pause)) => in_pieces(response, move |body, sender| dripping(body, pause, sender)),
        Some(Fault::WrongContentLength) => {
            let promised = response.body().len().saturating_add(MISSING);
            let mut response = in_pieces(response, whole);
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(promised));
            response
        }
        _ => response.map(Body::from),
    }
}

/// Closes the connection. A body that fails before the head is sent cuts both.
fn cut() -> Response<Body> {
    let (sender, body) = Channel::<Bytes, io::Error>::new(1);
    sender.abort(broken());
    Response::new(Body::new(body))
}

fn broken() -> io::Error {
    io::Error::other("cut on purpose")
}

fn in_pieces<F>(
    response: Response<Bytes>,
    write: impl FnOnce(Bytes, Sender<Bytes, io::Error>) -> F,
) -> Response<Body>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut parts, content) = response.into_parts();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
    let (sender, body) = Channel::new(1);
    tokio::spawn(write(content, sender));
    Response::from_parts(parts, Body::new(body))
}

async fn truncated(half: Bytes, mut sender: Sender<Bytes, io::Error>) {
    if sender.send_data(half).await.is_ok() {
        tokio::time::sleep(FLUSH).await;
    }
    sender.abort(broken());
}

async fn dripping(body: Bytes, pause: Duration, mut sender: Sender<Bytes, io::Error>) {
    let size = body.len().div_ceil(PIECES).max(1);
    for piece in body.chunks(size) {
        tokio::time::sleep(pause).await;
        if sender.send_data(body.slice_ref(piece)).await.is_err() {
            return;
        }
    }
}

async fn whole(body: Bytes, mut sender: Sender<Bytes, io::Error>) {
    // Nobody reads: that is no error.
    let _ = sender.send_data(body).await;
}
