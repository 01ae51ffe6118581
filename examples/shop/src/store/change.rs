//! Optimistic concurrency: read, decide, compare-and-swap, retry.

use wechatpay_core::types::OutTradeNo;

use super::{OrderStore, StoreError};
use crate::order::Order;

/// Maximum number of lost races in a row; more means a broken store.
const ATTEMPTS: usize = 64;

/// Why an order was not changed.
#[derive(Debug)]
pub(crate) enum ChangeError<E> {
    /// There is no such order.
    UnknownOrder,
    /// The order does not take this change.
    Refused(E),
    /// The store failed. Nothing was changed, or the response to the change was lost.
    Store(StoreError),
}

impl<E> From<StoreError> for ChangeError<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Changes an order by optimistic concurrency.
///
/// `step` decides on the newest state and runs again when another writer was faster, so it has no effects of its own.
/// Nothing is written if it changes nothing.
pub(crate) async fn change<T, E>(
    store: &dyn OrderStore,
    number: &OutTradeNo,
    step: impl Fn(&mut Order) -> Result<T, E>,
) -> Result<(Order, T), ChangeError<E>> {
    for _ in 0..ATTEMPTS {
        let stored = store.get(number).await?.ok_or(ChangeError::UnknownOrder)?;
        let mut order = stored.order.clone();
        let outcome = step(&mut order).map_err(ChangeError::Refused)?;
        if order == stored.order || store.replace(order.clone(), stored.version).await? {
            return Ok((order, outcome));
        }
    }
    Err(StoreError("an order could not be changed, though nobody seems to hold it".into()).into())
}
