//! Leases of every SQL store.

use std::{sync::Arc, time::Duration};

use wechatpay_core::idempotency::{
    Begin, Fence, Handled, IdempotencyStore, Limits, StoreError, conformance, handle,
};

use super::Database;
use crate::{
    race,
    support::{MINUTE, Store, WEEK, key, model_plan, payment, request},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_conforms() {
    let database = Database::new().await;
    let store: Store = Arc::new(database.store.clone());
    conformance::run(&store).await;
    println!("conformance of {store:?}: passed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_follows_the_model() {
    let (operations, seed) = model_plan();
    let database = Database::new().await;
    let store: Store = Arc::new(database.store.clone());
    conformance::check_against_model(&store, seed, operations / 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tasks_in_several_processes_one_wins() {
    let database = Database::new().await;
    let environment = database.environment();
    let race = move || race::one_winner(environment);
    tokio::task::spawn_blocking(race).await.unwrap();
}

#[tokio::test]
async fn a_handler_with_a_lease_runs_once() {
    let database = Database::new().await;
    let store: Store = Arc::new(database.store.clone());
    let (notification, limits) = (payment("N-1").await, Limits::default().budget(MINUTE));
    for expected in [true, false] {
        let outcome = handle(&store, &notification, &limits, async |_| Ok::<_, String>(())).await;
        assert_eq!(
            matches!(outcome, Ok(Handled::Now { .. })),
            expected,
            "{outcome:?}"
        );
        assert!(outcome.is_ok());
    }
}

#[tokio::test]
async fn a_sound_server_has_no_warnings_and_missing_tables_are_named() {
    let database = Database::new().await;
    let warnings = database.store.health().await.unwrap().warnings;
    assert!(warnings.is_empty(), "{warnings:?}");
    let elsewhere = database.elsewhere();
    let warnings = elsewhere.health().await.unwrap().warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("migrate"),
        "{warnings:?}"
    );
    let error = elsewhere.begin(&request("x", MINUTE)).await.unwrap_err();
    let text = crate::support::chain(&error);
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(text.contains("the tables are missing or old"), "{text}");
    // Created by several at once, each step applied once.
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let store = elsewhere.clone();
            tokio::spawn(async move { store.migrate().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert!(elsewhere.health().await.unwrap().warnings.is_empty());
    elsewhere.begin(&request("x", MINUTE)).await.unwrap();
}

#[tokio::test]
async fn purge_deletes_only_completed_or_abandoned_leases() {
    let database = Database::new().await;
    let store = &database.store;
    let nothing = Duration::ZERO;
    for id in ["done-1", "done-2", "done-3"] {
        store.begin(&request(id, MINUTE)).await.unwrap();
        store.complete(&key(id), Fence::FIRST, nothing).await.unwrap();
    }
    store
        .begin(&request("abandoned", nothing).retention(nothing))
        .await
        .unwrap();
    store.begin(&request("remembered", MINUTE)).await.unwrap();
    store
        .complete(&key("remembered"), Fence::FIRST, WEEK)
        .await
        .unwrap();
    store
        .begin(&request("held", MINUTE).retention(nothing))
        .await
        .unwrap();
    store.begin(&request("fresh", nothing)).await.unwrap();
    database.execute(&database.make_old("held")).await;
    assert_eq!(store.purge(3).await.unwrap(), 3, "no more than asked for");
    assert_eq!(store.purge(100).await.unwrap(), 1);
    assert_eq!(store.purge(100).await.unwrap(), 0);
    assert!(matches!(
        store.begin(&request("done-1", MINUTE)).await,
        Ok(Begin::Acquired { .. })
    ));
    assert!(matches!(
        store.begin(&request("remembered", MINUTE)).await,
        Ok(Begin::Done { .. })
    ));
    assert!(matches!(
        store.begin(&request("held", MINUTE)).await,
        Ok(Begin::InProgress { .. })
    ));
    let again = store.begin(&request("fresh", MINUTE)).await.unwrap();
    assert!(matches!(again, Begin::Acquired { attempt: 2, .. }), "{again:?}");
}

#[tokio::test]
async fn a_task_purges_until_it_is_dropped() {
    let database = Database::new().await;
    let store = &database.store;
    let done = async |id: &str| {
        store.begin(&request(id, MINUTE)).await.unwrap();
        store
            .complete(&key(id), Fence::FIRST, Duration::ZERO)
            .await
            .unwrap();
    };
    done("first").await;
    let purge = store.spawn_purge(Duration::ZERO);
    crate::support::eventually("it is deleted", async || database.done().await == 0).await;
    drop(purge);
    // The task may be at work when it is dropped, and then it ends.
    tokio::time::sleep(Duration::from_millis(100)).await;
    done("second").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(database.done().await, 1);
}

/// The files for operators are what `migrations` returns.
#[tokio::test]
async fn the_files_for_operators_are_the_migrations() {
    let database = Database::new().await;
    let (store, folder) = database.with_default_name();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let steps = store.migrations();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), steps.len());
    for step in steps {
        let file = folder.join(format!("{}_{}.sql", step.version, step.name));
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            step.sql,
            "{}",
            file.display()
        );
    }
}
