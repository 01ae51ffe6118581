//! Migrations of the tables.

use wechatpay_core::idempotency::{Begin, IdempotencyStore};
use wechatpay_stores::{PostgresStore, postgres::InvalidName, testing::PostgresServer};

use crate::support::{MINUTE, chain, execute, pool, request, shared_postgres, store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeated_and_concurrent_migrations_apply_each_step_once() {
    let server = shared_postgres();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let url = server.url();
        tasks.push(tokio::spawn(async move {
            let store = store(&pool(&url).await, "many_at_once");
            store.migrate().await.unwrap();
            store.migrate().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let pool = pool(&server.url()).await;
    let steps: i64 = sqlx::query_scalar("SELECT count(*) FROM many_at_once.migrations")
        .fetch_one(&pool)
        .await
        .unwrap();
    let store = store(&pool, "many_at_once");
    assert_eq!(usize::try_from(steps).unwrap(), store.migrations().len());
    assert!(store.health().await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn a_schema_name_is_a_plain_identifier() {
    let server = shared_postgres();
    let pool = pool(&server.url()).await;
    // `user` and `select` are words of SQL.
    for name in ["user", "select", "_", "shop_2"] {
        let store = store(&pool, name);
        store.migrate().await.unwrap();
        assert!(
            matches!(
                store.begin(&request("x", MINUTE)).await,
                Ok(Begin::Acquired { .. })
            ),
            "{name}"
        );
    }
    for name in [
        "",
        "Shop",
        "shop-2",
        "x\"; DROP SCHEMA \"user\" CASCADE; --",
        "pg_catalog",
        "a.b",
        "x'",
        "店",
    ] {
        let refused: Result<PostgresStore, InvalidName> = PostgresStore::new(pool.clone()).schema(name);
        assert!(refused.is_err(), "{name}");
    }
}

#[tokio::test]
async fn an_operator_can_run_the_sql_so_that_the_application_needs_no_create_privilege() {
    let server = PostgresServer::start_with(&[("fsync", "off")]).unwrap();
    let operator = pool(&server.url()).await;
    let steps = store(&operator, "shop").migrations();
    assert_eq!(
        steps.iter().map(|step| step.version).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    for _ in 0..2 {
        for step in &steps {
            execute(&operator, &step.sql).await;
        }
    }
    execute(
        &operator,
        "CREATE ROLE application LOGIN; GRANT USAGE ON SCHEMA shop TO application; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO application",
    )
    .await;
    let application = pool(&server.url().replace("postgres@", "application@")).await;
    let store = store(&application, "shop");
    // There is nothing left to do, so nothing is missed.
    store.migrate().await.unwrap();
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        !warnings.iter().any(|warning| warning.contains("tables")),
        "{warnings:?}"
    );
    assert!(matches!(
        store.begin(&request("x", MINUTE)).await,
        Ok(Begin::Acquired { .. })
    ));
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    let server = shared_postgres();
    let pool = pool(&server.url()).await;
    // Something of that name is in the way of the second step.
    execute(
        &pool,
        "CREATE SCHEMA in_the_way; CREATE VIEW in_the_way.inbox AS SELECT 1 AS due",
    )
    .await;
    let store = store(&pool, "in_the_way");
    assert!(store.migrate().await.is_err());
    let left: Option<String> = sqlx::query_scalar("SELECT to_regclass('in_the_way.leases')::text")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(left, None);
    execute(&pool, "DROP VIEW in_the_way.inbox").await;
    store.migrate().await.unwrap();
}

#[tokio::test]
async fn a_missing_privilege_or_table_is_named_once_with_its_remedy() {
    let server = PostgresServer::start_with(&[("fsync", "off")]).unwrap();
    let operator = pool(&server.url()).await;
    execute(
        &operator,
        "CREATE ROLE application LOGIN; CREATE SCHEMA empty; GRANT USAGE ON SCHEMA empty TO application",
    )
    .await;
    let application = pool(&server.url().replace("postgres@", "application@")).await;
    let told = async |schema: &str| chain(&store(&application, schema).migrate().await.unwrap_err());
    let text = told("shop").await;
    println!("no right to create: {text}");
    assert!(
        text.starts_with(
            "the role may not create the schema: let an operator run the migrations: permission denied"
        ),
        "{text}"
    );
    let text = told("empty").await;
    assert!(
        text.starts_with("the role may not change the schema: let an operator run"),
        "{text}"
    );

    let begin = async |schema: &str| {
        let store = store(&application, schema);
        chain(&store.begin(&request("x", MINUTE)).await.unwrap_err())
    };
    let text = begin("shop").await;
    println!("no tables: {text}");
    assert!(
        text.starts_with(
            "the store is not available: the tables are missing or old: call PostgresStore::migrate"
        ),
        "{text}"
    );
    store(&operator, "shop").migrate().await.unwrap();
    execute(&operator, "GRANT USAGE ON SCHEMA shop TO application").await;
    let text = begin("shop").await;
    println!("no right to write: {text}");
    assert!(
        text.contains("grant it the rights") && text.contains("permission denied"),
        "{text}"
    );

    // A column is missing, as in tables of another version.
    execute(&operator, "ALTER TABLE shop.leases DROP COLUMN forget_after").await;
    let text = chain(
        &store(&operator, "shop")
            .begin(&request("x", MINUTE))
            .await
            .unwrap_err(),
    );
    assert!(text.contains("the tables are missing or old"), "{text}");
}

#[tokio::test]
async fn an_unreachable_server_is_named_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let pool = sqlx::PgPool::connect_lazy(&format!("postgres://postgres@{free}/postgres")).unwrap();
    let patience = std::time::Duration::from_millis(300);
    let store = PostgresStore::new(pool).timeout(patience);
    let postgres = chain(&store.begin(&request("x", MINUTE)).await.unwrap_err());
    let redis = chain(
        &wechatpay_stores::RedisStore::connect(&format!("redis://{free}/"))
            .await
            .unwrap_err(),
    );
    println!("nobody there: {postgres}\nnobody there: {redis}");
    for text in [postgres, redis] {
        assert!(text.starts_with("the store is not available: "), "{text}");
    }
}
