//! The handle.

mod applyments;
pub mod blocking;
pub(crate) mod builder;
pub mod clock;
mod complaints;
pub mod credentials;
mod driver;
pub(crate) mod drop_report;
pub mod engine;
pub(crate) mod error;
mod faults;
mod funds;
pub(crate) mod inspect;
mod merchants;
mod notifications;
mod orders;
mod records;
mod refunds;
pub mod rotation;
pub(crate) mod server;
mod sharing;
pub(crate) mod stubs;

use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use tokio::{sync::watch, task::JoinHandle, time::timeout};
use wechatpay_core::{Clock, Config, testing::DEMO_MCHID};

use crate::{
    gateway::traffic::RecordedRequest,
    handle::{
        clock::SandboxClock,
        drop_report::{OwnRuntime, Trouble},
        engine::Engine,
        inspect::{Counters, Events},
        rotation::Rotation,
    },
    journal::Event,
    platform::KeyMode,
    snapshot::{RestoreError, Snapshot},
    world::{lints::Lint, lock, media::state::Media, orders::key::OrderKey},
};

/// Time for requests under way at shutdown.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// A running sandbox. Cheap to clone; the server stops when the last handle is dropped.
///
/// Dropping the last handle panics if a refused signature was not [taken](Self::take_refusals), or if a lint is fatal: see
/// [`SandboxBuilder::lenient`](crate::SandboxBuilder::lenient). With `SANDBOX_KEEP=1` in the environment, the sandbox of a failing test stays until Ctrl-C and
/// prints the address of its dashboard.
#[derive(Clone)]
pub struct Sandbox {
    engine: Arc<Engine>,
    running: Arc<Running>,
}

/// Lives as long as a handle.
pub(crate) struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    router: axum::Router,
    server: Mutex<Option<JoinHandle<()>>>,
    engine: Arc<Engine>,
    _runtime: Option<OwnRuntime>,
}

impl Running {
    pub(crate) fn new(
        engine: &Arc<Engine>,
        address: SocketAddr,
        stop: watch::Sender<bool>,
        router: axum::Router,
        server: JoinHandle<()>,
        runtime: Option<OwnRuntime>,
    ) -> Self {
        Self {
            address,
            stop,
            router,
            server: Mutex::new(Some(server)),
            engine: Arc::clone(engine),
            _runtime: runtime,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop_report::end(&self.engine);
    }
}

impl Sandbox {
    pub(crate) fn new(engine: Arc<Engine>, running: Running) -> Self {
        Self {
            engine,
            running: Arc::new(running),
        }
    }

    /// Scheme, host and port of the gateway, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.engine.base_url
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// The whole server as a `Router` and a `tower::Service`.
    ///
    /// The gateway, and the pages if there are some, as at [`address`](Self::address), for a client in this process without
    /// a connection.
    ///
    /// ```
    /// use tower::ServiceExt as _;
    /// # use wechatpay_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// let request = http::Request::get("/healthz").body(axum::body::Body::empty())?;
    /// let response = sandbox.router().oneshot(request).await?;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Faults of the connection, such as `hang` and `reset`, appear as an error of the body.
    pub fn router(&self) -> axum::Router {
        self.running.router.clone()
    }

    /// Its clock, to be read and, if it is a manual one, turned.
    #[must_use]
    pub fn clock(&self) -> SandboxClock {
        SandboxClock::new(Arc::clone(&self.engine))
    }

    /// The clock of signatures, for a client that shares it.
    ///
    /// A client on the system clock needs it only after [`wire_clock`](crate::SandboxBuilder::wire_clock) or
    /// [`clock`](crate::SandboxBuilder::clock).
    #[must_use]
    pub fn core_clock(&self) -> Clock {
        self.engine.platform.wire_clock.clone()
    }

    /// Which keys it signs with.
    #[must_use]
    pub fn key_mode(&self) -> KeyMode {
        self.engine.platform.mode()
    }

    /// URL of the script that replaces WeChat's browser.
    ///
    /// It provides `WeixinJSBridge`, `wx.chooseWXPay` and `wx.requestPayment`.
    #[must_use]
    pub fn bridge_script_url(&self) -> String {
        format!("{}/js/wx-bridge.js", self.engine.base_url)
    }

    /// Public key of the root of the platform certificates, for a client that pins it.
    #[must_use]
    pub fn root_public_key_pem(&self) -> String {
        self.engine.platform.root_public_key_pem()
    }

    // Credentials

    /// Settings of a client for the demo merchant: complete but for `notify_url`.
    #[must_use]
    pub fn config(&self) -> Config {
        self.config_of(DEMO_MCHID).unwrap_or_default()
    }

    /// Settings of a client of another merchant.
    ///
    /// `None` if this mchid is unknown, or if the sandbox has no private key of any certificate that is not revoked.
    #[must_use]
    pub fn config_of(&self, mchid: &str) -> Option<Config> {
        let merchant = self.engine.world.merchants.get(mchid)?;
        credentials::config(&self.engine, &merchant)
    }

    /// The settings of the demo merchant as `WECHATPAY_…=` lines, as a `.env` file holds them.
    ///
    /// The keys in it are public and good for nothing but this.
    #[must_use]
    pub fn env_lines(&self) -> Vec<String> {
        credentials::env_lines(&self.engine)
    }

