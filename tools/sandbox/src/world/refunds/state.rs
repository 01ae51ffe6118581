//! A refund and its states.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, orders::key::OrderKey};

/// State of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundState {
    /// Accepted; the money is on its way.
    Processing,
    /// The payer has it.
    Success,
    /// It will not be paid out.
    Closed,
    /// The payer's card or account is closed; the merchant must name another way.
    Abnormal,
}

impl RefundState {
    /// As `status` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Abnormal => "ABNORMAL",
        }
    }
}

impl fmt::Display for RefundState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a refund did not change its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SettleError {
    /// There is no such refund.
    #[error("there is no such refund")]
    NoSuchRefund,
    /// It is over: the money was paid out, or never will be.
    #[error("the refund is over already")]
    Final,
    /// A refund does not return to an earlier state.
    #[error("a refund does not go back to PROCESSING by itself")]
    Backwards,
}

/// A refund as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct RefundSnapshot {
    /// The calling merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_refund_no: String,
    /// The platform's number.
    pub refund_id: String,
    /// The order.
    pub out_trade_no: String,
    /// The platform's number of the payment.
    pub transaction_id: String,
    /// Refunded amount, in fen.
    pub amount: i64,
    /// Total of the order, in fen.
    pub total: i64,
    /// Its state.
    pub state: RefundState,
    /// When it was accepted, in Unix seconds.
    pub created_at: i64,
    /// When it got its present state.
    pub changed_at: i64,
    /// URL of the notification.
    pub notify_url: String,
}

/// Which of the two families of endpoints a refund was asked for with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RefundFamily {
    /// `/v3/refund/domestic/refunds`.
    Ordinary,
    /// `/v3/ecommerce/refunds`.
    Ecommerce,
}

/// Key of a refund: its number is unique per calling merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundKey {
    /// Number of the calling merchant.
    pub mchid: String,
    /// Number of the refund, chosen by the merchant.
    pub out_refund_no: String,
}

/// Money that the platform advanced for a refund and got back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReturnedAdvance {
    pub(crate) advance_return_id: String,
    pub(crate) at: i64,
}

/// A refund.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refund {
    /// Key of the refund.
    pub key: RefundKey,
    pub(crate) family: RefundFamily,
    pub(crate) refund_id: String,
    /// Key of the order.
    pub order: OrderKey,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) transaction_id: String,
    /// Amount in fen.
    pub amount: i64,
    pub(crate) total: i64,
    /// Refunded part of the fee, in fen.
    pub(crate) fee: i64,
    /// Compared with a repeated call: the body without both order numbers.
    pub(crate) request: Body,
    pub(crate) notify_url: String,
    /// Time of creation, in Unix seconds.
    pub created_at: i64,
    /// State of the refund.
    pub state: RefundState,
    pub(crate) changed_at: i64,
    /// Destination of the money, in the platform's words.
    pub(crate) channel: Cow<'static, str>,
    pub(crate) received_account: String,
    /// Number of times the money was sent; settlements scheduled for earlier rounds are void.
    pub(crate) round: u32,
    pub(crate) returned_advance: Option<ReturnedAdvance>,
}

debug_only!(Refund {
    key,
    order,
    amount,
    state
});

impl Refund {
    /// Returns true if the platform advanced the money.
    pub(crate) fn is_advanced(&self) -> bool {
        self.request.text("/refund_account").as_deref() == Some("REFUND_SOURCE_PARTNER_ADVANCE")
    }

    /// Gives it its next state.
    pub(crate) fn settle(&mut self, to: RefundState, now: i64) -> Result<(), SettleError> {
        match (self.state, to) {
            (RefundState::Success | RefundState::Closed, _) => Err(SettleError::Final),
            (_, RefundState::Processing) => Err(SettleError::Backwards),
            (RefundState::Abnormal, RefundState::Abnormal) => Ok(()),
            (RefundState::Processing | RefundState::Abnormal, to) => {
                self.state = to;
                self.changed_at = now;
                Ok(())
            }
        }
    }

    /// State at an instant; states between two changes are not kept.
    pub(crate) fn state_at(&self, at: i64) -> RefundState {
        if self.changed_at <= at {
            self.state
        } else {
            RefundState::Processing
        }
    }

    /// The refund for tests.
    pub fn snapshot(&self) -> RefundSnapshot {
        RefundSnapshot {
            mchid: self.key.mchid.clone(),
            out_refund_no: self.key.out_refund_no.clone(),
            refund_id: self.refund_id.clone(),
            out_trade_no: self.order.out_trade_no.clone(),
            transaction_id: self.transaction_id.clone(),
            amount: self.amount,
            total: self.total,
            state: self.state,
            created_at: self.created_at,
            changed_at: self.changed_at,
            notify_url: self.notify_url.clone(),
        }
    }
}
