//! State machine of the service: Find → Lookup → Buffer → Handle.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body::Body;
use pin_project::pin_project;
use tokio::time::Sleep;
use tower_service::Service;
use wechatpay_core::{
    BoxError,
    notify::{
        Ack, FindMerchant, LookupReady, NotificationError, NotificationReceiver, Pending, Ready,
        VerifiedNotification,
    },
};

use super::rejection_response;
use crate::{
    MaybeBuffered,
    buffer::{Buffer, BufferError},
};

/// Response future of [`Notify`](super::Notify).
///
/// # Cancel safety
/// Dropping it before the handler was called has no effect. The platform sends the notification again.
#[pin_project]
pub struct ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    #[pin]
    state: State<S::Future, B>,
    service: S,
}

#[pin_project(project = Projected)]
enum State<F, B> {
    Rejected {
        error: Option<NotificationError>,
    },
    Find {
        find: FindMerchant,
        request: Option<(Parts, B)>,
    },
    Lookup {
        lookup: LookupReady,
        request: Option<(Parts, B)>,
    },
    Buffer {
        #[pin]
        buffer: Buffer<B>,
        #[pin]
        deadline: Sleep,
        signature: Option<Ready>,
        parts: Option<Parts>,
    },
    Handle {
        #[pin]
        response: F,
        notification: VerifiedNotification,
    },
}

impl<S, B> ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    pub(super) fn rejected(service: S, error: NotificationError) -> Self {
        Self {
            state: State::Rejected { error: Some(error) },
            service,
        }
    }

    pub(super) fn find(service: S, find: FindMerchant, parts: Parts, body: B) -> Self {
        Self {
            state: State::Find {
                find,
                request: Some((parts, body)),
            },
            service,
        }
    }

    pub(super) fn lookup(service: S, pending: Pending, parts: Parts, body: B) -> Self {
        Self {
            state: State::Lookup {
                lookup: pending.ready(),
                request: Some((parts, body)),
            },
            service,
        }
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>, Response = Response<R>>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<MaybeBuffered<R>>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                Projected::Rejected { error } => {
                    let Some(error) = error.take() else {
                        crate::polled_after_completion();
                    };
                    return Poll::Ready(Ok(rejection_response(error)));
                }
                Projected::Find { find, request } => match ready!(Pin::new(find).poll(cx)) {
                    Ok(pending) => State::Lookup {
                        lookup: pending.ready(),
                        request: request.take(),
                    },
                    Err(error) => State::Rejected { error: Some(error) },
                },
                Projected::Lookup { lookup, request } => {
                    let outcome = ready!(Pin::new(lookup).poll(cx));
                    let Some((parts, body)) = request.take() else {
                        crate::polled_after_completion();
                    };
                    match outcome {
                        Ok(signature) => State::Buffer {
                            buffer: Buffer::new(body, signature.receiver().body_limit()),
                            deadline: tokio::time::sleep(signature.receiver().body_deadline()),
                            signature: Some(signature),
                            parts: Some(parts),
                        },
                        Err(error) => State::Rejected { error: Some(error) },
                    }
                }
                Projected::Buffer {
                    buffer,
                    deadline,
                    signature,
                    parts,
                } => {
                    let outcome = match buffer.poll(cx) {
                        Poll::Ready(outcome) => outcome.map_err(Some),
                        Poll::Pending => {
                            // The deadline applies only while the body is pending.
                            ready!(deadline.poll(cx));
                            Err(None)
                        }
                    };
                    let (Some(signature), Some(mut parts)) = (signature.take(), parts.take()) else {
                        crate::polled_after_completion();
                    };
                    let outcome = match outcome {
                        Ok(bytes) => signature
                            .finish(bytes.clone())
                            .map(|notification| (notification, bytes)),
                        Err(failure) => Err(body_error(signature.receiver(), failure)),
                    };
                    match outcome {
                        Ok((notification, bytes)) => {
                            parts.extensions.insert(notification.clone());
                            let request = Request::from_parts(parts, MaybeBuffered::buffered(bytes));
                            State::Handle {
                                response: this.service.call(request),
                                notification,
                            }
                        }
                        Err(error) => State::Rejected { error: Some(error) },
                    }
                }
                Projected::Handle {
                    response,
                    notification,
                } => {
                    let response = ready!(response.poll(cx))?;
                    if response.status().is_success() && !Ack::is_in(&response) {
                        let error = notification.not_acknowledged(response.status().as_u16());
                        return Poll::Ready(Ok(rejection_response(error)));
                    }
                    return Poll::Ready(Ok(response.map(MaybeBuffered::stream)));
                }
            };
            this.state.set(next);
        }
    }
}

/// Converts the failure of reading a body; `None` is the deadline.
pub(super) fn body_error(receiver: &NotificationReceiver, failure: Option<BufferError>) -> NotificationError {
    let error = match failure {
        Some(BufferError::TooLarge) => NotificationError::TooLarge {
            limit: receiver.body_limit(),
        },
        Some(BufferError::Failed(error)) => NotificationError::BodyAborted(error),
        None => NotificationError::BodyTimeout,
    };
    receiver.rejected(&error);
    error
}

impl<S, B> fmt::Debug for ResponseFuture<S, B>
where
    S: Service<Request<MaybeBuffered<B>>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Rejected { .. } => "ResponseFuture(rejected)",
            State::Find { .. } => "ResponseFuture(looking the merchant up)",
            State::Lookup { .. } => "ResponseFuture(looking the key up)",
            State::Buffer { .. } => "ResponseFuture(reading the body)",
            State::Handle { .. } => "ResponseFuture(handling)",
        })
    }
}
