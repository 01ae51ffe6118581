use std::time::Duration;

use super::state::{BankAccount, Change};
use crate::world::{clock::Due, tests::TestWorld};

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
    assert!(all.apply("a".to_owned(), change("sub", start), start, 1));
    let due = Due::ChangeSettlement("a".to_owned());
    world.agenda.after(Duration::from_secs(60), due);
    let number = || all.account("sub").unwrap().account_number;
    world.pass(Duration::from_secs(59));
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
fn a_sub_merchant_applies_only_so_often() {
    let world = TestWorld::new();
    let apply = |number: &str, sub: &str, at: i64, since: i64| {
        world
            .settlements
            .apply(number.to_owned(), change(sub, at), since, 2)
    };
    assert!(apply("a", "sub", 10, 0) && apply("b", "sub", 20, 0));
    assert!(!apply("c", "sub", 30, 0));
    assert!(world.settlements.change("c").is_none());
    assert!(apply("c", "other", 30, 0), "others have their own number");
    assert!(apply("d", "sub", 30, 11), "older ones do not count");
}
