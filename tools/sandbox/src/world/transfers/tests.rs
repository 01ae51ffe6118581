use serde_json::json;

use super::{
    begin, cancel, go,
    state::{Transfer, TransferError, TransferKey, TransferState},
};
use crate::world::tests::{SETTLED, TestWorld};

fn key(number: &str) -> TransferKey {
    TransferKey {
        mchid: "1".to_owned(),
        out_bill_no: number.to_owned(),
    }
}

fn draft(world: &TestWorld, number: &str) -> Transfer {
    let now = world.clock.now();
    Transfer {
        key: key(number),
        transfer_bill_no: format!("id-{number}"),
        package_info: "package".to_owned(),
        amount: 500,
        request: json!({}).into(),
        state: TransferState::WaitUserConfirm,
        fail_reason: None,
        created_at: now,
        updated_at: now,
    }
}

#[test]
fn money_leaves_at_once_and_the_user_gets_it_after_a_while() {
    let world = TestWorld::new();
    for _ in 0..2 {
        // The second call repeats the first one.
        let transfer = begin(&world, draft(&world, "t"));
        assert_eq!(transfer.state, TransferState::WaitUserConfirm);
        assert_eq!(world.balance("1"), -500);
    }
    world.pass(SETTLED);
    world.pass(SETTLED);
    assert_eq!(world.balance("1"), -500);
    assert_eq!(
        world.told(),
        [
            "transfer WAIT_USER_CONFIRM",
            "transfer TRANSFERING",
            "transfer SUCCESS"
        ]
    );
    assert!(matches!(
        cancel(&world, &key("t")),
        Err(TransferError::NoWay { .. })
    ));
}

#[test]
fn a_cancelled_transfer_returns_the_money_once() {
    let world = TestWorld::new();
    begin(&world, draft(&world, "t"));
    for _ in 0..2 {
        let state = cancel(&world, &key("t")).ok().unwrap().state;
        assert_eq!((state, world.balance("1")), (TransferState::Canceling, -500));
    }
    world.pass(SETTLED);
    let state = cancel(&world, &key("t")).ok().unwrap().state;
    assert_eq!((state, world.balance("1")), (TransferState::Cancelled, 0));
    world.pass(SETTLED);
    assert_eq!(world.balance("1"), 0);
}

#[test]
fn a_user_may_confirm_in_the_moment_of_the_cancellation() {
    let world = TestWorld::new();
    begin(&world, draft(&world, "t"));
    cancel(&world, &key("t")).ok().unwrap();
    go(&world, &key("t"), TransferState::Transferring, None)
        .ok()
        .unwrap();
    world.pass(SETTLED);
    let kept = world.transfers.get(&key("t")).unwrap();
    assert_eq!((kept.state, world.balance("1")), (TransferState::Success, -500));
    let unknown = go(&world, &key("other"), TransferState::Fail, None);
    assert_eq!(unknown.err(), Some(TransferError::NoSuchTransfer));
}
