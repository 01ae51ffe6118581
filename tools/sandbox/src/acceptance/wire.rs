//! Traffic of an acceptance run: deliveries, slow bodies, queries to the shop.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header::CONTENT_TYPE};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, sleep, timeout},
};

use super::{AcceptanceError, seen::Seen};
use crate::{
    handle::engine::Engine,
    journal::SendFailure,
    notify::{Reply, SendError, Sender, judge},
    platform::header_names,
};

/// Time limit for the shop's response to a query.
const QUESTION: Duration = Duration::from_secs(10);
/// Between two bytes of a body that drips.
const DRIP: Duration = Duration::from_millis(250);

pub(super) struct Wire<'a> {
    pub(super) engine: &'a Engine,
    pub(super) sender: Sender,
    pub(super) deadline: Duration,
}

impl Seen {
    fn of(reply: &Reply) -> Self {
        #[derive(serde::Deserialize)]
        struct Worded {
            code: String,
            #[serde(rename = "message")]
            _message: String,
        }
        let is_worded =
            serde_json::from_slice::<Worded>(&reply.body).is_ok_and(|worded| worded.code == "FAIL");
        if is_worded && !reply.status.is_success() {
            Self::Refusal(reply.status)
        } else {
            Self::Status(reply.status)
        }
    }
}

impl Wire<'_> {
    /// Nothing of a sandbox leaves the machine by accident.
    pub(super) fn judged(&self, url: &str) -> Result<Uri, AcceptanceError> {
        judge(&self.engine.notifier, url).map_err(AcceptanceError::Url)
    }

    /// The JSON of a successful response.
    pub(super) async fn json(&self, method: Method, uri: Uri, body: Option<&Value>) -> Option<Value> {
        let mut headers = HeaderMap::new();
        let body = body.map(Value::to_string);
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let request = request(method, uri, headers, body.unwrap_or_default().into());
        let reply = self.sender.send(request, QUESTION).await.ok()?;
        if !reply.status.is_success() {
            return None;
        }
        serde_json::from_slice(&reply.body).ok()
    }

    /// Sends the head at once and the body one byte at a time.
    ///
    /// Stops when the receiver responds or hangs up, or when `patience` ends.
    pub(super) async fn drip(&self, uri: &Uri, headers: &HeaderMap, body: &[u8], patience: Duration) -> Seen {
        match timeout(patience, drip(&self.sender, uri, headers, body)).await {
            Ok(seen) => seen,
            Err(_) => Seen::TooLate,
        }
    }
}

/// Sends a delivery and waits for its response, at most `deadline` for all of it.
pub(super) async fn deliver(
    sender: &Sender,
    uri: &Uri,
    headers: HeaderMap,
    body: Bytes,
    deadline: Duration,
) -> Seen {
    let request = request(Method::POST, uri.clone(), headers, body);
    match sender.send(request, deadline).await {
        Ok(reply) => Seen::of(&reply),
        Err(SendError::TimedOut) => Seen::TooLate,
        Err(SendError::Failed(cause)) => Seen::Broken(cause),
    }
}

fn request(
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Request<http_body_util::Full<Bytes>> {
    let mut request = Request::new(http_body_util::Full::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    request
}

async fn drip(sender: &Sender, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Seen {
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: {}\r\n",
        body.len()
    )
    .into_bytes();
    for (name, value) in headers {
        head.extend_from_slice(header_names::written(name).as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    let stream = match sender.connect(uri).await {
        Ok(stream) => stream,
        Err(SendError::Failed(failure)) => return Seen::Broken(failure),
        Err(SendError::TimedOut) => return Seen::TooLate,
    };
    let (mut answers, mut bytes) = tokio::io::split(stream);
    let written = async {
        bytes.write_all(&head).await?;
        bytes.flush().await
    };
    if let Err(error) = written.await {
        return Seen::Broken(SendFailure::of(&error));
    }
    let started = Instant::now();
    let dripping = async {
        for byte in body {
            sleep(DRIP).await;
            if bytes.write_all(&[*byte]).await.is_err() || bytes.flush().await.is_err() {
                break;
            }
        }
        // Whoever hung up says so where it is read.
        std::future::pending::<()>().await;
    };
    let mut first = [0; 12];
    tokio::select! {
        () = dripping => Seen::TooLate,
        read = answers.read_exact(&mut first) => match read {
            Ok(_) => status(&first).map_or(Seen::NoHttp, Seen::Status),
            Err(_) => Seen::HungUp(started.elapsed().as_secs()),
        },
    }
}

/// `HTTP/1.1 408`.
fn status(line: &[u8; 12]) -> Option<StatusCode> {
    let (_, digits) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    StatusCode::from_bytes(digits.as_bytes()).ok()
}
