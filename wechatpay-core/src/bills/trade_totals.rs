//! Totals of a trade bill.

use super::{BillAmount, BillFormatError, Summary};

/// Sums of the rows of a trade bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeTotals {
    /// Number of rows.
    pub count: u64,
    /// Settled amount (应结订单金额).
    pub settlement: BillAmount,
    /// Refunded amount (退款金额).
    pub refund: BillAmount,
    /// Returned coupons (充值券退款金额).
    pub coupon_refund: BillAmount,
    /// Fees (手续费).
    pub fee: BillAmount,
    /// Order amount (订单金额).
    pub order: BillAmount,
    /// Requested refunds (申请退款金额).
    pub requested_refund: BillAmount,
}

/// A trade bill, read completely, whose totals match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeBill {
    totals: TradeTotals,
    summary: Summary,
}

impl TradeBill {
    /// Compares the sums with every total that the summary states.
    pub(super) fn checked(totals: TradeTotals, summary: Summary) -> Result<Self, BillFormatError> {
        summary.check_count(&["总交易单数"], totals.count)?;
        for (columns, computed) in [
            (&["应结订单总金额", "总交易额"][..], totals.settlement),
            (&["退款总金额", "总退款金额"], totals.refund),
            (
                &[
                    "充值券退款总金额",
                    "总代金券或立减优惠退款金额",
                    "总企业红包退款金额",
                ],
                totals.coupon_refund,
            ),
            (&["手续费总金额"], totals.fee),
            (&["订单总金额"], totals.order),
            (&["申请退款总金额"], totals.requested_refund),
        ] {
            summary.check_amount(columns, computed)?;
        }
        Ok(Self { totals, summary })
    }

    /// Returns the sums of the rows.
    #[must_use]
    pub fn totals(&self) -> &TradeTotals {
        &self.totals
    }

    /// Returns the summary row, unknown columns included.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}
