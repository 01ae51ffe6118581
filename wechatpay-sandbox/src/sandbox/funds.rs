//! Money in accounts, seen and put there by hand.

use wechatpay_core::types::Fen;

use super::Sandbox;
use crate::{funds, state::ledger::Account};

/// # Money
impl Sandbox {
    /// What an account of a merchant or sub-merchant holds, in fen. It may be below zero: nobody is stopped here for lack of
    /// money, unless the platform itself looks.
    #[must_use]
    pub fn balance(&self, mchid: &str, account: Account) -> i64 {
        self.shared.ledger.balance(mchid, account)
    }

    /// Puts money into an account of a merchant or sub-merchant.
    pub fn top_up(&self, mchid: &str, account: Account, amount: Fen) {
        funds::top_up(&self.shared, mchid, account, amount);
    }
}
