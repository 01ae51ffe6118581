//! Leases in PostgreSQL.

use std::{
    str::FromStr as _,
    sync::Arc,
    time::{Duration, Instant},
};

use wechatpay_core::idempotency::{
    Begin, Completion, Fence, Handled, IdempotencyStore, Limits, StoreError, conformance, handle,
};
use wechatpay_stores::testing::PostgresServer;

use crate::support::{Database, MINUTE, Store, WEEK, eventually, key, model_plan, payment, request, store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_postgres_store_conforms_where_transactions_are_serializable_by_default() {
    let settings = [
        ("default_transaction_isolation", "serializable"),
        ("fsync", "off"),
    ];
    let server = Arc::new(PostgresServer::start_with(&settings).unwrap());
    let database = Database::on(server).await;
    let store: Store = Arc::new(database.store.clone());
    conformance::run(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_postgres_store_follows_the_model() {
    let (operations, seed) = model_plan();
    let server = Arc::new(PostgresServer::start_with(&[("fsync", "off")]).unwrap());
    let database = Database::on(server).await;
    // No ping before each statement: there are many.
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(2)
        .test_before_acquire(false)
        .connect(&database.server.url())
        .await
        .unwrap();
    let store: Store = Arc::new(store(&pool, &database.schema));
    let start = Instant::now();
    conformance::check_against_model(&store, seed, operations).await;
    println!(
        "model on PostgreSQL: {operations} operations, seed {seed}, {:.1?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn handle_runs_the_handler_once_on_postgres() {
    let database = Database::new().await;
    let store: Store = Arc::new(database.store.clone());
    let (notification, limits) = (payment("N-1").await, Limits::default().budget(MINUTE));
    for expected in [Some(1), None] {
        let outcome = handle(
            &store,
            &notification,
            &limits,
            async |context: wechatpay_core::idempotency::HandlerContext| Ok::<_, String>(context.attempt()),
        )
        .await
        .unwrap();
        match (outcome, expected) {
            (Handled::Now { value, .. }, Some(attempt)) => assert_eq!(value, attempt),
            (Handled::AlreadyDone, None) => {}
            (other, _) => panic!("{other:?}"),
        }
    }
    // Nothing that names the payer is in the table.
    let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT leases::text FROM {}.leases AS leases",
        database.schema
    )))
    .fetch_all(&database.pool)
    .await
    .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(
        !rows[0].contains("oUpF8uMuAJO") && !rows[0].contains("openid"),
        "{}",
        rows[0]
    );
}

async fn done(store: &dyn IdempotencyStore, id: &str) {
    let begun = store.begin(&request(id, MINUTE)).await.unwrap();
    assert!(matches!(begun, Begin::Acquired { .. }), "{begun:?}");
    let completed = store.complete(&key(id), Fence::FIRST, WEEK).await.unwrap();
    assert_eq!(completed, Completion::Completed);
}

async fn responses(store: &dyn IdempotencyStore) -> bool {
    store.begin(&request("probe", MINUTE)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completions_survive_a_restart_and_connections_recover() {
    let mut server = PostgresServer::start().unwrap();
    let pool = crate::support::pool(&server.url()).await;
    let store = store(&pool, "shop");
    store.migrate().await.unwrap();
    done(&store, "before").await;

    server.stop().unwrap();
    let quick = store.clone().timeout(Duration::from_millis(500));
    let start = Instant::now();
    assert!(matches!(
        quick.begin(&request("down", MINUTE)).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(quick.health().await, Err(StoreError::Unavailable(_))));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    server.restart().unwrap();
    eventually("it responds after a restart", || responses(&store)).await;
    let begun = store.begin(&request("before", MINUTE)).await.unwrap();
    assert_eq!(begun, Begin::Done { fence: Fence::FIRST });

    server.cut_connections().unwrap();
    eventually("it responds after a cut", || responses(&store)).await;

    server.pause().unwrap();
    let start = Instant::now();
    assert!(matches!(
        quick.begin(&request("paused", MINUTE)).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    server.resume().unwrap();
    eventually("it responds after a pause", || responses(&store)).await;

    server.kill().unwrap();
    server.restart().unwrap();
    eventually("it responds after a crash", || responses(&store)).await;
    let begun = store.begin(&request("before", MINUTE)).await.unwrap();
    assert_eq!(begun, Begin::Done { fence: Fence::FIRST });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completions_are_durable_where_synchronous_commit_is_off() {
    // What commits asynchronously here is written ten seconds later, and lost when everything is killed before.
    let settings = [("synchronous_commit", "off"), ("wal_writer_delay", "10s")];
    let mut server = PostgresServer::start_with(&settings).unwrap();
    let pool = crate::support::pool(&server.url()).await;
    let store = store(&pool, "shop");
    store.migrate().await.unwrap();
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("synchronous_commit")),
        "{warnings:?}"
    );
    done(&store, "durable").await;
    server.kill().unwrap();
    server.restart().unwrap();
    eventually("it responds after a crash", || responses(&store)).await;
    let begun = store.begin(&request("durable", MINUTE)).await.unwrap();
    assert_eq!(begun, Begin::Done { fence: Fence::FIRST });
}

#[tokio::test]
async fn health_warns_of_missing_tables_and_not_of_a_sound_server() {
    let database = Database::new().await;
    let warnings = database.store.health().await.unwrap().warnings;
    assert!(warnings.is_empty(), "{warnings:?}");
    let elsewhere = store(&database.pool, "nowhere");
    let warnings = elsewhere.health().await.unwrap().warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("migrate"),
        "{warnings:?}"
    );
    let begun = elsewhere.begin(&request("x", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
}

#[tokio::test]
async fn a_record_that_no_version_writes_is_corrupt_and_not_a_panic() {
    let database = Database::new().await;
    done(&database.store, "odd").await;
    database.execute("UPDATE {schema}.leases SET state = 'odd'").await;
    let begun = database.store.begin(&request("odd", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Corrupt(_))), "{begun:?}");
}

#[tokio::test]
async fn a_read_only_server_is_unavailable_and_reports_it() {
    let database = Database::new().await;
    let options = sqlx::postgres::PgConnectOptions::from_str(&database.server.url())
        .unwrap()
        .options([("default_transaction_read_only", "on")]);
    let pool = sqlx::PgPool::connect_with(options).await.unwrap();
    let store = store(&pool, &database.schema);
    let begun = store.begin(&request("x", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("read-only")),
        "{warnings:?}"
    );
}

#[test]
fn handles_can_be_shared_and_show_nothing() {
    fn assert_handle<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    assert_handle::<wechatpay_stores::PostgresStore>();
    assert_handle::<wechatpay_stores::RedisStore>();
    assert_handle::<wechatpay_stores::Inbox>();
}
