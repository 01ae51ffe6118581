//! Money in accounts, seen and put there by hand.

use wechatpay_core::{testing::DEMO_MCHID, types::Fen};

use super::Sandbox;
use crate::{
    funds,
    state::{
        ledger::Account,
        withdrawal::{Withdrawal, WithdrawalError, WithdrawalKey, WithdrawalSnapshot, WithdrawalState},
    },
    withdrawals,
};

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
        let _working = self.shared.working();
        funds::top_up(&self.shared, mchid, account, amount);
    }

    /// All withdrawals, the oldest first.
    #[must_use]
    pub fn withdrawals(&self) -> Vec<WithdrawalSnapshot> {
        self.shared
            .withdrawals
            .all()
            .iter()
            .map(Withdrawal::snapshot)
            .collect()
    }

    /// Decides about a withdrawal of the demo merchant before it succeeds by itself, or lets one that succeeded come back.
    ///
    /// # Errors
    /// [`WithdrawalError`]: there is none, or it cannot go there.
    pub fn settle_withdrawal(
        &self,
        out_request_no: &str,
        to: WithdrawalState,
        reason: Option<&str>,
    ) -> Result<WithdrawalSnapshot, WithdrawalError> {
        let key = WithdrawalKey {
            mchid: DEMO_MCHID.to_owned(),
            out_request_no: out_request_no.to_owned(),
        };
        let _working = self.shared.working();
        withdrawals::go(&self.shared, &key, to, reason).map(|withdrawal| withdrawal.snapshot())
    }
}
