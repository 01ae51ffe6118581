//! Keys of orders.

use serde::{Deserialize, Serialize};

/// Scopes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// Orders, items of combined orders among them: `out_trade_no`.
    Order,
    /// Combined orders as a whole: `combine_out_trade_no`.
    Combination,
}

/// Key of an order: its number is unique per calling merchant, sub-merchants included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderKey {
    /// Ordinary order or combined order.
    pub space: Space,
    /// Number of the calling merchant.
    pub mchid: String,
    /// Number of the order, chosen by the merchant.
    pub out_trade_no: String,
}

impl OrderKey {
    /// Key of an ordinary order.
    pub fn order(mchid: &str, out_trade_no: &str) -> Self {
        Self {
            space: Space::Order,
            mchid: mchid.to_owned(),
            out_trade_no: out_trade_no.to_owned(),
        }
    }

    /// Key of a combined order.
    pub fn combination(mchid: &str, combine_out_trade_no: &str) -> Self {
        Self {
            space: Space::Combination,
            ..Self::order(mchid, combine_out_trade_no)
        }
    }
}
