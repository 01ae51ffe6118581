//! Watched orders and refunds in every SQL store.

use std::{collections::HashSet, sync::Arc, time::Duration};

use wechatpay_core::{
    idempotency::StoreError,
    types::Mchid,
    watch::{End, Pending, PendingKey, PendingStore, Phase, conformance},
};

use super::Database;
use crate::support::MINUTE;

fn order(number: &str) -> Pending {
    let merchant: Mchid = "1900000001".parse().unwrap();
    Pending::order(merchant, &number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pending_store_conforms() {
    let database = Database::new().await;
    let store: Arc<dyn PendingStore> = Arc::new(database.store.clone());
    conformance::run(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_connections_take_each_entry_once() {
    let database = Database::new().await;
    let store = &database.store;
    for entry in 0..40 {
        store
            .register(&order(&format!("ORDER-{entry}")), Duration::ZERO)
            .await
            .unwrap();
    }
    let take = async || {
        let mut taken: Vec<PendingKey> = Vec::new();
        // A round may find all of its candidates gone.
        for _ in 0..100 {
            let batch = store.take(1, MINUTE).await.unwrap();
            taken.extend(batch.into_iter().map(|taken| taken.pending.key));
        }
        taken
    };
    let (one, two, three) = tokio::join!(take(), take(), take());
    let all = [one, two, three].concat();
    let unique: HashSet<_> = all.iter().collect();
    assert_eq!((all.len(), unique.len()), (40, 40));
}

#[tokio::test]
async fn an_entry_is_registered_in_the_transaction_of_its_order_or_not_at_all() {
    let database = Database::new().await;
    let (store, key) = (&database.store, order("ORDER-1").key);
    for commits in [false, true] {
        let mut transaction = database.pool.begin().await.unwrap();
        let registered = store
            .register_in(&mut transaction, &order("ORDER-1"), Duration::ZERO)
            .await;
        assert!(registered.unwrap());
        match commits {
            true => transaction.commit().await.unwrap(),
            false => transaction.rollback().await.unwrap(),
        }
        assert_eq!(store.entry(&key).await.unwrap().is_some(), commits);
    }
    let mut transaction = database.pool.begin().await.unwrap();
    let again = store
        .register_in(&mut transaction, &order("ORDER-1"), Duration::ZERO)
        .await;
    assert!(!again.unwrap());
}

#[tokio::test]
async fn a_hostile_note_is_stored_as_it_is_and_a_long_one_is_cut() {
    let database = Database::new().await;
    let (store, pending) = (&database.store, order("ORDER-1"));
    store.register(&pending, Duration::ZERO).await.unwrap();
    let hostile = "'; DROP TABLE pending; -- \\ 商户 \0";
    let note = format!("{hostile}{}", "x".repeat(1_000));
    store
        .end(&pending.key, None, End::NeedsLook, Some(&note), MINUTE)
        .await
        .unwrap();
    let entry = store.entry(&pending.key).await.unwrap().unwrap();
    let stored = entry.note.unwrap();
    assert!(stored.starts_with(&hostile.replace('\0', "")), "{stored}");
    assert_eq!(
        (stored.chars().count(), entry.phase),
        (500, Phase::Ended(End::NeedsLook))
    );
}

#[tokio::test]
async fn a_row_of_another_version_hides_no_other() {
    let database = Database::new().await;
    let store = &database.store;
    for number in ["ORDER-1", "ORDER-2"] {
        store.register(&order(number), Duration::ZERO).await.unwrap();
    }
    let table = database.table("pending");
    database
        .execute(&format!(
            "UPDATE {table} SET kind = 'a-later-kind' WHERE number = 'ORDER-1'"
        ))
        .await;
    let taken = store.take(10, MINUTE).await.unwrap();
    let numbers: Vec<&str> = taken.iter().map(|taken| taken.pending.key.number()).collect();
    assert_eq!(numbers, ["ORDER-2"]);
    let unknown = store.entry(&order("ORDER-1").key).await;
    assert!(
        matches!(unknown, Ok(None) | Err(StoreError::Corrupt(_))),
        "{unknown:?}"
    );
}
