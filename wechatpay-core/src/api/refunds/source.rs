//! The accounts that refunds are paid from.

use wechatpay_macros::{RequestPart, Response, open_enum};

use crate::types::Fen;

/// The account that a refund is paid from (退款资金来源), or was.
#[open_enum]
pub enum FundsAccount {
    /// Money that is not settled yet.
    Unsettled = "UNSETTLED",
    /// The available balance.
    Available = "AVAILABLE",
    /// The balance that is not available.
    Unavailable = "UNAVAILABLE",
    /// The operating account.
    Operation = "OPERATION",
    /// The basic account.
    Basic = "BASIC",
    /// The basic account in digital yuan.
    EcnyBasic = "ECNY_BASIC",
    /// Prepaid money of a personal receiver.
    Prepaid = "PREPAID",
}

/// An account that a refund is paid from, and how much of it (退款出资账户及金额).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[request(no_new)]
#[non_exhaustive]
pub struct RefundSource {
    /// The account: `AVAILABLE` or `UNAVAILABLE`.
    pub account: Option<FundsAccount>,
    /// The part it pays, in fen.
    pub amount: Option<Fen>,
}

impl RefundSource {
    /// `amount` fen of `account`.
    #[must_use]
    pub fn new(account: FundsAccount, amount: Fen) -> Self {
        Self {
            account: Some(account),
            amount: Some(amount),
        }
    }
}
