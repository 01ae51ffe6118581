//! News of whatever is watched, from any source.

use super::{End, PendingKey, PendingKind};
#[cfg(feature = "ecommerce-transfers")]
use crate::api::ecommerce_transfers;
#[cfg(feature = "transfers")]
use crate::api::transfers::{Transfer, TransferNotice, TransferState};
use crate::{
    api::{
        combine::{CombinedState, CombinedTransaction},
        funds::{DayEndStatus, DayEndWithdrawal, WithdrawStatus, Withdrawal, WithdrawalNotice},
        profit_sharing::{self, ReturnResult, SharingStatus},
        refunds::{self, RefundStatus, RefundSummary},
        transactions::{TradeState, Transaction},
    },
    idempotency::{Event, Queried, StoreError},
    notify::{AnyNotification, AnyResource, Notification},
    types::{Fen, Mchid},
    verify::Verified,
};

/// Verified news that something is at its end, from a notification or a query.
///
/// One handler takes them all. The [`event`](Self::event) is the key under which it runs once.
#[derive(Clone, Debug)]
pub struct News {
    event: Event,
    subject: Subject,
}

/// Content of news.
///
/// The end may be a failure: look at the state, and at each receiver of a share.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Subject {
    /// An order is paid, closed, or otherwise at its end.
    Payment(Box<Verified<Transaction>>),
    /// A combined order is paid, closed, or otherwise at its end: [`CombinedTransaction::state`].
    Combined(Box<Verified<CombinedTransaction>>),
    /// A refund is at its end.
    Refund(RefundSummary),
    /// A share was executed: [`unpaid`](profit_sharing::SharingOrder::unpaid) names the receivers that got nothing.
    Share(Box<Verified<profit_sharing::SharingOrder>>),
    /// A share of e-commerce was executed.
    EcommerceShare(Box<Verified<profit_sharing::ecommerce::SharingOrder>>),
    /// The return of a share succeeded or failed.
    ShareReturn(Box<Verified<profit_sharing::SharingReturn>>),
    /// The return of a share of e-commerce succeeded or failed.
    EcommerceShareReturn(Box<Verified<profit_sharing::ecommerce::SharingReturn>>),
    /// A withdrawal succeeded, failed, or was returned by the bank.
    Withdrawal(Box<WithdrawalNotice>),
    /// A transfer to a user succeeded, failed or was cancelled (feature `transfers`).
    #[cfg(feature = "transfers")]
    Transfer(Box<TransferNotice>),
}

impl News {
    /// Returns the news of a notification, or the notification if it is of another kind.
    ///
    /// # Errors
    /// Returns the notification if it tells of no end of a payment, a refund, a withdrawal or a transfer.
    pub fn of(notification: impl Into<Notification<AnyResource>>) -> Result<Self, Box<AnyNotification>> {
        let notification = notification.into();
        let event = Event::of(notification.notification());
        Self::of_kind(event, notification.by_kind())
    }

    fn of_kind(
        event: Result<Event, StoreError>,
        notification: AnyNotification,
    ) -> Result<Self, Box<AnyNotification>> {
        let Ok(event) = event else {
            return Err(Box::new(notification));
        };
        let subject = match notification {
            AnyNotification::Transaction(payment) => Subject::Payment(Box::new(payment.into_verified())),
            AnyNotification::Combined(payment) if payment.state() != CombinedState::Open => {
                Subject::Combined(Box::new(payment.into_verified()))
            }
            AnyNotification::Refund(notice) => Subject::Refund(notice.resource().into()),
            AnyNotification::Withdrawal(notice) if notice.parts().is_some() => {
                Subject::Withdrawal(Box::new(notice.into_inner()))
            }
            #[cfg(feature = "transfers")]
            AnyNotification::Transfer(notice) if notice.parts().is_some() => {
                Subject::Transfer(Box::new(notice.into_inner()))
            }
            other => return Err(Box::new(other)),
        };
        Ok(Self { event, subject })
    }

    /// Returns the news of the response to a query; `None` while it may still change.
    ///
    /// `merchant` is the one that asked: the service provider in partner mode.
    #[must_use]
    pub fn queried<R: Queried>(merchant: &Mchid, response: Verified<R>) -> Option<Self>
    where
        Subject: From<Verified<R>>,
    {
        Some(Self {
            event: Event::queried(merchant, &response)?,
            subject: response.into(),
        })
    }

    /// Returns the event, the key under which a handler runs once.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Returns the content.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Returns the content alone.
    #[must_use]
    pub fn into_subject(self) -> Subject {
        self.subject
    }

    /// Returns the end that these news are for a watch.
    #[must_use]
    pub fn end(&self) -> End {
        match &self.subject {
            Subject::Payment(payment) => match payment.trade_state {
                TradeState::Success => End::Paid,
                TradeState::Refund => End::Refunded,
                TradeState::Closed | TradeState::Revoked | TradeState::PayError => End::Closed,
                _ => End::NeedsLook,
            },
            Subject::Combined(payment) => match payment.state() {
                CombinedState::Paid => End::Paid,
                CombinedState::Refunded => End::Refunded,
                CombinedState::Closed => End::Closed,
                CombinedState::Mixed | CombinedState::Open => End::NeedsLook,
            },
            Subject::Refund(refund) => match refund.status {
                RefundStatus::Success => End::Refunded,
                RefundStatus::Closed => End::Closed,
                _ => End::NeedsLook,
            },
            Subject::Share(share) => shared(Some(&share.state), share.unpaid().next().is_none()),
            Subject::EcommerceShare(share) => shared(share.status.as_ref(), share.unpaid().next().is_none()),
            Subject::ShareReturn(returned) => finished(returned.result == ReturnResult::Success),
            Subject::EcommerceShareReturn(returned) => finished(returned.result == ReturnResult::Success),
            Subject::Withdrawal(notice) => withdrawn(notice),
            #[cfg(feature = "transfers")]
            Subject::Transfer(notice) => match notice.state {
                TransferState::Success => End::Finished,
                TransferState::Fail => End::Failed,
                TransferState::Cancelled => End::Closed,
                _ => End::NeedsLook,
            },
        }
    }

