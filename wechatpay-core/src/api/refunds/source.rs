//! Accounts that refunds are paid from.

use wechatpay_macros::{RequestPart, Response, open_enum};

use crate::types::Fen;

/// Account that a refund is or was paid from (退款资金来源).
#[open_enum]
pub enum FundsAccount {
    /// Unsettled funds.
    Unsettled = "UNSETTLED",
    /// Available balance.
    Available = "AVAILABLE",
    /// Unavailable balance.
    Unavailable = "UNAVAILABLE",
    /// Operating account.
    Operation = "OPERATION",
    /// Basic account.
    Basic = "BASIC",
    /// Basic account in digital yuan.
    EcnyBasic = "ECNY_BASIC",
    /// Prepaid funds of a personal receiver.
    Prepaid = "PREPAID",
}

/// Account that a refund is paid from, with its part (退款出资账户及金额).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[request(no_new)]
#[non_exhaustive]
pub struct RefundSource {
    /// Account: `AVAILABLE` or `UNAVAILABLE`.
    pub account: Option<FundsAccount>,
    /// Part paid from the account, in fen.
    pub amount: Option<Fen>,
}

impl RefundSource {
    /// Creates a source that pays `amount` from `account`.
    #[must_use]
    pub fn new(account: FundsAccount, amount: Fen) -> Self {
        Self {
            account: Some(account),
            amount: Some(amount),
        }
    }
}
