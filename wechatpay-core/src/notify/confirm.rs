//! Comparison of a payment with its order.

use std::{fmt, ops::Deref};

use super::{Notification, Resource};
use crate::{
    ConfigError, DirectIds, PartnerIds, Settings,
    api::transactions::{TradeState, Transaction},
    types::{Appid, Currency, Fen, Mchid, OutTradeNo, TransactionId},
    verify::Verified,
};

/// Recipient of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payee {
    /// A merchant that calls for itself (直连).
    Direct {
        /// Its app.
        appid: Appid,
        /// Its id.
        mchid: Mchid,
    },
    /// A sub-merchant of a service provider or e-commerce platform.
    Partner {
        /// The provider's app.
        sp_appid: Appid,
        /// The provider.
        sp_mchid: Mchid,
        /// The sub-merchant.
        sub_mchid: Mchid,
    },
}

impl Payee {
    /// Returns the payee of orders under these settings.
    ///
    /// It is the sub-merchant if one is set, else the merchant.
    ///
    /// # Errors
    /// Returns [`ConfigError::Missing`] if no app is set: payments are confirmed for one app only.
    pub fn of(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(match &settings.sub_mchid {
            None => {
                let DirectIds { appid, mchid } = settings.direct()?;
                Self::Direct { appid, mchid }
            }
            Some(_) => {
                let PartnerIds {
                    sp_appid,
                    sp_mchid,
                    sub_mchid,
                } = settings.partner()?;
                Self::Partner {
                    sp_appid,
                    sp_mchid,
                    sub_mchid,
                }
            }
        })
    }
}

/// Expected payment of an order: number, payee, total and currency.
///
/// No field has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    out_trade_no: OutTradeNo,
    payee: Payee,
    total: Fen,
    currency: Currency,
}

impl Expectation {
    /// Replaces the sub-merchant, for a provider with many sub-merchants.
    ///
    /// Has no effect on the order of a direct merchant.
    #[must_use]
    pub fn sub_mchid(mut self, mchid: Mchid) -> Self {
        if let Payee::Partner { sub_mchid, .. } = &mut self.payee {
            *sub_mchid = mchid;
        }
        self
    }

    /// Expects `total` in `currency`, paid to `payee` for order `out_trade_no`.
    ///
    /// `total` is the price of the order in fen (`amount.total`), not the amount that the payer paid (`payer_total`),
    /// which coupons reduce.
    #[must_use]
    pub fn new(out_trade_no: OutTradeNo, payee: Payee, total: Fen, currency: Currency) -> Self {
        Self {
            out_trade_no,
            payee,
            total,
            currency,
        }
    }

    /// Returns the number of the order.
    #[must_use]
    pub fn out_trade_no(&self) -> &OutTradeNo {
        &self.out_trade_no
    }

    /// Returns the recipient of the payment.
    #[must_use]
    pub fn payee(&self) -> &Payee {
        &self.payee
    }

    /// Compares a verified transaction with this expectation.
    ///
    /// The transaction comes from a notification or from the response of a query. A contradiction is logged as an
    /// error.
    ///
    /// # Errors
    /// Returns every field that differs. Raise an alarm and do not fulfil the order. In a handler, `?` converts the
    /// error to [`Nack::mismatch`](super::Nack::mismatch).
    pub fn check(&self, transaction: Verified<Transaction>) -> Result<Confirmed, Mismatch> {
        let paid: &Transaction = &transaction;
        let unpaid = is_unpaid(&paid.trade_state);
        let mut differences = Differences::default();
        differences.expect("trade_state", paid.trade_state == TradeState::Success, unpaid);
        let mut expect = |field, fits: bool| differences.expect(field, fits, false);
        expect("out_trade_no", paid.out_trade_no == self.out_trade_no);
        match &self.payee {
            Payee::Direct { appid, mchid } => {
                expect("appid", paid.appid.as_ref() == Some(appid));
                expect("mchid", paid.mchid.as_ref() == Some(mchid));
                expect("sp_mchid", paid.sp_mchid.is_none());
            }
            Payee::Partner {
                sp_appid,
                sp_mchid,
                sub_mchid,
            } => {
                expect("sp_appid", paid.sp_appid.as_ref() == Some(sp_appid));
                expect("sp_mchid", paid.sp_mchid.as_ref() == Some(sp_mchid));
                expect("sub_mchid", paid.sub_mchid.as_ref() == Some(sub_mchid));
                expect("mchid", paid.mchid.is_none());
            }
        }
        let amount = paid.amount.as_ref();
        let total = amount.and_then(|amount| amount.total);
        differences.expect(
            "amount.total",
            total == Some(self.total),
            unpaid && total.is_none(),
        );
        // The platform may omit the currency, which is then the settlement currency.
        let stated = amount.and_then(|amount| amount.currency.as_ref());
        let currency = amount.map(|_| stated.unwrap_or(&Currency::Cny));
        differences.expect(
            "amount.currency",
            currency == Some(&self.currency),
            unpaid && stated.is_none(),
        );
        differences.expect("transaction_id", paid.transaction_id.is_some(), unpaid);
        // A currency or second merchant that could not be read does not count as omitted.
        for field in transaction.undecided(Transaction::DECIDES) {
            differences.fields.retain(|known| *known != field);
            differences.expect(field, false, false);
        }
        match (differences.fields.is_empty(), paid.transaction_id.clone()) {
            (true, Some(transaction_id)) => Ok(Confirmed {
                transaction,
                transaction_id,
                total: self.total,
            }),
            _ => Err(Mismatch(differences).logged(&self.out_trade_no)),
        }
    }
}

