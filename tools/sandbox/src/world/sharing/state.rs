//! Profit sharing: one share of an order's money with its receivers, one return.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, orders::key::OrderKey};

/// State of a share for one receiver, or of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareResult {
    /// Accepted; the money is on its way.
    Pending,
    /// The receiver has it.
    Success,
    /// It failed, and will not be tried again.
    Closed,
}

impl ShareResult {
    /// As `result` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
        }
    }
}

impl fmt::Display for ShareResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a receiver got nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareFailure {
    /// The receiver's account is out of order.
    AccountAbnormal,
    /// The receiver was taken off the list.
    NoRelation,
    /// The receiver is a risk.
    ReceiverHighRisk,
    /// The receiver's name is not verified.
    ReceiverRealNameNotVerified,
    /// The permission is gone.
    NoAuth,
    /// The receiver may not receive more.
    ReceiverReceiptLimit,
    /// The payer's account is out of order.
    PayerAccountAbnormal,
}

impl ShareFailure {
    /// As `fail_reason` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountAbnormal => "ACCOUNT_ABNORMAL",
            Self::NoRelation => "NO_RELATION",
            Self::ReceiverHighRisk => "RECEIVER_HIGH_RISK",
            Self::ReceiverRealNameNotVerified => "RECEIVER_REAL_NAME_NOT_VERIFIED",
            Self::NoAuth => "NO_AUTH",
            Self::ReceiverReceiptLimit => "RECEIVER_RECEIPT_LIMIT",
            Self::PayerAccountAbnormal => "PAYER_ACCOUNT_ABNORMAL",
        }
    }
}

/// Which of the two families of endpoints it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ShareFamily {
    /// `/v3/ecommerce/profitsharing`.
    Ecommerce,
    /// `/v3/profitsharing`.
    Ordinary,
}

/// Key of a share or return: its number is unique per calling merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ShareKey {
    pub(crate) mchid: String,
    pub(crate) number: String,
}

/// A permitted receiver of shares: from whose orders, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Receiver {
    pub(crate) mchid: String,
    /// The ordinary family keeps receivers for each sub-merchant.
    pub(crate) sub_mchid: Option<String>,
    pub(crate) kind: String,
    pub(crate) account: String,
}

/// One receiver's part of a share.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Detail {
    pub(crate) receiver: Receiver,
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) detail_id: String,
    pub(crate) result: ShareResult,
    pub(crate) failure: Option<ShareFailure>,
    pub(crate) finished_at: Option<i64>,
    /// Returned amount, pending returns included.
    pub(crate) returned: i64,
}

/// Money of an order that is given to others, or released.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) key: ShareKey,
    pub(crate) family: ShareFamily,
    pub(crate) order_id: String,
    pub(crate) order: OrderKey,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) transaction_id: String,
    /// Compared with a repeated call.
    pub(crate) request: Body,
    pub(crate) details: Vec<Detail>,
    /// Amount released by a call that only releases the rest.
    pub(crate) released: Option<i64>,
    pub(crate) created_at: i64,
}

impl Share {
    /// Returns true if nothing of the share is pending.
    pub(crate) fn is_finished(&self) -> bool {
        self.details
            .iter()
            .all(|detail| detail.result != ShareResult::Pending)
    }

    /// Amount taken from the order.
    pub(crate) fn amount(&self) -> i64 {
        self.details
            .iter()
            .filter(|detail| detail.result != ShareResult::Closed)
            .map(|detail| detail.amount)
            .sum()
    }

    pub(crate) fn snapshot(&self) -> ShareSnapshot {
        ShareSnapshot {
            mchid: self.key.mchid.clone(),
            out_order_no: self.key.number.clone(),
            order_id: self.order_id.clone(),
            out_trade_no: self.order.out_trade_no.clone(),
            released: self.released,
            receivers: self
                .details
                .iter()
                .map(|detail| ShareDetail {
                    account: detail.receiver.account.clone(),
                    amount: detail.amount,
                    result: detail.result,
                    failure: detail.failure,
                    returned: detail.returned,
                })
                .collect(),
        }
    }
}

/// Money that a receiver returns.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ShareReturn {
    pub(crate) key: ShareKey,
    pub(crate) family: ShareFamily,
    pub(crate) return_no: String,
    pub(crate) share: ShareKey,
    pub(crate) order_id: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) transaction_id: String,
    pub(crate) return_mchid: String,
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) request: Body,
    pub(crate) result: ShareResult,
    pub(crate) created_at: i64,
    pub(crate) finished_at: Option<i64>,
}

/// A share as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShareSnapshot {
    /// The calling merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_order_no: String,
    /// The platform's number.
    pub order_id: String,
    /// The order whose money is shared.
    pub out_trade_no: String,
    /// Amount released to the payee, in fen, if the call did nothing else.
    pub released: Option<i64>,
    /// Who gets how much.
    pub receivers: Vec<ShareDetail>,
}

/// One receiver's part of a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ShareDetail {
    /// A mchid or an openid.
    pub account: String,
    /// Amount in fen.
    pub amount: i64,
    /// State of the part.
    pub result: ShareResult,
    /// Why it failed.
    pub failure: Option<ShareFailure>,
    /// Returned amount, pending returns included.
    pub returned: i64,
}
