use std::time::Duration;

use serde_json::json;
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};

use super::{
    apply, by_hand, give_back_advance, reroute, settle, settle_planned,
    state::{Refund, RefundFamily, RefundKey, RefundState, ReturnedAdvance, SettleError},
    table::{ApplyRefusal, MAX_PER_ORDER},
};
use crate::world::{
    funds::{fee, ledger::Account},
    orders::state::{Order, OrderState},
    tests::{SETTLED, TestWorld},
};

fn draft(world: &TestWorld, order: &Order, number: &str, amount: i64) -> Refund {
    let now = world.clock.now();
    Refund {
        key: RefundKey {
            mchid: DEMO_MCHID.to_owned(),
            out_refund_no: number.to_owned(),
        },
        family: RefundFamily::Ordinary,
        refund_id: format!("id-{number}"),
        order: order.key.clone(),
        sub_mchid: None,
        transaction_id: String::new(),
        amount,
        total: order.total,
        fee: 0,
        request: json!({ "refund": amount }).into(),
        notify_url: String::new(),
        created_at: now,
        state: RefundState::Processing,
        changed_at: now,
        channel: "ORIGINAL".into(),
        received_account: String::new(),
        round: 0,
        returned_advance: None,
    }
}

/// A world with a paid order of 10 yuan.
fn world() -> (TestWorld, Order) {
    let world = TestWorld::new();
    let order = world.paid(world.order("order", 1_000));
    (world, order)
}

#[test]
fn a_refund_succeeds_after_a_while_and_is_final() {
    let (world, order) = world();
    let key = apply(&world, draft(&world, &order, "r", 300)).unwrap().refund.key;
    let state = || world.refunds.get(&key).unwrap().state;
    assert_eq!(
        world.orders.get(&order.key, order.created_at).unwrap().state,
        OrderState::Refund
    );
    world.pass(SETTLED - Duration::from_secs(1));
    assert_eq!(state(), RefundState::Processing);
    world.pass(Duration::from_secs(1));
    assert_eq!(state(), RefundState::Success);
    assert_eq!(world.told(), ["refund PROCESSING", "refund SUCCESS"]);
    for to in [
        RefundState::Closed,
        RefundState::Abnormal,
        RefundState::Processing,
    ] {
        assert_eq!(settle(&world, &key, to).err(), Some(SettleError::Final));
    }
    assert!(world.told().is_empty());
}

#[test]
fn a_repeated_refund_is_the_same_and_moves_no_money() {
    let (world, order) = world();
    let first = apply(&world, draft(&world, &order, "r", 300)).unwrap();
    let balance = world.balance(DEMO_MCHID);
    let again = apply(
        &world,
        Refund {
            refund_id: "other".to_owned(),
            ..draft(&world, &order, "r", 300)
        },
    )
    .unwrap();
    assert!(first.is_new && !again.is_new);
    assert_eq!(again.refund.refund_id, "id-r");
    assert_eq!(
        apply(&world, draft(&world, &order, "r", 301)).err(),
        Some(ApplyRefusal::Differs)
    );
    assert_eq!(world.balance(DEMO_MCHID), balance);
    assert_eq!(world.refunds.sum_of(&order.key), 300);
}

#[test]
fn parts_add_up_to_the_order_and_bring_back_its_fee() {
    let (world, order) = world();
    assert_eq!(world.balance(DEMO_MCHID), 1_000 - fee(1_000));
    // Each part for itself would have a fee of 1 fen.
    let fees: i64 = (0..10)
        .map(|number| {
            let draft = draft(&world, &order, &format!("r-{number}"), 100);
            apply(&world, draft).unwrap().refund.fee
        })
        .sum();
    assert_eq!(fees, fee(1_000));
    assert_eq!(world.balance(DEMO_MCHID), 0);
    assert_eq!(
        apply(&world, draft(&world, &order, "more", 1)).err(),
        Some(ApplyRefusal::TooMuch { left: 0 })
    );
}

