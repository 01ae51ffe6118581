//! State machine of the service: Buffer → Sign → Call.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderValue, Request,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, USER_AGENT},
    request::Parts,
};
use http_body::Body;
use pin_project::pin_project;
use tower_service::Service;
use wechatpay_core::{
    BoxError,
    sign::{Authorize, SignError},
};

use super::layer::Config;
use crate::{
    Error, MaybeBuffered,
    buffer::{Buffer, BufferError},
};

const WECHATPAY_SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Response future of [`Sign`](super::Sign).
///
/// # Cancel safety
/// Dropping it before the inner call sends nothing. Dropping it later leaves the outcome unknown.
#[pin_project]
pub struct ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    #[pin]
    state: State<S::Future, B>,
    service: Option<S>,
    config: Option<Arc<Config>>,
}

#[pin_project(project = Projected)]
enum State<F, B> {
    Buffer {
        #[pin]
        buffer: Buffer<B>,
        parts: Option<Parts>,
    },
    Sign {
        authorize: Authorize,
        request: Option<(Parts, MaybeBuffered<B>)>,
    },
    Call {
        #[pin]
        response: F,
    },
    Failed {
        error: Option<Error>,
    },
}

impl<S, B> ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    pub(super) fn failed(error: Error) -> Self {
        Self {
            state: State::Failed { error: Some(error) },
            service: None,
            config: None,
        }
    }

    pub(super) fn buffer(service: S, config: Arc<Config>, parts: Parts, buffer: Buffer<B>) -> Self {
        Self {
            state: State::Buffer {
                buffer,
                parts: Some(parts),
            },
            service: Some(service),
            config: Some(config),
        }
    }

    pub(super) fn sign(
        service: S,
        config: Arc<Config>,
        parts: Parts,
        payload: Bytes,
        body: MaybeBuffered<B>,
    ) -> Self {
        Self {
            state: start_signature(&config, parts, payload, body),
            service: Some(service),
            config: Some(config),
        }
    }
}

fn start_signature<F, B>(
    config: &Config,
    parts: Parts,
    payload: Bytes,
    body: MaybeBuffered<B>,
) -> State<F, B> {
    // The final URI, whose bytes go on the wire.
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let authorize = config.signer.authorize(&parts.method, target, payload);
    State::Sign {
        authorize,
        request: Some((parts, body)),
    }
}

impl<S, B> Future for ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Output = Result<S::Response, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                Projected::Buffer { buffer, parts } => {
                    let outcome = ready!(buffer.poll(cx));
                    let (Some(config), Some(parts)) = (this.config.as_ref(), parts.take()) else {
                        crate::polled_after_completion();
                    };
                    match outcome {
                        Ok(bytes) => {
                            start_signature(config, parts, bytes.clone(), MaybeBuffered::buffered(bytes))
                        }
                        Err(BufferError::TooLarge) => State::Failed {
                            error: Some(Error::RequestTooLarge {
                                limit: config.body_limit,
                            }),
                        },
                        Err(BufferError::Failed(error)) => State::Failed {
                            error: Some(Error::RequestBody(error)),
                        },
                    }
                }
                Projected::Sign { authorize, request } => {
                    let authorization = ready!(Pin::new(authorize).poll(cx))?;
                    let value = authorization
                        .to_header_value()
                        .map_err(|error| Error::Sign(SignError::Remote(error.into())))?;
                    let (Some(config), Some(service), Some((mut parts, body))) =
                        (this.config.take(), this.service.as_mut(), request.take())
                    else {
                        crate::polled_after_completion();
                    };
                    set_headers(&config, &mut parts, value, body.as_bytes());
                    State::Call {
                        response: service.call(Request::from_parts(parts, body)),
                    }
                }
                Projected::Call { response } => {
                    return Poll::Ready(ready!(response.poll(cx)).map_err(Error::from_inner));
                }
                Projected::Failed { error } => {
                    let Some(error) = error.take() else {
                        crate::polled_after_completion();
                    };
                    return Poll::Ready(Err(error));
                }
            };
            this.state.set(next);
        }
    }
}

fn set_headers(config: &Config, parts: &mut Parts, authorization: HeaderValue, body: Option<&Bytes>) {
    let headers = &mut parts.headers;
    headers.insert(AUTHORIZATION, authorization);
    headers.entry(ACCEPT).or_insert(JSON);
    headers
        .entry(USER_AGENT)
        .or_insert_with(|| config.user_agent.clone());
    if body.is_some_and(|body| !body.is_empty()) {
        headers.entry(CONTENT_TYPE).or_insert(JSON);
    }
    if !headers.contains_key(WECHATPAY_SERIAL)
        && let Some(id) = config.keys.as_ref().and_then(|keys| keys.announced())
        && let Ok(value) = HeaderValue::from_str(id.as_str())
    {
        headers.insert(WECHATPAY_SERIAL, value);
    }
}

impl<S, B> fmt::Debug for ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Buffer { .. } => "ResponseFuture(reading the body)",
            State::Sign { .. } => "ResponseFuture(signing)",
            State::Call { .. } => "ResponseFuture(sent)",
            State::Failed { .. } => "ResponseFuture(failed)",
        })
    }
}
