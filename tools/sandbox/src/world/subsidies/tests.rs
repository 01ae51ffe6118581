use serde_json::json;
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};

use super::state::{OfOrder, Subsidy, SubsidyReturn};
use crate::world::{
    funds::{self, ledger::Account},
    tests::TestWorld,
};

#[test]
fn what_was_paid_can_come_back_in_parts() {
    let world = TestWorld::new();
    let key = world.order("order", 1).key;
    let change = |change: &dyn Fn(&mut OfOrder) -> i64| {
        let changed = world
            .subsidies
            .change(&key, |of_order| Ok::<_, ()>(change(of_order)));
        changed.unwrap()
    };
    let left = || change(&|of_order| of_order.left());
    assert_eq!(left(), 0);
    let paid = change(&|of_order| {
        of_order.paid.extend([300, 200].map(|amount| Subsidy {
            subsidy_id: String::new(),
            amount,
            request: json!({}).into(),
            at: 0,
        }));
        of_order.returned.push(SubsidyReturn {
            subsidy_refund_id: String::new(),
            out_order_no: String::new(),
            amount: 120,
            request: json!({}).into(),
            at: 0,
        });
        of_order.paid_amount()
    });
    assert_eq!((paid, left()), (500, 380));
    let saved = world.subsidies.saved();
    world.subsidies.clear();
    assert_eq!(left(), 0);
    world.subsidies.restore(saved);
    assert_eq!(left(), 380);
}

#[test]
fn a_refused_subsidy_leaves_nothing_behind() {
    let world = TestWorld::new();
    let key = world.order("order", 1).key;
    assert_eq!(
        world.subsidies.change(&key, |_| Err::<(), _>("refused")),
        Err("refused")
    );
    assert!(world.subsidies.saved().is_empty());
}

#[test]
fn a_subsidy_goes_from_the_platform_to_the_sub_merchant_and_back() {
    let world = TestWorld::new();
    let order = world.paid(world.order_of_sub("order", 1_000));
    let before = world.balance(DEMO_SUB_MCHID);
    let balances = || {
        let platform = world.funds.ledger.balance(DEMO_MCHID, Account::Operation);
        (platform, world.balance(DEMO_SUB_MCHID) - before)
    };
    funds::subsidised(&world, &order, "id", 300, world.clock.now());
    assert_eq!(balances(), (-300, 300));
    funds::subsidised(&world, &order, "id", -100, world.clock.now());
    assert_eq!(balances(), (-200, 200));
}
