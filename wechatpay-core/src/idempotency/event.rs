//! Business events: each is handled once, whichever way the shop learns of it.

use std::{borrow::Cow, fmt, time::Duration};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BeginRequest, EventKey, InvalidKey, Limits, StoreError};
use crate::{
    api::{
        combine::CombinedTransaction,
        refunds::{RefundStatus, RefundSummary},
        transactions::{TradeState, Transaction},
    },
    notify::{EventType, VerifiedNotification},
    types::{Fen, Mchid, TransactionId},
    verify::Verified,
};

/// Event that is handled once: its key, its facts and its source.
///
/// The key is merchant, kind, number and state: `payment/ORDER-1/SUCCESS` or `refund/R-1/SUCCESS`. A notification, the
/// same notification under another id, and a query of the same order are one event. A notification of any other kind is
/// an event of its own: `notification/` and its id.
///
/// The facts are the platform's number and the amount. An event that comes again with other facts is a
/// [contradiction](super::IdempotencyError::Contradiction), which an operator must look into.
///
/// | Kind | Number | States |
/// |---|---|---|
/// | `payment` | `out_trade_no` | `SUCCESS`, `REFUND`, `CLOSED`, `REVOKED`, `PAYERROR` |
/// | `combined` | `combine_out_trade_no` | `SUCCESS`, when every sub-order is paid |
/// | `refund` | `out_refund_no` | `SUCCESS`, `CLOSED`, `ABNORMAL` |
/// | `notification` | id of the notification | none |
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    key: EventKey,
    facts: Box<str>,
    event_type: Cow<'static, str>,
    source: Source,
}

/// Source from which a shop learns of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A verified notification.
    Notification {
        /// Id of the notification.
        id: Box<str>,
    },
    /// The verified response to a query.
    Query,
}

/// Kind, number, state and facts of an event.
struct Parts<'a> {
    kind: &'static str,
    number: Cow<'a, str>,
    state: Cow<'a, str>,
    facts: String,
}

impl Parts<'_> {
    fn key(&self, scope: &Mchid) -> Result<EventKey, InvalidKey> {
        let Self {
            kind, number, state, ..
        } = self;
        EventKey::new(scope.as_str(), &format!("{kind}/{number}/{state}"))
    }

    fn queried(self, scope: &Mchid, event_type: &'static str) -> Option<Event> {
        Some(Event {
            key: self.key(scope).ok()?,
            facts: self.facts.into(),
            event_type: Cow::Borrowed(event_type),
            source: Source::Query,
        })
    }
}

impl Event {
    /// Returns the event of a notification.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if id or resource cannot be read. A verified notification's have been checked.
    pub fn of(notification: &VerifiedNotification) -> Result<Self, StoreError> {
        let scope = notification.receiver();
        let known =
            Members::parts(notification).and_then(|parts| Some((parts.key(scope).ok()?, parts.facts)));
        let (key, facts) = match known {
            Some(known) => known,
            None => {
                let key = EventKey::new(scope.as_str(), &format!("notification/{}", notification.id()))?;
                let digest = notification.digest();
                let digest = digest.map_err(|_| StoreError::Corrupt("the resource is no JSON"))?;
                (key, digest.to_string())
            }
        };
        Ok(Self {
            key,
            facts: facts.into(),
            event_type: Cow::Owned(notification.event_type().as_str().to_owned()),
            source: Source::Notification {
                id: notification.id().into(),
            },
        })
    }

    /// Returns the event of a queried order; `None` while the order may still be paid.
    #[must_use]
    pub fn payment(transaction: &Verified<Transaction>) -> Option<Self> {
        let scope = transaction.sp_mchid.as_ref().or(transaction.mchid.as_ref())?;
        let state = &transaction.trade_state;
        let is_final = matches!(
            state,
            TradeState::Success
                | TradeState::Refund
                | TradeState::Closed
                | TradeState::Revoked
                | TradeState::PayError
        );
        let total = transaction.amount.as_ref().and_then(|amount| amount.total);
        let parts = Parts {
            kind: PAYMENT,
            number: transaction.out_trade_no.as_str().into(),
            state: state.as_str().into(),
            facts: facts(
                transaction.transaction_id.as_ref().map(TransactionId::as_str),
                total.map(Fen::get),
            ),
        };
        is_final
            .then(|| parts.queried(scope, "TRANSACTION.QUERY"))
            .flatten()
    }

    /// Returns the event of a queried combined order; `None` unless every sub-order is paid.
    #[must_use]
    pub fn combined(payment: &Verified<CombinedTransaction>) -> Option<Self> {
        let orders = &payment.sub_orders;
        if orders.is_empty()
            || orders
                .iter()
                .any(|order| order.trade_state != TradeState::Success)
        {
            return None;
        }
        let totals = orders.iter().map(|order| order.amount.as_ref()?.total_amount);
        let total: Option<i64> = totals.map(|total| Some(total?.get())).sum();
        let parts = Parts {
            kind: COMBINED,
            number: payment.combine_out_trade_no.as_str().into(),
            state: "SUCCESS".into(),
            facts: facts(None, total),
        };
        parts.queried(&payment.combine_mchid, "TRANSACTION.QUERY")
    }

