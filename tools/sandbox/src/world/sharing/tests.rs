use std::time::Duration;

use serde_json::json;
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};

use super::{
    frozen, give_back, left, settle_one, share,
    state::{Detail, Receiver, Share, ShareFailure, ShareFamily, ShareKey, ShareResult, ShareReturn},
    table::ShareRefusal,
};
use crate::world::{
    funds::fee,
    orders::state::Order,
    tests::{SETTLED, TestWorld},
};

const PARTNER: &str = "1900000777";
const DAY: Duration = Duration::from_secs(86_400);

fn key(number: &str) -> ShareKey {
    ShareKey {
        mchid: DEMO_MCHID.to_owned(),
        number: number.to_owned(),
    }
}

fn partner() -> Receiver {
    Receiver {
        mchid: DEMO_MCHID.to_owned(),
        sub_mchid: None,
        kind: "MERCHANT_ID".to_owned(),
        account: PARTNER.to_owned(),
    }
}

fn draft(world: &TestWorld, order: &Order, number: &str, amounts: &[i64]) -> Share {
    let detail = |amount: &i64| Detail {
        receiver: partner(),
        amount: *amount,
        description: String::new(),
        detail_id: format!("detail-{number}"),
        result: ShareResult::Pending,
        failure: None,
        finished_at: None,
        returned: 0,
    };
    Share {
        key: key(number),
        family: ShareFamily::Ecommerce,
        order_id: format!("id-{number}"),
        order: order.key.clone(),
        sub_mchid: Some(DEMO_SUB_MCHID.to_owned()),
        transaction_id: String::new(),
        request: json!(amounts).into(),
        details: amounts.iter().map(detail).collect(),
        released: None,
        created_at: world.clock.now(),
    }
}

fn returned(world: &TestWorld, number: &str, amount: i64) -> ShareReturn {
    ShareReturn {
        key: key(number),
        family: ShareFamily::Ecommerce,
        return_no: format!("id-{number}"),
        share: key("s"),
        order_id: "id-s".to_owned(),
        sub_mchid: Some(DEMO_SUB_MCHID.to_owned()),
        transaction_id: String::new(),
        return_mchid: PARTNER.to_owned(),
        amount,
        description: String::new(),
        request: json!(amount).into(),
        result: ShareResult::Pending,
        created_at: world.clock.now(),
        finished_at: None,
    }
}

/// A world with a paid order of 100 yuan that waits to be shared.
fn world() -> (TestWorld, Order) {
    let world = TestWorld::new();
    world.shares.add_receiver(partner());
    let order = world.paid(world.order_of_sub("order", 10_000));
    (world, order)
}

/// The same after the partner got 30 yuan.
fn shared() -> (TestWorld, Order) {
    let (world, order) = world();
    let draft = draft(&world, &order, "s", &[3_000]);
    share(&world, &order, draft, false).unwrap();
    world.pass(SETTLED);
    world.told();
    (world, order)
}

#[test]
fn a_share_goes_from_the_sub_merchant_to_the_receiver() {
    let (world, order) = world();
    let kept = 10_000 - fee(10_000);
    assert_eq!(left(&world, &order, order.created_at), kept);
    let draft = draft(&world, &order, "s", &[3_000]);
    share(&world, &order, draft, false).unwrap();
    assert_eq!((world.balance(PARTNER), world.balance(DEMO_SUB_MCHID)), (0, kept));
    world.pass(SETTLED);
    assert_eq!(
        (world.balance(PARTNER), world.balance(DEMO_SUB_MCHID)),
        (3_000, kept - 3_000)
    );
    assert_eq!(frozen(&world, DEMO_SUB_MCHID, world.clock.now()), kept - 3_000);
    assert_eq!(world.told(), ["share PENDING", "share SUCCESS"]);
    assert!(!settle_one(&world, &key("s"), PARTNER, None), "it is settled");
}

