//! A race of 64 tasks in each of 3 processes for one key.

use std::time::Duration;

use wechatpay_core::idempotency::{EventKey, conformance};
use wechatpay_stores::testing::RedisServer;

use crate::{child::Child, support::Store};

const PROCESSES: usize = 3;
const TASKS: usize = 64;
const KEYS: usize = 8;

/// Races in one process and returns the number of winners for each key.
pub(crate) async fn as_one_of_several(store: &Store, run: &str) -> Vec<usize> {
    let mut winners = Vec::new();
    for number in 0..KEYS {
        let key = EventKey::new("race", &format!("{run}-{number}")).unwrap();
        winners.push(conformance::race(store, &key, TASKS).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    winners
}

/// Starts the processes and asserts that one of all their tasks wins each key.
pub(crate) fn one_winner(mut environment: Vec<(&'static str, String)>) {
    // SQLite is for one machine, where two processes are many.
    let database = environment
        .iter()
        .find(|(name, _)| *name == "DATABASE")
        .unwrap()
        .1
        .clone();
    let processes = if database == "sqlite" { 2 } else { PROCESSES };
    environment.push(("RUN", database.clone()));
    let mut children: Vec<Child> = (0..processes)
        .map(|_| Child::start("race", &environment))
        .collect();
    for number in 0..KEYS {
        let winners: usize = children
            .iter_mut()
            .map(|child| child.hear().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(winners, 1, "key {number}");
    }
    println!(
        "{database}: {processes} processes with {TASKS} tasks each at {KEYS} keys: one winner each time"
    );
}

#[test]
fn of_192_tasks_in_three_processes_one_wins_on_redis() {
    let server = RedisServer::start().unwrap();
    one_winner(vec![("DATABASE", "redis".to_owned()), ("URL", server.url())]);
}
