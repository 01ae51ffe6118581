//! Results of a payment by code.

use std::fmt;

use wechatpay_core::notify::Confirmed;

use crate::CallError;

/// Known result of a payment by code.
#[derive(Debug)]
#[must_use = "the result says whether the goods are handed over"]
pub enum CodePayment {
    /// Paid: hand the goods over.
    Paid(Box<Confirmed>),
    /// Not paid: nothing was charged, or the money goes back.
    NotPaid(NotPaid),
}

/// Reason why an order is not paid, for good.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotPaid {
    /// The charge was not sent.
    NotSent(Box<CallError>),
    /// The platform refused the charge, and has no order under the number.
    Refused(Box<CallError>),
    /// The payment failed, or the payer cancelled it (`PAYERROR`).
    Failed {
        /// Refusal of the charge, if there was one.
        refused: Option<Box<CallError>>,
    },
    /// The order is closed (`CLOSED`).
    Closed,
    /// The order is reversed (`REVOKED`). If it was paid, the money goes back.
    Reversed {
        /// Refusal of the charge, if there was one.
        refused: Option<Box<CallError>>,
    },
    /// The platform has no order under the number: the charge never arrived.
    NeverArrived,
}

impl NotPaid {
    /// Returns the refusal of the charge, whose code tells what the cashier can do.
    ///
    /// Such as `AUTH_CODE_INVALID`: the payer shows the next code.
    #[must_use]
    pub fn refusal(&self) -> Option<&CallError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Failed { refused } | Self::Reversed { refused } => refused.as_deref(),
            Self::NotSent(_) | Self::Closed | Self::NeverArrived => None,
        }
    }
}

impl fmt::Display for NotPaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent(error) => return write!(f, "nothing was charged: {error}"),
            Self::Refused(_) => "the charge was refused",
            Self::Failed { .. } => "the payment failed, or the payer cancelled it",
            Self::Closed => "the order is closed",
            Self::Reversed { .. } => "the order is reversed, and its money goes back if it was paid",
            Self::NeverArrived => "the charge never arrived",
        })?;
        match self.refusal() {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}
