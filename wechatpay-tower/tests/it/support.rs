//! A gateway with a fixed response, and a client for it.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use tower::{BoxError, util::BoxCloneSyncService};
use wechatpay_core::{notify::Ack, testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{Client, MaybeBuffered, RequestBody};

/// One request as a service of this kind received it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) uri: http::Uri,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

/// A gateway with one response that records the requests.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) platform: FakePlatform,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    reply: Arc<dyn Fn(&Seen) -> Response<Full<Bytes>> + Send + Sync>,
}

impl Gateway {
    pub(crate) fn new(
        reply: impl Fn(&FakePlatform, &Seen) -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        let platform = FakePlatform::new();
        let inside = platform.clone();
        Self {
            platform,
            seen: Arc::default(),
            reply: Arc::new(move |seen| reply(&inside, seen)),
        }
    }

    /// Makes a gateway that responds with this status and body, signed.
    pub(crate) fn signed(status: u16, body: &'static str) -> Self {
        Self::new(move |platform, _| signed(platform, status, body))
    }

    /// Makes a gateway that responds with this status and body, unsigned.
    pub(crate) fn unsigned(status: u16, body: &'static str) -> Self {
        Self::new(move |_, _| response(status, body))
    }

    /// A handler of notifications, as a service.
    pub(crate) fn acknowledging() -> Self {
        Self::new(|_, _| Ack.into_response())
    }

    pub(crate) fn service<B>(&self) -> BoxCloneSyncService<Request<B>, Response<Full<Bytes>>, Infallible>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let gateway = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<B>| {
            let gateway = gateway.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map_err(Into::into).unwrap().to_bytes();
                let seen = Seen {
                    uri: parts.uri,
                    headers: parts.headers,
                    body,
                };
                let response = (gateway.reply)(&seen);
                gateway.seen.lock().unwrap().push(seen);
                Ok(response)
            }
        }))
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder(self.platform.request_signer())
            .service(
                self.service::<MaybeBuffered<RequestBody>>(),
                Verifier::new(self.platform.key_store()),
            )
            .unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(crate) fn response(status: u16, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert(
        "request-id",
        HeaderValue::from_static("08F78BB6B20610EE-268512771"),
    );
    response
}

pub(crate) fn signed(platform: &FakePlatform, status: u16, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = response(status, body);
    add_signature(&mut response, platform.sign(body.as_bytes()));
    response
}

pub(crate) fn add_signature(response: &mut Response<Full<Bytes>>, headers: Vec<(String, Vec<u8>)>) {
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response
            .headers_mut()
            .insert(name, HeaderValue::from_bytes(&value).unwrap());
    }
}

/// Creates a directory, which the caller removes.
pub(crate) fn temporary_directory() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};

    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("wechatpay-tower-{}-{number}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    path
}
