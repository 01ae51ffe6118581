//! Orders, refunds, shares, withdrawals and transfers whose end is not known yet.

use std::{fmt, time::Duration};

#[cfg(feature = "transfers")]
use crate::api::transfers::OutBillNo;
use crate::types::{
    CombineOutTradeNo, Mchid, OutOrderNo, OutRefundNo, OutReturnNo, OutTradeNo, TransactionId,
    WithdrawRequestNo,
};

/// Lists the kinds once: the enum and the names that stores write.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $name:literal,)+) => {
        /// Kinds of what is watched.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum PendingKind {
            $($(#[$doc])+ $kind,)+
        }

        impl PendingKind {
            /// All of them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// Returns the name, as stores write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// An order: `out_trade_no`.
    Order = "order",
    /// A combined order: `combine_out_trade_no`.
    Combined = "combined",
    /// A refund: `out_refund_no`.
    Refund = "refund",
    /// A refund of e-commerce: `out_refund_no`.
    EcommerceRefund = "ecommerce-refund",
    /// A share, or the release of the rest: `out_order_no`.
    Share = "share",
    /// A share of e-commerce, or the call that ends sharing: `out_order_no`.
    EcommerceShare = "ecommerce-share",
    /// The return of a share: `out_return_no`.
    ShareReturn = "share-return",
    /// The return of a share of e-commerce: `out_return_no`.
    EcommerceShareReturn = "ecommerce-share-return",
    /// A withdrawal of the caller or a sub-merchant: `out_request_no`.
    Withdrawal = "withdrawal",
    /// A withdrawal of a sub-merchant's balance of the previous day: `out_request_no`.
    DayEndWithdrawal = "day-end-withdrawal",
    /// A transfer to a user: `out_bill_no`. Queried with the feature `transfers`.
    Transfer = "transfer",
    /// A transfer of a sub-merchant to a user: `out_bill_no`. Queried with the feature `ecommerce-transfers`.
    EcommerceTransfer = "ecommerce-transfer",
}

impl PendingKind {
    /// Returns the kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Returns `true` for orders, which are closed when their time is over.
    ///
    /// Everything else ends by itself, or needs a look when its time is over.
    #[must_use]
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Order | Self::Combined)
    }
}

/// Key of what is watched: merchant, kind and number.
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

    /// Creates the key of any kind.
    ///
    /// `scope` is the merchant that calls: the service provider in partner mode.
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

/// An order, or a movement of money, to be watched.
///
/// Register it before the platform learns of it. The merchant of each constructor is the one that calls: the service
/// provider in partner mode, whose sub-merchant is `sub_mchid`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Key.
    pub key: PendingKey,
    /// Sub-merchant whose money it is, in partner mode.
    pub sub_mchid: Option<Mchid>,
    /// Number of what it belongs to.
    ///
    /// The `transaction_id` of the payment that is shared, or under which a bill has the order; the `out_order_no` of the
    /// share that is returned.
    pub parent: Option<Box<str>>,
    /// Time in which an order can be paid, or anything else is expected to end.
    pub lifetime: Duration,
}

impl Pending {
    /// Default lifetime: seven days.
    ///
    /// An order can be paid for this long, unless it has a `time_expire`. Anything else needs a look after it.
    pub const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

    /// Creates an order of the calling merchant.
    #[must_use]
    pub fn order(mchid: Mchid, out_trade_no: &OutTradeNo) -> Self {
        Self::new(mchid, None, PendingKind::Order, out_trade_no.as_str())
    }

    /// Creates an order that a service provider placed for a sub-merchant.
    #[must_use]
    pub fn partner_order(sp_mchid: Mchid, sub_mchid: Mchid, out_trade_no: &OutTradeNo) -> Self {
        Self::new(sp_mchid, sub_mchid, PendingKind::Order, out_trade_no.as_str())
    }

    /// Creates a combined order of the merchant that initiates it.
    ///
    /// Its sub-orders are not registered: the platform finds them by the number of the whole only.
    #[must_use]
    pub fn combined(combine_mchid: Mchid, combine_out_trade_no: &CombineOutTradeNo) -> Self {
        Self::new(
            combine_mchid,
            None,
            PendingKind::Combined,
            combine_out_trade_no.as_str(),
        )
    }

    /// Creates a refund of the calling merchant; `sub_mchid` is required for a service provider.
    #[must_use]
    pub fn refund(mchid: Mchid, sub_mchid: Option<Mchid>, out_refund_no: &OutRefundNo) -> Self {
        Self::new(mchid, sub_mchid, PendingKind::Refund, out_refund_no.as_str())
    }

    /// Creates an e-commerce refund of a sub-merchant's order.
    #[must_use]
    pub fn ecommerce_refund(sp_mchid: Mchid, sub_mchid: Mchid, out_refund_no: &OutRefundNo) -> Self {
        Self::new(
            sp_mchid,
            sub_mchid,
            PendingKind::EcommerceRefund,
            out_refund_no.as_str(),
        )
    }

    /// Creates a share of a payment, or the release of the rest.
    ///
    /// `sub_mchid` is required for a service provider.
    #[must_use]
    pub fn share(
        mchid: Mchid,
        sub_mchid: Option<Mchid>,
        transaction_id: &TransactionId,
        out_order_no: &OutOrderNo,
    ) -> Self {
        Self::new(mchid, sub_mchid, PendingKind::Share, out_order_no.as_str()).of(transaction_id.as_str())
    }

