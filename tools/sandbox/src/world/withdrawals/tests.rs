use serde_json::json;
use wechatpay_core::testing::DEMO_SUB_MCHID;

use super::{
    available, begin, frozen, go,
    state::{Withdrawal, WithdrawalError, WithdrawalKey, WithdrawalKind, WithdrawalState},
};
use crate::world::{
    funds::{fee, ledger::Account},
    tests::{SETTLED, TestWorld},
};

fn key(number: &str) -> WithdrawalKey {
    WithdrawalKey {
        mchid: "1".to_owned(),
        out_request_no: number.to_owned(),
    }
}

fn draft(world: &TestWorld, number: &str, amount: i64) -> Withdrawal {
    let now = world.clock.now();
    Withdrawal {
        key: key(number),
        kind: WithdrawalKind::SubMerchant,
        withdraw_id: format!("id-{number}"),
        owner: DEMO_SUB_MCHID.to_owned(),
        account: Account::Basic,
        amount,
        request: json!({}).into(),
        notify_url: None,
        state: WithdrawalState::CreateSuccess,
        reason: None,
        created_at: now,
        updated_at: now,
    }
}

#[test]
fn money_leaves_at_once_and_arrives_after_a_while() {
    let world = TestWorld::new();
    for _ in 0..2 {
        // The second call repeats the first one.
        let withdrawal = begin(&world, draft(&world, "w", 500));
        assert_eq!(withdrawal.state, WithdrawalState::CreateSuccess);
        assert_eq!(world.balance(DEMO_SUB_MCHID), -500);
    }
    world.pass(SETTLED);
    assert_eq!(world.balance(DEMO_SUB_MCHID), -500);
    assert_eq!(world.told(), ["withdrawal CREATE_SUCCESS", "withdrawal SUCCESS"]);
}

#[test]
fn a_bank_may_send_money_back_and_nothing_follows_that() {
    let world = TestWorld::new();
    begin(&world, draft(&world, "w", 500));
    let go = |to| go(&world, &key("w"), to, Some("closed account")).map(|withdrawal| withdrawal.state);
    let no_way = |from, to| Err(WithdrawalError::NoWay { from, to });
    use WithdrawalState::{Close, CreateSuccess, Fail, Refund, Success};
    assert_eq!(go(Refund), no_way(CreateSuccess, Refund), "no bank has it yet");
    assert_eq!(go(Success), Ok(Success));
    assert_eq!(go(Fail), no_way(Success, Fail));
    assert_eq!(go(Refund), Ok(Refund));
    assert_eq!(world.balance(DEMO_SUB_MCHID), 0);
    for to in [CreateSuccess, Success, Fail, Close] {
        assert_eq!(go(to), no_way(Refund, to));
    }
    let kept = world.withdrawals.get(&key("w")).unwrap();
    assert_eq!(kept.reason.as_deref(), Some("closed account"));
}

#[test]
fn a_failed_withdrawal_stays_failed() {
    let world = TestWorld::new();
    begin(&world, draft(&world, "w", 500));
    go(&world, &key("w"), WithdrawalState::Fail, None).ok().unwrap();
    world.pass(SETTLED);
    let state = world.withdrawals.get(&key("w")).unwrap().state;
    assert_eq!((state, world.balance(DEMO_SUB_MCHID)), (WithdrawalState::Fail, 0));
    let unknown = go(&world, &key("other"), WithdrawalState::Fail, None);
    assert_eq!(unknown.err(), Some(WithdrawalError::NoSuchWithdrawal));
}

#[test]
fn money_that_waits_to_be_shared_cannot_be_withdrawn() {
    let world = TestWorld::new();
    let order = world.paid(world.order_of_sub("order", 10_000));
    let account = |account| {
        (
            available(&world, DEMO_SUB_MCHID, account),
            frozen(&world, DEMO_SUB_MCHID, account),
        )
    };
    let kept = 10_000 - fee(10_000);
    assert_eq!(account(Account::Basic), (0, kept));
    assert_eq!(account(Account::Operation), (0, 0));
    world
        .orders
        .change(&order.key, |order| order.sharing_finished = true);
    assert_eq!(account(Account::Basic), (kept, 0));
}
