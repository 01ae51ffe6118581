//! State of a combined order as a whole.

use super::CombinedTransaction;
use crate::api::transactions::TradeState;

/// State of a combined order, made of those of its sub-orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CombinedState {
    /// A sub-order may still change.
    Open,
    /// Every sub-order is paid.
    Paid,
    /// Every sub-order was paid, and a refund of at least one was begun.
    Refunded,
    /// Every sub-order is closed, and none was paid.
    Closed,
    /// Some sub-orders were paid and others are closed. A person must look.
    Mixed,
}

impl CombinedState {
    /// Returns the state of a whole with these sub-orders.
    pub(crate) fn of<'a>(states: impl IntoIterator<Item = &'a TradeState>) -> Self {
        let (mut paid, mut refunded, mut closed) = (false, false, false);
        for state in states {
            match state {
                TradeState::Success => paid = true,
                TradeState::Refund => refunded = true,
                TradeState::Closed | TradeState::Revoked | TradeState::PayError => closed = true,
                _ => return Self::Open,
            }
        }
        match (paid, refunded, closed) {
            (true, false, false) => Self::Paid,
            (_, true, false) => Self::Refunded,
            (false, false, true) => Self::Closed,
            (false, false, false) => Self::Open,
            _ => Self::Mixed,
        }
    }

    /// Returns the word of an end, in the platform's words where it has one.
    pub(crate) fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Paid => Some("SUCCESS"),
            Self::Refunded => Some("REFUND"),
            Self::Closed => Some("CLOSED"),
            Self::Mixed => Some("MIXED"),
        }
    }
}

impl CombinedTransaction {
    /// Returns the state of the whole.
    ///
    /// Compare every sub-order with your orders before you deliver; this is no comparison.
    #[must_use]
    pub fn state(&self) -> CombinedState {
        CombinedState::of(self.sub_orders.iter().map(|order| &order.trade_state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_at_an_end_when_no_sub_order_can_change() {
        let whole = |states: &[&str]| {
            let states: Vec<TradeState> = states.iter().map(|state| TradeState::from(*state)).collect();
            CombinedState::of(&states)
        };
        assert_eq!(whole(&["SUCCESS", "SUCCESS"]), CombinedState::Paid);
        assert_eq!(whole(&["SUCCESS", "REFUND"]), CombinedState::Refunded);
        assert_eq!(whole(&["CLOSED", "PAYERROR"]), CombinedState::Closed);
        assert_eq!(whole(&["SUCCESS", "CLOSED"]), CombinedState::Mixed);
        assert_eq!(whole(&["REFUND", "CLOSED"]), CombinedState::Mixed);
        for open in ["NOTPAY", "USERPAYING", "ACCEPT", "A-NEW-STATE"] {
            assert_eq!(whole(&["SUCCESS", open]), CombinedState::Open, "{open}");
            assert_eq!(whole(&["CLOSED", open]), CombinedState::Open, "{open}");
        }
        assert_eq!(whole(&[]), CombinedState::Open);
    }
}
