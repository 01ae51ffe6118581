//! An order and its state transitions, without I/O or a clock.
//!
//! ```text
//! NOTPAY ──a confirmed payment──▶ SUCCESS ──a refund was accepted──▶ REFUND
//!    └───────closed──────▶ CLOSED ──a confirmed payment──▶ SUCCESS
//! ```
//!
//! Money that arrived is never turned away: a confirmed payment also opens an order that was closed a moment before.

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    idempotency::{Fence, Source},
    notify::{Confirmed, Expectation, Payee},
    types::{Appid, Currency, DateTime, Fen, Mchid, OutTradeNo, TransactionId},
};

use crate::refund::Refund;

/// Payment scenes of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scene {
    /// In a page inside WeChat.
    Jsapi,
    /// In an app.
    App,
    /// In a mobile browser outside WeChat.
    H5,
    /// By scanning a code.
    Native,
}

impl Scene {
    /// All of them, in the order in which the page shows them.
    pub const ALL: [Self; 4] = [Self::H5, Self::Jsapi, Self::App, Self::Native];

    /// The name in the HTTP interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi",
            Self::App => "app",
            Self::H5 => "h5",
            Self::Native => "native",
        }
    }

    /// The scene of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.as_str() == name)
    }
}

/// State of an order, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// Not paid.
    #[serde(rename = "NOTPAY")]
    NotPay,
    /// Paid.
    #[serde(rename = "SUCCESS")]
    Success,
    /// Paid, and a refund was accepted, in part or in full.
    #[serde(rename = "REFUND")]
    Refund,
    /// Closed without a payment.
    #[serde(rename = "CLOSED")]
    Closed,
}

impl LearnedFrom {
    /// The name in the HTTP interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Query => "query",
        }
    }
}

impl From<&Source> for LearnedFrom {
    fn from(source: &Source) -> Self {
        match source {
            Source::Notification { .. } => Self::Notification,
            _ => Self::Query,
        }
    }
}

impl OrderStatus {
    /// The platform's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotPay => "NOTPAY",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::Closed => "CLOSED",
        }
    }
}

/// The payee of an order.
///
/// Kept with the order, because the settings may change while it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidTo {
    /// The platform's app.
    pub sp_appid: Appid,
    /// The platform.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Sources of a payment, both signed by the platform and checked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LearnedFrom {
    /// A notification.
    Notification,
    /// The response to a query.
    Query,
}

/// A payment that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The platform's number of it.
    pub transaction_id: TransactionId,
    /// When the buyer paid, by the platform's account.
    pub success_time: Option<DateTime>,
    /// Source of the news.
    pub learned_from: LearnedFrom,
    /// When it did.
    pub learned_at: DateTime,
}

/// An event handled for an order, with the fence of its lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The event: kind, number and state.
    pub event: String,
    /// Fence of the lease. The handler with the lower fence has lost.
    ///
    /// It counts between two handlers of one event.
    pub fence: u64,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The shop's number of it.
    pub out_trade_no: OutTradeNo,
    /// Scene of the payment.
    pub scene: Scene,
    /// Description of the goods.
    pub description: String,
    /// Price.
    pub total: Fen,
    /// Who is paid.
    pub paid_to: PaidTo,
    /// Its state.
    pub status: OrderStatus,
    /// When it was made.
    pub created_at: DateTime,
    /// Its payment.
    pub payment: Option<Payment>,
    /// Number of times the goods were delivered, never more than one.
    pub fulfilled: u32,
    /// Its refunds, the oldest first.
    pub refunds: Vec<Refund>,
    /// Handled events, the oldest first.
    ///
    /// An event appears again, with a higher fence, if its handler did the work and was killed before it could record
    /// that.
    #[serde(default)]
    pub heard: Vec<Heard>,
}

/// Effect of a confirmed payment on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// The goods were delivered now.
    HandedOver,
    /// All money was given back before this payment became known, so the goods stay.
    RefundedBefore,
    /// This payment was known already; nothing changed.
    Known,
}