/// Returns `true` for states without a payment.
///
/// `REVOKED`, a payment reversed at the till, is one of them. An unknown state and `REFUND` are not: refunded money was
/// paid.
pub(super) fn is_unpaid(state: &TradeState) -> bool {
    matches!(
        state,
        TradeState::NotPay
            | TradeState::Closed
            | TradeState::Revoked
            | TradeState::UserPaying
            | TradeState::PayError
            | TradeState::Accept
    )
}

/// Fields that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Differences {
    fields: Vec<&'static str>,
    /// `true` if a field contradicts the order.
    ///
    /// The other fields only show that it is not paid.
    contradict: bool,
}

impl Differences {
    /// Records a field that does not match.
    ///
    /// `unpaid` is `true` if an unpaid order explains it.
    fn expect(&mut self, field: &'static str, fits: bool, unpaid: bool) {
        if !fits {
            self.fields.push(field);
            self.contradict |= !unpaid;
        }
    }
}

impl Notification<Transaction> {
    /// Compares the payment with the order; see [`Expectation::check`].
    ///
    /// # Errors
    /// Returns every field that differs.
    pub fn confirm(self, expectation: &Expectation) -> Result<Confirmed, Mismatch> {
        expectation.check(self.into_verified())
    }
}

impl Verified<Transaction> {
    /// Compares the response of a query with the order; see [`Expectation::check`].
    ///
    /// # Errors
    /// Returns every field that differs.
    pub fn confirm(self, expectation: &Expectation) -> Result<Confirmed, Mismatch> {
        expectation.check(self)
    }
}

/// Verified payment that matches its order.
///
/// Let the function that fulfils the order take this type: it cannot be created in another way.
///
/// ```compile_fail,E0451
/// use wechatpay_core::{api::transactions::Transaction, notify::Confirmed, types::Fen, verify::Verified};
///
/// fn forge(transaction: Verified<Transaction>) -> Confirmed {
///     Confirmed { transaction, transaction_id: "42".parse().unwrap(), total: Fen::ZERO }
/// }
/// ```
#[derive(Clone)]
#[must_use = "a confirmed payment is what the goods are handed over for"]
pub struct Confirmed {
    transaction: Verified<Transaction>,
    transaction_id: TransactionId,
    total: Fen,
}

impl Confirmed {
    /// Returns the platform's number of the payment.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// Returns the price of the order in fen, which was paid.
    #[must_use]
    pub fn total(&self) -> Fen {
        self.total
    }

    /// Returns the transaction.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }
}

impl Deref for Confirmed {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.transaction
    }
}

impl fmt::Debug for Confirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confirmed")
            .field("out_trade_no", &self.transaction.out_trade_no)
            .field("transaction_id", &self.transaction_id)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// Error: a verified transaction is not the payment of this order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payment does not match the order; differing: {}", .0.fields.join(", "))]
pub struct Mismatch(Differences);

impl Mismatch {
    /// Returns the fields that differ.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.0.fields
    }

    /// Returns `true` if the order is unpaid and nothing else differs.
    ///
    /// Number and payee match. Total and currency match or are absent, as they may be before the payment. `REFUND` is
    /// not unpaid: the order was paid, and its money was returned.
    #[must_use]
    pub fn is_only_unpaid(&self) -> bool {
        !self.0.contradict
    }

    /// Logs a contradiction as an error, because a genuine payment caused it.
    fn logged(self, out_trade_no: &OutTradeNo) -> Self {
        if self.0.contradict {
            tracing::error!(target: "wechatpay::notify", %out_trade_no, "{self}; do not fulfil the order");
        }
        self
    }
}
