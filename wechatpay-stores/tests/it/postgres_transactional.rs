//! Transactions of PostgreSQL: its settings, and the constraint that a handler's commit fails on.

use std::{sync::Arc, time::Duration};

use wechatpay_core::idempotency::{Handled, IdempotencyError};
use wechatpay_stores::testing::PostgresServer;

use crate::{
    on_postgres::transactional::{patient, pay},
    support::{Database, effect, payment},
};

#[tokio::test]
async fn a_statement_that_failed_and_was_ignored_is_not_acknowledged() {
    let database = Database::new().await;
    let notification = payment("IGNORED").await;
    let outcome = database
        .store
        .transactional(&notification, &patient(), async |connection, _| {
            effect(connection, &database.schema, "IGNORED", 1).await?;
            // PostgreSQL would respond the COMMIT of this transaction without an error, and roll back.
            let _ = sqlx::query("SELECT 1 / 0").execute(&mut *connection).await;
            Ok::<_, sqlx::Error>(())
        })
        .await;
    assert!(
        matches!(outcome, Err(IdempotencyError::Complete(_))),
        "{outcome:?}"
    );
    assert_eq!(database.effects().await, 0);
    pay(&database, "IGNORED").await.unwrap();
    assert_eq!(database.effects().await, 1);
}

#[tokio::test]
async fn a_transaction_has_the_timeouts_of_its_options_and_the_lock_timeout_of_its_session() {
    let database = Database::new().await;
    let notification = payment("LIMITS").await;
    let show = async |connection: &mut sqlx::PgConnection, name: &str| -> String {
        let sql = format!("SELECT current_setting('{name}')");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(connection)
            .await
            .unwrap()
    };
    database
        .execute("ALTER ROLE postgres SET lock_timeout = '7s'")
        .await;
    let pool = crate::support::pool(&database.server.url()).await;
    database.execute("ALTER ROLE postgres RESET lock_timeout").await;
    let store = crate::support::store(&pool, &database.schema);
    store
        .transactional(&notification, &patient(), async |connection, _| {
            assert_eq!(show(connection, "lock_timeout").await, "7s");
            assert_eq!(show(connection, "statement_timeout").await, "1min");
            assert_eq!(
                show(connection, "idle_in_transaction_session_timeout").await,
                "61s"
            );
            assert_eq!(show(connection, "transaction_isolation").await, "read committed");
            Ok::<_, String>(())
        })
        .await
        .unwrap();
    let mut connection = pool.acquire().await.unwrap();
    assert_eq!(
        show(&mut connection, "statement_timeout").await,
        "0",
        "nothing outlives the transaction"
    );
}

async fn idle_in_transaction(database: &Database) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    sqlx::query_scalar(count).fetch_one(&database.pool).await.unwrap()
}

/// The session's own mode does not apply, and a repeat leaves no transaction.
#[tokio::test]
async fn repeats_leave_nothing_open_and_the_mode_of_the_session_does_not_matter() {
    // Its own server: the role's settings would reach the other tests.
    let database = Database::on(Arc::new(PostgresServer::start().unwrap())).await;
    database
        .execute("ALTER ROLE postgres SET default_transaction_isolation = 'serializable'")
        .await;
    database
        .execute("ALTER ROLE postgres SET default_transaction_read_only = on")
        .await;
    let pool = crate::support::pool(&database.server.url()).await;
    for setting in ["default_transaction_isolation", "default_transaction_read_only"] {
        database
            .execute(&format!(
                "SET default_transaction_read_only = off; ALTER ROLE postgres RESET {setting}"
            ))
            .await;
    }
    let store = crate::support::store(&pool, &database.schema);
    let notification = payment("REPEATED").await;
    for attempt in 0..3 {
        let handled = store
            .transactional(&notification, &patient(), async |connection, _| {
                effect(connection, &database.schema, "REPEATED", 1).await
            })
            .await
            .unwrap();
        assert_eq!(matches!(handled, Handled::Now { .. }), attempt == 0);
        // The pool ends the transaction that the commit began, in a task of its own.
        let mut tries = 0;
        while idle_in_transaction(&database).await > 0 {
            tries += 1;
            assert!(tries < 200, "a transaction stays open");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Handlers that end the transaction of their lease, with any result.
#[tokio::test]
async fn a_handler_that_commits_is_reported_and_rolled_back() {
    let database = Database::new().await;
    let schema = database.schema.as_str();
    for (number, words) in [
        "COMMIT",
        "COMMIT AND CHAIN",
        "END",
        "COMMIT; BEGIN",
        "PREPARE TRANSACTION 'x'",
    ]
    .into_iter()
    .enumerate()
    {
        for passes_it_on in [true, false] {
            let id = format!("COMMITS-{number}-{passes_it_on}");
            let notification = payment(&id).await;
            let before = database.effects().await;
            let (log, _guard) = crate::support::Log::collect();
            for _ in 0..2 {
                let outcome = database
                    .store
                    .transactional(&notification, &patient(), async |connection, _| {
                        effect(connection, schema, &id, 1).await?;
                        match sqlx::raw_sql(words).execute(connection).await {
                            Err(error) if passes_it_on => Err(error),
                            _ => Ok(()),
                        }
                    })
                    .await;
                let Err(error @ IdempotencyError::Complete(_)) = outcome else {
                    panic!("{id}: {words}: {outcome:?}")
                };
                let text = crate::support::chain(&error);
                assert!(text.contains("COMMIT"), "{words}: {text}");
                assert!(error.status().is_server_error());
                assert_eq!(database.effects().await, before, "{words}");
            }
            assert!(log.text().contains("ERROR"), "{}", log.text());
            // One that does as it should is handled as if nothing had been.
            let handled = pay(&database, &id).await.unwrap();
            assert!(matches!(handled, Handled::Now { attempt: 1, .. }), "{handled:?}");
            assert_eq!(database.effects().await, before + 1);
        }
    }
}

#[tokio::test]
async fn a_handler_that_commits_and_is_dropped_panics_or_fails_is_rolled_back() {
    let database = Database::new().await;
    let schema = database.schema.as_str();
    let notification = payment("COMMITS").await;
    for how in ["panics", "fails", "is late"] {
        let limits = patient().deadline(Duration::from_secs(if how == "is late" { 1 } else { 60 }));
        let outcome = database
            .store
            .transactional(&notification, &limits, async |connection, _| {
                effect(connection, schema, "COMMITS", 1).await.unwrap();
                let committed = sqlx::raw_sql("COMMIT").execute(connection).await.unwrap_err();
                assert!(
                    committed.to_string().contains("handler_must_not_commit"),
                    "{committed}"
                );
                match how {
                    "panics" => panic!("in the handler"),
                    "fails" => Err::<(), _>("no"),
                    _ => std::future::pending().await,
                }
            })
            .await;
        assert!(outcome.is_err(), "{how}");
        assert_eq!(database.effects().await, 0, "{how}");
    }
    pay(&database, "COMMITS").await.unwrap();
    assert_eq!(database.effects().await, 1);
}
