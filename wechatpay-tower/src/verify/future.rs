//! State machine of the service: Call → Lookup → Buffer.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, header::CONTENT_ENCODING, response::Parts};
use http_body::Body;
use pin_project::pin_project;
use wechatpay_core::{
    BoxError,
    verify::{KeyedSignature, LookupKey, Verifier},
};

use super::{ResponsePolicy, Unverified};
use crate::{
    Error, MaybeBuffered,
    buffer::{Buffer, BufferError},
};

/// Response future of [`VerifyResponse`](super::VerifyResponse).
///
/// # Cancel safety
/// Dropping it after the request was sent leaves the outcome unknown.
#[pin_project]
pub struct ResponseFuture<F, B> {
    #[pin]
    state: State<F, B>,
    verifier: Verifier,
    policy: ResponsePolicy,
    body_limit: usize,
}

#[pin_project(project = Projected)]
enum State<F, B> {
    Call {
        #[pin]
        response: F,
    },
    Lookup {
        lookup: LookupKey,
        reply: Option<(Parts, B)>,
    },
    Buffer {
        #[pin]
        buffer: Buffer<B>,
        signature: Option<KeyedSignature>,
        parts: Option<Parts>,
    },
}

impl<F, B> ResponseFuture<F, B> {
    pub(super) fn new(response: F, verifier: Verifier, policy: ResponsePolicy, body_limit: usize) -> Self {
        Self {
            state: State::Call { response },
            verifier,
            policy,
            body_limit,
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<MaybeBuffered<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                Projected::Call { response } => {
                    let (parts, body) = ready!(response.poll(cx)).map_err(Error::from_inner)?.into_parts();
                    if *this.policy == ResponsePolicy::Stream {
                        return Poll::Ready(Ok(unverified(parts, MaybeBuffered::stream(body))));
                    }
                    if is_encoded(&parts) && parts.status.is_success() {
                        return Poll::Ready(Err(Error::ResponseEncoded));
                    }
                    let pairs = parts
                        .headers
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_bytes()));
                    match this.verifier.begin(pairs) {
                        Ok(pending) => State::Lookup {
                            lookup: pending.key(),
                            reply: Some((parts, body)),
                        },
                        Err(error) if parts.status.is_success() => return Poll::Ready(Err(error.into())),
                        Err(_) => return Poll::Ready(Ok(unverified(parts, MaybeBuffered::stream(body)))),
                    }
                }
                Projected::Lookup { lookup, reply } => {
                    let outcome = ready!(Pin::new(lookup).poll(cx));
                    let Some((parts, body)) = reply.take() else {
                        crate::polled_after_completion();
                    };
                    match outcome {
                        Ok(signature) => State::Buffer {
                            buffer: Buffer::new(body, *this.body_limit),
                            signature: Some(signature),
                            parts: Some(parts),
                        },
                        Err(error) if parts.status.is_success() => return Poll::Ready(Err(error.into())),
                        Err(_) => return Poll::Ready(Ok(unverified(parts, MaybeBuffered::stream(body)))),
                    }
                }
                Projected::Buffer {
                    buffer,
                    signature,
                    parts,
                } => {
                    let outcome = ready!(buffer.poll(cx));
                    let (Some(signature), Some(mut parts)) = (signature.take(), parts.take()) else {
                        crate::polled_after_completion();
                    };
                    let bytes = outcome.map_err(|error| match error {
                        BufferError::TooLarge => Error::ResponseTooLarge {
                            limit: *this.body_limit,
                        },
                        BufferError::Failed(error) => Error::ResponseBody(error),
                    })?;
                    return Poll::Ready(match signature.verify(bytes.clone()) {
                        Ok(verified) => {
                            parts.extensions.insert(verified);
                            Ok(Response::from_parts(parts, MaybeBuffered::buffered(bytes)))
                        }
                        Err(error) if parts.status.is_success() => Err(error.into()),
                        Err(_) => Ok(unverified(parts, MaybeBuffered::buffered(bytes))),
                    });
                }
            };
            this.state.set(next);
        }
    }
}

fn unverified<B>(mut parts: Parts, body: MaybeBuffered<B>) -> Response<MaybeBuffered<B>> {
    parts.extensions.insert(Unverified);
    Response::from_parts(parts, body)
}

fn is_encoded(parts: &Parts) -> bool {
    parts
        .headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

impl<F, B> fmt::Debug for ResponseFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Call { .. } => "ResponseFuture(waiting for the response)",
            State::Lookup { .. } => "ResponseFuture(looking the key up)",
            State::Buffer { .. } => "ResponseFuture(reading the response)",
        })
    }
}
