//! Transactions of handlers that are dropped, cut, killed and suspended.

use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};

use wechatpay_core::idempotency::{Handled, IdempotencyError};
use wechatpay_stores::testing::PostgresServer;

use crate::{
    child::Child,
    support::{
        Database, effect, eventually, payment, pool, slow_way_to, store, way_that_breaks_after_commit,
    },
    transactional::{patient, pay},
};

/// Drops a future at its `n`-th wait; `None` if it was dropped.
async fn dropped_at<T>(n: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut waits = 0;
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if waits == n => Poll::Ready(None),
        Poll::Pending => {
            waits += 1;
            Poll::Pending
        }
    })
    .await
}

async fn leases_done(database: &Database) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM {}.leases WHERE state = 'done'",
        database.schema
    );
    database.number(&sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_future_at_any_await_leaves_all_or_nothing() {
    let database = Database::new().await;
    let port = slow_way_to(database.server.port()).await;
    let pool = pool(&format!("postgres://postgres@127.0.0.1:{port}/postgres")).await;
    let slowly = Database {
        store: store(&pool, &database.schema),
        pool,
        schema: database.schema.clone(),
        server: Arc::clone(&database.server),
    };
    let mut dropped = 0;
    for wait in 0.. {
        let before = (database.effects().await, leases_done(&database).await);
        assert_eq!(before.0, before.1);
        let id = format!("WAIT-{wait}");
        let outcome = dropped_at(wait, pay(&slowly, &id)).await;
        // The pool rolls back, or the server commits what was sent; then all is free.
        let settled = async || {
            let (effects, done) = (database.effects().await, leases_done(&database).await);
            effects == done
        };
        eventually("effects and marks agree", settled).await;
        assert!(matches!(
            pay(&database, &id).await,
            Ok(_) | Err(IdempotencyError::InProgress { .. })
        ));
        eventually("it is done once", async || {
            let _ = pay(&database, &id).await;
            (database.effects().await, leases_done(&database).await) == (before.0 + 1, before.1 + 1)
        })
        .await;
        match outcome {
            None => dropped += 1,
            Some(outcome) => {
                assert!(outcome.is_ok());
                break;
            }
        }
    }
    assert!(dropped >= 5, "lease, effect, mark and commit all wait: {dropped}");
    println!("dropped at each of {dropped} awaits: all or nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_between_effect_and_commit_leaves_no_effect() {
    let database = Database::new().await;
    let url = database.server.url();
    let environment = [
        ("URL", url.as_str()),
        ("SCHEMA", &database.schema),
        ("DEADLINE", "60"),
        ("SLEEP", "60"),
    ];
    for _ in 0..3 {
        let mut child = Child::start("transaction", &environment);
        assert_eq!(child.hear().as_deref(), Some("effect"));
        assert_eq!(database.effects().await, 0);
        child.kill();
    }
    // The server notices that the connection is gone; until then a twin is told to come again.
    eventually("it is handled", async || pay(&database, "KILLED").await.is_ok()).await;
    assert_eq!((database.effects().await, leases_done(&database).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_process_loses_the_lease_and_cannot_commit() {
    let database = Database::new().await;
    let url = database.server.url();
    // The server ends a pause of a second more than the deadline.
    let environment = [
        ("URL", url.as_str()),
        ("SCHEMA", &database.schema),
        ("DEADLINE", "1"),
        ("SLEEP", "0"),
    ];
    let mut child = Child::start("transaction", &[&environment[..3], &[("SLEEP", "1")]].concat());
    assert_eq!(child.hear().as_deref(), Some("effect"));
    child.signal("STOP");
    assert!(matches!(
        pay(&database, "KILLED").await,
        Err(IdempotencyError::InProgress { .. }) | Ok(_)
    ));
    eventually("another may have it", async || {
        pay(&database, "KILLED").await.is_ok()
    })
    .await;
    assert_eq!(database.effects().await, 1);
    child.signal("CONT");
    let outcome = child.hear().unwrap();
    assert_ne!(outcome, "done");
    assert_eq!((database.effects().await, leases_done(&database).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_in_the_handler_rolls_back_and_the_retry_handles_it() {
    let server = Arc::new(PostgresServer::start().unwrap());
    let database = Database::on(Arc::clone(&server)).await;
    let notification = payment("CUT").await;
    let outcome = database
        .store
        .transactional(&notification, &patient(), async |connection, _| {
            effect(connection, &database.schema, "CUT", 1).await?;
            server.cut_connections().unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            Ok::<_, sqlx::Error>(())
        })
        .await;
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, IdempotencyError::Complete(_)) && error.status() == 503,
        "{error:?}"
    );
    eventually("it is handled", async || pay(&database, "CUT").await.is_ok()).await;
    assert!(matches!(pay(&database, "CUT").await, Ok(Handled::AlreadyDone)));
    assert_eq!(database.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_response_is_lost_is_not_acknowledged_and_the_retry_finds_it_done() {
    let database = Database::new().await;
    let port = way_that_breaks_after_commit(database.server.port()).await;
    let pool = pool(&format!("postgres://postgres@127.0.0.1:{port}/postgres")).await;
    let breaking = Database {
        store: store(&pool, &database.schema),
        pool,
        schema: database.schema.clone(),
        server: Arc::clone(&database.server),
    };
    let error = pay(&breaking, "UNKNOWN").await.unwrap_err();
    assert!(
        matches!(error, IdempotencyError::Complete(_)) && error.status() == 503,
        "{error:?}"
    );
    assert!(matches!(
        pay(&database, "UNKNOWN").await,
        Ok(Handled::AlreadyDone)
    ));
    assert_eq!(database.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_means_503_and_no_handler() {
    let mut server = PostgresServer::start().unwrap();
    let pool = pool(&server.url()).await;
    let store = store(&pool, "shop");
    store.migrate().await.unwrap();
    server.stop().unwrap();
    let limits = patient().budget(Duration::from_millis(500));
    let error = store
        .transactional(
            &payment("DOWN").await,
            &limits,
            async |_, _| -> Result<(), String> { panic!("it must not run") },
        )
        .await
        .unwrap_err();
    assert!(
        matches!(error, IdempotencyError::Begin(_)) && error.status() == 503,
        "{error:?}"
    );
}