    /// Writes the demo merchant's keys as PEM files and a `.env.sandbox` into `directory`.
    ///
    /// `.env.direct` has the same settings without the sub-merchant. Each file is readable by its owner only. Returns the path of
    /// `.env.sandbox`, which names the files.
    ///
    /// # Errors
    /// An error of the file system.
    pub fn write_env(&self, directory: impl AsRef<Path>) -> io::Result<PathBuf> {
        self.write_env_of(DEMO_MCHID, directory)
    }

    /// The same for another merchant.
    ///
    /// # Errors
    /// An error of the file system; [`io::ErrorKind::NotFound`] if the mchid is unknown, or only its public key is known.
    pub fn write_env_of(&self, mchid: &str, directory: impl AsRef<Path>) -> io::Result<PathBuf> {
        credentials::write_env(&self.engine, mchid, directory.as_ref())
    }

    // What happened

    /// The newest 10 000 requests to the gateway, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.engine.gateway.requests.all()
    }

    /// Findings that would hurt in production, the oldest first.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        self.engine.world.lints.all()
    }

    /// Takes the requests refused for their signature since the last call, the oldest first.
    ///
    /// They count as intended: the last handle will not panic for them.
    pub fn take_refusals(&self) -> Vec<RecordedRequest> {
        self.engine.gateway.requests.take_refused()
    }

    /// Takes the lints since the last call, the oldest first.
    ///
    /// They count as intended: the last handle will not panic for a fatal one. [`lints`](Self::lints) keeps them.
    pub fn take_lints(&self) -> Vec<Lint> {
        self.engine.world.lints.take()
    }

    /// Panics now if dropping the last handle would panic.
    ///
    /// Useful if a panic in a destructor would be lost, for instance in a separate task.
    ///
    /// # Panics
    /// If the test has not taken a refused signature or a fatal lint.
    #[track_caller]
    pub fn assert_no_trouble(&self) {
        let trouble = Trouble::of(&self.engine);
        assert!(
            trouble.is_none(),
            "{}",
            trouble.map(|trouble| trouble.to_string()).unwrap_or_default()
        );
    }

    /// The files that were uploaded, the oldest first, without their bytes.
    #[must_use]
    pub fn media(&self) -> Vec<Media> {
        self.engine.world.media.all()
    }

    /// The request of this number, if it is still kept.
    #[must_use]
    pub fn request(&self, number: u64) -> Option<RecordedRequest> {
        self.engine.gateway.requests.get(number)
    }

    /// Events with a higher number than `after`, the oldest first.
    ///
    /// The newest 10 000 are kept; 0 returns all of them.
    #[must_use]
    pub fn events_after(&self, after: u64) -> Vec<Event> {
        self.engine.journal.log.after(after)
    }

    /// Subscribes to events from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.engine.journal.log.subscribe())
    }

    /// Counters of everything that happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let (gateway, counts) = (&self.engine.gateway, &self.engine.world.counts);
        Counters {
            requests: gateway.requests.count(),
            refused_signatures: gateway.refused_signatures.load(Ordering::Relaxed),
            certificate_downloads: gateway.certificate_downloads.load(Ordering::Relaxed),
            prepays: counts.prepays.load(Ordering::Relaxed),
            payments: counts.payments.load(Ordering::Relaxed),
            refunds: counts.refunds.load(Ordering::Relaxed),
            notification_attempts: self.engine.notifier.attempts.load(Ordering::Relaxed),
        }
    }

    // The platform

    /// Changes the platform certificate.
    #[must_use]
    pub fn rotation(&self) -> Rotation {
        Rotation::new(Arc::clone(&self.engine))
    }

    /// Resets the sandbox for the next of several tests that share it.
    ///
    /// Forgets orders and all that depends on them, requests, notifications, lints, faults, stubs and everything
    /// scheduled. Merchants, keys, the clock, the events and the counters stay.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// All that it knows at this moment, between one thing and the next.
    ///
    /// With a seed, a manual clock and a fixed wire clock, the same calls give the same bytes after it was [restored](Self::restore) elsewhere as
    /// without that.
    ///
    /// ```
    /// # use wechatpay_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// // … a shop with orders in every state, which took long to make …
    /// let snapshot = sandbox.snapshot();
    /// // … a test that spoils it …
    /// sandbox.restore(&snapshot)?;
    /// // Or in another sandbox, maybe from a file:
    /// let other = Sandbox::builder().restore(snapshot).start().await?;
    /// # let _ = other;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.engine.snapshot()
    }

    /// Restores a snapshot of this sandbox, or of one with the same keys and merchants.
    ///
    /// Requests and events stay in the log. Work under way ends without a trace. A manual clock is set to the time of
    /// the snapshot, backwards too; with a running clock, overdue events happen at once, in their order.
    ///
    /// # Errors
    /// [`RestoreError`], and nothing has changed.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        self.engine.restore(snapshot.clone())
    }

    /// Stops the server.
    ///
    /// It takes no more requests, finishes those under way, and ends the retries of notifications. Other handles can
    /// still read.
    ///
    /// # Cancel safety
    /// It stops also when the future is dropped.
    pub async fn shutdown(&self) {
        self.running.stop.send_replace(true);
        let server = lock(&self.running.server).take();
        if let Some(mut server) = server
            && timeout(SHUTDOWN_GRACE, &mut server).await.is_err()
        {
            server.abort();
        }
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    fn key(&self, out_trade_no: &str) -> Option<OrderKey> {
        self.engine.world.orders.key_of_number(DEMO_MCHID, out_trade_no)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.engine.base_url)
            .field("key_mode", &self.key_mode())
            .finish_non_exhaustive()
    }
}