#[test]
fn a_share_takes_at_most_what_is_left_and_its_number_is_used_once() {
    let (world, order) = shared();
    let left = 10_000 - fee(10_000) - 3_000;
    let add = |number: &str, amount: i64| {
        share(&world, &order, draft(&world, &order, number, &[amount]), false).err()
    };
    assert_eq!(add("t", left + 1), Some(ShareRefusal::TooMuch { left }));
    assert_eq!(add("s", 1), Some(ShareRefusal::Differs));
    let repeated = world.shares.repeated(&draft(&world, &order, "s", &[3_000]));
    assert_eq!(repeated.ok().flatten().unwrap().order_id, "id-s");
    let differs = world.shares.repeated(&draft(&world, &order, "s", &[3_001]));
    assert_eq!(differs.err(), Some(ShareRefusal::Differs));
    assert_eq!(add("t", left), None);
    assert_eq!(add("u", 1), Some(ShareRefusal::TooMuch { left: 0 }));
}

#[test]
fn a_receiver_that_was_taken_off_gets_nothing() {
    let (world, order) = world();
    let draft = draft(&world, &order, "s", &[3_000]);
    share(&world, &order, draft, false).unwrap();
    assert!(world.shares.delete_receiver(&partner()) && !world.shares.delete_receiver(&partner()));
    world.pass(SETTLED);
    let detail = &world.shares.get(&key("s")).unwrap().details[0];
    assert_eq!(
        (detail.result, detail.failure),
        (ShareResult::Closed, Some(ShareFailure::NoRelation))
    );
    assert_eq!(world.balance(PARTNER), 0);
    let now = world.clock.now();
    assert_eq!(
        left(&world, &order, now),
        10_000 - fee(10_000),
        "it can be shared again"
    );
}

#[test]
fn money_is_free_once_it_is_released_or_too_old() {
    let (world, order) = world();
    world.pass(180 * DAY);
    assert!(left(&world, &order, world.clock.now()) > 0);
    world.pass(DAY);
    assert_eq!(left(&world, &order, world.clock.now()), 0);

    let order = world.paid(world.order_of_sub("other", 10_000));
    assert!(frozen(&world, DEMO_SUB_MCHID, world.clock.now()) > 0);
    share(&world, &order, draft(&world, &order, "s", &[]), true).unwrap();
    assert_eq!(frozen(&world, DEMO_SUB_MCHID, world.clock.now()), 0);
}

#[test]
fn a_return_comes_back_at_once_or_after_a_while() {
    let (world, _) = shared();
    let at_once = give_back(&world, returned(&world, "r1", 1_000), true).unwrap();
    assert_eq!(at_once.result, ShareResult::Success);
    assert_eq!(world.balance(PARTNER), 2_000);
    let later = give_back(&world, returned(&world, "r2", 500), false).unwrap();
    assert_eq!(later.result, ShareResult::Pending);
    assert_eq!(world.balance(PARTNER), 2_000);
    world.pass(SETTLED);
    assert_eq!(world.balance(PARTNER), 1_500);
    assert_eq!(world.told(), ["return SUCCESS", "return SUCCESS"]);
}

#[test]
fn a_return_is_at_most_what_was_received_and_happens_once() {
    let (world, _) = shared();
    let back = |number: &str, amount: i64| give_back(&world, returned(&world, number, amount), true);
    assert_eq!(
        back("r1", 3_001).err(),
        Some(ShareRefusal::TooMuch { left: 3_000 })
    );
    for _ in 0..2 {
        assert_eq!(back("r1", 2_000).unwrap().amount, 2_000);
    }
    assert_eq!(world.balance(PARTNER), 1_000);
    assert_eq!(back("r1", 2_001).err(), Some(ShareRefusal::Differs));
    assert_eq!(
        back("r2", 1_001).err(),
        Some(ShareRefusal::TooMuch { left: 1_000 })
    );
    let other = ShareReturn {
        return_mchid: "1900000778".to_owned(),
        ..returned(&world, "r3", 1)
    };
    assert_eq!(
        give_back(&world, other, true).err(),
        Some(ShareRefusal::NoReceiver)
    );
}
