//! Checks of the settings against the platform, before the first real payment (feature `hyper`).
//!
//! Nothing is ordered and no money moves: the checks query an order that cannot exist, download certificates, and ask
//! for an echo. Run them at the start of an application, or by the command `wechatpay doctor`.
//!
//! ```no_run
//! use wechatpay_tower::{Config, preflight::Preflight};
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Config::from_env()?.validate()?;
//! let report = Preflight::new(&settings)?.run().await;
//! if !report.is_sound() {
//!     eprintln!("{report}"); // each problem with its fix, and no secret
//! }
//! # Ok(()) }
//! ```
//!
//! | Check | Proves |
//! |---|---|
//! | [`Certificate`](Check::Certificate) | the merchant's own certificate is valid, and for how long |
//! | [`Gateway`](Check::Gateway) | the gateway is reached, and it is the platform that responds |
//! | [`Clock`](Check::Clock) | the clock is right to within a minute, by the `Date` of the response |
//! | [`Signing`](Check::Signing) | the platform accepts merchant id, serial and private key |
//! | [`Verification`](Check::Verification) | the platform's signature is verified with the keys of the settings |
//! | [`ApiV3Key`](Check::ApiV3Key) | the APIv3 key opens the platform's certificates |
//! | [`Encryption`](Check::Encryption) | sensitive fields are encrypted and decrypted in both directions |
//! | [`NotifyUrl`](Check::NotifyUrl) | something responds at the URL for notifications, and refuses what is not signed |
//! | [`Notification`](Check::Notification) | a notification of the platform arrives at the receiver |

mod checks;
mod notify_url;
mod report;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Response, header::DATE};
use http_body::Body;
use tower::{ServiceExt as _, service_fn};
use tower_service::Service as _;
use wechatpay_core::{
    BoxError, Clock, ConfigError, Settings,
    keys::{CertificateCache, RefreshError},
    notify::NotificationReceiver,
};

use crate::{Client, WechatPay, hyper::HyperTransport};

pub use report::{Check, Checked, Outcome, Report};

/// Patience with a notification.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Checks of one merchant's settings.
pub struct Preflight {
    wechatpay: WechatPay,
    certificates: CertificateCache,
    /// Date of the newest response, and the local second at which it came.
    date: SeenDate,
    receiver: Option<NotificationReceiver>,
    arrival: Duration,
}

type SeenDate = Arc<Mutex<Option<(i64, i64)>>>;

impl Preflight {
    /// Prepares the checks over the [hyper transport](crate::hyper::HyperTransport).
    ///
    /// # Errors
    /// Returns an error if settings are incomplete or a part cannot be built.
    pub fn new(settings: &Settings) -> Result<Self, ConfigError> {
        let transport = || HyperTransport::new().map_err(|_| ConfigError::Missing("a TLS backend"));
        let date = SeenDate::default();
        let (inner, seen) = (transport()?, Arc::clone(&date));
        let observed = service_fn(move |request| {
            let (mut inner, seen) = (inner.clone(), Arc::clone(&seen));
            async move {
                let response = inner.ready().await?.call(request).await?;
                note(&seen, &response);
                Ok::<_, BoxError>(response)
            }
        });
        let source = Client::builder(settings.request_signer())
            .base_url(&settings.base_url)
            .provider(Arc::clone(&settings.provider))
            .certificates(transport()?)?;
        Ok(Self {
            wechatpay: WechatPay::with_transport(settings, observed)?,
            certificates: CertificateCache::builder(settings.api_v3_key.clone(), Arc::new(source))
                .provider(Arc::clone(&settings.provider))
                .build()?,
            date,
            receiver: None,
            arrival: ARRIVAL,
        })
    }

    /// Watches this receiver for the notification of the echo.
    ///
    /// It is the one behind the URL for notifications, and its server runs already. Without it, the check of the
    /// notification is left out.
    #[must_use]
    pub fn receiver(mut self, receiver: &NotificationReceiver) -> Self {
        self.receiver = Some(receiver.clone());
        self
    }

    /// Sets how long a notification may take. Default: 10 s.
    #[must_use]
    pub fn arrival_within(mut self, limit: Duration) -> Self {
        self.arrival = limit;
        self
    }

    /// Returns the merchant that is checked, for instance for a server of its receiver.
    #[must_use]
    pub fn wechatpay(&self) -> &WechatPay {
        &self.wechatpay
    }

    /// Runs all checks, one after the other.
    ///
    /// A check that cannot tell anything because an earlier one failed is skipped.
    pub async fn run(&self) -> Report {
        let mut report = Report::default();
        report.add(checks::certificate(&self.wechatpay));
        let is_accepted = checks::query(self, &mut report).await;
        report.add(checks::clock(self.skew()));
        if is_accepted {
            report.add(checks::api_v3_key(&self.certificates).await);
            report.add(match report.get(Check::Verification) {
                Some(Outcome::Passed { .. }) => checks::encryption(self.wechatpay.client()).await,
                _ => Checked::skipped(Check::Encryption, "responses cannot be verified yet"),
            });
        } else {
            for check in [Check::ApiV3Key, Check::Encryption] {
                report.add(Checked::skipped(
                    check,
                    "the platform does not accept requests yet",
                ));
            }
        }
        let url = self.wechatpay.settings().notify_url.as_deref();
        let is_reached = notify_url::check(url, &mut report).await;
        report.add(match (url, &self.receiver) {
            (Some(url), Some(receiver)) if is_accepted && is_reached => {
                checks::notification(self.wechatpay.client(), url, receiver, self.arrival).await
            }
            (_, None) => Checked::skipped(Check::Notification, "no receiver was given to watch"),
            _ => Checked::skipped(Check::Notification, "the platform cannot be asked for one yet"),
        });
        report
    }

    /// Returns true if the APIv3 key does not open the certificates that are needed.
    async fn is_locked_out(&self) -> bool {
        self.wechatpay.settings().certificates
            && matches!(
                self.certificates.refresh().await.as_ref().map_err(AsRef::as_ref),
                Err(RefreshError::DoesNotOpen)
            )
    }

    /// Seconds that the local clock is ahead of the platform's.
    fn skew(&self) -> Option<i64> {
        let date = self.date.lock().unwrap_or_else(PoisonError::into_inner);
        date.map(|(remote, local)| local.saturating_sub(remote))
    }
}

impl fmt::Debug for Preflight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preflight").finish_non_exhaustive()
    }
}

/// Keeps the `Date` of a response.
fn note<B: Body<Data = Bytes>>(seen: &SeenDate, response: &Response<B>) {
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let date = date.and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok());
    if let Some(date) = date.and_then(|date| i64::try_from(date.as_secs()).ok()) {
        let now = Clock::system().now();
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, now));
    }
}
