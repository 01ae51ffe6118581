//! Events of the world as entries of the log.

use super::EventKind;
use crate::world::Event;

impl EventKind {
    /// The entry of an event; `None` if it is part of another one.
    pub(crate) fn of(event: &Event<'_>) -> Option<Self> {
        Some(match event {
            Event::Paid { order, buyer } => Self::Paid {
                out_trade_no: order.key.out_trade_no.clone(),
                total: order.total,
                buyer: *buyer,
            },
            Event::PaidAgain(_) | Event::ShareReturned { .. } => return None,
            Event::PaymentFailed { key, buyer, reason } => Self::PaymentFailed {
                out_trade_no: key.out_trade_no.clone(),
                buyer: *buyer,
                reason: *reason,
            },
            Event::Cancelled(key) => Self::Cancelled {
                out_trade_no: key.out_trade_no.clone(),
            },
            Event::Expired(key) => Self::Expired {
                out_trade_no: key.out_trade_no.clone(),
            },
            Event::Reversed(order) => Self::Reversed {
                out_trade_no: order.key.out_trade_no.clone(),
                returned: order.payment.as_ref().map(|_| order.total),
            },
            Event::Refund(refund) => Self::Refund {
                out_refund_no: refund.key.out_refund_no.clone(),
                out_trade_no: refund.order.out_trade_no.clone(),
                amount: refund.amount,
                state: refund.state,
            },
            Event::Share { share, detail } => Self::Share {
                out_order_no: share.key.number.clone(),
                out_trade_no: share.order.out_trade_no.clone(),
                account: detail.receiver.account.clone(),
                amount: detail.amount,
                result: detail.result,
            },
            Event::Applyment(applyment) => Self::Applyment {
                out_request_no: applyment.key.out_request_no.clone(),
                state: applyment.state,
            },
            Event::Withdrawal(withdrawal) => Self::Withdrawal {
                out_request_no: withdrawal.key.out_request_no.clone(),
                amount: withdrawal.amount,
                state: withdrawal.state,
            },
            Event::Record(record) => Self::Record {
                of: record.key.kind,
                number: record.key.number.clone(),
                amount: record.amount,
                state: record.state.clone(),
            },
            Event::BillsReady(day) => Self::BillsReady {
                date: day.to_string(),
            },
            Event::Lint(lint) => Self::Lint(lint.clone()),
            Event::MerchantAdded { mchid } => Self::MerchantAdded { mchid: mchid.clone() },
            Event::MerchantChanged { mchid, what } => Self::MerchantChanged {
                mchid: mchid.clone(),
                what: what.clone(),
            },
        })
    }
}
