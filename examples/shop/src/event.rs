//! Events of the shop, one line each.

use std::fmt;

use wechatpay_core::types::{OutRefundNo, OutTradeNo};

use crate::order::LearnedFrom;

/// Something the shop did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShopEvent {
    /// A payment was confirmed and the goods were delivered.
    Paid {
        /// The order.
        order: OutTradeNo,
        /// Source of the news.
        learned_from: LearnedFrom,
    },
    /// A known payment was reported again.
    PaidBefore {
        /// The order.
        order: OutTradeNo,
        /// Source of the news.
        learned_from: LearnedFrom,
    },
    /// A handled event was repeated.
    Repeated {
        /// The event.
        event: String,
    },
    /// An order ended without a payment that the shop knows.
    Ended {
        /// The order.
        order: OutTradeNo,
        /// The platform's word for its state.
        state: String,
    },
    /// A genuine payment does not match its order.
    Contradicted {
        /// The order.
        order: OutTradeNo,
        /// Differing fields.
        differing: String,
    },
    /// A genuine notification for an order that the shop does not know (yet).
    UnknownOrder {
        /// The order.
        order: OutTradeNo,
    },
    /// A genuine notification of a kind that the shop does not handle.
    Unhandled {
        /// The kind.
        event_type: String,
    },
    /// A refund notification was taken.
    Refund {
        /// The order.
        order: OutTradeNo,
        /// The refund.
        refund: OutRefundNo,
        /// The platform's word for its state.
        status: String,
    },
}

impl fmt::Display for ShopEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let genuine = |learned_from: LearnedFrom| match learned_from {
            LearnedFrom::Notification => "verified ✔  decrypted ✔",
            LearnedFrom::Query => "queried ✔  verified ✔",
        };
        match self {
            Self::Paid { order, learned_from } => {
                write!(f, "{}  amount ✔  order {order} is PAID", genuine(*learned_from))
            }
            Self::PaidBefore { order, learned_from } => {
                write!(
                    f,
                    "{}  order {order} was PAID before: nothing to do",
                    genuine(*learned_from)
                )
            }
            Self::Repeated { event } => {
                write!(f, "verified ✔  {event} was handled before: nothing to do")
            }
            Self::Ended { order, state } => write!(f, "verified ✔  order {order} is {state}"),
            Self::Contradicted { order, differing } => {
                write!(
                    f,
                    "verified ✔  {differing} ✘  refused, order {order} stays as it is"
                )
            }
            Self::UnknownOrder { order } => {
                write!(f, "verified ✔  decrypted ✔  no order {order} ✘  to be sent again")
            }
            Self::Unhandled { event_type } => {
                write!(f, "verified ✔  decrypted ✔  {event_type} is not handled ✘")
            }
            Self::Refund {
                order,
                refund,
                status,
            } => write!(
                f,
                "verified ✔  decrypted ✔  refund {refund} of order {order} is {status}"
            ),
        }
    }
}
