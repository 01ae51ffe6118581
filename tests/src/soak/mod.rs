//! A soak: many payments at shops on one store, under failures.
//!
//! Of some orders no notification ever arrives; those of the others are duplicated, reordered and concurrent. Shops are
//! killed and stopped, the store restarts and connections are cut. At the end the books are read.
//!
//! | File | Subject |
//! |---|---|
//! | [`plan`] | what is sent, from a seed |
//! | [`fleet`] | the shops |
//! | [`gateway`] | what the shops order, query and close at |
//! | [`sender`] | the buyers, and the platform: sends until it is acknowledged |
//! | [`trouble`] | what goes wrong meanwhile |
//! | [`report`] | the books, and the table at the end |

pub mod fleet;
pub mod gateway;
pub mod plan;
pub mod report;
pub mod sender;
pub mod trouble;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use wechatpay_core::testing::FakePlatform;
use wechatpay_stores::testing::{MariadbServer, PostgresServer, RedisServer};

pub use self::report::Report;
use self::{
    fleet::Fleet,
    gateway::Gateway,
    plan::OrderPlan,
    sender::{Ledger, Sender},
    trouble::Troubles,
};
use crate::tools::scratch;

/// Which store the shops have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// In the memory of one shop. Nothing is killed: it would forget.
    Memory,
    /// A Redis that syncs every write.
    Redis,
    /// A PostgreSQL; each event is handled in one transaction.
    Postgres,
    /// A MariaDB; each event is handled in one transaction.
    Mariadb,
    /// A SQLite file that the shops share; each event is handled in one transaction.
    Sqlite,
}

impl Store {
    const ALL: [Self; 5] = [
        Self::Memory,
        Self::Redis,
        Self::Postgres,
        Self::Mariadb,
        Self::Sqlite,
    ];

    /// The store of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|store| store.name() == name)
    }

    /// Returns true if the store is a process of its own, which can fail.
    #[must_use]
    pub fn has_server(self) -> bool {
        matches!(self, Self::Redis | Self::Postgres | Self::Mariadb)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
            Self::Sqlite => "sqlite",
        }
    }
}

/// Options of a soak.
#[derive(Clone, Debug)]
pub struct Options {
    /// The store.
    pub store: Store,
    /// Number of paid orders.
    pub payments: usize,
    /// Seed of the notifications, their number and times, and of the failures.
    pub seed: u64,
    /// Number of shops that share the store.
    pub shops: usize,
    /// Minimum duration of selling.
    pub spread: Duration,
    /// Time limit of selling; the report is about the orders sold until then.
    pub at_most: Option<Duration>,
    /// Pause between one trouble and the next, at most.
    pub trouble_every: Duration,
    /// The shop's program; built when it is not said.
    pub program: Option<PathBuf>,
    /// True if to draw a bar.
    pub bar: bool,
}

impl Options {
    /// Options for this number of payments at this store, at full speed.
    #[must_use]
    pub fn new(store: Store, payments: usize, seed: u64) -> Self {
        let options = Self {
            store,
            payments,
            seed,
            shops: 3,
            spread: Duration::ZERO,
            at_most: None,
            trouble_every: Duration::from_secs(4),
            program: None,
            bar: false,
        };
        options.of(store)
    }

    /// The same at another store; memory is one shop's own.
    #[must_use]
    pub fn of(mut self, store: Store) -> Self {
        self.store = store;
        if store == Store::Memory {
            self.shops = 1;
        }
        self
    }
}

/// The server behind the store.
#[derive(Debug)]
pub enum Server {
    /// None.
    Memory,
    /// Redis.
    Redis(RedisServer),
    /// PostgreSQL.
    Postgres(PostgresServer),
    /// MariaDB.
    Mariadb(MariadbServer),
    /// The folder of the SQLite file.
    Sqlite(PathBuf),
}

