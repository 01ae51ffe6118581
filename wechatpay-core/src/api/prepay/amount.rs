//! What an order costs and how the money is settled.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Currency, Fen};

/// A way of paying that is forbidden or demanded (指定支付方式). A restricted feature.
#[open_enum]
pub enum LimitPay {
    /// Not from the purse.
    NoBalance = "no_balance",
    /// Not by credit card.
    NoCredit = "no_credit",
    /// Not by debit card.
    NoDebit = "no_debit",
    /// From the purse only.
    BalanceOnly = "balance_only",
}

/// What the order costs (订单金额).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct OrderAmount {
    /// In fen, at least 1.
    pub total: Fen,
    /// `CNY` when left out.
    pub currency: Option<Currency>,
}

impl OrderAmount {
    /// An amount in yuan's hundredths, with the currency spelled out.
    #[must_use]
    pub fn cny(total: Fen) -> Self {
        Self {
            total,
            currency: Some(Currency::Cny),
        }
    }
}

impl From<Fen> for OrderAmount {
    fn from(total: Fen) -> Self {
        Self::cny(total)
    }
}

/// How the money is settled (结算信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct SettleInfo {
    /// Freezes the money for profit sharing.
    #[request(no_setter)]
    pub profit_sharing: Option<bool>,
    /// Subsidy in fen, at most 500 000; partner mode of e-commerce only, needs `profit_sharing`.
    pub subsidy_amount: Option<Fen>,
}

impl SettleInfo {
    /// Money that is to be shared.
    #[must_use]
    pub fn profit_sharing() -> Self {
        Self {
            profit_sharing: Some(true),
            subsidy_amount: None,
        }
    }
}
