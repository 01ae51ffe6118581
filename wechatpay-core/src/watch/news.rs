//! News of an order or a refund, whichever source they come from.

use super::{End, PendingKey, PendingKind};
use crate::{
    api::{
        combine::CombinedTransaction,
        refunds::{RefundStatus, RefundSummary},
        transactions::{TradeState, Transaction},
    },
    idempotency::{Event, StoreError},
    notify::{AnyNotification, AnyResource, Notification},
    types::Mchid,
    verify::Verified,
};

/// Verified news of an order or a refund, from a notification or a query.
///
/// One handler takes them all. The [`event`](Self::event) is the key under which it runs once.
#[derive(Clone, Debug)]
pub struct News {
    event: Event,
    subject: Subject,
}

/// Content of news.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Subject {
    /// An order is paid, closed, or otherwise at its end.
    Payment(Box<Verified<Transaction>>),
    /// A combined order is paid.
    Combined(Box<Verified<CombinedTransaction>>),
    /// A refund is at its end.
    Refund(RefundSummary),
}

impl News {
    /// Returns the news of a notification, or the notification if it is of another kind.
    ///
    /// # Errors
    /// Returns the notification if it tells neither of a payment nor of a refund.
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
            AnyNotification::Combined(payment) => Subject::Combined(Box::new(payment.into_verified())),
            AnyNotification::Refund(notice) => Subject::Refund(notice.resource().into()),
            other => return Err(Box::new(other)),
        };
        Ok(Self { event, subject })
    }

    /// Returns the news of a queried order; `None` while it may still be paid.
    #[must_use]
    pub fn payment(transaction: Verified<Transaction>) -> Option<Self> {
        Some(Self {
            event: Event::payment(&transaction)?,
            subject: Subject::Payment(Box::new(transaction)),
        })
    }

    /// Returns the news of a queried refund; `None` while it is in progress.
    ///
    /// `merchant` is the one that asked: the service provider in partner mode.
    #[must_use]
    pub fn refund<R>(merchant: &Mchid, refund: &Verified<R>) -> Option<Self>
    where
        for<'r> RefundSummary: From<&'r R>,
    {
        Some(Self {
            event: Event::refund(merchant, refund)?,
            subject: Subject::Refund((&**refund).into()),
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
            Subject::Combined(_) => End::Paid,
            Subject::Refund(refund) => match refund.status {
                RefundStatus::Success => End::Refunded,
                RefundStatus::Closed => End::Closed,
                _ => End::NeedsLook,
            },
        }
    }

    /// Returns the keys under which the order or refund may be watched.
    #[must_use]
    pub fn watched_as(&self) -> Vec<PendingKey> {
        let Ok(merchant) = self.event.key().scope().parse::<Mchid>() else {
            return Vec::new();
        };
        let key = |kind, number: &str| PendingKey::new(merchant.clone(), kind, number);
        match &self.subject {
            Subject::Payment(payment) => vec![key(PendingKind::Order, payment.out_trade_no.as_str())],
            Subject::Combined(_) => Vec::new(),
            Subject::Refund(refund) => [PendingKind::Refund, PendingKind::EcommerceRefund]
                .map(|kind| key(kind, refund.out_refund_no.as_str()))
                .into(),
        }
    }
}
