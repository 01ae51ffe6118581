//! Failures during a soak.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use indicatif::ProgressBar;
use tokio::task::JoinSet;

use super::{Options, Server, Store, fleet::Fleet, plan::Dice};

/// Longer than the lease of the shops, which is 10 s.
const STOPPED: Duration = Duration::from_secs(12);
/// Longer than a shop waits for a response of its store.
const SILENT: Duration = Duration::from_secs(2);

/// Maximum number of restarts of a store, for instance on a full disk.
const RESTARTS: u32 = 60;

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A shop is killed (-9) and another started.
    ShopKilled,
    /// A shop is paused for longer than its lease.
    ShopStopped,
    /// The store is ended and started again.
    StoreRestarted,
    /// The store is killed (-9) and started again.
    StoreKilled,
    /// The store does not respond for a while.
    StoreSilent,
    /// All connections to the store are cut.
    ConnectionsCut,
}

impl Trouble {
    /// All failures; duplicates are twice as frequent.
    const ALL: [Self; 8] = [
        Self::ShopKilled,
        Self::ShopKilled,
        Self::ShopStopped,
        Self::StoreRestarted,
        Self::StoreKilled,
        Self::StoreSilent,
        Self::ConnectionsCut,
        Self::ConnectionsCut,
    ];

    /// This failure, or a killed shop where the store is no process of its own.
    fn at(self, store: Store) -> Self {
        if store.has_server() || self == Self::ShopStopped {
            return self;
        }
        Self::ShopKilled
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ShopKilled => "shops killed (-9)",
            Self::ShopStopped => "shops stopped for 12 s",
            Self::StoreRestarted => "store restarts",
            Self::StoreKilled => "store kills (-9)",
            Self::StoreSilent => "store silent for 2 s",
            Self::ConnectionsCut => "connections cut",
        })
    }
}

/// Number of failures by kind.
pub type Troubles = BTreeMap<Trouble, u32>;

/// Causes failures in seeded order until the end, then repairs everything.
///
/// # Panics
/// When the store does not come back.
pub async fn make(
    fleet: Arc<Fleet>,
    server: Arc<Mutex<Server>>,
    over: Arc<AtomicBool>,
    options: Options,
    bar: ProgressBar,
) -> Troubles {
    let mut happened = Troubles::new();
    if options.store == Store::Memory {
        return happened;
    }
    let mut dice = Dice::new(options.seed, 2);
    let mut bag: Vec<Trouble> = Vec::new();
    let mut stopped = JoinSet::new();
    while !pause(
        &over,
        options.trouble_every / 2 + dice.within(options.trouble_every / 2),
    )
    .await
    {
        if bag.is_empty() {
            bag.extend(Trouble::ALL.map(|trouble| trouble.at(options.store)));
        }
        let trouble = bag.swap_remove(dice.below(bag.len() as u64) as usize);
        bar.set_message(trouble.to_string());
        let place = dice.below(fleet.size() as u64) as usize;
        match trouble {
            // The next one when this one is stopped just now: only one is.
            Trouble::ShopKilled => {
                if !fleet.kill(place).await {
                    fleet.kill((place + 1) % fleet.size()).await;
                }
            }
            Trouble::ShopStopped => {
                while let Some(ended) = stopped.join_next().await {
                    let _: bool = ended.unwrap();
                }
                let fleet = Arc::clone(&fleet);
                stopped.spawn(async move { fleet.pause(place, STOPPED).await });
            }
            _ => {
                let server = Arc::clone(&server);
                tokio::task::spawn_blocking(move || {
                    let mut server = server.lock().unwrap_or_else(PoisonError::into_inner);
                    let mut done = to_store(trouble, &mut server);
                    for _ in 0..RESTARTS {
                        if done.is_ok() {
                            break;
                        }
                        sleep(Duration::from_secs(1));
                        done = to_store(Trouble::StoreRestarted, &mut server);
                    }
                    done.unwrap();
                })
                .await
                .unwrap();
            }
        }
        *happened.entry(trouble).or_default() += 1;
    }
    stopped.join_all().await;
    happened
}

fn to_store(trouble: Trouble, server: &mut Server) -> std::io::Result<()> {
    macro_rules! either {
        ($server:ident => $work:expr) => {
            match server {
                Server::Memory | Server::Sqlite(_) => Ok(()),
                Server::Redis($server) => $work,
                Server::Postgres($server) => $work,
                Server::Mariadb($server) => $work,
            }
        };
    }
    match trouble {
        Trouble::StoreRestarted => either!(server => server.restart()),
        Trouble::StoreKilled => either!(server => server.kill().and_then(|()| server.restart())),
        Trouble::StoreSilent => either!(server => server.pause().and_then(|()| {
            sleep(SILENT);
            server.resume()
        })),
        _ => either!(server => server.cut_connections()),
    }
}

/// Waits; `true` if the soak ended meanwhile.
async fn pause(over: &AtomicBool, time: Duration) -> bool {
    let end = tokio::time::Instant::now() + time;
    while tokio::time::Instant::now() < end {
        if over.load(Ordering::SeqCst) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    over.load(Ordering::SeqCst)
}