impl Server {
    fn start(store: Store) -> std::io::Result<Self> {
        Ok(match store {
            Store::Memory => Self::Memory,
            Store::Redis => Self::Redis(RedisServer::start()?),
            Store::Postgres => Self::Postgres(PostgresServer::start()?),
            Store::Mariadb => Self::Mariadb(MariadbServer::start()?),
            Store::Sqlite => Self::Sqlite(scratch(&format!("soak-{}", std::process::id()))),
        })
    }

    fn url(&self) -> String {
        match self {
            Self::Memory => "memory".to_owned(),
            Self::Redis(server) => server.url(),
            Self::Postgres(server) => server.url(),
            Self::Mariadb(server) => server.url(),
            Self::Sqlite(folder) => format!("sqlite://{}", folder.join("shop.db").display()),
        }
    }
}

/// Number of orders processed concurrently.
const ORDERS_AT_ONCE: usize = 256;

/// Does it.
///
/// # Panics
/// When a server or a shop does not start.
pub async fn run(options: &Options) -> Report {
    let started = Instant::now();
    let server = Server::start(options.store).unwrap();
    let platform = FakePlatform::new();
    let gateway = Gateway::start(platform.clone()).await;
    let fleet = Arc::new(Fleet::start(options, &server.url(), &gateway).await);
    let plan = plan::orders(options.payments, options.seed);

    let bar = match options.bar {
        true => ProgressBar::new(options.payments as u64).with_style(
            ProgressStyle::with_template(
                "{elapsed_precise} {wide_bar} {pos}/{len} {per_sec} eta {eta} {msg}",
            )
            .unwrap(),
        ),
        false => ProgressBar::hidden(),
    };
    // A log gets lines instead of a bar.
    let lines = (options.bar && bar.is_hidden()).then(|| tokio::spawn(tell_progress(bar.clone())));
    let ledger = Arc::new(Ledger::default());
    let sender = Arc::new(Sender::new(
        platform,
        gateway,
        Arc::clone(&fleet),
        Arc::clone(&ledger),
        bar.clone(),
    ));
    let over = Arc::new(AtomicBool::new(false));
    let server = Arc::new(Mutex::new(server));
    let troubles = tokio::spawn(trouble::make(
        Arc::clone(&fleet),
        Arc::clone(&server),
        Arc::clone(&over),
        options.clone(),
        bar.clone(),
    ));

    sell_all(&plan, options, &sender, &over).await;
    let troubles: Troubles = troubles.await.unwrap();
    let took = started.elapsed();
    bar.set_message("reading the books");
    let books = report::read(&fleet, &sender, &ledger).await;
    bar.finish_and_clear();
    if let Server::Sqlite(folder) = &*server.lock().unwrap_or_else(PoisonError::into_inner) {
        let _ = std::fs::remove_dir_all(folder);
    }
    if let Some(lines) = lines {
        lines.abort();
    }
    Report::new(options, &ledger, &books, sender.gateway(), troubles, took)
}

/// Prints the progress every minute.
async fn tell_progress(bar: ProgressBar) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        eprintln!(
            "{:.0} min: {} of {} payments",
            bar.elapsed().as_secs_f64() / 60.0,
            bar.position(),
            bar.length().unwrap_or_default()
        );
    }
}

/// Sells all orders and sends their notifications concurrently.
///
/// Failures stop with the last of them: a wait for one lease must not become a wait for two.
async fn sell_all(plan: &[OrderPlan], options: &Options, sender: &Arc<Sender>, over: &AtomicBool) {
    let room = Arc::new(Semaphore::new(ORDERS_AT_ONCE));
    let began = Instant::now();
    for (place, order) in plan.iter().enumerate() {
        if options.at_most.is_some_and(|at_most| began.elapsed() > at_most) {
            break;
        }
        let due = options.spread.mul_f64(place as f64 / plan.len().max(1) as f64);
        tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        let permit = Arc::clone(&room).acquire_owned().await.unwrap();
        let (sender, order) = (Arc::clone(sender), order.clone());
        tokio::spawn(async move {
            sender.sell(order).await;
            drop(permit);
        });
    }
    over.store(true, Ordering::SeqCst);
    let _all = room.acquire_many(ORDERS_AT_ONCE as u32).await.unwrap();
}
