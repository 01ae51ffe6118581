//! Servers, notifications and logs for the tests.

use std::{
    io,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use wechatpay_core::{
    idempotency::{BeginRequest, EventKey, IdempotencyStore},
    notify::VerifiedNotification,
    testing::{Delivery, FakePlatform},
};
use wechatpay_stores::{PostgresStore, testing::PostgresServer};

pub(crate) type Store = Arc<dyn IdempotencyStore>;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// Returns the PostgreSQL that tests share, which the last of them stops.
pub(crate) fn shared_postgres() -> Arc<PostgresServer> {
    static SHARED: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(PostgresServer::start().unwrap());
        *shared = Arc::downgrade(&server);
        server
    })
}

/// A store in its own schema, with its pool and its server.
pub(crate) struct Database {
    pub(crate) store: PostgresStore,
    pub(crate) pool: PgPool,
    pub(crate) schema: String,
    pub(crate) server: Arc<PostgresServer>,
}

impl Database {
    pub(crate) async fn new() -> Self {
        Self::on(shared_postgres()).await
    }

    pub(crate) async fn on(server: Arc<PostgresServer>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let pool = pool(&server.url()).await;
        let store = store(&pool, &schema);
        store.migrate().await.unwrap();
        // What a shop's handler changes: one row for each effect.
        execute(
            &pool,
            &format!("CREATE TABLE {schema}.effects (number text, fence bigint)"),
        )
        .await;
        Self {
            store,
            pool,
            schema,
            server,
        }
    }

    /// Opens a pool in the same way.
    pub(crate) async fn open(url: &str) -> PgPool {
        pool(url).await
    }

    /// Makes a store with the default name, and names the folder of its migrations.
    pub(crate) fn with_default_name(&self) -> (PostgresStore, &'static str) {
        (PostgresStore::new(self.pool.clone()), "migrations/postgres")
    }

    /// Makes a store whose tables do not exist.
    pub(crate) fn elsewhere(&self) -> PostgresStore {
        store(&self.pool, &format!("{}_nowhere", self.schema))
    }

    /// Writes the statement after which a lease is to be forgotten.
    pub(crate) fn make_old(&self, id: &str) -> String {
        let schema = &self.schema;
        format!("UPDATE {schema}.leases SET forget_after = now() - interval '1 day' WHERE event = '{id}'")
    }

    /// Condition for a time in about a minute.
    pub(crate) const IN_A_MINUTE: &str = "BETWEEN now() + interval '50 s' AND now() + interval '70 s'";

    /// Least number of awaits of a transaction.
    pub(crate) const WAITS: u32 = 3;

    /// Starts a server for one test.
    pub(crate) async fn alone() -> Self {
        Self::on(Arc::new(PostgresServer::start().unwrap())).await
    }

    /// Returns the URL for a port.
    pub(crate) fn url_at(port: u16) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/postgres")
    }

    /// Makes a store whose operations take long.
    pub(crate) async fn slowly(&self) -> Self {
        let port = slow_way_to(self.server.port()).await;
        self.with(pool(&Self::url_at(port)).await)
    }

    /// Opens a pool of so many connections.
    pub(crate) async fn pool_of(&self, connections: u32) -> PgPool {
        let options = PgPoolOptions::new().max_connections(connections);
        options
            .acquire_timeout(MINUTE)
            .connect(&self.server.url())
            .await
            .unwrap()
    }

    /// Makes a store over another pool.
    pub(crate) fn with(&self, pool: PgPool) -> Self {
        Self {
            store: store(&pool, &self.schema),
            pool,
            schema: self.schema.clone(),
            server: Arc::clone(&self.server),
        }
    }

    /// Records an effect of the shop.
    pub(crate) async fn effect(
        &self,
        connection: &mut sqlx::PgConnection,
        number: &str,
        fence: u64,
    ) -> Result<(), sqlx::Error> {
        effect(connection, &self.schema, number, fence).await
    }

    /// Returns the number of leases that are done.
    pub(crate) async fn done(&self) -> i64 {
        self.number(&format!(
            "SELECT count(*) FROM {}.leases WHERE state = 'done'",
            self.schema
        ))
        .await
    }

    /// Returns what a child process needs.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE", "postgres".to_owned()),
            ("URL", self.server.url()),
            ("SCHEMA", self.schema.clone()),
        ]
    }

    /// Returns the number of effects of the shop.
    pub(crate) async fn effects(&self) -> i64 {
        self.number(&format!("SELECT count(*) FROM {}.effects", self.schema))
            .await
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Writes the name of a table.
    pub(crate) fn table(&self, table: &str) -> String {
        format!("{}.{table}", self.schema)
    }

    pub(crate) async fn execute(&self, sql: &str) {
        execute(&self.pool, &sql.replace("{schema}", &self.schema)).await;
    }
}

