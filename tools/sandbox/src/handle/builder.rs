//! Settings of a sandbox.

mod launch;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use wechatpay_core::{Clock, crypto::CryptoProvider};

use crate::{
    faults::FaultRule,
    gateway::GatewaySettings,
    handle::{
        Sandbox,
        drop_report::{self, OwnRuntime},
        engine::Engine,
        error::StartError,
    },
    language::Language,
    notify::{NotifySettings, RetrySchedule},
    platform::KeyMode,
    snapshot::Snapshot,
    world::{
        Rules,
        clock::{Adjustable, MANUAL_START, Manual, Scaled, Source},
        merchants::document::MerchantSpec,
    },
};

/// The platform's time limit for the response to a notification.
const NOTIFY_TIMEOUT: Duration = Duration::from_secs(5);
/// Default time until refunds and the like succeed. On the platform: minutes to days.
const SETTLE_DELAY: Duration = Duration::from_secs(3);
/// Half and half, so that both kinds come up at once.
const PUBLIC_KEY_PERCENT: f64 = 50.0;

/// Makes the pages of a sandbox.
type MakePages = Box<dyn FnOnce(Arc<Engine>) -> Router + Send>;

/// Settings of a [`Sandbox`].
///
/// Every setting has a default, and the demo merchant is always there.
#[must_use = "call start()"]
pub struct SandboxBuilder {
    address: SocketAddr,
    or_free_port: bool,
    public_url: Option<String>,
    mode: KeyMode,
    public_key_percent: f64,
    fresh_keys: bool,
    merchants: Vec<MerchantSpec>,
    clock: Clock,
    wire_clock: Option<Clock>,
    /// The source of time, if it is not the system clock.
    source: Option<Source>,
    factor: Option<f64>,
    seed: Option<u64>,
    provider: Option<Arc<dyn CryptoProvider>>,
    notify_enabled: bool,
    faults: Vec<FaultRule>,
    snapshot: Option<Snapshot>,
    pages: Option<MakePages>,
    lenient: bool,
    language: Option<Language>,
    /// Roots, in PEM, that receivers over https may have their certificates of.
    roots: String,
    rules: Rules,
    gateway: GatewaySettings,
    notify: NotifySettings,
}