    /// Creates an e-commerce share of a payment, or the call that ends sharing.
    #[must_use]
    pub fn ecommerce_share(
        sp_mchid: Mchid,
        sub_mchid: Mchid,
        transaction_id: &TransactionId,
        out_order_no: &OutOrderNo,
    ) -> Self {
        Self::new(
            sp_mchid,
            sub_mchid,
            PendingKind::EcommerceShare,
            out_order_no.as_str(),
        )
        .of(transaction_id.as_str())
    }

    /// Creates the return of the share `out_order_no`; `sub_mchid` is required for a service provider.
    #[must_use]
    pub fn share_return(
        mchid: Mchid,
        sub_mchid: Option<Mchid>,
        out_order_no: &OutOrderNo,
        out_return_no: &OutReturnNo,
    ) -> Self {
        Self::new(mchid, sub_mchid, PendingKind::ShareReturn, out_return_no.as_str())
            .of(out_order_no.as_str())
    }

    /// Creates the return of the e-commerce share `out_order_no`.
    #[must_use]
    pub fn ecommerce_share_return(
        sp_mchid: Mchid,
        sub_mchid: Mchid,
        out_order_no: &OutOrderNo,
        out_return_no: &OutReturnNo,
    ) -> Self {
        Self::new(
            sp_mchid,
            sub_mchid,
            PendingKind::EcommerceShareReturn,
            out_return_no.as_str(),
        )
        .of(out_order_no.as_str())
    }

    /// Creates a withdrawal of the calling merchant, or of its sub-merchant.
    ///
    /// It is watched until it succeeds or fails. The bank may return the money later: the notification of that is an
    /// event of its own, and replaces the end. If it is lost, only a recheck finds it, for instance of the numbers in the
    /// platform's daily bill of failed withdrawals ([`GetWithdrawalBill`](crate::api::bills::GetWithdrawalBill)).
    ///
    /// Give withdrawals of all kinds different numbers: `withdrawal/NUMBER/SUCCESS` is one event.
    #[must_use]
    pub fn withdrawal(mchid: Mchid, sub_mchid: Option<Mchid>, out_request_no: &WithdrawRequestNo) -> Self {
        Self::new(mchid, sub_mchid, PendingKind::Withdrawal, out_request_no.as_str())
    }

    /// Creates a withdrawal of a sub-merchant's balance of the previous day; see [`withdrawal`](Self::withdrawal).
    #[must_use]
    pub fn day_end_withdrawal(sp_mchid: Mchid, sub_mchid: Mchid, out_request_no: &WithdrawRequestNo) -> Self {
        Self::new(
            sp_mchid,
            sub_mchid,
            PendingKind::DayEndWithdrawal,
            out_request_no.as_str(),
        )
    }

    /// Creates a transfer of the calling merchant to a user (feature `transfers`).
    ///
    /// Register it before the transfer is created. If the response is lost, send the same request again under the same
    /// number, never under another one: the watch only queries. A user who does not confirm lets it fail after a day
    /// (`OVERDUE_CLOSE`). The platform answers queries for 30 days.
    #[cfg(feature = "transfers")]
    #[must_use]
    pub fn transfer(mchid: Mchid, out_bill_no: &OutBillNo) -> Self {
        Self::new(mchid, None, PendingKind::Transfer, out_bill_no.as_str())
    }

    /// Creates a transfer of a sub-merchant to a user (feature `ecommerce-transfers`).
    ///
    /// See [`transfer`](Self::transfer). Give transfers of both kinds different numbers: `transfer/NUMBER/SUCCESS` is one
    /// event.
    #[cfg(feature = "ecommerce-transfers")]
    #[must_use]
    pub fn ecommerce_transfer(sp_mchid: Mchid, sub_mchid: Mchid, out_bill_no: &OutBillNo) -> Self {
        Self::new(
            sp_mchid,
            sub_mchid,
            PendingKind::EcommerceTransfer,
            out_bill_no.as_str(),
        )
    }

    /// Adds the payment under which a bill has the order.
    ///
    /// If a query does not find the order then, it was not "never placed": it is a sub-order of a combined order, and
    /// needs a look at once.
    #[must_use]
    pub fn in_bill(self, transaction_id: &TransactionId) -> Self {
        self.of(transaction_id.as_str())
    }

    fn new(mchid: Mchid, sub_mchid: impl Into<Option<Mchid>>, kind: PendingKind, number: &str) -> Self {
        let key = PendingKey::new(mchid, kind, number);
        Self::from_columns(key, sub_mchid.into(), None, Self::LIFETIME)
    }

    fn of(mut self, parent: &str) -> Self {
        self.parent = Some(parent.into());
        self
    }

    /// Creates an entry from the columns of a store.
    #[must_use]
    pub fn from_columns(
        key: PendingKey,
        sub_mchid: Option<Mchid>,
        parent: Option<Box<str>>,
        lifetime: Duration,
    ) -> Self {
        Self {
            key,
            sub_mchid,
            parent,
            lifetime,
        }
    }

    /// Sets the time until the order's `time_expire`, or until a person must look.
    ///
    /// An order is then closed, but not before five minutes.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }
}
