//! Life of a withdrawal: it leaves the account, arrives, or is returned.

use crate::world::Event;
use crate::{
    world::World,
    world::{
        clock::Due,
        funds::{
            self,
            ledger::{Account, Movement},
        },
        sharing,
        withdrawals::state::{Withdrawal, WithdrawalError, WithdrawalKey, WithdrawalState},
    },
};

/// Amount that can be withdrawn: the balance without frozen money.
pub(crate) fn available(world: &World, owner: &str, account: Account) -> i64 {
    let balance = world.funds.ledger.balance(owner, account);
    balance.saturating_sub(frozen(world, owner, account))
}

/// Amount of an account that waits to be shared.
pub(crate) fn frozen(world: &World, owner: &str, account: Account) -> i64 {
    match account {
        Account::Basic => sharing::frozen(world, owner, world.clock.now()),
        Account::Operation | Account::Fees | Account::Deposit => 0,
    }
}

/// Sends money on its way. Its number stands for no other one.
pub(crate) fn begin(world: &World, draft: Withdrawal) -> Withdrawal {
    let (withdrawal, is_new) = world.withdrawals.add(draft);
    if is_new {
        let out = withdrawal.amount.saturating_neg();
        enter(world, &withdrawal, out, "提现", withdrawal.created_at);
        tell(world, &withdrawal);
        let due = Due::SettleWithdrawal(withdrawal.key.clone());
        world.agenda.after(world.rules.settle_delay, due);
    }
    withdrawal
}

/// The money arrives, unless something else happened to it.
pub(crate) fn settle_planned(world: &World, key: &WithdrawalKey) {
    // What was decided by hand stays.
    let _ = go(world, key, WithdrawalState::Success, None);
}

/// Gives a withdrawal its next state and tells the merchant.
pub(crate) fn go(
    world: &World,
    key: &WithdrawalKey,
    to: WithdrawalState,
    reason: Option<&str>,
) -> Result<Withdrawal, WithdrawalError> {
    let now = world.clock.now();
    let withdrawal = world
        .withdrawals
        .change(key, |withdrawal| {
            withdrawal.go(to, now)?;
            withdrawal.reason = reason.map(str::to_owned);
            Ok(withdrawal.clone())
        })
        .ok_or(WithdrawalError::NoSuchWithdrawal)??;
    if to != WithdrawalState::Success {
        enter(world, &withdrawal, withdrawal.amount, "提现退回", now);
    }
    tell(world, &withdrawal);
    Ok(withdrawal)
}

fn enter(world: &World, withdrawal: &Withdrawal, amount: i64, kind: &'static str, at: i64) {
    funds::add(
        world,
        Movement {
            owner: withdrawal.owner.clone(),
            account: withdrawal.account,
            at,
            amount,
            business_no: withdrawal.withdraw_id.clone(),
            name: "提现".into(),
            kind: kind.into(),
            applicant: format!("{}API", withdrawal.key.mchid),
            note: withdrawal.request.text("/remark").unwrap_or_default(),
            voucher: withdrawal.key.out_request_no.clone(),
        },
    );
}

fn tell(world: &World, withdrawal: &Withdrawal) {
    world.tell(&Event::Withdrawal(withdrawal));
}
