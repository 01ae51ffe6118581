//! News of an order or a refund, whichever source they come from.

use std::fmt;

use super::{End, PendingKey, PendingKind};
use crate::{
    api::{
        combine::CombinedTransaction,
        refunds::{self, RefundNotice, RefundStatus},
        transactions::{TradeState, Transaction},
    },
    idempotency::{Event, StoreError},
    notify::{AnyNotification, AnyResource, Notification},
    types::{Fen, Mchid, OutRefundNo, OutTradeNo, RefundId, TransactionId},
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
    Refund(RefundNews),
}

/// End of a refund, with the members that notifications and queries have in common.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundNews {
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// State of the refund.
    pub status: RefundStatus,
    /// Refunded amount.
    pub refund: Fen,
    /// Sub-merchant of the order, in a notification of partner mode.
    pub sub_mchid: Option<Mchid>,
    /// Total of the order, in a notification.
    pub total: Option<Fen>,
}

impl fmt::Debug for RefundNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefundNews")
            .field("out_refund_no", &self.out_refund_no)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl From<&RefundNotice> for RefundNews {
    fn from(notice: &RefundNotice) -> Self {
        Self {
            out_trade_no: notice.out_trade_no.clone(),
            transaction_id: notice.transaction_id.clone(),
            out_refund_no: notice.out_refund_no.clone(),
            refund_id: notice.refund_id.clone(),
            status: notice.refund_status.clone(),
            refund: notice.amount.refund,
            sub_mchid: notice.sub_mchid.clone(),
            total: Some(notice.amount.total),
        }
    }
}

impl From<&refunds::Refund> for RefundNews {
    fn from(refund: &refunds::Refund) -> Self {
        Self {
            out_trade_no: refund.out_trade_no.clone(),
            transaction_id: refund.transaction_id.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            refund_id: refund.refund_id.clone(),
            status: refund.status.clone(),
            refund: refund.amount.refund,
            sub_mchid: None,
            total: None,
        }
    }
}

impl From<&refunds::ecommerce::Refund> for RefundNews {
    fn from(refund: &refunds::ecommerce::Refund) -> Self {
        Self {
            out_trade_no: refund.out_trade_no.clone(),
            transaction_id: refund.transaction_id.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            refund_id: refund.refund_id.clone(),
            status: refund.status.clone(),
            refund: refund.amount.refund,
            sub_mchid: None,
            total: None,
        }
    }
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

    /// Returns the news of a queried refund of `merchant`; `None` while it is in progress.
    #[must_use]
    pub fn refund(merchant: &Mchid, refund: &Verified<refunds::Refund>) -> Option<Self> {
        Some(Self {
            event: Event::refund(merchant, refund)?,
            subject: Subject::Refund((&**refund).into()),
        })
    }

    /// Returns the news of a queried e-commerce refund; `None` while it is in progress.
    ///
    /// `merchant` is the service provider.
    #[must_use]
    pub fn ecommerce_refund(merchant: &Mchid, refund: &Verified<refunds::ecommerce::Refund>) -> Option<Self> {
        Some(Self {
            event: Event::ecommerce_refund(merchant, refund)?,
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
