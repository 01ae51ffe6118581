//! Comparison of a combined payment with all of its orders.

use std::{fmt, ops::Deref};

use super::{Notification, Resource, confirm::is_unpaid};
use crate::{
    api::{
        combine::{CombinedTransaction, SubTransaction},
        transactions::TradeState,
    },
    types::{Appid, CombineOutTradeNo, Currency, Fen, Mchid, OutTradeNo, TransactionId},
    verify::Verified,
};

/// Expected payment of one order of a combined payment.
///
/// No field has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubOrderExpectation {
    out_trade_no: OutTradeNo,
    mchid: Mchid,
    sub_mchid: Option<Mchid>,
    total: Fen,
    currency: Currency,
}

impl SubOrderExpectation {
    /// Expects order `out_trade_no`, paid to `mchid` itself.
    ///
    /// `total` is the price of the order in fen (`amount.total_amount`), not the amount that the payer paid
    /// (`payer_amount`), which coupons reduce.
    #[must_use]
    pub fn direct(out_trade_no: OutTradeNo, mchid: Mchid, total: Fen, currency: Currency) -> Self {
        Self {
            out_trade_no,
            mchid,
            sub_mchid: None,
            total,
            currency,
        }
    }

    /// Expects order `out_trade_no`, initiated by `mchid` and paid to `sub_mchid`.
    #[must_use]
    pub fn partner(
        out_trade_no: OutTradeNo,
        mchid: Mchid,
        sub_mchid: Mchid,
        total: Fen,
        currency: Currency,
    ) -> Self {
        Self {
            sub_mchid: Some(sub_mchid),
            ..Self::direct(out_trade_no, mchid, total, currency)
        }
    }

    fn is(&self, paid: &SubTransaction) -> bool {
        paid.out_trade_no == self.out_trade_no && paid.mchid == self.mchid
    }

    /// Compares everything except the ids by which the order was found.
    fn compare(&self, paid: &SubTransaction, differing: &mut Differences) -> Option<ConfirmedSubOrder> {
        let unpaid = is_unpaid(&paid.trade_state);
        differing.paid |= !unpaid;
        let mut expect = |field, fits: bool, unpaid: bool| {
            if !fits {
                differing.add(Some(&self.out_trade_no), field, unpaid);
            }
        };
        expect("trade_state", paid.trade_state == TradeState::Success, unpaid);
        expect("sub_mchid", paid.sub_mchid == self.sub_mchid, false);
        let amount = paid.amount.as_ref();
        let total = amount.and_then(|amount| amount.total_amount);
        expect(
            "amount.total_amount",
            total == Some(self.total),
            unpaid && total.is_none(),
        );
        // The platform may omit the currency, which is then the settlement currency.
        let stated = amount.and_then(|amount| amount.currency.as_ref());
        let currency = amount.map(|_| stated.unwrap_or(&Currency::Cny));
        expect(
            "amount.currency",
            currency == Some(&self.currency),
            unpaid && stated.is_none(),
        );
        expect("transaction_id", paid.transaction_id.is_some(), unpaid);
        Some(ConfirmedSubOrder {
            out_trade_no: self.out_trade_no.clone(),
            mchid: self.mchid.clone(),
            sub_mchid: self.sub_mchid.clone(),
            transaction_id: paid.transaction_id.clone()?,
            total: self.total,
        })
    }
}

/// Expected combined payment: its initiator and all of its orders.
///
/// ```
/// use wechatpay_core::{
///     notify::{CombinedExpectation, SubOrderExpectation},
///     types::{Currency, Fen},
/// };
///
/// let expected = CombinedExpectation::new("COMBINED-1".parse()?, "wx8888888888888888".parse()?, "1900000001".parse()?)
///     .sub_order(SubOrderExpectation::partner(
///         "ORDER-1".parse()?,
///         "1900000001".parse()?,
///         "1900000109".parse()?,
///         Fen::new(100)?,
///         Currency::Cny,
///     ));
/// # let _ = expected;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "add the sub-orders and check a payment with it"]
pub struct CombinedExpectation {
    combine_out_trade_no: CombineOutTradeNo,
    combine_appid: Appid,
    combine_mchid: Mchid,
    sub_orders: Vec<SubOrderExpectation>,
}

