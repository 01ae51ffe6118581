//! A soak: many notifications against shops on one store, under failures.
//!
//! Notifications are duplicated, reordered and concurrent. Shops are killed and stopped, the store restarts and
//! connections are cut. At the end the books are read.
//!
//! | File | Subject |
//! |---|---|
//! | [`plan`] | what is sent, from a seed |
//! | [`fleet`] | the shops |
//! | [`gateway`] | what the shops order at |
//! | [`sender`] | the platform: sends until it is acknowledged |
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
    sync::{Arc, Mutex, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use wechatpay_core::testing::FakePlatform;
use wechatpay_stores::testing::{PostgresServer, RedisServer};

pub use self::report::Report;
use self::{
    fleet::Fleet,
    gateway::Gateway,
    plan::OrderPlan,
    sender::{Ledger, Sender},
    trouble::Troubles,
};

/// Which store the shops have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// In the memory of one shop. Nothing is killed: it would forget.
    Memory,
    /// A Redis that syncs every write.
    Redis,
    /// A PostgreSQL; notifications are handled in the lease's transaction.
    Postgres,
}

impl Store {
    /// The store of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "memory" => Some(Self::Memory),
            "redis" => Some(Self::Redis),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
        }
    }
}

/// Options of a soak.
#[derive(Clone, Debug)]
pub struct Options {
    /// The store.
    pub store: Store,
    /// Number of notifications, each with an id of its own.
    pub notifications: usize,
    /// Seed of the notifications, their number and times, and of the failures.
    pub seed: u64,
    /// Number of shops that share the store.
    pub shops: usize,
    /// Minimum duration of sending.
    pub spread: Duration,
    /// Time limit of sending; the report is about the notifications sent until then.
    pub at_most: Option<Duration>,
    /// Pause between one trouble and the next, at most.
    pub trouble_every: Duration,
    /// The shop's program; built when it is not said.
    pub program: Option<PathBuf>,
    /// True if to draw a bar.
    pub bar: bool,
}

impl Options {
    /// Options for this number of notifications at this store, at full speed.
    #[must_use]
    pub fn new(store: Store, notifications: usize, seed: u64) -> Self {
        Self {
            store,
            notifications,
            seed,
            shops: if store == Store::Memory { 1 } else { 3 },
            spread: Duration::ZERO,
            at_most: None,
            trouble_every: Duration::from_secs(4),
            program: None,
            bar: false,
        }
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
}

impl Server {
    fn start(store: Store) -> std::io::Result<Self> {
        Ok(match store {
            Store::Memory => Self::Memory,
            Store::Redis => Self::Redis(RedisServer::start()?),
            Store::Postgres => Self::Postgres(PostgresServer::start()?),
        })
    }

    fn url(&self) -> String {
        match self {
            Self::Memory => "memory".to_owned(),
            Self::Redis(server) => server.url(),
            Self::Postgres(server) => server.url(),
        }
    }
}

/// Number of orders processed concurrently.
const ORDERS_AT_ONCE: usize = 128;

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
    let plan = plan::orders(options.notifications, options.seed);

    let bar = match options.bar {
        true => ProgressBar::new(options.notifications as u64).with_style(
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

    tell_all(&plan, options, &sender, &over).await;
    let troubles: Troubles = troubles.await.unwrap();
    let sent_for = started.elapsed();
    bar.set_message("reading the books");
    let books = report::read(&fleet, &sender, &ledger).await;
    bar.finish_and_clear();
    if let Some(lines) = lines {
        lines.abort();
    }
    Report::new(options, &ledger, &books, troubles, sent_for)
}

/// Prints the progress every minute.
async fn tell_progress(bar: ProgressBar) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        eprintln!(
            "{:.0} min: {} of {} notifications",
            bar.elapsed().as_secs_f64() / 60.0,
            bar.position(),
            bar.length().unwrap_or_default()
        );
    }
}

/// Creates all orders and sends their notifications concurrently.
///
/// Failures stop with the last of them: a wait for one lease must not become a wait for two.
async fn tell_all(plan: &[OrderPlan], options: &Options, sender: &Arc<Sender>, over: &AtomicBool) {
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
            sender.tell(order).await;
            drop(permit);
        });
    }
    over.store(true, Ordering::SeqCst);
    let _all = room.acquire_many(ORDERS_AT_ONCE as u32).await.unwrap();
}
