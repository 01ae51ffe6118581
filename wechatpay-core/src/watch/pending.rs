//! Orders and refunds whose end is not known yet.

use std::{fmt, time::Duration};

use crate::types::{Mchid, OutRefundNo, OutTradeNo};

/// Kinds of what is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PendingKind {
    /// An order: `out_trade_no`.
    Order,
    /// A refund: `out_refund_no`.
    Refund,
    /// A refund of e-commerce: `out_refund_no`.
    EcommerceRefund,
}

impl PendingKind {
    const ALL: [Self; 3] = [Self::Order, Self::Refund, Self::EcommerceRefund];

    /// Returns the name, as stores write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Refund => "refund",
            Self::EcommerceRefund => "ecommerce-refund",
        }
    }

    /// Returns the kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Returns `true` for refunds of either family.
    #[must_use]
    pub const fn is_refund(self) -> bool {
        matches!(self, Self::Refund | Self::EcommerceRefund)
    }
}

/// Key of a watched order or refund: merchant, kind and number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PendingKey {
    scope: Mchid,
    kind: PendingKind,
    number: Box<str>,
}

impl PendingKey {
    /// Creates the key of an order.
    ///
    /// `merchant` is the one that calls: the service provider in partner mode.
    #[must_use]
    pub fn order(merchant: Mchid, out_trade_no: &OutTradeNo) -> Self {
        Self::new(merchant, PendingKind::Order, out_trade_no.as_str())
    }

    /// Creates the key of a refund. `merchant` is the one that calls.
    #[must_use]
    pub fn refund(merchant: Mchid, out_refund_no: &OutRefundNo) -> Self {
        Self::new(merchant, PendingKind::Refund, out_refund_no.as_str())
    }

    /// Creates the key of an e-commerce refund. `merchant` is the service provider.
    #[must_use]
    pub fn ecommerce_refund(merchant: Mchid, out_refund_no: &OutRefundNo) -> Self {
        Self::new(merchant, PendingKind::EcommerceRefund, out_refund_no.as_str())
    }

    /// Creates a key from the columns of a store.
    #[must_use]
    pub fn new(scope: Mchid, kind: PendingKind, number: &str) -> Self {
        Self {
            scope,
            kind,
            number: number.into(),
        }
    }

    /// Returns the merchant that calls.
    #[must_use]
    pub fn scope(&self) -> &Mchid {
        &self.scope
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> PendingKind {
        self.kind
    }

    /// Returns the merchant's number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Display for PendingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.scope, self.kind.as_str(), self.number)
    }
}

impl fmt::Debug for PendingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingKey({self})")
    }
}

/// An order or a refund to be watched.
///
/// Register it before the platform learns of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Key of the order or refund.
    pub key: PendingKey,
    /// Sub-merchant that is paid, in partner mode.
    pub sub_mchid: Option<Mchid>,
    /// Time in which an order can be paid, or a refund is expected to end.
    pub lifetime: Duration,
}

impl Pending {
    /// Time in which an order can be paid, unless it has a `time_expire`: seven days.
    pub const ORDER_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);
    /// Time after which a refund that has not ended needs a look: seven days.
    pub const REFUND_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

    /// Creates an order of the calling merchant.
    #[must_use]
    pub fn order(mchid: Mchid, out_trade_no: &OutTradeNo) -> Self {
        Self {
            key: PendingKey::order(mchid, out_trade_no),
            sub_mchid: None,
            lifetime: Self::ORDER_LIFETIME,
        }
    }

    /// Creates an order that a service provider placed for a sub-merchant.
    #[must_use]
    pub fn partner_order(sp_mchid: Mchid, sub_mchid: Mchid, out_trade_no: &OutTradeNo) -> Self {
        Self {
            sub_mchid: Some(sub_mchid),
            ..Self::order(sp_mchid, out_trade_no)
        }
    }

    /// Creates a refund of the calling merchant; `sub_mchid` is required for a service provider.
    #[must_use]
    pub fn refund(mchid: Mchid, sub_mchid: Option<Mchid>, out_refund_no: &OutRefundNo) -> Self {
        Self {
            key: PendingKey::refund(mchid, out_refund_no),
            sub_mchid,
            lifetime: Self::REFUND_LIFETIME,
        }
    }

    /// Creates an e-commerce refund of a sub-merchant's order.
    #[must_use]
    pub fn ecommerce_refund(sp_mchid: Mchid, sub_mchid: Mchid, out_refund_no: &OutRefundNo) -> Self {
        Self {
            key: PendingKey::ecommerce_refund(sp_mchid, out_refund_no),
            sub_mchid: Some(sub_mchid),
            lifetime: Self::REFUND_LIFETIME,
        }
    }

    /// Creates an entry from the columns of a store.
    #[must_use]
    pub fn of(key: PendingKey, sub_mchid: Option<Mchid>, lifetime: Duration) -> Self {
        Self {
            key,
            sub_mchid,
            lifetime,
        }
    }

    /// Sets the time until the order's `time_expire`.
    ///
    /// It is then closed, but not before five minutes.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }
}
