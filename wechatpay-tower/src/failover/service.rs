//! The service.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Request;
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{BoxError, ConfigError};

use super::{FailoverLayer, ResponseFuture, UseBackupHost, future::Spare, hosts::Hosts};
use crate::{Error, macros::inner_service_accessors};

/// Service that sends each request to a host that can be reached.
///
/// `S` must be `Clone`, because a further attempt needs a service that was polled ready again. The body must be
/// `Clone`, because it is sent from its start again.
#[derive(Clone, Debug)]
pub struct Failover<S> {
    pub(super) inner: S,
    pub(super) hosts: Arc<Hosts>,
}

impl<S> Failover<S> {
    /// Wraps `inner` with the hosts of [`FailoverLayer::new`].
    ///
    /// # Errors
    /// Returns an error if a base URL has more than scheme and host, or less.
    pub fn new(
        inner: S,
        main: &str,
        backups: impl IntoIterator<Item = impl AsRef<str>>,
        stay: Duration,
    ) -> Result<Self, ConfigError> {
        Ok(FailoverLayer::new(main, backups, stay)?.layer(inner))
    }

    inner_service_accessors!();
}

impl Failover<()> {
    /// Returns the layer that makes this service.
    ///
    /// # Errors
    /// Returns an error if a base URL has more than scheme and host, or less.
    pub fn layer(
        main: &str,
        backups: impl IntoIterator<Item = impl AsRef<str>>,
        stay: Duration,
    ) -> Result<FailoverLayer, ConfigError> {
        FailoverLayer::new(main, backups, stay)
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
