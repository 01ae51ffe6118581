//! Throughput of `begin` and `complete` beside the cheapest operation on the same server.
//!
//! The bench starts each server. The settings that decide about durability are printed with the result.

#![expect(clippy::unwrap_used, reason = "a bench fails loudly")]

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::postgres::{PgPool, PgPoolOptions};
use wechatpay_core::idempotency::{Begin, BeginRequest, Completion, EventKey, IdempotencyStore, MemoryStore};
use wechatpay_stores::{
    PostgresStore, RedisStore,
    testing::{PostgresServer, RedisServer},
};

/// Number of concurrent clients, as in a busy shop.
const CLIENTS: u64 = 16;
/// Duration of each measurement, long enough to average out other load.
const WINDOW: Duration = Duration::from_secs(3);
/// Rounds in which both operations alternate, so that other load affects both.
const ROUNDS: u32 = 3;
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// Returns the operations per second of all clients together.
async fn rate<F>(one: impl Fn(u64) -> F + Send + Sync + 'static) -> f64
where
    F: Future<Output = ()> + Send,
{
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (one, start) = (Arc::new(one), Instant::now());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let one = Arc::clone(&one);
            tokio::spawn(async move {
                let mut count = 0_u32;
                while start.elapsed() < WINDOW {
                    one(NEXT.fetch_add(1, Ordering::Relaxed)).await;
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut total = 0;
    for client in clients {
        total += client.await.unwrap();
    }
    f64::from(total) / start.elapsed().as_secs_f64()
}

/// Runs `begin` and `complete` for a new notification.
async fn lease(store: &dyn IdempotencyStore, number: u64) {
    let key = EventKey::new("bench", &number.to_string()).unwrap();
    let request = BeginRequest::new(
        key.clone(),
        "4200000001:100",
        "TRANSACTION.SUCCESS",
        Duration::from_secs(30),
    );
    let Begin::Acquired { fence, .. } = store.begin(&request).await.unwrap() else {
        unreachable!("each key is new")
    };
    let completed = store.complete(&key, fence, WEEK).await.unwrap();
    assert_eq!(completed, Completion::Completed);
}

fn report(what: &str, settings: &str, bare: &str, leases: f64, barely: f64) {
    println!(
        "{what} ({settings}): begin+complete {:.0}/s, bare {bare} {:.0}/s, ratio {:.2}",
        leases / f64::from(ROUNDS),
        barely / f64::from(ROUNDS),
        leases / barely
    );
}

async fn redis(settings: &[(&str, &str)], named: &str) {
    let server = RedisServer::start_with(settings).unwrap();
    let store = RedisStore::connect(&server.url()).await.unwrap().timeout(WEEK);
    let client = ::redis::Client::open(server.url()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let (mut leases, mut barely) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let store = store.clone();
        leases += rate(move |number| {
            let store = store.clone();
            async move { lease(&store, number).await }
        })
        .await;
        let connection = connection.clone();
        barely += rate(move |number| {
            let mut connection = connection.clone();
            async move {
                let mut set = ::redis::cmd("SET");
                set.arg(format!("bare:{number}"))
                    .arg(1)
                    .arg("NX")
                    .arg("PX")
                    .arg(604_800_000);
                set.exec_async(&mut connection).await.unwrap();
            }
        })
        .await;
    }
    report("Redis", named, "SET NX", leases, barely);
}

async fn postgres(settings: &[(&str, &str)], named: &str) {
    let server = PostgresServer::start_with(settings).unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .test_before_acquire(false)
        .connect(&server.url())
        .await
        .unwrap();
    let store = PostgresStore::new(pool.clone()).timeout(WEEK);
    store.migrate().await.unwrap();
    sqlx::raw_sql("CREATE TABLE bare (id bigint PRIMARY KEY)")
        .execute(&pool)
        .await
        .unwrap();
    let insert = |pool: PgPool, number: u64| async move {
        sqlx::query("INSERT INTO bare (id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(i64::try_from(number).unwrap())
            .execute(&pool)
            .await
            .unwrap();
    };
    let (mut leases, mut barely) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let store = store.clone();
        leases += rate(move |number| {
            let store = store.clone();
            async move { lease(&store, number).await }
        })
        .await;
        let pool = pool.clone();
        barely += rate(move |number| insert(pool.clone(), number)).await;
    }
    report(
        "PostgreSQL",
        named,
        "INSERT … ON CONFLICT DO NOTHING",
        leases,
        barely,
    );
}

async fn memory() {
    let store = MemoryStore::new().limit(u64::MAX);
    let leases = rate(move |number| {
        let store = store.clone();
        async move { lease(&store, number).await }
    })
    .await;
    println!("memory: begin+complete {leases:.0}/s");
}

#[tokio::main]
async fn main() {
    println!(
        "{CLIENTS} clients, {ROUNDS} × {WINDOW:?} each; begin+complete are two operations, the bare one is one"
    );
    redis(&[], "appendonly yes, appendfsync always").await;
    redis(
        &[("appendfsync", "everysec")],
        "appendonly yes, appendfsync everysec",
    )
    .await;
    postgres(&[], "fsync on, synchronous_commit on").await;
    postgres(&[("fsync", "off")], "fsync off").await;
    memory().await;
}
