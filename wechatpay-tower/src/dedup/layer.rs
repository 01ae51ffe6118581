//! The layer.

use std::sync::Arc;

use tower_layer::Layer;
use wechatpay_core::dedup::{NotificationStore, ProcessOptions};

use super::HandleOnce;

/// Handles each notification once. Stands inside [`NotificationLayer`](crate::NotificationLayer).
///
/// The service's 2xx means "done"; anything else gives the claim back. It finds a
/// [`HandlerContext`](wechatpay_core::dedup::HandlerContext) in the request's extensions.
#[derive(Clone, Debug)]
pub struct DedupLayer {
    store: Arc<dyn NotificationStore>,
    options: ProcessOptions,
}

impl DedupLayer {
    /// Remembers claims in this store.
    #[must_use]
    pub fn new(store: Arc<dyn NotificationStore>) -> Self {
        Self {
            store,
            options: ProcessOptions::default(),
        }
    }

    /// Other leases, deadlines and retention than the defaults.
    #[must_use]
    pub fn options(mut self, options: ProcessOptions) -> Self {
        self.options = options;
        self
    }
}

impl<S> Layer<S> for DedupLayer {
    type Service = HandleOnce<S>;

    fn layer(&self, inner: S) -> HandleOnce<S> {
        HandleOnce {
            inner,
            store: Arc::clone(&self.store),
            options: self.options,
        }
    }
}
