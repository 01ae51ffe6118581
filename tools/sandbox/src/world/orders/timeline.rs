//! An order as the handle shows it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::world::{
    orders::{
        buyer::Buyer,
        scene::Scene,
        state::{OrderState, PayError},
    },
    refunds::state::RefundState,
};

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct TimelineEntry {
    /// When, in Unix seconds.
    pub at: i64,
    /// The step.
    pub step: Step,
}

/// Steps of an order's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Step {
    /// The merchant placed it.
    Placed,
    /// The merchant repeated the call and got a fresh session.
    PlacedAgain,
    /// The buyer opened the cashier.
    Opened,
    /// The payer of a code was asked for a password.
    PasswordAsked,
    /// A payment failed.
    PaymentFailed {
        /// Who tried.
        buyer: Buyer,
        /// Why it failed.
        reason: PayError,
    },
    /// The buyer turned back.
    Cancelled,
    /// It was paid.
    Paid {
        /// By whom.
        buyer: Buyer,
    },
    /// It was closed.
    Closed,
    /// The merchant reversed it.
    Reversed,
    /// It was given another state by hand.
    Forced {
        /// The state.
        state: OrderState,
    },
    /// The merchant queried it.
    Queried,
    /// The notification of the payment was acknowledged.
    Acknowledged,
    /// A different notification was acknowledged.
    AcknowledgedOther {
        /// Kind of the notification's event.
        event_type: Cow<'static, str>,
        /// Number of the subject, a refund for instance.
        subject: String,
    },
    /// A refund was accepted.
    RefundAccepted {
        /// The merchant's number of the refund.
        out_refund_no: String,
        /// Refunded amount, in fen.
        amount: i64,
    },
    /// A refund got another state.
    RefundSettled {
        /// The merchant's number of the refund.
        out_refund_no: String,
        /// The state.
        state: RefundState,
    },
}

/// An order as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct OrderSnapshot {
    /// The calling merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_trade_no: String,
    /// Scene of the payment.
    pub scene: Scene,
    /// Its state.
    pub state: OrderState,
    /// Description of the goods.
    pub description: String,
    /// Total, in fen.
    pub total: i64,
    /// The platform's number, once paid.
    pub transaction_id: Option<String>,
    /// The newest session.
    pub prepay_id: Option<String>,
    /// Who paid.
    pub paid_by: Option<Buyer>,
    /// URL of the notification; empty if there is none.
    pub notify_url: String,
    /// The number of the combined order that this is an item of.
    pub combine_out_trade_no: Option<String>,
    /// The numbers of the items, if this is a combined order.
    pub items: Vec<String>,
    /// Steps, the oldest first. Repeated queries appear once.
    pub timeline: Vec<TimelineEntry>,
}

impl OrderSnapshot {
    /// Returns true for a paid order, also after a refund.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self.state, OrderState::Success | OrderState::Refund)
    }
}
