//! Comparing a payment with the order it is for.

use std::{fmt, ops::Deref};

use super::{Notification, Resource};
use crate::{
    ConfigError, Settings,
    api::transactions::{TradeState, Transaction},
    types::{Appid, Currency, Fen, Mchid, OutTradeNo, TransactionId},
    verify::Verified,
};

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payee {
    /// A merchant that calls for itself.
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
    /// The payee of orders under these settings: the sub-merchant if one is set, else the merchant.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if no app is set: payments are confirmed for one app only.
    pub fn of(settings: &Settings) -> Result<Self, ConfigError> {
        let appid = settings.appid.clone().ok_or(ConfigError::Missing("`appid`"))?;
        let mchid = settings.mchid.clone();
        Ok(match settings.sub_mchid.clone() {
            None => Self::Direct { appid, mchid },
            Some(sub_mchid) => Self::Partner {
                sp_appid: appid,
                sp_mchid: mchid,
                sub_mchid,
            },
        })
    }
}

/// What the order says about its payment: number, payee, total and currency. There is no default for any of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    out_trade_no: OutTradeNo,
    payee: Payee,
    total: Fen,
    currency: Currency,
}

impl Expectation {
    /// Replaces the sub-merchant, for a provider that orders for many. Has no effect on a direct merchant's order.
    #[must_use]
    pub fn sub_mchid(mut self, mchid: Mchid) -> Self {
        if let Payee::Partner { sub_mchid, .. } = &mut self.payee {
            *sub_mchid = mchid;
        }
        self
    }

    /// The payment of order `out_trade_no`: `total` in `currency` to `payee`.
    ///
    /// `total` is what the order costs (`amount.total`), not what the payer gave (`payer_total`), which coupons lower.
    #[must_use]
    pub fn new(out_trade_no: OutTradeNo, payee: Payee, total: Fen, currency: Currency) -> Self {
        Self {
            out_trade_no,
            payee,
            total,
            currency,
        }
    }

    /// Compares. Only a verified transaction can be confirmed: one of a notification, or of a query that was answered.
    ///
    /// # Errors
    /// Every field that differs. Response a notification with
    /// [`Nack::mismatch`](super::Nack::mismatch), raise an alarm and hand nothing over.
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
        // The platform may leave the currency out, which then is the one it settles in.
        let stated = amount.and_then(|amount| amount.currency.as_ref());
        let currency = amount.map(|_| stated.unwrap_or(&Currency::Cny));
        differences.expect(
            "amount.currency",
            currency == Some(&self.currency),
            unpaid && stated.is_none(),
        );
        differences.expect("transaction_id", paid.transaction_id.is_some(), unpaid);
        // A currency or second merchant that could not be read is not one that was left out.
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

/// States without a payment; one that was reversed at the till (`REVOKED`) counts as none. An unknown state is none of them,
/// and neither is `REFUND`: what is given back was paid.
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

/// The fields that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Differences {
    fields: Vec<&'static str>,
    /// Whether one of them contradicts the order. The others only say that it is not paid.
    contradict: bool,
}

impl Differences {
    /// Notes a field that does not fit. `unpaid` explains it by an order that was not paid.
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
    /// Every field that differs.
    pub fn confirm(self, expectation: &Expectation) -> Result<Confirmed, Mismatch> {
        expectation.check(self.into_verified())
    }
}

impl Verified<Transaction> {
    /// Compares the response of a query with the order; see [`Expectation::check`].
    ///
    /// # Errors
    /// Every field that differs.
    pub fn confirm(self, expectation: &Expectation) -> Result<Confirmed, Mismatch> {
        expectation.check(self)
    }
}

/// A verified payment that is the one the order expects. Let the function that hands the goods over ask for this type,
/// and nothing else can make it do so.
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
    /// The platform's number of the payment.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// What the order costs and was paid.
    #[must_use]
    pub fn total(&self) -> Fen {
        self.total
    }

    /// The transaction.
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

/// A verified transaction that is not the payment of this order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payment is not the one of the order; differing: {}", .0.fields.join(", "))]
pub struct Mismatch(Differences);

impl Mismatch {
    /// The fields that differ.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.0.fields
    }

    /// Returns `true` if the order is not paid (yet), and that is all.
    ///
    /// Number and payee fit. Total and currency fit or are absent, as they may be before the payment. `REFUND` is not unpaid:
    /// the order was paid, and its money went back.
    #[must_use]
    pub fn is_only_unpaid(&self) -> bool {
        !self.0.contradict
    }

    /// Logs a contradiction: it is genuine, so somebody should look at it.
    fn logged(self, out_trade_no: &OutTradeNo) -> Self {
        if self.0.contradict {
            tracing::error!(target: "wechatpay::notify", %out_trade_no, "{self}; do not fulfil the order");
        }
        self
    }
}
