//! The shops.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Options, gateway::Gateway};
use crate::shops::{Framework, ShopProcess, binary};

/// Time without requests for an unresponsive shop, if there are others.
const AVOIDED: Duration = Duration::from_secs(2);
/// Maximum time of repeated starts, because a shop needs its store.
const STARTING: Duration = Duration::from_secs(120);

/// Shops on one store.
#[derive(Debug)]
pub struct Fleet {
    places: Vec<Place>,
    program: PathBuf,
    variables: Vec<(String, String)>,
    next: AtomicUsize,
    /// Deliveries per order announced by shops that have ended.
    handed_over: Mutex<HashMap<String, u32>>,
}

#[derive(Debug)]
struct Place {
    /// None only while a new one starts.
    process: tokio::sync::Mutex<Option<ShopProcess>>,
    at: Mutex<At>,
}

#[derive(Clone, Debug)]
struct At {
    url: String,
    avoided_until: Instant,
}

impl Fleet {
    /// Starts them.
    ///
    /// # Panics
    /// When one does not start.
    pub async fn start(options: &Options, store: &str, gateway: &Gateway) -> Self {
        let mut variables = gateway.variables();
        variables.push(("SHOP_STORE".to_owned(), store.to_owned()));
        // It is expected to complain.
        variables.push(("RUST_LOG".to_owned(), "off".to_owned()));
        let mut fleet = Self {
            places: Vec::new(),
            program: match &options.program {
                Some(program) => program.clone(),
                None => binary(Framework::Axum.binary()),
            },
            variables,
            next: AtomicUsize::new(0),
            handed_over: Mutex::default(),
        };
        for _ in 0..options.shops {
            let process = fleet.launch().await;
            let at = At {
                url: process.url().to_owned(),
                avoided_until: Instant::now(),
            };
            fleet.places.push(Place {
                process: tokio::sync::Mutex::new(Some(process)),
                at: Mutex::new(at),
            });
        }
        fleet
    }

    async fn launch(&self) -> ShopProcess {
        let started = Instant::now();
        loop {
            match ShopProcess::launch(&self.program, &self.variables).await {
                Ok(process) => return process,
                Err(error) => assert!(started.elapsed() < STARTING, "a shop does not start: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Number of shops.
    #[must_use]
    pub fn size(&self) -> usize {
        self.places.len()
    }

    /// The next responsive shop's place and address, in turn.
    #[must_use]
    pub fn next(&self) -> (usize, String) {
        let first = self.next.fetch_add(1, Ordering::Relaxed) % self.places.len();
        let now = Instant::now();
        let in_turn = (0..self.places.len()).map(|step| (first + step) % self.places.len());
        let well = in_turn
            .map(|place| (place, self.at(place)))
            .find(|(_, at)| at.avoided_until <= now);
        match well {
            Some((place, at)) => (place, at.url),
            None => (first, self.at(first).url),
        }
    }

    /// It did not respond at this address.
    pub fn avoid(&self, place: usize, url: &str) {
        let mut at = self.places[place]
            .at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // It may be a new one by now.
        if at.url == url {
            at.avoided_until = Instant::now() + AVOIDED;
        }
    }

    fn at(&self, place: usize) -> At {
        let at = self.places[place].at.lock();
        at.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Kills a shop (-9) and starts a replacement; `false` when it is stopped just now.
    ///
    /// # Panics
    /// When no other starts.
    pub async fn kill(&self, place: usize) -> bool {
        let Ok(mut slot) = self.places[place].process.try_lock() else {
            return false;
        };
        if let Some(shop) = slot.take() {
            shop.signal("KILL");
            self.read_all(shop).await;
        }
        let shop = self.launch().await;
        *self.places[place]
            .at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = At {
            url: shop.url().to_owned(),
            avoided_until: Instant::now(),
        };
        *slot = Some(shop);
        true
    }

    /// Stops a shop for a time (SIGSTOP, SIGCONT); `false` when it is missing.
    pub async fn pause(&self, place: usize, time: Duration) -> bool {
        let Ok(slot) = self.places[place].process.try_lock() else {
            return false;
        };
        if let Some(shop) = slot.as_ref() {
            shop.signal("STOP");
            tokio::time::sleep(time).await;
            shop.signal("CONT");
        }
        true
    }

    /// Ends all shops and returns the announced deliveries per order.
    pub async fn end(&self) -> HashMap<String, u32> {
        for place in &self.places {
            if let Some(shop) = place.process.lock().await.take() {
                shop.signal("TERM");
                self.read_all(shop).await;
            }
        }
        self.handed_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads a shop's output to its end.
    async fn read_all(&self, shop: ShopProcess) {
        let lines = shop.into_lines().await;
        let mut handed_over = self.handed_over.lock().unwrap_or_else(PoisonError::into_inner);
        for line in &lines {
            if let Some(order) = line
                .strip_suffix(" is PAID")
                .and_then(|line| line.rsplit(' ').next())
            {
                *handed_over.entry(order.to_owned()).or_default() += 1;
            }
        }
    }
}
