use std::time::Duration;

use super::{
    apply,
    state::{BankAccount, Change},
};
use crate::world::{
    clock::Day,
    tests::{SETTLED, TestWorld},
};

fn account(number: &str) -> BankAccount {
    BankAccount {
        account_type: String::new(),
        account_bank: String::new(),
        bank_name: None,
        bank_branch_id: None,
        account_number: number.to_owned(),
        account_name: None,
    }
}

fn change(sub_mchid: &str, created_at: i64) -> Change {
    Change {
        sub_mchid: sub_mchid.to_owned(),
        account: account("new"),
        created_at,
        finished_at: None,
    }
}

#[test]
fn an_account_is_the_new_one_once_the_application_is_through() {
    let world = TestWorld::new();
    let (all, start) = (&world.settlements, world.clock.now());
    all.set("sub", account("old"));
    assert!(apply(&world, "a", change("sub", start)));
    let number = || all.account("sub").unwrap().account_number;
    world.pass(SETTLED - Duration::from_secs(1));
    assert_eq!(
        (number().as_str(), all.change("a").unwrap().finished_at),
        ("old", None)
    );
    world.pass(Duration::from_secs(1));
    assert_eq!(number(), "new");
    assert_eq!(all.change("a").unwrap().finished_at, Some(start + 60));
    all.finish("unknown", start);
    assert!(all.account("other").is_none() && all.change("unknown").is_none());
}

#[test]
fn a_sub_merchant_applies_five_times_a_day() {
    let world = TestWorld::new();
    let today = Day::of(world.clock.now()).start();
    let apply = |number: &str, sub: &str, at: i64| apply(&world, number, change(sub, at));
    for number in ["a", "b", "c", "d", "e"] {
        assert!(apply(number, "sub", today));
    }
    assert!(!apply("f", "sub", today + 86_399));
    world.pass(SETTLED);
    assert!(world.settlements.change("f").is_none());
    assert!(apply("g", "other", today), "others have their own number");
    assert!(apply("h", "sub", today + 86_400), "the next day is another one");
}