/// A second payment for a paid order. It has to be refunded by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the order was paid already by another payment")]
pub struct PaidTwice;

/// A handler whose event has a newer lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("somebody else is handling the event by now")]
pub struct Overtaken;

impl Order {
    /// A new order.
    #[must_use]
    pub fn new(
        out_trade_no: OutTradeNo,
        scene: Scene,
        description: String,
        total: Fen,
        paid_to: PaidTo,
        created_at: DateTime,
    ) -> Self {
        Self {
            out_trade_no,
            scene,
            description,
            total,
            paid_to,
            status: OrderStatus::NotPay,
            created_at,
            payment: None,
            fulfilled: 0,
            refunds: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Records an event before its changes.
    ///
    /// # Errors
    /// When another handler of the same event was here under a later lease: this one was stopped for so long that
    /// its lease ended, and does not know it yet.
    pub fn hear(&mut self, event: &str, fence: Fence) -> Result<(), Overtaken> {
        let fence = fence.get();
        let mut before = self.heard.iter().filter(|heard| heard.event == event);
        if before.any(|heard| heard.fence > fence) {
            return Err(Overtaken);
        }
        self.heard.push(Heard {
            event: event.to_owned(),
            fence,
        });
        Ok(())
    }

    /// The expected payment of this order.
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        let PaidTo {
            sp_appid,
            sp_mchid,
            sub_mchid,
        } = self.paid_to.clone();
        Expectation::new(
            self.out_trade_no.clone(),
            Payee::Partner {
                sp_appid,
                sp_mchid,
                sub_mchid,
            },
            self.total,
            Currency::Cny,
        )
    }

    /// Takes a payment and hands the goods over, once.
    ///
    /// It asks for [`Confirmed`], which only a verified payment that fits the order can become: there is no other way to
    /// the goods. A shop with a warehouse puts the parcel into its outbox here: it is stored together with the state, so
    /// either both happen or neither.
    ///
    /// # Errors
    /// When another payment was first.
    pub fn fulfil(
        &mut self,
        confirmed: &Confirmed,
        learned_from: LearnedFrom,
        learned_at: DateTime,
    ) -> Result<Paid, PaidTwice> {
        if let Some(payment) = &self.payment {
            return if payment.transaction_id == *confirmed.transaction_id() {
                Ok(Paid::Known)
            } else {
                Err(PaidTwice)
            };
        }
        self.payment = Some(Payment {
            transaction_id: confirmed.transaction_id().clone(),
            success_time: confirmed.success_time,
            learned_from,
            learned_at,
        });
        if self.status != OrderStatus::Refund {
            self.status = OrderStatus::Success;
        }
        if self.refundable() == Fen::ZERO {
            return Ok(Paid::RefundedBefore);
        }
        self.fulfilled = self.fulfilled.saturating_add(1);
        Ok(Paid::HandedOver)
    }

    /// Closes an unpaid order; any other stays as it is.
    pub fn close(&mut self) {
        if self.status == OrderStatus::NotPay {
            self.status = OrderStatus::Closed;
        }
    }

    /// Notes that the platform knows of a refund.
    pub(crate) fn refund_known(&mut self) {
        self.status = OrderStatus::Refund;
    }

    /// Amount of the refunds that the platform has accepted.
    #[must_use]
    pub fn refunded(&self) -> Fen {
        self.refunds
            .iter()
            .filter(|refund| refund.is_accepted())
            .try_fold(Fen::ZERO, |sum, refund| sum.checked_add(refund.amount))
            .unwrap_or(self.total)
    }

    /// Amount that can still be refunded: total less completed and pending refunds.
    #[must_use]
    pub fn refundable(&self) -> Fen {
        self.refunds
            .iter()
            .filter(|refund| refund.counts())
            .try_fold(self.total, |left, refund| left.checked_sub(refund.amount))
            .unwrap_or(Fen::ZERO)
    }
}
