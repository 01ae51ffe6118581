//! Events of the responses to queries.

use super::parts::{COMBINED, Kind, PAYMENT, Parts, REFUND, SHARE, SHARE_RETURN, WITHDRAWAL, facts};
use crate::{
    api::{
        combine::CombinedTransaction,
        funds::{DayEndStatus, DayEndWithdrawal, WithdrawStatus, Withdrawal, WithdrawalNotice},
        profit_sharing::{self, ReturnResult, ShareResult, SharingStatus},
        refunds::{self, RefundStatus},
        transactions::{TradeState, Transaction},
    },
    types::{
        Fen, OutOrderNo, OutRefundNo, OutReturnNo, RefundId, SharingOrderId, SharingReturnId, TransactionId,
    },
};

/// Response to a query whose state may be an end.
///
/// An order that may still be paid, and money that is on its way, are no events yet.
pub trait Queried {
    /// Returns the parts of the event; `None` while the state may still change.
    #[doc(hidden)]
    fn parts(&self) -> Option<Parts<'_>>;
}

pub(super) fn parts<'a>(
    kind: Kind,
    number: &'a str,
    state: &'a str,
    platform_number: Option<&str>,
    amount: Option<Fen>,
) -> Parts<'a> {
    Parts {
        kind,
        number: number.into(),
        state: state.into(),
        facts: facts(platform_number, amount.map(Fen::get)),
    }
}

impl Queried for Transaction {
    fn parts(&self) -> Option<Parts<'_>> {
        let state = &self.trade_state;
        let is_final = matches!(
            state,
            TradeState::Success
                | TradeState::Refund
                | TradeState::Closed
                | TradeState::Revoked
                | TradeState::PayError
        );
        let id = self.transaction_id.as_ref().map(TransactionId::as_str);
        let total = self.amount.as_ref().and_then(|amount| amount.total);
        is_final.then(|| parts(PAYMENT, self.out_trade_no.as_str(), state.as_str(), id, total))
    }
}

impl Queried for CombinedTransaction {
    fn parts(&self) -> Option<Parts<'_>> {
        let totals = self
            .sub_orders
            .iter()
            .map(|order| order.amount.as_ref()?.total_amount);
        let total: Option<i64> = totals.map(|total| Some(total?.get())).sum();
        Some(Parts {
            kind: COMBINED,
            number: self.combine_out_trade_no.as_str().into(),
            state: self.state().as_str()?.into(),
            facts: facts(None, total),
        })
    }
}

fn refund<'a>(
    number: &'a OutRefundNo,
    id: &RefundId,
    status: &'a RefundStatus,
    amount: Fen,
) -> Option<Parts<'a>> {
    let is_final = matches!(
        status,
        RefundStatus::Success | RefundStatus::Closed | RefundStatus::Abnormal
    );
    let parts = || {
        parts(
            REFUND,
            number.as_str(),
            status.as_str(),
            Some(id.as_str()),
            Some(amount),
        )
    };
    is_final.then(parts)
}

impl Queried for refunds::Refund {
    fn parts(&self) -> Option<Parts<'_>> {
        refund(
            &self.out_refund_no,
            &self.refund_id,
            &self.status,
            self.amount.refund,
        )
    }
}

impl Queried for refunds::ecommerce::Refund {
    fn parts(&self) -> Option<Parts<'_>> {
        refund(
            &self.out_refund_no,
            &self.refund_id,
            &self.status,
            self.amount.refund,
        )
    }
}

/// Returns the parts of a share that was executed for every receiver.
fn share<'a>(
    number: &'a OutOrderNo,
    id: &SharingOrderId,
    status: &'a SharingStatus,
    mut results: impl Iterator<Item = &'a ShareResult>,
    amount: Option<i64>,
) -> Option<Parts<'a>> {
    let is_final = matches!(
        status,
        SharingStatus::Finished
            | SharingStatus::Closed
            | SharingStatus::Success
            | SharingStatus::Adjust
            | SharingStatus::Returned
    );
    (is_final && results.all(|result| *result != ShareResult::Pending)).then(|| Parts {
        kind: SHARE,
        number: number.as_str().into(),
        state: status.as_str().into(),
        facts: facts(Some(id.as_str()), amount),
    })
}

