use std::time::Duration;

use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};

use super::view::{combination, combined_notice};
use crate::world::{
    funds::fee,
    orders::{
        self,
        buyer::Buyer,
        key::OrderKey,
        state::{CloseRefusal, ORDER_SECONDS, Order, OrderState, PayError, PlaceRefusal},
    },
    tests::TestWorld,
};

/// A combined order of 300 and 700 fen, the second for the sub-merchant.
fn drafts(world: &TestWorld, number: &str) -> Vec<Order> {
    let key = OrderKey::combination(DEMO_MCHID, number);
    let items = [
        world.order(&format!("{number}-1"), 300),
        world.order_of_sub(&format!("{number}-2"), 700),
    ];
    let items = items.map(|item| Order {
        combination: Some(key.clone()),
        sessions: Vec::new(),
        ..item
    });
    let mut drafts = vec![Order {
        key,
        items: items.iter().map(|item| item.key.clone()).collect(),
        ..world.order(number, 1_000)
    }];
    drafts.extend(items);
    drafts
}

/// The combined order, its key, and the keys of its items.
fn placed() -> (TestWorld, OrderKey, [OrderKey; 2]) {
    let world = TestWorld::new();
    let placed = world
        .orders
        .place(drafts(&world, "c"), world.clock.now())
        .unwrap();
    let items = ["c-1", "c-2"].map(|number| OrderKey::order(DEMO_MCHID, number));
    orders::watch(&world, placed.key.clone());
    (world, placed.key, items)
}

fn states(world: &TestWorld, items: &[OrderKey; 2]) -> [OrderState; 2] {
    items
        .each_ref()
        .map(|key| world.orders.get(key, world.clock.now()).unwrap().state)
}

#[test]
fn one_item_is_paid_with_all_others_each_to_its_payee() {
    let (world, whole, items) = placed();
    orders::pay(&world, &items[0], Buyer::Alice, None).unwrap();
    assert_eq!(states(&world, &items), [OrderState::Success; 2]);
    let get = |key: &OrderKey| world.orders.get(key, world.clock.now()).unwrap();
    let ids = [&whole, &items[0], &items[1]].map(|key| get(key).payment.unwrap().transaction_id);
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_eq!(world.balance(DEMO_MCHID), 300 - fee(300));
    assert_eq!(world.balance(DEMO_SUB_MCHID), 700 - fee(700));
    for key in [&whole, &items[1]] {
        let again = orders::pay(&world, key, Buyer::Alice, None);
        assert_eq!(again, Err(PayError::AlreadyPaid));
    }
    assert_eq!(
        world.orders.close(&whole, world.clock.now()),
        Err(CloseRefusal::Paid)
    );
}

#[test]
fn a_combined_order_is_closed_with_its_items_by_hand_or_by_time() {
    let (world, whole, items) = placed();
    world.orders.close(&whole, world.clock.now()).unwrap();
    assert_eq!(states(&world, &items), [OrderState::Closed; 2]);
    let refused = orders::pay(&world, &items[1], Buyer::Alice, None);
    assert_eq!(refused, Err(PayError::Closed));

    let (world, whole, items) = placed();
    world.pass(Duration::from_secs(ORDER_SECONDS.unsigned_abs() + 1));
    assert_eq!(states(&world, &items), [OrderState::Closed; 2]);
    assert_eq!(world.told(), [format!("expired {}", whole.out_trade_no)]);
}

#[test]
fn an_item_keeps_its_number_for_itself() {
    let (world, _, _) = placed();
    let mut other = drafts(&world, "d");
    other[1].key = OrderKey::order(DEMO_MCHID, "c-1");
    let refused = world.orders.place(other, world.clock.now()).err();
    assert_eq!(refused, Some(PlaceRefusal::NumberUsed("c-1".to_owned())));
    let key = OrderKey::combination(DEMO_MCHID, "d");
    assert!(world.orders.get(&key, world.clock.now()).is_none());
    let again = world
        .orders
        .place(drafts(&world, "c"), world.clock.now())
        .unwrap();
    assert!(!again.is_new);
}

#[test]
fn a_payment_shows_in_the_whole_and_in_each_item() {
    let (world, whole, items) = placed();
    let view = || {
        let order = world.orders.get(&whole, world.clock.now()).unwrap();
        let items = world.orders.items_of(&order);
        (combination(&order, &items), combined_notice(&order, &items))
    };
    let (unpaid, _) = view();
    assert_eq!(unpaid["combine_transaction_id"], serde_json::Value::Null);
    assert_eq!(unpaid["sub_orders"][1]["trade_state"], "NOTPAY");
    orders::pay(&world, &items[1], Buyer::Alice, None).unwrap();
    let (queried, told) = view();
    assert!(queried["combine_transaction_id"].is_string());
    assert_eq!(queried["sub_orders"][0]["amount"]["payer_amount"], 300);
    assert_eq!(queried["sub_orders"][1]["sub_mchid"], DEMO_SUB_MCHID);
    assert!(queried["sub_orders"][0]["promotion_detail"].is_array());
    assert!(told["sub_orders"][0]["promotion_detail"].is_null());
}
