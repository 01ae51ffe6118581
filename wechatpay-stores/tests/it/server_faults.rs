//! Transactions whose process is suspended, whose connection breaks or whose server is down.

use std::{sync::Arc, time::Duration};

use wechatpay_core::idempotency::{Handled, IdempotencyError};

use super::{
    Database,
    transactional::{patient, pay},
};
use crate::{
    child::Child,
    support::{eventually, payment, way_that_breaks_after_commit},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_process_loses_the_lease_and_cannot_commit() {
    let database = Database::new().await;
    // The server ends a pause of a second more than the deadline.
    let mut environment = database.environment();
    environment.extend([("DEADLINE", "1".to_owned()), ("SLEEP", "1".to_owned())]);
    let mut child = Child::start("transaction", &environment);
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
    assert_eq!((database.effects().await, database.done().await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_in_the_handler_rolls_back_and_the_retry_handles_it() {
    let database = Database::alone().await;
    let notification = payment("CUT").await;
    let outcome = database
        .store
        .transactional(&notification, &patient(), async |connection, _| {
            database.effect(connection, "CUT", 1).await?;
            database.server.cut_connections().unwrap();
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
    let breaking = database.with(Database::open(&Database::url_at(port)).await);
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
    let mut database = Database::alone().await;
    Arc::get_mut(&mut database.server).unwrap().stop().unwrap();
    let limits = patient().budget(Duration::from_millis(500));
    let error = database
        .store
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