    /// Returns the event of a queried refund; `None` while it is in progress.
    ///
    /// `merchant` is the one that asked: the service provider in partner mode.
    #[must_use]
    pub fn refund<R>(merchant: &Mchid, refund: &Verified<R>) -> Option<Self>
    where
        for<'r> RefundSummary: From<&'r R>,
    {
        let refund = RefundSummary::from(&**refund);
        let status = &refund.status;
        let is_final = matches!(
            status,
            RefundStatus::Success | RefundStatus::Closed | RefundStatus::Abnormal
        );
        let parts = Parts {
            kind: REFUND,
            number: refund.out_refund_no.as_str().into(),
            state: status.as_str().into(),
            facts: facts(Some(refund.refund_id.as_str()), Some(refund.refund.get())),
        };
        is_final
            .then(|| parts.queried(merchant, "REFUND.QUERY"))
            .flatten()
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &EventKey {
        &self.key
    }

    /// Returns the facts, in visible ASCII and without data of the payer.
    #[must_use]
    pub fn facts(&self) -> &str {
        &self.facts
    }

    /// Returns the kind of event for operators: that of the notification, or the query.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Returns the source.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

impl BeginRequest {
    /// Creates a request for the lease of this event, with the retention of `limits`.
    #[must_use]
    pub fn of(event: &Event, lease: Duration, limits: &Limits) -> Self {
        let mut request = Self::new(event.key().clone(), event.facts(), event.event_type(), lease);
        if let Source::Notification { id } = event.source() {
            request.notification_id = Some(id.clone());
        }
        request.retention(limits.get_retention())
    }
}

impl TryFrom<&VerifiedNotification> for Event {
    type Error = StoreError;

    fn try_from(notification: &VerifiedNotification) -> Result<Self, StoreError> {
        Self::of(notification)
    }
}

impl From<&Self> for Event {
    fn from(event: &Self) -> Self {
        event.clone()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("key", &self.key)
            .field("event_type", &self.event_type)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

const PAYMENT: &str = "payment";
const COMBINED: &str = "combined";
const REFUND: &str = "refund";

fn facts(number: Option<&str>, amount: Option<i64>) -> String {
    let number = number.unwrap_or("-");
    match amount {
        Some(amount) => format!("{number}:{amount}"),
        None => format!("{number}:-"),
    }
}

/// Members of a resource that identify an event, whatever its other members are.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    sp_mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    sub_mchid: Option<&'a RawValue>,
    #[serde(borrow)]
    individual_auth_id: Option<&'a RawValue>,
    #[serde(borrow)]
    out_trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction_id: Option<&'a RawValue>,
    #[serde(borrow)]
    trade_state: Option<&'a RawValue>,
    #[serde(borrow)]
    combine_out_trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    sub_orders: Option<&'a RawValue>,
    #[serde(borrow)]
    out_refund_no: Option<&'a RawValue>,
    #[serde(borrow)]
    refund_id: Option<&'a RawValue>,
    #[serde(borrow)]
    refund_status: Option<&'a RawValue>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Amount {
    total: Option<i64>,
    refund: Option<i64>,
}

#[derive(Deserialize)]
struct SubOrder {
    trade_state: TradeState,
    amount: SubAmount,
}

#[derive(Deserialize)]
struct SubAmount {
    total_amount: i64,
}

impl<'a> Members<'a> {
    /// Reads the parts of a payment or a refund.
    ///
    /// `None` for other kinds, and for a resource that a reader of its type would reject: it must not stand in the way of
    /// a sound one.
    fn parts(notification: &'a VerifiedNotification) -> Option<Parts<'a>> {
        let original = notification.original_type();
        let is = |wanted: &str| original.is_none_or(|original| original == wanted);
        match notification.event_type() {
            EventType::TransactionSuccess if is("transaction") => {
                let members = Self::read(notification)?;
                if notification.is_combined() {
                    members.combined()
                } else if members.is_of_one_mode() {
                    members.payment()
                } else {
                    None
                }
            }
            EventType::RefundSuccess | EventType::RefundAbnormal | EventType::RefundClosed
                if is("refund") =>
            {
                let members = Self::read(notification)?;
                members.is_of_one_mode().then(|| members.refund()).flatten()
            }
            _ => None,
        }
    }

    fn read(notification: &'a VerifiedNotification) -> Option<Self> {
        serde_json::from_str(notification.plaintext()).ok()
    }

    /// Returns `true` if either a merchant, or a service provider with a payee, is named.
    fn is_of_one_mode(&self) -> bool {
        let payee = text(self.sub_mchid).or(text(self.individual_auth_id));
        match (text(self.sp_mchid), text(self.mchid)) {
            (Some(_), None) => payee.is_some(),
            (None, Some(_)) => true,
            _ => false,
        }
    }

    fn payment(&self) -> Option<Parts<'a>> {
        let amount = parse::<Amount>(self.amount)?;
        Some(Parts {
            kind: PAYMENT,
            number: text(self.out_trade_no)?,
            state: text(self.trade_state)?,
            facts: facts(Some(&text(self.transaction_id)?), Some(amount.total?)),
        })
    }

    fn combined(&self) -> Option<Parts<'a>> {
        let orders: Vec<SubOrder> = parse(self.sub_orders)?;
        if orders
            .iter()
            .any(|order| order.trade_state != TradeState::Success)
        {
            return None;
        }
        let total = orders.iter().map(|order| order.amount.total_amount).sum();
        Some(Parts {
            kind: COMBINED,
            number: text(self.combine_out_trade_no)?,
            state: "SUCCESS".into(),
            facts: facts(None, Some(total)),
        })
    }

    fn refund(&self) -> Option<Parts<'a>> {
        let amount = parse::<Amount>(self.amount)?;
        Some(Parts {
            kind: REFUND,
            number: text(self.out_refund_no)?,
            state: text(self.refund_status)?,
            facts: facts(Some(&text(self.refund_id)?), Some(amount.refund?)),
        })
    }
}

fn parse<T: for<'de> Deserialize<'de>>(value: Option<&RawValue>) -> Option<T> {
    serde_json::from_str(value?.get()).ok()
}

/// Returns a string member without its quotes, unless it is empty.
fn text(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let json = value?.get();
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if inside.is_empty() {
        return None;
    }
    if inside.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inside))
}
