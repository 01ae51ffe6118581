//! Events of the world.

use super::{
    World,
    applyments::state::Applyment,
    clock::Day,
    lints::Lint,
    merchants::change::MerchantEdit,
    orders::{
        buyer::Buyer,
        state::{Order, OrderKey, PayError},
    },
    refunds::state::Refund,
    sharing::state::{Detail, Share, ShareReturn},
    withdrawals::state::Withdrawal,
};

/// Something that happened, with the state right after it.
#[derive(Clone)]
pub(crate) enum Event {
    Paid {
        order: Order,
        buyer: Buyer,
    },
    /// The platform took the money of a paid order once more, under another transaction id.
    PaidAgain(Order),
    PaymentFailed {
        key: OrderKey,
        buyer: Buyer,
        reason: PayError,
    },
    Cancelled(OrderKey),
    /// Nobody paid it in time.
    Expired(OrderKey),
    Refund(Refund),
    Share {
        share: Share,
        detail: Detail,
    },
    ShareReturned {
        share: Share,
        detail: Detail,
        returned: ShareReturn,
    },
    Applyment(Applyment),
    Withdrawal(Withdrawal),
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

/// A listener, called in the thread that caused the event.
pub(crate) type Listener = Box<dyn Fn(&World, &Event) + Send + Sync>;
