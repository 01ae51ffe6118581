//! Parts of an event.

use std::borrow::Cow;

use crate::{
    idempotency::{EventKey, InvalidKey},
    types::Mchid,
};

/// Kind of an event.
#[derive(Debug)]
pub(super) struct Kind {
    /// First part of the key.
    name: &'static str,
    /// Kind of event for operators, from a query.
    pub(super) queried: &'static str,
}

const fn kind(name: &'static str, queried: &'static str) -> Kind {
    Kind { name, queried }
}

pub(super) const PAYMENT: Kind = kind("payment", "TRANSACTION.QUERY");
pub(super) const COMBINED: Kind = kind("combined", "TRANSACTION.QUERY");
pub(super) const REFUND: Kind = kind("refund", "REFUND.QUERY");
pub(super) const SHARE: Kind = kind("share", "PROFITSHARING.QUERY");
pub(super) const SHARE_RETURN: Kind = kind("share-return", "PROFITSHARING_RETURN.QUERY");
pub(super) const WITHDRAWAL: Kind = kind("withdrawal", "MCHWITHDRAW.QUERY");
#[cfg(feature = "abnormal-funds")]
pub(super) const ABNORMAL_FUNDS: Kind = kind("abnormal-funds", "ABNORMAL_FUND_PROCESSING.QUERY");
#[cfg(feature = "payscore")]
pub(super) const PAYSCORE: Kind = kind("payscore", "PAYSCORE.QUERY");
#[cfg(feature = "sub-merchant-recharge")]
pub(super) const RECHARGE: Kind = kind("recharge", "RECHARGE.QUERY");
#[cfg(feature = "personal-receivers")]
pub(super) const SETTLEMENT: Kind = kind("settlement", "SETTLEMENT.QUERY");
#[cfg(feature = "transfers")]
pub(super) const TRANSFER: Kind = kind("transfer", "MCHTRANSFER.QUERY");

/// Kind, number, state and facts of an event.
#[derive(Debug)]
pub struct Parts<'a> {
    pub(super) kind: Kind,
    pub(super) number: Cow<'a, str>,
    pub(super) state: Cow<'a, str>,
    pub(super) facts: String,
}

impl Parts<'_> {
    pub(super) fn key(&self, scope: &Mchid) -> Result<EventKey, InvalidKey> {
        let Self {
            kind, number, state, ..
        } = self;
        EventKey::new(scope.as_str(), &format!("{}/{number}/{state}", kind.name))
    }

    pub(super) fn into_owned(self) -> Parts<'static> {
        Parts {
            kind: self.kind,
            number: Cow::Owned(self.number.into_owned()),
            state: Cow::Owned(self.state.into_owned()),
            facts: self.facts,
        }
    }
}

/// Text of the platform's number and the amount.
pub(super) fn facts(number: Option<&str>, amount: Option<i64>) -> String {
    let number = number.unwrap_or("-");
    match amount {
        Some(amount) => format!("{number}:{amount}"),
        None => format!("{number}:-"),
    }
}