/// Adds the amounts of the receivers.
///
/// `None` without receivers, as for the release of the rest.
fn shared(amounts: impl Iterator<Item = Option<Fen>>) -> Option<i64> {
    let mut amounts = amounts.peekable();
    amounts.peek()?;
    amounts.map(|amount| Some(amount?.get())).sum()
}

impl Queried for profit_sharing::SharingOrder {
    fn parts(&self) -> Option<Parts<'_>> {
        let results = self.receivers.iter().map(|receiver| &receiver.result);
        let amount = shared(self.receivers.iter().map(|receiver| receiver.amount));
        share(&self.out_order_no, &self.order_id, &self.state, results, amount)
    }
}

impl Queried for profit_sharing::ecommerce::SharingOrder {
    fn parts(&self) -> Option<Parts<'_>> {
        let results = self.receivers.iter().map(|receiver| &receiver.result);
        let amount = shared(self.receivers.iter().map(|receiver| receiver.amount));
        let amount = amount.or_else(|| self.finish_amount.map(Fen::get));
        share(
            &self.out_order_no,
            &self.order_id,
            self.status.as_ref()?,
            results,
            amount,
        )
    }
}

fn share_return<'a>(
    number: &'a OutReturnNo,
    id: &SharingReturnId,
    result: &'a ReturnResult,
    amount: Option<Fen>,
) -> Option<Parts<'a>> {
    let is_final = matches!(result, ReturnResult::Success | ReturnResult::Failed);
    let parts = || {
        parts(
            SHARE_RETURN,
            number.as_str(),
            result.as_str(),
            Some(id.as_str()),
            amount,
        )
    };
    is_final.then(parts)
}

impl Queried for profit_sharing::SharingReturn {
    fn parts(&self) -> Option<Parts<'_>> {
        share_return(&self.out_return_no, &self.return_id, &self.result, self.amount)
    }
}

impl Queried for profit_sharing::ecommerce::SharingReturn {
    fn parts(&self) -> Option<Parts<'_>> {
        share_return(&self.out_return_no, &self.return_no, &self.result, self.amount)
    }
}

impl Queried for Withdrawal {
    fn parts(&self) -> Option<Parts<'_>> {
        let is_final = matches!(
            self.status,
            WithdrawStatus::Success | WithdrawStatus::Fail | WithdrawStatus::Refund | WithdrawStatus::Close
        );
        let (number, state) = (self.out_request_no.as_str(), self.status.as_str());
        let id = Some(self.withdraw_id.as_str());
        is_final.then(|| parts(WITHDRAWAL, number, state, id, Some(self.amount)))
    }
}

impl Queried for DayEndWithdrawal {
    /// Returns the parts of the event.
    ///
    /// The platform has no state for money that the bank returns after the end: the amount tells it.
    fn parts(&self) -> Option<Parts<'_>> {
        let returned = self.refund_amount.filter(|amount| *amount != Fen::ZERO);
        let (state, amount) = match (&self.status, returned) {
            (DayEndStatus::Finished, Some(returned)) => (WithdrawStatus::Refund.as_str(), returned),
            (DayEndStatus::Finished | DayEndStatus::Abnormal, _) => (self.status.as_str(), self.total_amount),
            _ => return None,
        };
        let (number, id) = (self.out_request_no.as_str(), self.withdraw_id.as_str());
        Some(parts(WITHDRAWAL, number, state, Some(id), Some(amount)))
    }
}

impl Queried for WithdrawalNotice {
    fn parts(&self) -> Option<Parts<'_>> {
        match self {
            Self::Amount(withdrawal) => withdrawal.parts(),
            Self::DayEnd(withdrawal) => withdrawal.parts(),
        }
    }
}