    /// Returns the keys under which this may be watched.
    #[must_use]
    pub fn watched_as(&self) -> Vec<PendingKey> {
        let Ok(merchant) = self.event.key().scope().parse::<Mchid>() else {
            return Vec::new();
        };
        let (kinds, number): (&[PendingKind], &str) = match &self.subject {
            Subject::Payment(payment) => (&[PendingKind::Order], payment.out_trade_no.as_str()),
            Subject::Combined(payment) => (&[PendingKind::Combined], payment.combine_out_trade_no.as_str()),
            Subject::Refund(refund) => (
                &[PendingKind::Refund, PendingKind::EcommerceRefund],
                refund.out_refund_no.as_str(),
            ),
            Subject::Share(share) => (&[PendingKind::Share], share.out_order_no.as_str()),
            Subject::EcommerceShare(share) => (&[PendingKind::EcommerceShare], share.out_order_no.as_str()),
            Subject::ShareReturn(returned) => (&[PendingKind::ShareReturn], returned.out_return_no.as_str()),
            Subject::EcommerceShareReturn(returned) => (
                &[PendingKind::EcommerceShareReturn],
                returned.out_return_no.as_str(),
            ),
            Subject::Withdrawal(notice) => (
                match **notice {
                    WithdrawalNotice::Amount(_) => &[PendingKind::Withdrawal],
                    WithdrawalNotice::DayEnd(_) => &[PendingKind::DayEndWithdrawal],
                },
                notice.out_request_no().as_str(),
            ),
            #[cfg(feature = "transfers")]
            Subject::Transfer(notice) => (
                &[PendingKind::Transfer, PendingKind::EcommerceTransfer],
                notice.out_bill_no.as_str(),
            ),
        };
        let key = |kind: &PendingKind| PendingKey::new(merchant.clone(), *kind, number);
        kinds.iter().map(key).collect()
    }
}

fn finished(succeeded: bool) -> End {
    if succeeded { End::Finished } else { End::Failed }
}

/// Returns the end of a share, which is executed even if no receiver was paid.
fn shared(status: Option<&SharingStatus>, all_paid: bool) -> End {
    let executed = matches!(
        status,
        Some(SharingStatus::Finished | SharingStatus::Success | SharingStatus::Returned)
    );
    finished(executed && all_paid)
}

fn withdrawn(notice: &WithdrawalNotice) -> End {
    match notice {
        WithdrawalNotice::Amount(withdrawal) => match withdrawal.status {
            WithdrawStatus::Success => End::Finished,
            WithdrawStatus::Fail => End::Failed,
            WithdrawStatus::Refund => End::Refunded,
            WithdrawStatus::Close => End::Closed,
            _ => End::NeedsLook,
        },
        WithdrawalNotice::DayEnd(withdrawal) => {
            let some = |amount: Option<Fen>| amount.is_some_and(|amount| amount != Fen::ZERO);
            match withdrawal.status {
                _ if some(withdrawal.refund_amount) => End::Refunded,
                DayEndStatus::Finished => finished(!some(withdrawal.fail_amount)),
                _ => End::Failed,
            }
        }
    }
}

/// Implements the conversion of responses that are content as they are.
macro_rules! contents {
    ($($response:ty => $subject:ident,)+) => {
        $(impl From<Verified<$response>> for Subject {
            fn from(response: Verified<$response>) -> Self {
                Self::$subject(Box::new(response))
            }
        })+
    };
}

contents! {
    Transaction => Payment,
    CombinedTransaction => Combined,
    profit_sharing::SharingOrder => Share,
    profit_sharing::ecommerce::SharingOrder => EcommerceShare,
    profit_sharing::SharingReturn => ShareReturn,
    profit_sharing::ecommerce::SharingReturn => EcommerceShareReturn,
}

impl From<Verified<refunds::Refund>> for Subject {
    fn from(refund: Verified<refunds::Refund>) -> Self {
        Self::Refund((&*refund).into())
    }
}

impl From<Verified<refunds::ecommerce::Refund>> for Subject {
    fn from(refund: Verified<refunds::ecommerce::Refund>) -> Self {
        Self::Refund((&*refund).into())
    }
}

impl From<Verified<Withdrawal>> for Subject {
    fn from(withdrawal: Verified<Withdrawal>) -> Self {
        Self::Withdrawal(Box::new(WithdrawalNotice::Amount(withdrawal.into_inner())))
    }
}

impl From<Verified<DayEndWithdrawal>> for Subject {
    fn from(withdrawal: Verified<DayEndWithdrawal>) -> Self {
        Self::Withdrawal(Box::new(WithdrawalNotice::DayEnd(withdrawal.into_inner())))
    }
}

#[cfg(feature = "transfers")]
impl From<Verified<Transfer>> for Subject {
    fn from(transfer: Verified<Transfer>) -> Self {
        Self::Transfer(Box::new(transfer.into_inner().into()))
    }
}

#[cfg(feature = "ecommerce-transfers")]
impl From<Verified<ecommerce_transfers::Transfer>> for Subject {
    fn from(transfer: Verified<ecommerce_transfers::Transfer>) -> Self {
        Self::Transfer(Box::new(transfer.into_inner().into()))
    }
}
