//! Transactions of handlers that are dropped and killed, for every SQL store.

use std::{future::poll_fn, pin::pin, task::Poll};

use wechatpay_core::idempotency::IdempotencyError;

use super::{Database, transactional::pay};
use crate::{child::Child, support::eventually};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_future_at_any_await_leaves_all_or_nothing() {
    let database = Database::new().await;
    let slowly = database.slowly().await;
    let mut dropped = 0;
    for wait in 0.. {
        let before = (database.effects().await, database.done().await);
        assert_eq!(before.0, before.1);
        let id = format!("WAIT-{wait}");
        let outcome = dropped_at(wait, pay(&slowly, &id)).await;
        // The pool rolls back, or the server commits what was sent; then all is free.
        let settled = async || {
            let (effects, done) = (database.effects().await, database.done().await);
            effects == done
        };
        eventually("effects and marks agree", settled).await;
        assert!(matches!(
            pay(&database, &id).await,
            Ok(_) | Err(IdempotencyError::InProgress { .. })
        ));
        eventually("it is done once", async || {
            let _ = pay(&database, &id).await;
            (database.effects().await, database.done().await) == (before.0 + 1, before.1 + 1)
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
    // Lease, effect and commit all wait for a server; a file may be quicker.
    assert!(dropped >= Database::WAITS, "{dropped}");
    println!("dropped at each of {dropped} awaits: all or nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_between_effect_and_commit_leaves_no_effect() {
    let database = Database::new().await;
    let mut environment = database.environment();
    environment.extend([("DEADLINE", "60".to_owned()), ("SLEEP", "60".to_owned())]);
    for _ in 0..3 {
        let mut child = Child::start("transaction", &environment);
        assert_eq!(child.hear().as_deref(), Some("effect"));
        assert_eq!(database.effects().await, 0);
        child.kill();
    }
    // The server notices that the connection is gone; until then a twin is told to come again.
    eventually("it is handled", async || pay(&database, "KILLED").await.is_ok()).await;
    assert_eq!((database.effects().await, database.done().await), (1, 1));
}
