//! The ways to compensate, as data.

/// One of the ways to compensate.
#[derive(Debug)]
pub(super) struct Way {
    /// Last part of its path.
    pub(super) name: &'static str,
    pub(super) source: Source,
    pub(super) receiver: Receiver,
    /// Name of the time in `close_info`.
    pub(super) end: &'static str,
}

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The platform, or who sponsors it.
    Platform,
    /// The deposit of a sub-merchant.
    Deposit,
    /// An insurer for which claims are open.
    Insurer,
}

/// Who receives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receiver {
    User,
    Merchant,
}

const fn way(name: &'static str, source: Source, receiver: Receiver) -> Way {
    Way {
        name,
        source,
        receiver,
        end: "close_time",
    }
}

pub(super) const PLATFORM: Way = way("compensate-bills", Source::Platform, Receiver::User);
pub(super) const TO_MERCHANT: Way = way("sub-mch-compensation-bills", Source::Platform, Receiver::Merchant);
pub(super) const DEDUCTION: Way = way("transfer-bills", Source::Deposit, Receiver::Merchant);
pub(super) const AFTER_SALES: Way = way(
    "deposit-after-sales-compensation-bills",
    Source::Deposit,
    Receiver::User,
);
pub(super) const FREIGHT: Way = way(
    "deposit-shipping-cost-compensation-bills",
    Source::Deposit,
    Receiver::User,
);
pub(super) const PREMIUM: Way = way(
    "deposit-insurance-premiums-compensation-bills",
    Source::Deposit,
    Receiver::Merchant,
);
pub(super) const CLAIM: Way = Way {
    end: "accept_time",
    ..way("insurance-claim-bills", Source::Insurer, Receiver::User)
};