impl CombinedExpectation {
    /// Expects payment `combine_out_trade_no` of merchant `combine_mchid`.
    ///
    /// Add every order with [`sub_order`](Self::sub_order). Without sub-orders no payment is confirmed.
    pub fn new(combine_out_trade_no: CombineOutTradeNo, combine_appid: Appid, combine_mchid: Mchid) -> Self {
        Self {
            combine_out_trade_no,
            combine_appid,
            combine_mchid,
            sub_orders: Vec::new(),
        }
    }

    /// Adds an expected order.
    pub fn sub_order(mut self, sub_order: SubOrderExpectation) -> Self {
        self.sub_orders.push(sub_order);
        self
    }

    /// Compares a verified payment with this expectation.
    ///
    /// Exactly these orders must be paid, each to its payee, with its amount and under its own number. The payment
    /// comes from a notification or from the response of a query.
    ///
    /// # Errors
    /// Returns every difference. Respond to the notification with [`Nack::mismatch`](super::Nack::mismatch), raise an
    /// alarm and fulfil no order, not even those that match.
    pub fn check(
        &self,
        payment: Verified<CombinedTransaction>,
    ) -> Result<ConfirmedCombined, CombinedMismatch> {
        let mut differing = Differences::default();
        let mut whole = |field, fits: bool| {
            if !fits {
                differing.add(None, field, false);
            }
        };
        whole(
            "combine_out_trade_no",
            payment.combine_out_trade_no == self.combine_out_trade_no,
        );
        whole(
            "combine_appid",
            payment.combine_appid.as_ref() == Some(&self.combine_appid),
        );
        whole("combine_mchid", payment.combine_mchid == self.combine_mchid);
        whole("sub_orders", !self.sub_orders.is_empty());
        // An order or currency that could not be read does not count as omitted.
        for field in payment.undecided(CombinedTransaction::DECIDES) {
            whole(field, false);
        }

        let mut left: Vec<&SubTransaction> = payment.sub_orders.iter().collect();
        let mut sub_orders: Vec<ConfirmedSubOrder> = Vec::with_capacity(self.sub_orders.len());
        for expected in &self.sub_orders {
            let number = Some(&expected.out_trade_no);
            let Some(found) = left.iter().position(|paid| expected.is(paid)) else {
                let elsewhere = left.iter().any(|paid| paid.out_trade_no == expected.out_trade_no);
                differing.add(number, if elsewhere { "mchid" } else { "out_trade_no" }, false);
                continue;
            };
            let Some(confirmed) = expected.compare(left.swap_remove(found), &mut differing) else {
                continue;
            };
            if sub_orders
                .iter()
                .any(|other| other.transaction_id == confirmed.transaction_id)
            {
                differing.add(number, "transaction_id", false);
            }
            sub_orders.push(confirmed);
        }
        for paid in left {
            differing.add(Some(&paid.out_trade_no), "sub_orders", false);
        }
        match differing.list.is_empty() {
            true => Ok(ConfirmedCombined { payment, sub_orders }),
            false => Err(CombinedMismatch(differing).logged(&payment.combine_out_trade_no)),
        }
    }
}

impl Notification<CombinedTransaction> {
    /// Compares the payment with its orders; see [`CombinedExpectation::check`].
    ///
    /// # Errors
    /// Returns every difference.
    pub fn confirm(self, expectation: &CombinedExpectation) -> Result<ConfirmedCombined, CombinedMismatch> {
        expectation.check(self.into_verified())
    }
}

impl Verified<CombinedTransaction> {
    /// Compares the response of a query with its orders; see [`CombinedExpectation::check`].
    ///
    /// # Errors
    /// Returns every difference.
    pub fn confirm(self, expectation: &CombinedExpectation) -> Result<ConfirmedCombined, CombinedMismatch> {
        expectation.check(self)
    }
}

/// Verified combined payment that matches all of its orders.
///
/// Let the function that fulfils the orders take this type, or one of its [`ConfirmedSubOrder`]s: neither can be
/// created in another way.
///
/// ```compile_fail,E0451
/// use wechatpay_core::{api::combine::CombinedTransaction, notify::ConfirmedCombined, verify::Verified};
///
/// fn forge(payment: Verified<CombinedTransaction>) -> ConfirmedCombined {
///     ConfirmedCombined { payment, sub_orders: Vec::new() }
/// }
/// ```
#[derive(Clone)]
#[must_use = "a confirmed payment is what the goods are handed over for"]
pub struct ConfirmedCombined {
    payment: Verified<CombinedTransaction>,
    sub_orders: Vec<ConfirmedSubOrder>,
}

