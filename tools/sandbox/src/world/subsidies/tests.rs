use serde_json::json;
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};

use super::{
    call_off, give_back, pay,
    rules::SubsidyRefusal,
    state::{Subsidy, SubsidyReturn},
};
use crate::world::{
    funds::{fee, ledger::Account},
    orders::state::Order,
    tests::TestWorld,
};

const PROMISED: i64 = 500;

/// A world with a paid order of the sub-merchant.
fn world() -> (TestWorld, Order) {
    let world = TestWorld::new();
    let order = world.paid(world.order_of_sub("order", 1_000));
    (world, order)
}

fn subsidy(amount: i64) -> Subsidy {
    Subsidy {
        subsidy_id: format!("id-{amount}"),
        amount,
        request: json!(amount).into(),
        at: 0,
    }
}

fn returned(number: &str, amount: i64) -> SubsidyReturn {
    SubsidyReturn {
        subsidy_refund_id: format!("id-{number}"),
        out_order_no: number.to_owned(),
        amount,
        request: json!(amount).into(),
        at: 0,
    }
}

/// Subsidies as the platform paid them, and as the sub-merchant got them.
fn balances(world: &TestWorld) -> (i64, i64) {
    let platform = world.funds.ledger.balance(DEMO_MCHID, Account::Operation);
    (platform, world.balance(DEMO_SUB_MCHID) - (1_000 - fee(1_000)))
}

#[test]
fn a_subsidy_is_paid_once_and_at_most_as_promised() {
    let (world, order) = world();
    for _ in 0..2 {
        assert_eq!(
            pay(&world, &order, PROMISED, subsidy(300)).unwrap().subsidy_id,
            "id-300"
        );
        assert_eq!(balances(&world), (-300, 300));
    }
    let refused = pay(&world, &order, PROMISED, subsidy(201)).err();
    assert_eq!(refused, Some(SubsidyRefusal::MoreThanPromised));
    assert!(pay(&world, &order, PROMISED, subsidy(200)).is_ok());
    assert_eq!(balances(&world), (-500, 500));
}

#[test]
fn a_subsidy_comes_back_in_parts_each_once() {
    let (world, order) = world();
    pay(&world, &order, PROMISED, subsidy(300)).unwrap();
    let back = |number, amount| {
        give_back(&world, &order, returned(number, amount)).map(|given| given.subsidy_refund_id)
    };
    for _ in 0..2 {
        assert_eq!(back("r", 120).as_deref(), Ok("id-r"));
        assert_eq!(balances(&world), (-180, 180));
    }
    assert_eq!(back("r", 121), Err(SubsidyRefusal::Differs));
    assert_eq!(back("s", 181), Err(SubsidyRefusal::MoreThanPaid));
    assert!(back("s", 180).is_ok());
    assert_eq!(balances(&world), (0, 0));
    let saved = world.subsidies.saved();
    world.subsidies.clear();
    assert_eq!(back("r", 120), Err(SubsidyRefusal::MoreThanPaid));
    world.subsidies.restore(saved);
    assert_eq!(back("r", 120).as_deref(), Ok("id-r"));
}

#[test]
fn a_subsidy_is_called_off_before_it_is_paid_or_not_at_all() {
    let (world, order) = world();
    for _ in 0..2 {
        assert_eq!(call_off(&world, &order), Ok(()));
    }
    let refused = pay(&world, &order, PROMISED, subsidy(300)).err();
    assert_eq!(refused, Some(SubsidyRefusal::CalledOff));
    let other = world.paid(world.order_of_sub("other", 1_000));
    pay(&world, &other, PROMISED, subsidy(300)).unwrap();
    assert_eq!(call_off(&world, &other), Err(SubsidyRefusal::PaidAlready));
    assert!(pay(&world, &other, PROMISED, subsidy(200)).is_ok());
}

#[test]
fn a_refused_subsidy_leaves_nothing_behind() {
    let (world, order) = world();
    assert!(pay(&world, &order, PROMISED, subsidy(501)).is_err());
    assert!(give_back(&world, &order, returned("r", 1)).is_err());
    assert!(world.subsidies.saved().is_empty());
    assert_eq!(balances(&world), (0, 0));
}
