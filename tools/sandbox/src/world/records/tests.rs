use serde_json::{Value, json};

use super::{
    go,
    kinds::transfer::{CANCELING, CANCELLED, WAIT},
    open,
    state::{Record, RecordError, RecordKey, RecordKind},
};
use crate::world::tests::{SETTLED, TestWorld};

fn key(number: &str) -> RecordKey {
    RecordKey {
        kind: RecordKind::Transfer,
        mchid: "1".to_owned(),
        number: number.to_owned(),
    }
}

fn draft(world: &TestWorld, number: &str) -> Record {
    let now = world.clock.now();
    Record {
        key: key(number),
        id: format!("id-{number}"),
        amount: 500,
        state: WAIT.to_owned(),
        request: json!({ "remark": "asked", "kept": 1 }).into(),
        facts: json!({}).into(),
        created_at: now,
        updated_at: now,
    }
}

#[test]
fn money_leaves_at_once_and_the_user_gets_it_after_a_while() {
    let world = TestWorld::new();
    for _ in 0..2 {
        // The second call repeats the first one.
        let transfer = open(&world, draft(&world, "t"));
        assert_eq!((&*transfer.state, world.balance("1")), (WAIT, -500));
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
    let late = go(&world, &key("t"), CANCELING, Value::Null);
    assert!(matches!(late, Err(RecordError::NoWay { .. })));
}

#[test]
fn a_cancelled_transfer_returns_the_money_once() {
    let world = TestWorld::new();
    open(&world, draft(&world, "t"));
    go(&world, &key("t"), CANCELING, Value::Null).unwrap();
    assert_eq!(world.balance("1"), -500);
    for _ in 0..2 {
        world.pass(SETTLED);
        let state = world.records.get(&key("t")).unwrap().state;
        assert_eq!((&*state, world.balance("1")), (CANCELLED, 0));
    }
}

#[test]
fn a_step_that_was_planned_in_a_state_waits_for_no_other_state() {
    let world = TestWorld::new();
    open(&world, draft(&world, "t"));
    world.pass(SETTLED / 2);
    go(&world, &key("t"), CANCELING, Value::Null).unwrap();
    world.pass(SETTLED / 2);
    let state = world.records.get(&key("t")).unwrap().state;
    assert_eq!(state, CANCELING, "the confirmation of before is void");
    // The user confirmed in the moment of the cancellation.
    go(&world, &key("t"), "TRANSFERING", Value::Null).unwrap();
    world.pass(SETTLED);
    let kept = world.records.get(&key("t")).unwrap();
    assert_eq!((&*kept.state, world.balance("1")), ("SUCCESS", -500));
    let unknown = go(&world, &key("other"), "FAIL", Value::Null);
    assert_eq!(unknown.err(), Some(RecordError::NoSuchRecord));
}

#[test]
fn facts_come_with_the_steps_and_stand_above_the_request() {
    let world = TestWorld::new();
    open(&world, draft(&world, "t"));
    go(&world, &key("t"), "TRANSFERING", json!({ "remark": "later" })).unwrap();
    let record = go(&world, &key("t"), "FAIL", json!({ "fail_reason": "X" })).unwrap();
    let told = record.members(&["remark", "kept", "fail_reason", "none"]);
    assert_eq!(
        json!(told),
        json!({ "remark": "later", "kept": 1, "fail_reason": "X" })
    );
    assert!(world.records.get_by_id(RecordKind::Transfer, "id-t").is_some());
    assert_eq!(world.records.of(RecordKind::Transfer).len(), 1);
}
