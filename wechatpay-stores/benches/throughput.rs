//! Throughput of `begin` and `complete` beside the cheapest operation on the same server.
//!
//! The bench starts each server. The settings that decide about durability are printed with the result.

#![expect(clippy::unwrap_used, reason = "a bench fails loudly")]

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    mysql::MySqlPoolOptions,
    postgres::{PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use wechatpay_core::{
    idempotency::{
        Begin, BeginRequest, Completion, Event, EventKey, Handled, IdempotencyStore, Limits, MemoryStore,
    },
    testing::FakePlatform,
};
use wechatpay_stores::{
    MySqlStore, PostgresStore, RedisStore, SqliteStore,
    testing::{MariadbServer, PostgresServer, RedisServer},
};

/// Number of concurrent clients, as in a busy shop.
const CLIENTS: u64 = 16;
/// Duration of each measurement, long enough to average out other load.
const WINDOW: Duration = Duration::from_secs(3);
/// Rounds in which both operations alternate, so that other load affects both.
const ROUNDS: u32 = 3;
/// Number of events in each round of the transactions.
const EVENTS: u32 = 5_000;
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

/// Events of payments, made before anything is measured: each costs a signature.
async fn events() -> Vec<Event> {
    let platform = FakePlatform::new();
    let mut events = Vec::new();
    for number in 0..ROUNDS * EVENTS {
        let number = format!("ORDER-{number}");
        let delivery = platform.payment_builder(&number, 100).id(&number).build();
        let pending = platform.receiver().begin("POST", delivery.pairs()).unwrap();
        events.push(Event::of(&pending.finish(delivery.body).await.unwrap()).unwrap());
    }
    events
}

/// Returns the operations per second of all clients together, for a list of inputs.
async fn rate_of<T: Clone + Send + Sync + 'static, F>(
    inputs: &[T],
    one: impl Fn(T) -> F + Send + Sync + 'static,
) -> f64
where
    F: Future<Output = ()> + Send,
{
    let (one, inputs, next) = (
        Arc::new(one),
        Arc::new(inputs.to_vec()),
        Arc::new(AtomicUsize::new(0)),
    );
    let (start, count) = (Instant::now(), inputs.len());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (one, inputs, next) = (Arc::clone(&one), Arc::clone(&inputs), Arc::clone(&next));
            tokio::spawn(async move {
                while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    one(input.clone()).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    f64::from(u32::try_from(count).unwrap()) / start.elapsed().as_secs_f64()
}

/// Compares the transactional store with an exactly-once transaction written by hand.
macro_rules! transactions {
    ($what:literal, $pool:expr, $store:expr, $events:expr, $claim:literal, $order:literal, $begin:literal) => {{
        let (pool, store) = ($pool, $store.timeout(WEEK));
        store.migrate().await.unwrap();
        for table in [
            "CREATE TABLE seen (event VARCHAR(128) PRIMARY KEY)",
            "CREATE TABLE orders (number VARCHAR(64) PRIMARY KEY)",
        ] {
            sqlx::raw_sql(table).execute(&pool).await.unwrap();
        }
        let (mut ours, mut by_hand) = (0.0, 0.0);
        for round in $events.chunks($events.len() / usize::try_from(ROUNDS).unwrap()) {
            let store = store.clone();
            ours += rate_of(round, move |event: Event| {
                let store = store.clone();
                async move {
                    let limits = Limits::default().budget(WEEK).deadline(WEEK).wait(WEEK);
                    let number = event.key().event().to_owned();
                    let handled = store.transactional(&event, &limits, async |connection, _| {
                        sqlx::query($order)
                            .bind(number)
                            .execute(connection)
                            .await
                            .map(drop)
                    });
                    assert!(matches!(handled.await, Ok(Handled::Now { .. })));
                }
            })
            .await;
            let hand_pool = pool.clone();
            by_hand += rate_of(round, move |event: Event| {
                let pool = hand_pool.clone();
                async move {
                    let mut transaction = pool.begin_with($begin).await.unwrap();
                    let claimed = sqlx::query($claim).bind(event.key().event().to_owned());
                    let claimed = claimed.execute(&mut *transaction).await.unwrap();
                    assert_eq!(claimed.rows_affected(), 1);
                    let order = sqlx::query($order).bind(format!("by hand {}", event.key().event()));
                    order.execute(&mut *transaction).await.unwrap();
                    transaction.commit().await.unwrap();
                }
            })
            .await;
        }
        println!(
            "{}: transactional {:.0}/s, by hand {:.0}/s, ratio {:.2}",
            $what,
            ours / f64::from(ROUNDS),
            by_hand / f64::from(ROUNDS),
            ours / by_hand
        );
    }};
}

async fn postgres_transactions(settings: &[(&str, &str)], events: &[Event]) {
    let server = PostgresServer::start_with(settings).unwrap();
    let options = PgPoolOptions::new()
        .max_connections(16)
        .test_before_acquire(false);
    let pool = options.connect(&server.url()).await.unwrap();
    println!("PostgreSQL with {settings:?}");
    transactions!(
        "PostgreSQL",
        pool.clone(),
        PostgresStore::new(pool),
        events,
        "INSERT INTO seen (event) VALUES ($1) ON CONFLICT DO NOTHING",
        "INSERT INTO orders (number) VALUES ($1)",
        "BEGIN"
    );
}

async fn mariadb_transactions(events: &[Event]) {
    let server = MariadbServer::start().unwrap();
    let options = MySqlPoolOptions::new()
        .max_connections(16)
        .test_before_acquire(false);
    let pool = options.connect(&server.url()).await.unwrap();
    transactions!(
        "MariaDB",
        pool.clone(),
        MySqlStore::new(pool),
        events,
        "INSERT IGNORE INTO seen (event) VALUES (?)",
        "INSERT INTO orders (number) VALUES (?)",
        "START TRANSACTION"
    );
}

async fn sqlite_transactions(events: &[Event]) {
    let folder = std::env::temp_dir().join(format!("wechatpay-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let options = SqliteConnectOptions::new()
        .filename(folder.join("shop.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WEEK);
    // One writer: more connections would only wait for each other.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(WEEK);
    let pool = pool.connect_with(options).await.unwrap();
    transactions!(
        "SQLite",
        pool.clone(),
        SqliteStore::new(pool),
        events,
        "INSERT INTO seen (event) VALUES (?) ON CONFLICT DO NOTHING",
        "INSERT INTO orders (number) VALUES (?)",
        "BEGIN IMMEDIATE"
    );
    std::fs::remove_dir_all(&folder).unwrap();
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
    let events = events().await;
    postgres_transactions(&[], &events).await;
    postgres_transactions(&[("fsync", "off")], &events).await;
    mariadb_transactions(&events).await;
    sqlite_transactions(&events).await;
    if std::env::args().any(|argument| argument == "transactions") {
        return;
    }
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