impl ConfirmedCombined {
    /// Returns the orders in the sequence of the expectation.
    #[must_use]
    pub fn sub_orders(&self) -> &[ConfirmedSubOrder] {
        &self.sub_orders
    }

    /// Returns the payment.
    #[must_use]
    pub fn payment(&self) -> &CombinedTransaction {
        &self.payment
    }
}

impl Deref for ConfirmedCombined {
    type Target = CombinedTransaction;

    fn deref(&self) -> &CombinedTransaction {
        &self.payment
    }
}

impl fmt::Debug for ConfirmedCombined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedCombined")
            .field("combine_out_trade_no", &self.payment.combine_out_trade_no)
            .field("sub_orders", &self.sub_orders)
            .finish_non_exhaustive()
    }
}

/// One order of a [`ConfirmedCombined`], which alone creates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedSubOrder {
    out_trade_no: OutTradeNo,
    mchid: Mchid,
    sub_mchid: Option<Mchid>,
    transaction_id: TransactionId,
    total: Fen,
}

impl ConfirmedSubOrder {
    /// Returns the merchant's order number.
    #[must_use]
    pub fn out_trade_no(&self) -> &OutTradeNo {
        &self.out_trade_no
    }

    /// Returns the merchant that initiated it.
    #[must_use]
    pub fn mchid(&self) -> &Mchid {
        &self.mchid
    }

    /// Returns the sub-merchant that was paid, if any.
    #[must_use]
    pub fn sub_mchid(&self) -> Option<&Mchid> {
        self.sub_mchid.as_ref()
    }

    /// Returns the platform's number of its payment, for refunds and profit sharing.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// Returns its price in fen, which was paid.
    #[must_use]
    pub fn total(&self) -> Fen {
        self.total
    }
}

/// All differences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Differences {
    list: Vec<CombinedDifference>,
    /// `true` if a difference contradicts the orders.
    ///
    /// The other differences only show that they are not paid.
    contradict: bool,
    /// `true` if an order is or was paid, or its state is unknown.
    paid: bool,
}

impl Differences {
    /// Records a difference. `unpaid` is `true` if an unpaid order explains it.
    fn add(&mut self, out_trade_no: Option<&OutTradeNo>, field: &'static str, unpaid: bool) {
        self.list.push(CombinedDifference {
            out_trade_no: out_trade_no.cloned(),
            field,
        });
        self.contradict |= !unpaid;
    }
}

/// Field that differs, and its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombinedDifference {
    out_trade_no: Option<OutTradeNo>,
    field: &'static str,
}

impl CombinedDifference {
    /// Returns the order, or `None` for the whole payment.
    #[must_use]
    pub fn out_trade_no(&self) -> Option<&OutTradeNo> {
        self.out_trade_no.as_ref()
    }

    /// Returns the field.
    ///
    /// `out_trade_no` is an expected order that was not paid at all, `sub_orders` a paid order that was not expected.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for CombinedDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.out_trade_no {
            Some(number) => write!(f, "{} of {number}", self.field),
            None => f.write_str(self.field),
        }
    }
}

/// Error: a verified combined payment does not match its orders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the combined payment does not match its orders; differing: {}", list(&.0.list))]
pub struct CombinedMismatch(Differences);

fn list(differing: &[CombinedDifference]) -> String {
    let texts: Vec<String> = differing.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl CombinedMismatch {
    /// Returns the fields that differ.
    #[must_use]
    pub fn differences(&self) -> &[CombinedDifference] {
        &self.0.list
    }

    /// Returns `true` if the orders are unpaid and nothing else differs.
    ///
    /// Numbers and payees match. Amounts and currencies match or are absent, as they may be before the payment.
    /// `REFUND` is not unpaid: the order was paid, and its money was returned.
    #[must_use]
    pub fn is_only_unpaid(&self) -> bool {
        !self.0.contradict && !self.0.paid
    }

    /// Logs a contradiction as an error, because a genuine payment caused it.
    fn logged(self, combine_out_trade_no: &CombineOutTradeNo) -> Self {
        if !self.is_only_unpaid() {
            tracing::error!(target: "wechatpay::notify", %combine_out_trade_no, "{self}; do not fulfil the orders");
        }
        self
    }
}
