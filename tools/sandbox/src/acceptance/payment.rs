//! Payments that notifications report.

use serde_json::Value;

use super::AcceptanceError;
use crate::world::orders::{
    state::{Order, PayError},
    view::notice,
};

/// The payment that a notification reports.
pub(super) struct Payment {
    pub(super) out_trade_no: String,
    pub(super) total: i64,
    pub(super) transaction: Value,
    /// True if the shop knows the order.
    pub(super) is_known: bool,
}

impl Payment {
    pub(super) fn of(out_trade_no: String, order: Result<Order, PayError>) -> Result<Self, AcceptanceError> {
        match order {
            Ok(order) => Ok(Self {
                transaction: notice(&order),
                total: order.total,
                out_trade_no,
                is_known: true,
            }),
            Err(cause) => Err(AcceptanceError::Order { out_trade_no, cause }),
        }
    }
}

/// Puts a value into an object, or one within it.
pub(super) fn set(json: &mut Value, path: &[&str], value: Value) {
    let (Some((last, parents)), mut place) = (path.split_last(), Some(json)) else {
        return;
    };
    for key in parents {
        place = place.and_then(|json| json.get_mut(key));
    }
    if let Some(object) = place.and_then(Value::as_object_mut) {
        object.insert((*last).to_owned(), value);
    }
}
