//! Payee of a refunded order.

use serde::Serialize;
use wechatpay_macros::SensitiveFields;

use crate::{
    api::{Path, QueryPairs},
    types::{Mchid, Redacted},
};

/// Payee of a refunded order: a sub-merchant or a person (个人收款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(rename_all = "snake_case")]
pub enum RefundedPayee {
    /// Sub-merchant.
    SubMchid(Mchid),
    /// Personal receiver, by authorisation id.
    IndividualAuthId(Redacted),
}

impl QueryPairs for RefundedPayee {
    fn append(&self, path: Path) -> Path {
        match self {
            Self::SubMchid(mchid) => path.query("sub_mchid", mchid),
            Self::IndividualAuthId(id) => path.query("individual_auth_id", id.as_str()),
        }
    }
}

impl From<Mchid> for RefundedPayee {
    fn from(sub_mchid: Mchid) -> Self {
        Self::SubMchid(sub_mchid)
    }
}
