//! The layer.

use std::sync::Arc;

use tower_layer::Layer;
use wechatpay_core::idempotency::{IdempotencyStore, Limits};

use super::Idempotency;

/// Layer that handles each notification once, inside [`NotificationLayer`](crate::NotificationLayer).
///
/// [The module](super) lists the rules.
#[derive(Clone, Debug)]
pub struct IdempotencyLayer {
    store: Arc<dyn IdempotencyStore>,
    limits: Limits,
}

impl IdempotencyLayer {
    /// Keeps leases and completions in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn IdempotencyStore>) -> Self {
        Self {
            store,
            limits: Limits::default(),
        }
    }

    /// Sets lease, deadline, budget and retention.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl<S> Layer<S> for IdempotencyLayer {
    type Service = Idempotency<S>;

    fn layer(&self, inner: S) -> Idempotency<S> {
        Idempotency {
            inner,
            store: Arc::clone(&self.store),
            limits: self.limits,
        }
    }
}