#[test]
fn an_order_has_fifty_refunds_and_no_more() {
    let (world, order) = world();
    for number in 0..MAX_PER_ORDER {
        apply(&world, draft(&world, &order, &number.to_string(), 1)).unwrap();
    }
    assert_eq!(
        apply(&world, draft(&world, &order, "more", 1)).err(),
        Some(ApplyRefusal::TooMany)
    );
}

#[test]
fn a_closed_refund_gives_the_money_back_to_the_merchant() {
    let (world, order) = world();
    let before = world.balance(DEMO_MCHID);
    let key = apply(&world, draft(&world, &order, "r", 1_000))
        .unwrap()
        .refund
        .key;
    assert_eq!(world.balance(DEMO_MCHID), 0);
    assert_eq!(
        settle(&world, &key, RefundState::Processing).err(),
        Some(SettleError::Backwards)
    );
    settle(&world, &key, RefundState::Closed).unwrap();
    assert_eq!(world.balance(DEMO_MCHID), before);
    world.pass(SETTLED);
    assert_eq!(world.refunds.get(&key).unwrap().state, RefundState::Closed);
    assert!(apply(&world, draft(&world, &order, "again", 1_000)).is_ok());
}

#[test]
fn an_abnormal_refund_goes_another_way_and_the_first_way_is_void() {
    let (world, order) = world();
    let key = apply(&world, draft(&world, &order, "r", 300)).unwrap().refund.key;
    let reroute = || reroute(&world, &key, "BANK", "card".to_owned());
    assert!(reroute().is_none(), "it is not abnormal");
    settle(&world, &key, RefundState::Abnormal).unwrap();
    let rerouted = reroute().unwrap();
    assert_eq!((rerouted.state, rerouted.round), (RefundState::Processing, 1));
    settle_planned(&world, &key, 0);
    assert_eq!(world.refunds.get(&key).unwrap().state, RefundState::Processing);
    world.pass(SETTLED);
    assert_eq!(world.refunds.get(&key).unwrap().state, RefundState::Success);
    let unknown = RefundKey {
        out_refund_no: "unknown".to_owned(),
        ..key
    };
    let error = settle(&world, &unknown, RefundState::Success).err();
    assert_eq!(error, Some(SettleError::NoSuchRefund));
}

#[test]
fn a_refund_by_hand_needs_a_payment_and_money() {
    let (world, order) = world();
    let unpaid = world.order("unpaid", 1_000);
    world
        .orders
        .place(vec![unpaid.clone()], order.created_at)
        .unwrap();
    for (key, amount) in [(&unpaid.key, 1), (&order.key, 0), (&order.key, 1_001)] {
        assert!(by_hand(&world, key, amount).is_none(), "{amount}");
    }
    world.funds.set_for_refunds(false);
    assert!(by_hand(&world, &order.key, 1).is_none());
    world.funds.set_for_refunds(true);
    let refund = by_hand(&world, &order.key, 1_000).unwrap();
    assert_eq!(refund.transaction_id, order.payment.unwrap().transaction_id);
}

#[test]
fn an_advance_comes_back_to_the_platform_once() {
    let world = TestWorld::new();
    let order = world.paid(world.order_of_sub("order", 1_000));
    let balances = || {
        let platform = world.funds.ledger.balance(DEMO_MCHID, Account::Operation);
        (platform, world.balance(DEMO_SUB_MCHID))
    };
    let kept = 1_000 - fee(1_000);
    let advanced = Refund {
        sub_mchid: Some(DEMO_SUB_MCHID.to_owned()),
        request: json!({ "refund_account": "REFUND_SOURCE_PARTNER_ADVANCE" }).into(),
        ..draft(&world, &order, "r", 500)
    };
    let refund = apply(&world, advanced).unwrap().refund;
    assert_eq!(balances(), (refund.fee - 500, kept));
    for id in ["first", "second"] {
        let returned = ReturnedAdvance {
            advance_return_id: id.to_owned(),
            at: world.clock.now(),
        };
        let refund = give_back_advance(&world, &refund.key, &returned).unwrap();
        assert_eq!(refund.returned_advance.unwrap().advance_return_id, "first");
        assert_eq!(balances(), (refund.fee, kept - 500));
    }
}