impl Sandbox {
    /// Starts with the settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            or_free_port: false,
            public_url: None,
            mode: KeyMode::default(),
            public_key_percent: PUBLIC_KEY_PERCENT,
            fresh_keys: false,
            merchants: Vec::new(),
            clock: Clock::system(),
            wire_clock: None,
            source: None,
            factor: None,
            seed: None,
            provider: None,
            notify_enabled: true,
            faults: Vec::new(),
            snapshot: None,
            pages: None,
            lenient: false,
            language: None,
            roots: String::new(),
            rules: Rules {
                settle_delay: SETTLE_DELAY,
                max_share_ratio: 10_000,
            },
            gateway: GatewaySettings {
                strict: false,
                pure: false,
                http_code_url: false,
                has_pages: false,
            },
            notify: NotifySettings {
                retry: RetrySchedule::real(),
                timeout: NOTIFY_TIMEOUT,
                signtest: 0.0,
                lint_ack_within: Duration::ZERO,
                allowed_hosts: Vec::new(),
            },
        }
    }

    /// Sets the address to listen on. Default: 127.0.0.1 and a free port.
    ///
    /// The cashier has no login: anyone who reaches the address may pay. Stay on loopback.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Takes a free port when the one of the address is taken.
    pub fn or_free_port(mut self, or_free_port: bool) -> Self {
        self.or_free_port = or_free_port;
        self
    }

    /// Sets the base URL for others, `http://host:port`, if it differs from the listening address.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Which keys the platform signs with. Default: [`KeyMode::PublicKey`].
    pub fn keys(mut self, mode: KeyMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets the percentage of notifications signed with the public key in [`KeyMode::Mixed`].
    ///
    /// They are evenly spread. Default: 50.
    pub fn public_key_percent(mut self, percent: f64) -> Self {
        self.public_key_percent = percent;
        self
    }

    /// Makes new keys for the platform and the demo merchant instead of the public ones.
    ///
    /// It takes some tenths of a second with aws-lc-rs. Default: no.
    pub fn fresh_keys(mut self, fresh: bool) -> Self {
        self.fresh_keys = fresh;
        self
    }

    /// Adds a merchant.
    pub fn merchant(mut self, merchant: MerchantSpec) -> Self {
        self.merchants.push(merchant);
        self
    }

    /// Sets the clock. Defaults to the system clock.
    ///
    /// It is the clock of orders and, without a [`wire_clock`](Self::wire_clock), of signatures.
    ///
    /// Waits, between retries for instance, are real time; with [`manual_clock`](Self::manual_clock),
    /// [`adjustable_clock`](Self::adjustable_clock) and [`scaled_clock`](Self::scaled_clock) they follow the clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self.source = None;
        self.factor = None;
        self
    }

    /// Sets a clock that stands still until [`Sandbox::clock`] turns it.
    ///
    /// Everything that waits follows it.
    ///
    /// It starts at 2026-01-05T09:00:00+08:00, a Monday. Signatures go by the system clock all the same, so that any client
    /// works: see [`wire_clock`](Self::wire_clock).
    pub fn manual_clock(self) -> Self {
        self.manual_clock_at(MANUAL_START)
    }

    /// The same with a start of your own, in Unix seconds.
    pub fn manual_clock_at(mut self, unix_seconds: i64) -> Self {
        let manual = Manual::new(unix_seconds);
        self.clock = manual.clock();
        self.source = Some(Source::Manual(manual));
        self.factor = None;
        self
    }

    /// Sets a clock that runs with the system's and can be turned forward by [`Sandbox::clock`].
    ///
    /// Everything that waits follows it. Signatures go by the system clock all the same: see
    /// [`wire_clock`](Self::wire_clock).
    pub fn adjustable_clock(mut self) -> Self {
        let adjustable = Adjustable::default();
        self.clock = adjustable.clock();
        self.source = Some(Source::Adjustable(adjustable));
        self.factor = None;
        self
    }

    /// Sets a clock that runs `factor` times as fast, from 1 to a million.
    ///
    /// It starts at the system's time; with 1440 a day passes in a minute. Everything that waits follows it: retries of
    /// notifications, pending refunds, expiring orders, bills. Only two things take real time: the time limit of a
    /// receiver's response, and faults that delay a client. This clock cannot be turned. Signatures follow the system
    /// clock: see [`wire_clock`](Self::wire_clock).
    pub fn scaled_clock(mut self, factor: f64) -> Self {
        let scaled = Scaled::new(factor, Clock::system().now());
        self.clock = scaled.clock();
        self.source = Some(Source::Scaled(scaled));
        self.factor = Some(factor);
        self
    }

    /// Sets the clock of signatures: requests are judged by it, responses and notifications signed.
    ///
    /// Defaults to the system clock with [`manual_clock`](Self::manual_clock), [`adjustable_clock`](Self::adjustable_clock)
    /// and [`scaled_clock`](Self::scaled_clock), else to [`clock`](Self::clock). With another one, clients need it too: [`Sandbox::core_clock`]. Certificates are valid by both
    /// clocks.
    pub fn wire_clock(mut self, clock: Clock) -> Self {
        self.wire_clock = Some(clock);
        self
    }

    /// Fixes all ids, nonces and probabilities.
    ///
    /// With a manual clock and a fixed wire clock (`manual_clock().wire_clock(Clock::fixed(…))`), two sandboxes with
    /// the same seed and the same calls send the same bytes, in responses and notifications. Two things are not fixed:
    /// ciphertexts under a merchant's key, which are randomised, and the tokens of the cashier's pages, which must be
    /// unpredictable.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// When notifications are tried again. Default: as the platform does.
    pub fn retry(mut self, schedule: RetrySchedule) -> Self {
        self.notify.retry = schedule;
        self
    }

    /// Sets the time limit of a receiver. Default: 5 seconds, as on the platform.
    pub fn notify_timeout(mut self, timeout: Duration) -> Self {
        self.notify.timeout = timeout;
        self
    }

    /// Sets how long refunds, profit shares and withdrawals are pending. Default: 3 seconds.
    ///
    /// The sandbox's clock counts. With [`Duration::MAX`] none succeeds by itself.
    pub fn settle_delay(mut self, delay: Duration) -> Self {
        self.rules.settle_delay = delay;
        self
    }

    /// Sets the share of an order that may be engine, per ten thousand. Default: 10000.
    ///
    /// The platform usually allows 3000.
    pub fn max_share_ratio(mut self, per_ten_thousand: u16) -> Self {
        self.rules.max_share_ratio = per_ten_thousand.min(10_000);
        self
    }

    /// Switches notifications on or off. Default: on.
    ///
    /// [`Sandbox::set_notify_enabled`] changes it later.
    pub fn notify_enabled(mut self, enabled: bool) -> Self {
        self.notify_enabled = enabled;
        self
    }

    /// Sets the probability of a probe with a wrong signature (应答探测) before an attempt.
    ///
    /// The receiver must not respond to it with 2xx. Default: 0.
    pub fn signtest(mut self, probability: f64) -> Self {
        self.notify.signtest = probability;
        self
    }

    /// Notes [`LintKind::AckBeforeCommit`] for notifications acknowledged faster than this.
    ///
    /// A receiver that is so fast may not have stored the notification. This is a guess. Default: off.
    ///
    /// [`LintKind::AckBeforeCommit`]: crate::LintKind::AckBeforeCommit
    pub fn lint_ack_within(mut self, limit: Duration) -> Self {
        self.notify.lint_ack_within = limit;
        self
    }

    /// A fault that is in force from the start, see [`Sandbox::fault`].
    pub fn fault(mut self, rule: impl Into<FaultRule>) -> Self {
        self.faults.push(rule.into());
        self
    }

    /// Serves pages beside the gateway: cashier, dashboard and admin API are those of `wechatpay_dashboard::pages`.
    ///
    /// Without pages, tests pay by [`Sandbox::pay`], and only the gateway responds.
    pub fn pages(mut self, pages: impl FnOnce(Arc<Engine>) -> Router + Send + 'static) -> Self {
        self.pages = Some(Box::new(pages));
        self.gateway.has_pages = true;
        self
    }

    /// Starts from a snapshot, as if it were restored at the start.
    ///
    /// Faults, random numbers and whether notifications are sent come from the snapshot. A [`fault`](Self::fault) that
    /// is in force already is not added again.
    pub fn restore(mut self, snapshot: Snapshot) -> Self {
        self.snapshot = Some(snapshot);
        self
    }

    /// Allows a host besides loopback for notifications, for the cashier's returns, and for frames.
    pub fn allow_notify_host(mut self, host: impl Into<String>) -> Self {
        self.notify.allowed_hosts.push(host.into());
        self
    }

    /// Trusts a private CA, in PEM, for receivers over https.
    ///
    /// The Mozilla roots are trusted anyway.
    ///
    /// https needs the feature `tls`, which the binary has.
    pub fn ca(mut self, pem: impl AsRef<str>) -> Self {
        self.roots.push_str(pem.as_ref());
        self.roots.push('\n');
        self
    }

    /// Never panics when the last handle is dropped.
    ///
    /// By default a fatal lint, and a refused signature that was not [taken note of](Sandbox::take_refusals), panic
    /// then with the signature doctor's explanation: a retry cannot hide them from the test. There is no second panic
    /// when the test fails anyway.
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Refuses requests that production refuses, instead of only noting a lint. Default: no.
    ///
    /// By default an http `notify_url` on loopback is accepted.
    pub fn strict(mut self, strict: bool) -> Self {
        self.gateway.strict = strict;
        self
    }

    /// Omits `detail.sandbox` with its hints from errors, as the platform does. Default: no.
    pub fn pure(mut self, pure: bool) -> Self {
        self.gateway.pure = pure;
        self
    }

    /// Gives the cashier's address as `code_url`, for any phone camera or a click.
    ///
    /// Default: no; it is `weixin://wxpay/bizpayurl?pr=…` as on the platform.
    pub fn http_code_url(mut self, http: bool) -> Self {
        self.gateway.http_code_url = http;
        self
    }

    /// Sets the language of the cashier. Default: the browser's preference.
    pub fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Sets the crypto backend. Default: the one that the features choose.
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Starts the sandbox in tasks of the current tokio runtime.
    ///
    /// # Errors
    /// An address that cannot be listened on, a merchant's key that cannot be read.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    ///
    /// # Cancel safety
    /// Dropping the future leaves nothing behind.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        if !drop_report::is_kept() {
            return self.launch(None).await;
        }
        // The thread of a test that failed will wait, and its runtime with it.
        let runtime = OwnRuntime::new()?;
        let launched = runtime.handle().clone().spawn(self.launch(Some(runtime)));
        launched
            .await
            .map_err(|error| StartError::Runtime(error.into()))?
    }
}

impl std::fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("address", &self.address)
            .field("mode", &self.mode)
            .field("merchants", &self.merchants)
            .finish_non_exhaustive()
    }
}
