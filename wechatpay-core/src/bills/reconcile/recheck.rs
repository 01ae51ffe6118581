//! Differences that a query may resolve.

use super::{Difference, DifferenceKind, Report, Subject};
use crate::{types::Mchid, watch::Pending};

/// Family of endpoints by which a merchant refunds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundFamily {
    /// Direct merchants and ordinary service providers.
    Ordinary,
    /// E-commerce platforms (电商收付通).
    Ecommerce,
}

impl Difference {
    /// Returns the query that may resolve the difference, if any.
    ///
    /// An order or refund that the shop lacks, or knows in another state, is to be queried. A row of a bill has no
    /// signature of its own; the response to a query has.
    ///
    /// `merchant` is the one that calls: the service provider in partner mode.
    #[must_use]
    pub fn to_recheck(&self, merchant: &Mchid, refunds: RefundFamily) -> Option<Pending> {
        if !matches!(
            self.kind,
            DifferenceKind::MissingHere | DifferenceKind::StateDiffers
        ) {
            return None;
        }
        let (merchant, sub_mchid) = (merchant.clone(), self.sub_mchid.clone());
        match (self.subject, refunds) {
            (Subject::Payment, _) => {
                let number = self.number.parse().ok()?;
                let order = match sub_mchid {
                    Some(sub_mchid) => Pending::partner_order(merchant, sub_mchid, &number),
                    None => Pending::order(merchant, &number),
                };
                Some(match &self.transaction_id {
                    Some(payment) => order.in_bill(payment),
                    None => order,
                })
            }
            (Subject::Refund, RefundFamily::Ordinary) => {
                Some(Pending::refund(merchant, sub_mchid, &self.number.parse().ok()?))
            }
            (Subject::Refund, RefundFamily::Ecommerce) => Some(Pending::ecommerce_refund(
                merchant,
                sub_mchid?,
                &self.number.parse().ok()?,
            )),
        }
    }
}

impl Report {
    /// Returns the queries that may resolve the listed differences.
    ///
    /// Give each to `Watch::recheck`: what it finds goes to the handler that also takes notifications.
    ///
    /// No query finds a sub-order of a combined order by its own number. It needs a look at once, with a note: recheck
    /// [`Pending::combined`] instead, and give up the sub-order.
    pub fn to_recheck(&self, merchant: &Mchid, refunds: RefundFamily) -> impl Iterator<Item = Pending> {
        self.differences()
            .iter()
            .filter_map(move |difference| difference.to_recheck(merchant, refunds))
    }
}
