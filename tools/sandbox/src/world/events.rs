//! Events of the world.

use super::{
    applyments::state::Applyment,
    clock::Day,
    lints::Lint,
    merchants::change::MerchantEdit,
    orders::{
        buyer::Buyer,
        state::{Order, PayError},
    },
    records::state::Record,
    refunds::state::Refund,
    sharing::state::{Detail, Share, ShareReturn},
    withdrawals::state::Withdrawal,
};
use crate::world::orders::key::OrderKey;

/// Something that happened, with the state right after it.
#[derive(Clone)]
pub(crate) enum Event<'a> {
    Paid {
        order: &'a Order,
        buyer: Buyer,
    },
    /// The platform took the money of a paid order once more, under another transaction id.
    PaidAgain(&'a Order),
    PaymentFailed {
        key: OrderKey,
        buyer: Buyer,
        reason: PayError,
    },
    Cancelled(OrderKey),
    /// Nobody paid it in time.
    Expired(OrderKey),
    /// The merchant reversed it.
    Reversed(&'a Order),
    Refund(&'a Refund),
    Share {
        share: &'a Share,
        detail: &'a Detail,
    },
    ShareReturned {
        share: &'a Share,
        detail: &'a Detail,
        returned: &'a ShareReturn,
    },
    Applyment(&'a Applyment),
    Withdrawal(&'a Withdrawal),
    /// A record was opened, or got another state.
    Record(&'a Record),
    BillsReady(Day),
    Lint(Lint),
    MerchantAdded {
        mchid: String,
    },
    MerchantChanged {
        mchid: String,
        what: MerchantEdit,
    },
}
