//! State machine of the service: Call → Ready → Call, until a host is reached.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::Request;
use pin_project::pin_project;
use tower_service::Service;
use wechatpay_core::BoxError;

use super::hosts::Hosts;
use crate::Error;

/// Response future of [`Failover`](super::Failover).
///
/// # Cancel safety
/// Dropping it after the request was sent leaves the outcome unknown.
#[pin_project]
pub struct ResponseFuture<S, B>
where
    S: Service<Request<B>>,
{
    #[pin]
    state: State<S::Future>,
    spare: Option<Spare<S, B>>,
}

#[pin_project(project = Projected)]
enum State<F> {
    Call {
        #[pin]
        response: F,
    },
    /// Waits until the spare service is ready.
    Ready,
}

/// State for further attempts.
pub(super) struct Spare<S, B> {
    service: S,
    hosts: Arc<Hosts>,
    /// Request as it came, for the main host.
    request: Request<B>,
    index: usize,
    /// Number of hosts that were not tried yet.
    left: usize,
}

impl<S, B> Spare<S, B> {
    pub(super) fn new(service: S, hosts: Arc<Hosts>, request: Request<B>, index: usize) -> Self {
        Self {
            service,
            left: hosts.len().saturating_sub(1),
            hosts,
            request,
            index,
        }
    }

    /// Switches to the next host and returns `true` if the request was not sent.
    ///
    /// A request that may have arrived stays with its host: the response of another host would not tell the outcome at
    /// this one.
    fn goes_on(&mut self, error: &Error) -> bool {
        if !error.is_unreachable() {
            return false;
        }
        self.hosts.unreachable(self.index);
        if self.left == 0 {
            return false;
        }
        self.left = self.left.saturating_sub(1);
        self.index = self.hosts.after(self.index);
        true
    }
}

impl<S, B> ResponseFuture<S, B>
where
    S: Service<Request<B>>,
{
    pub(super) fn new(response: S::Future, spare: Option<Spare<S, B>>) -> Self {
        Self {
            state: State::Call { response },
            spare,
        }
    }
}

impl<S, B> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>>,
    S::Error: Into<BoxError>,
    B: Clone,
{
    type Output = Result<S::Response, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                Projected::Call { response } => {
                    let outcome = ready!(response.poll(cx)).map_err(Error::from_inner);
                    let Some(spare) = this.spare.as_mut() else {
                        return Poll::Ready(outcome);
                    };
                    match outcome {
                        Ok(response) => {
                            spare.hosts.reached(spare.index);
                            return Poll::Ready(Ok(response));
                        }
                        Err(error) if spare.goes_on(&error) => State::Ready,
                        Err(error) => return Poll::Ready(Err(error)),
                    }
                }
                Projected::Ready => {
                    let Some(spare) = this.spare.as_mut() else {
                        crate::polled_after_completion();
                    };
                    ready!(spare.service.poll_ready(cx)).map_err(Error::from_inner)?;
                    let mut request = spare.request.clone();
                    let base = spare.hosts.get(spare.index);
                    if let Some(uri) = base.and_then(|base| base.rebase(request.uri())) {
                        *request.uri_mut() = uri;
                    }
                    State::Call {
                        response: spare.service.call(request),
                    }
                }
            };
            this.state.set(next);
        }
    }
}

impl<S, B> fmt::Debug for ResponseFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Call { .. } => "ResponseFuture(sent)",
            State::Ready => "ResponseFuture(going on to another host)",
        })
    }
}
