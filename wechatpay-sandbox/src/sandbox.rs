//! The handle.

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
    SandboxBuilder, SandboxClock, credentials,
    gateway::Misbehaviour,
    notify::{self, Attempt, Notification, NotificationState},
    observe::{Counters, Events, NotAcknowledged},
    payments,
    platform::{KeyMode, Rotation},
    shared::Shared,
    state::{
        buyer::Buyer,
        lint::Lint,
        lock,
        order::{OrderKey, PayError, Scene},
        request::RecordedRequest,
        snapshot::OrderSnapshot,
    },
};

/// Requests under way get so long when the sandbox shuts down.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// A running sandbox. Cheap to clone; the server stops when the last handle is dropped.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    running: Arc<Running>,
}

/// Whoever drops the last of these drops the sender, and with that stops the server.
struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<()>>>,
}

impl Sandbox {
    /// Starts with the settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    pub(crate) fn new(
        shared: Arc<Shared>,
        address: SocketAddr,
        stop: watch::Sender<bool>,
        server: JoinHandle<()>,
    ) -> Self {
        Self {
            shared,
            running: Arc::new(Running {
                address,
                stop,
                server: Mutex::new(Some(server)),
            }),
        }
    }

    /// Scheme, host and port of the gateway, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Its clock, to be read and, if it is a manual one, turned.
    #[must_use]
    pub fn clock(&self) -> SandboxClock {
        SandboxClock::new(Arc::clone(&self.shared))
    }

    /// Its clock as a client takes it, so that signatures are of the same time on both sides.
    #[must_use]
    pub fn core_clock(&self) -> Clock {
        self.shared.clock.clone()
    }

    /// Which keys it signs with.
    #[must_use]
    pub fn key_mode(&self) -> KeyMode {
        self.shared.platform.mode()
    }

    /// The script that stands in for WeChat's browser (`WeixinJSBridge`, `wx.chooseWXPay`, `wx.requestPayment`).
    #[must_use]
    pub fn bridge_script_url(&self) -> String {
        format!("{}/js/wx-bridge.js", self.shared.base_url)
    }

    /// The public key of the root that issues the platform certificates, for a client that pins it.
    #[must_use]
    pub fn root_public_key_pem(&self) -> String {
        self.shared.platform.root_public_key_pem()
    }

    // Credentials

    /// Settings of a client for the demo merchant: complete but for `notify_url`.
    #[must_use]
    pub fn config(&self) -> Config {
        self.config_of(DEMO_MCHID).unwrap_or_default()
    }

    /// The same for another merchant; `None` if there is none of this mchid, or only its public key is known.
    #[must_use]
    pub fn config_of(&self, mchid: &str) -> Option<Config> {
        let merchant = self.shared.merchants.get(mchid)?;
        credentials::config(&self.shared, merchant)
    }

    /// The settings of the demo merchant as `WECHATPAY_…=` lines, as a `.env` file holds them.
    ///
    /// The keys in it are public and good for nothing but this.
    #[must_use]
    pub fn env_lines(&self) -> Vec<String> {
        credentials::env_lines(&self.shared)
    }

    /// Writes the keys of the demo merchant as PEM files and a `.env.sandbox` that names them into `directory`, each readable
    /// by its owner only. Gives back the path of `.env.sandbox`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_env(&self, directory: impl AsRef<Path>) -> io::Result<PathBuf> {
        credentials::write_env(&self.shared, directory.as_ref())
    }

    // Orders

    /// An order, by the merchant's number: the demo merchant's, else the newest of any merchant.
    #[must_use]
    pub fn order(&self, out_trade_no: &str) -> Option<OrderSnapshot> {
        let key = self.key(out_trade_no)?;
        let order = self.shared.orders.get(&key, self.shared.clock.now())?;
        Some(order.snapshot())
    }

    /// All orders, the oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderSnapshot> {
        self.shared
            .orders
            .all()
            .iter()
            .map(crate::state::order::Order::snapshot)
            .collect()
    }

    /// Presses Pay at the cashier. The notification is sent in the background.
    ///
    /// # Errors
    /// [`PayError`]: the order cannot be paid, or not by this buyer.
    pub fn pay(&self, out_trade_no: &str, buyer: Buyer) -> Result<OrderSnapshot, PayError> {
        let key = self.key(out_trade_no).ok_or(PayError::NoSuchOrder)?;
        payments::pay(&self.shared, &key, buyer)?;
        self.order(out_trade_no).ok_or(PayError::NoSuchOrder)
    }

    /// Presses Cancel at the cashier. The order stays unpaid.
    ///
    /// # Errors
    /// [`PayError`]: the order could not be paid anyway.
    pub fn cancel(&self, out_trade_no: &str) -> Result<(), PayError> {
        let key = self.key(out_trade_no).ok_or(PayError::NoSuchOrder)?;
        payments::cancel(&self.shared, &key)
    }

    /// The cashier's page for the newest session of an H5 or Native order. JSAPI and APP have none without a signature.
    #[must_use]
    pub fn cashier_url(&self, out_trade_no: &str) -> Option<String> {
        let key = self.key(out_trade_no)?;
        let order = self.shared.orders.get(&key, self.shared.clock.now())?;
        let session = order.sessions.last()?;
        let base_url = self.base_url();
        match order.scene {
            Scene::H5 => {
                let (prepay_id, package) = (&session.prepay_id, session.package.as_deref()?);
                Some(format!(
                    "{base_url}/cashier/h5?prepay_id={prepay_id}&package={package}"
                ))
            }
            Scene::Native => Some(format!(
                "{base_url}/cashier/native?pr={}",
                session.code.as_deref()?
            )),
            Scene::Jsapi | Scene::App => None,
        }
    }

    // Notifications

    /// All notifications, the oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.shared.notifications.all()
    }

    /// Waits until a notification for this order was acknowledged.
    ///
    /// # Errors
    /// [`NotAcknowledged`] after `within`, or as soon as the last attempt has failed, with what the attempts came to.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn wait_acknowledged(
        &self,
        out_trade_no: &str,
        within: Duration,
    ) -> Result<Notification, NotAcknowledged> {
        let acknowledged = async {
            let mut changes = self.shared.notifications.subscribe();
            loop {
                let of_order = self.notifications_of(out_trade_no);
                let is_over = !of_order.is_empty()
                    && of_order
                        .iter()
                        .all(|notification| notification.state != NotificationState::Pending);
                let done = of_order.into_iter().find(Notification::is_acknowledged);
                // The sender lives as long as this handle, so there is always a next change to wait for.
                if done.is_some() || is_over || changes.changed().await.is_err() {
                    return done;
                }
            }
        };
        match timeout(within, acknowledged).await {
            Ok(Some(notification)) => Ok(notification),
            Ok(None) | Err(_) => Err(NotAcknowledged {
                outcomes: self
                    .notifications_of(out_trade_no)
                    .iter()
                    .flat_map(|notification| &notification.attempts)
                    .map(|attempt| attempt.outcome.to_string())
                    .collect(),
            }),
        }
    }

    /// The notifications about an order, the oldest first.
    #[must_use]
    pub fn notifications_of(&self, out_trade_no: &str) -> Vec<Notification> {
        self.shared.notifications.of_order(out_trade_no)
    }

    /// Makes one more attempt to deliver a notification, whatever came of the others: sealed and signed anew, under the same
    /// id. `None` if there is no such notification.
    pub async fn send_again(&self, id: &str) -> Option<Attempt> {
        notify::send_again(&self.shared, id).await
    }

    /// Switches notifications off and on. While they are off, attempts are noted as withheld and not made; retries that
    /// come due later are.
    pub fn set_notify_enabled(&self, enabled: bool) {
        self.shared.notify_enabled.store(enabled, Ordering::Relaxed);
    }

    // What happened

    /// The newest 10 000 requests to the gateway, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.requests.all()
    }

    /// What would hurt in production, the oldest first.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        self.shared.lints.all()
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.shared.subscribe())
    }

    /// How much of what happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let totals = &self.shared.totals;
        Counters {
            requests: self.shared.requests.count(),
            refused_signatures: totals.refused_signatures.load(Ordering::Relaxed),
            certificate_downloads: totals.certificate_downloads.load(Ordering::Relaxed),
            prepays: totals.prepays.load(Ordering::Relaxed),
            payments: totals.payments.load(Ordering::Relaxed),
            notification_attempts: totals.attempts.load(Ordering::Relaxed),
        }
    }

    // The platform

    /// Changes the platform certificate.
    #[must_use]
    pub fn rotation(&self) -> Rotation {
        Rotation::new(Arc::clone(&self.shared))
    }

    /// Makes the next answer of the gateway a wrong one. Several calls queue up.
    pub fn answer_next(&self, misbehaviour: Misbehaviour) {
        self.answer_next_on("/", misbehaviour);
    }

    /// The same for the next answer to a path that begins with `path`.
    pub fn answer_next_on(&self, path: &str, misbehaviour: Misbehaviour) {
        self.shared.misbehaviours.push(path, misbehaviour);
    }

    /// Stops: takes no more requests, answers those under way, ends the retries of notifications. Other handles stay
    /// usable for looking.
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

    fn key(&self, out_trade_no: &str) -> Option<OrderKey> {
        self.shared.orders.key_of_number(DEMO_MCHID, out_trade_no)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.shared.base_url)
            .field("key_mode", &self.key_mode())
            .finish_non_exhaustive()
    }
}
