//! The gateway: its settings, and all that it keeps.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::watch;

use super::{auth::Nonces, routes::bills::Files, stubs::Stubs, traffic::Requests};
use crate::{
    faults::Faults,
    journal::Journal,
    notify::Notifier,
    platform::Platform,
    world::{
        World,
        random::{Ids, Stream},
    },
};

/// Settings of the gateway.
#[derive(Clone, Copy)]
pub(crate) struct GatewaySettings {
    /// Requests that the platform would refuse, and that work here, are refused too.
    pub(crate) strict: bool,
    /// Responses have no member of the sandbox's own.
    pub(crate) pure: bool,
    /// The `code_url` is a page of the cashier.
    pub(crate) http_code_url: bool,
    /// Pages are served beside it, which responses may name.
    pub(crate) has_pages: bool,
}

/// Responds to `/v3/…`.
pub struct Gateway {
    pub(crate) world: Arc<World>,
    pub(crate) platform: Arc<Platform>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) notifier: Arc<Notifier>,
    pub(crate) settings: GatewaySettings,
    /// Scheme, host and port by which others reach this server.
    pub(crate) base_url: String,
    /// The latest requests.
    pub requests: Requests,
    /// Responses that a test gave.
    pub stubs: Stubs,
    /// Nonces of the latest requests.
    pub nonces: Nonces,
    pub(crate) bill_files: Files,
    /// Requests that came, recorded or not.
    pub(crate) arrivals: AtomicU64,
    /// Number of requests whose signature was refused.
    pub refused_signatures: AtomicU64,
    pub(crate) certificate_downloads: AtomicU64,
    /// Becomes true, or loses its sender, when the sandbox stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

debug_only!(Gateway { base_url });

impl Gateway {
    /// The random numbers of the next request.
    pub(super) fn ids_of_request(&self) -> Ids {
        let number = self.arrivals.fetch_add(1, Ordering::Relaxed);
        self.world.ids.stream(Stream::Request(number))
    }

    /// Forgets requests and stubs.
    pub(crate) fn clear(&self) {
        self.requests.clear();
        self.stubs.clear();
    }

    /// From now on random numbers are those of the first requests.
    pub(crate) fn count_anew(&self) {
        self.arrivals.store(0, Ordering::Relaxed);
    }
}
