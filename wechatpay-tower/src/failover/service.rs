//! The service.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::Request;
use tower_service::Service;
use wechatpay_core::BoxError;

use super::{ResponseFuture, UseBackupHost, future::Spare, hosts::Hosts};
use crate::Error;

/// Sends each request to the host that is in use, and to the others when it cannot be reached.
///
/// `S` must be `Clone`: a repeat needs a service that is polled ready anew. So must the body: it is sent from its beginning.
#[derive(Clone, Debug)]
pub struct Failover<S> {
    pub(super) inner: S,
    pub(super) hosts: Arc<Hosts>,
}

impl<S> Failover<S> {
    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside, mutable.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, by value.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B> Service<Request<B>> for Failover<S>
where
    S: Service<Request<B>> + Clone,
    S::Error: Into<BoxError>,
    B: Clone,
{
    type Response = S::Response;
    type Error = Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Error::from_inner)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let is_ours = self.hosts.len() > 1 && self.hosts.main().is_some_and(|main| main.is_of(request.uri()));
        if !is_ours {
            return ResponseFuture::new(self.inner.call(request), None);
        }
        let index = match request.extensions_mut().remove::<UseBackupHost>() {
            Some(UseBackupHost) => self.hosts.other(),
            None => self.hosts.choose(),
        };
        let spare = Spare::new(
            self.inner.clone(),
            Arc::clone(&self.hosts),
            request.clone(),
            index,
        );
        if let Some(uri) = self.hosts.get(index).and_then(|base| base.rebase(request.uri())) {
            *request.uri_mut() = uri;
        }
        ResponseFuture::new(self.inner.call(request), Some(spare))
    }
}
