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
    pub space: Space,
    pub mchid: String,
    pub out_trade_no: String,
}

impl OrderKey {
    pub fn order(mchid: &str, out_trade_no: &str) -> Self {
        Self {
            space: Space::Order,
            mchid: mchid.to_owned(),
            out_trade_no: out_trade_no.to_owned(),
        }
    }

    pub fn combination(mchid: &str, combine_out_trade_no: &str) -> Self {
        Self {
            space: Space::Combination,
            ..Self::order(mchid, combine_out_trade_no)
        }
    }
}
