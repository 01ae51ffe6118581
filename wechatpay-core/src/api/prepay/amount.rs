//! Amount, settlement and payment methods of an order.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Currency, Fen};

/// A required or excluded payment method (指定支付方式); restricted feature.
#[open_enum]
pub enum LimitPay {
    /// Excludes the wallet balance.
    NoBalance = "no_balance",
    /// Excludes credit cards.
    NoCredit = "no_credit",
    /// Excludes debit cards.
    NoDebit = "no_debit",
    /// Requires the wallet balance.
    BalanceOnly = "balance_only",
}

/// Amount of an order (订单金额).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct OrderAmount {
    /// Total in fen, at least 1.
    pub total: Fen,
    /// `CNY` if omitted.
    pub currency: Option<Currency>,
}

impl OrderAmount {
    /// Creates an amount in CNY, given in fen, with an explicit currency.
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

/// Settlement options (结算信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct SettleInfo {
    /// True to freeze the money for profit sharing.
    #[request(no_setter)]
    pub profit_sharing: Option<bool>,
    /// Subsidy in fen, at most 500 000; e-commerce only, needs `profit_sharing`.
    pub subsidy_amount: Option<Fen>,
}

impl SettleInfo {
    /// Creates options that freeze the money for profit sharing.
    #[must_use]
    pub fn profit_sharing() -> Self {
        Self {
            profit_sharing: Some(true),
            subsidy_amount: None,
        }
    }
}
