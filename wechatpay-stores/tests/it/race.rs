//! A race of 64 tasks in each of 3 processes for one key.

use std::{sync::Arc, time::Duration};

use wechatpay_core::idempotency::{EventKey, conformance};
use wechatpay_stores::testing::RedisServer;

use crate::{
    child::Child,
    support::{Database, Store},
};

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

fn one_winner(part: &str, environment: &[(&str, &str)]) {
    let mut children: Vec<Child> = (0..PROCESSES).map(|_| Child::start(part, environment)).collect();
    for number in 0..KEYS {
        let winners: usize = children
            .iter_mut()
            .map(|child| child.hear().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(winners, 1, "key {number}");
    }
    println!("{part}: {PROCESSES} processes with {TASKS} tasks each at {KEYS} keys: one winner each time");
}

#[test]
fn of_192_tasks_in_three_processes_one_wins_on_redis() {
    let server = RedisServer::start().unwrap();
    one_winner("race on redis", &[("URL", &server.url()), ("RUN", "r")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_192_tasks_in_three_processes_one_wins_on_postgres() {
    let database = Database::new().await;
    let (url, schema) = (database.server.url(), database.schema.clone());
    let race = move || {
        one_winner(
            "race on postgres",
            &[("URL", &url), ("SCHEMA", &schema), ("RUN", "p")],
        );
    };
    tokio::task::spawn_blocking(race).await.unwrap();
    let _: Store = Arc::new(database.store);
}
