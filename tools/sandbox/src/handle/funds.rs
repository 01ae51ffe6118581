//! Money in accounts, seen and put there by hand.

use wechatpay_core::{testing::DEMO_MCHID, types::Fen};

use super::Sandbox;
use crate::world::{
    funds::{self, ledger::Account},
    withdrawals::{
        self,
        state::{Withdrawal, WithdrawalError, WithdrawalKey, WithdrawalSnapshot, WithdrawalState},
    },
};

/// # Money
impl Sandbox {
    /// Balance of an account of a merchant or sub-merchant, in fen.
    ///
    /// It may be negative: the sandbox refuses for lack of money only where the platform itself does.
    #[must_use]
    pub fn balance(&self, mchid: &str, account: Account) -> i64 {
        self.engine.world.funds.ledger.balance(mchid, account)
    }

    /// Puts money into an account of a merchant or sub-merchant.
    pub fn top_up(&self, mchid: &str, account: Account, amount: Fen) {
        let _working = self.engine.world.working();
        funds::top_up(&self.engine.world, mchid, account, amount);
    }

    /// All withdrawals, the oldest first.
    #[must_use]
    pub fn withdrawals(&self) -> Vec<WithdrawalSnapshot> {
        self.engine
            .world
            .withdrawals
            .all()
            .iter()
            .map(Withdrawal::snapshot)
            .collect()
    }

    /// Settles a withdrawal of the demo merchant before it succeeds by itself.
    ///
    /// One that succeeded can still be returned.
    ///
    /// # Errors
    /// [`WithdrawalError`] if it does not exist or cannot enter this state.
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
        let _working = self.engine.world.working();
        withdrawals::go(&self.engine.world, &key, to, reason).map(|withdrawal| withdrawal.snapshot())
    }
}