pub(crate) async fn pool(url: &str) -> PgPool {
    PgPoolOptions::new()
        .max_connections(12)
        .acquire_timeout(Duration::from_secs(30))
        .connect(url)
        .await
        .unwrap()
}

/// Makes a store with a long timeout, because the machine may be busy.
pub(crate) fn store(pool: &PgPool, schema: &str) -> PostgresStore {
    PostgresStore::new(pool.clone())
        .schema(schema)
        .unwrap()
        .timeout(Duration::from_secs(20))
}

pub(crate) async fn execute(pool: &PgPool, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(pool)
        .await
        .unwrap();
}

/// Records an effect of the shop.
pub(crate) async fn effect(
    connection: &mut sqlx::PgConnection,
    schema: &str,
    number: &str,
    fence: u64,
) -> Result<(), sqlx::Error> {
    let sql = format!("INSERT INTO {schema}.effects (number, fence) VALUES ($1, $2)");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(number)
        .bind(i64::try_from(fence).unwrap())
        // A pooler gives the next transaction another connection, which does not know it.
        .persistent(false)
        .execute(connection)
        .await?;
    Ok(())
}

/// Starts a proxy that delays each packet, so that each operation has to wait.
pub(crate) async fn slow_way_to(port: u16) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let near = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::spawn(carry(from_client, to_server));
            tokio::spawn(carry(from_server, to_client));
        }
    });
    near
}

/// Starts a proxy that breaks the connection after a COMMIT.
///
/// The server commits and its response is lost.
pub(crate) async fn way_that_breaks_after_commit(port: u16) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let near = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let ((mut from_client, to_client), (from_server, mut to_server)) =
                (client.into_split(), server.into_split());
            let responses = tokio::spawn(carry(from_server, to_client));
            tokio::spawn(async move {
                let mut buffer = [0; 16 * 1024];
                while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
                    let packet = buffer.get(..count).unwrap();
                    let commits = packet.windows(8).any(|words| words == b"; COMMIT");
                    if commits {
                        responses.abort();
                    }
                    to_server.write_all(packet).await.unwrap();
                    if commits {
                        // The other side must not find the line cut before it has done it.
                        tokio::time::sleep(Duration::from_millis(300)).await;
                        return;
                    }
                }
            });
        }
    });
    near
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await.unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(3)).await;
        match buffer.get(..count) {
            Some(packet) if count > 0 && to.write_all(packet).await.is_ok() => {}
            _ => return,
        }
    }
}

pub(crate) async fn receive(platform: &FakePlatform, delivery: Delivery) -> VerifiedNotification {
    let pending = platform.receiver().begin("POST", delivery.pairs()).unwrap();
    pending.finish(delivery.body).await.unwrap()
}

/// Returns the payment of an order, the same in every process.
pub(crate) async fn payment(id: &str) -> VerifiedNotification {
    payment_of(id, 100).await
}

pub(crate) async fn payment_of(id: &str, total: i64) -> VerifiedNotification {
    let platform = FakePlatform::new();
    receive(&platform, platform.payment_builder(id, total).id(id).build()).await
}

pub(crate) fn key(id: &str) -> EventKey {
    EventKey::new("scope", id).unwrap()
}

pub(crate) fn request(id: &str, lease: Duration) -> BeginRequest {
    BeginRequest::new(key(id), "4200000001:100", "TRANSACTION.SUCCESS", lease)
}

/// Formats an error and its causes, and asserts that none repeats its predecessor.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let (text, before) = (cause.to_string(), texts.last().unwrap());
        assert!(!before.contains(&text), "{before:?} repeats its cause {text:?}");
        texts.push(text);
        source = cause.source();
    }
    let repeated = texts
        .iter()
        .enumerate()
        .position(|(place, text)| texts.iter().take(place).any(|before| before == text));
    assert_eq!(repeated, None, "{texts:?}");
    texts.join(": ")
}

/// Polls `condition` until it holds, for at most half a minute.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    for _ in 0..600 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the condition did not hold in time: {what}");
}

/// Returns the number of operations of a model check and its seed.
pub(crate) fn model_plan() -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    (
        number("WECHATPAY_MODEL_OPERATIONS").unwrap_or(20_000),
        number("WECHATPAY_MODEL_SEED").unwrap_or(20_240_101),
    )
}

/// Log of this thread.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Collects the log until the guard is dropped.
    ///
    /// With a single dispatcher, `tracing` caches the interest of the thread that reaches a callsite first, which may
    /// run another test. With two dispatchers it asks both.
    pub(crate) fn collect() -> (Self, (tracing::subscriber::DefaultGuard, tracing::Dispatch)) {
        use tracing_subscriber::util::SubscriberInitExt as _;
        let log = Self::default();
        let second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
        let writer = log.clone();
        let guard = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish()
            .set_default();
        (log, (guard, second))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
