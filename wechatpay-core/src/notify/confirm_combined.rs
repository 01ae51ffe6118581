//! Comparing a combined payment with the orders it is for, each of them.

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

/// What one order of a combined one says about its payment. There is no default for any of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubOrderExpectation {
    out_trade_no: OutTradeNo,
    mchid: Mchid,
    sub_mchid: Option<Mchid>,
    total: Fen,
    currency: Currency,
}

impl SubOrderExpectation {
    /// The order `out_trade_no` that pays `mchid` itself.
    ///
    /// `total` is what the order costs (`amount.total_amount`), not what the payer gave (`payer_amount`), which coupons
    /// lower.
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

    /// The order `out_trade_no` that `mchid` initiated and that pays `sub_mchid`.
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

    /// Compares everything but the ids by which it was found.
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
        // The platform may leave the currency out, which then is the one it settles in.
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

/// What the orders of a combined payment say about it: who initiated it, and every one of them.
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
    /// The payment `combine_out_trade_no` that `combine_mchid` initiated. Without sub-orders nothing is confirmed.
    pub fn new(combine_out_trade_no: CombineOutTradeNo, combine_appid: Appid, combine_mchid: Mchid) -> Self {
        Self {
            combine_out_trade_no,
            combine_appid,
            combine_mchid,
            sub_orders: Vec::new(),
        }
    }

    /// Expects this order too.
    pub fn sub_order(mut self, sub_order: SubOrderExpectation) -> Self {
        self.sub_orders.push(sub_order);
        self
    }

    /// Compares: exactly these orders must be paid, each to its payee and with its amount, under numbers of their own. Only
    /// a verified payment can be confirmed: one of a notification, or of a query that was answered.
    ///
    /// # Errors
    /// Everything that differs. Response a notification with [`Nack::mismatch`](super::Nack::mismatch), raise an
    /// alarm and hand nothing over, not even for the orders that fit.
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
        // An order or currency that could not be read is not one that was left out.
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
    /// Everything that differs.
    pub fn confirm(self, expectation: &CombinedExpectation) -> Result<ConfirmedCombined, CombinedMismatch> {
        expectation.check(self.into_verified())
    }
}

impl Verified<CombinedTransaction> {
    /// Compares the response of a query with its orders; see [`CombinedExpectation::check`].
    ///
    /// # Errors
    /// Everything that differs.
    pub fn confirm(self, expectation: &CombinedExpectation) -> Result<ConfirmedCombined, CombinedMismatch> {
        expectation.check(self)
    }
}

/// A verified combined payment that is the one its orders expect, all of them. Let the function that hands the goods over
/// ask for this type, or for one of its [`ConfirmedSubOrder`]s, and nothing else can make it do so.
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
    /// The orders, in the sequence of the expectation.
    #[must_use]
    pub fn sub_orders(&self) -> &[ConfirmedSubOrder] {
        &self.sub_orders
    }

    /// The payment.
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

/// One order of a [`ConfirmedCombined`], which is the only thing that makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedSubOrder {
    out_trade_no: OutTradeNo,
    mchid: Mchid,
    sub_mchid: Option<Mchid>,
    transaction_id: TransactionId,
    total: Fen,
}

impl ConfirmedSubOrder {
    /// The merchant's order number.
    #[must_use]
    pub fn out_trade_no(&self) -> &OutTradeNo {
        &self.out_trade_no
    }

    /// The merchant that initiated it.
    #[must_use]
    pub fn mchid(&self) -> &Mchid {
        &self.mchid
    }

    /// The sub-merchant that was paid, if it was one.
    #[must_use]
    pub fn sub_mchid(&self) -> Option<&Mchid> {
        self.sub_mchid.as_ref()
    }

    /// The platform's number of its payment, for refunds and sharing.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// What it costs and was paid.
    #[must_use]
    pub fn total(&self) -> Fen {
        self.total
    }
}

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Differences {
    list: Vec<CombinedDifference>,
    /// Whether one of them contradicts the orders. The others only say that they are not paid.
    contradict: bool,
    /// Whether an order is paid, was paid, or nobody knows.
    paid: bool,
}

impl Differences {
    /// Notes a difference. `unpaid` explains it by an order that was not paid.
    fn add(&mut self, out_trade_no: Option<&OutTradeNo>, field: &'static str, unpaid: bool) {
        self.list.push(CombinedDifference {
            out_trade_no: out_trade_no.cloned(),
            field,
        });
        self.contradict |= !unpaid;
    }
}

/// A field that differs, and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombinedDifference {
    out_trade_no: Option<OutTradeNo>,
    field: &'static str,
}

impl CombinedDifference {
    /// The order; `None` for the whole.
    #[must_use]
    pub fn out_trade_no(&self) -> Option<&OutTradeNo> {
        self.out_trade_no.as_ref()
    }

    /// The field. `out_trade_no` is an order that was not paid at all, `sub_orders` one that nobody expects.
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

/// A verified combined payment that is not the one of these orders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the combined payment is not the one of the orders; differing: {}", list(&.0.list))]
pub struct CombinedMismatch(Differences);

fn list(differing: &[CombinedDifference]) -> String {
    let texts: Vec<String> = differing.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl CombinedMismatch {
    /// The fields that differ.
    #[must_use]
    pub fn differences(&self) -> &[CombinedDifference] {
        &self.0.list
    }

    /// Returns `true` if none of the orders is paid (yet), and that is all.
    ///
    /// Numbers and payees fit. Amounts and currencies fit or are absent, as they may be before the payment. `REFUND` is not
    /// unpaid: the order was paid, and its money went back.
    #[must_use]
    pub fn is_only_unpaid(&self) -> bool {
        !self.0.contradict && !self.0.paid
    }

    /// Logs a contradiction: it is genuine, so somebody should look at it.
    fn logged(self, combine_out_trade_no: &CombineOutTradeNo) -> Self {
        if !self.is_only_unpaid() {
            tracing::error!(target: "wechatpay::notify", %combine_out_trade_no, "{self}; do not fulfil the orders");
        }
        self
    }
}
