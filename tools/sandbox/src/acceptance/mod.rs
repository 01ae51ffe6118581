//! Acceptance run of a receiver: genuine notifications, and everything it must refuse.

mod case;
mod error;
mod forge;
mod order;
mod payment;
mod report;
mod run;
mod seen;
mod shop;
mod wire;

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use wechatpay_core::testing::DEMO_MCHID;

pub use case::{Case, Severity, SkipReason};
pub use error::AcceptanceError;
pub use report::{AcceptanceReport, CaseResult, Outcome};
pub use report::{ReportDocument, shown};
pub use seen::Observation;

use crate::handle::{Sandbox, engine::Engine};
use shop::{Effects, Orders};

/// The platform's time limit for a response.
const DEADLINE: Duration = Duration::from_secs(5);

/// # Is my callback safe?
impl Sandbox {
    /// Tries the receiver of notifications at `url` with seventeen cases, genuine and forged.
    ///
    /// Configure the returned value, then `.await` it.
    ///
    /// The receiver must hold the keys of this sandbox ([`config`](Self::config)). To judge more than statuses, say where
    /// orders come from and how their effect is seen:
    ///
    /// ```no_run
    /// # async fn check(sandbox: wechatpay_sandbox::Sandbox) -> Result<(), Box<dyn std::error::Error>> {
    /// let report = sandbox
    ///     .acceptance("http://127.0.0.1:3000/wechatpay/notify")
    ///     .order_url(
    ///         "http://127.0.0.1:3000/orders",
    ///         serde_json::json!({"scene": "native", "total": 100, "description": "tea"}),
    ///     )
    ///     .effect_url("http://127.0.0.1:3000/orders/{out_trade_no}")
    ///     .await?;
    /// println!("{report}");
    /// report.assert_no_fatal();
    /// # Ok(()) }
    /// ```
    pub fn acceptance(&self, url: impl Into<String>) -> Acceptance {
        Acceptance {
            _keep: Some(self.clone()),
            ..Acceptance::of(self.engine(), &url.into())
        }
    }
}

/// An acceptance run that has not begun; see [`Sandbox::acceptance`].
#[derive(Clone)]
#[must_use = "it runs when it is awaited"]
pub struct Acceptance {
    engine: Arc<Engine>,
    /// Keeps the sandbox running.
    _keep: Option<Sandbox>,
    url: String,
    mchid: String,
    orders: Option<Orders>,
    effects: Option<Effects>,
    deadline: Duration,
    query_within: Option<Duration>,
    cases: Vec<Case>,
    /// Roots besides those of the sandbox, in PEM.
    ca: String,
}

impl Acceptance {
    /// The suite against the receiver at `url`, for pages of this engine.
    pub fn of(engine: &Arc<Engine>, url: &str) -> Self {
        Self {
            engine: Arc::clone(engine),
            _keep: None,
            url: url.to_owned(),
            mchid: DEMO_MCHID.to_owned(),
            orders: None,
            effects: None,
            deadline: DEADLINE,
            query_within: None,
            cases: Case::ALL.to_vec(),
            ca: String::new(),
        }
    }

    /// Whose receiver it is. Default: the demo merchant's.
    pub fn merchant(mut self, mchid: impl Into<String>) -> Self {
        self.mchid = mchid.into();
        self
    }

    /// Creates an unpaid order at the shop and returns its number.
    ///
    /// The shop places the order at this sandbox.
    ///
    /// Without this, and without [`order_url`](Self::order_url), the run takes unpaid orders whose `notify_url` is this receiver.
    /// If there are none, its notifications are about made-up orders: a receiver that refuses them is judged by its signature
    /// checks only.
    pub fn order<F, O>(mut self, make: F) -> Self
    where
        F: Fn() -> O + Send + Sync + 'static,
        O: Future<Output = Option<String>> + Send + 'static,
    {
        self.orders = Some(Orders::Call(Arc::new(move || Box::pin(make()))));
        self
    }

    /// The same over HTTP: `body` is posted as JSON, and the response has an `out_trade_no`.
    pub fn order_url(mut self, url: impl Into<String>, body: Value) -> Self {
        self.orders = Some(Orders::Post {
            url: url.into(),
            body,
        });
        self
    }

    /// Returns how often the goods of an order were delivered; `None` if unknown.
    pub fn effect<F, O>(mut self, ask: F) -> Self
    where
        F: Fn(String) -> O + Send + Sync + 'static,
        O: Future<Output = Option<u64>> + Send + 'static,
    {
        self.effects = Some(Effects::Call(Arc::new(move |number| Box::pin(ask(number)))));
        self
    }

    /// Reads the number of deliveries over HTTP.
    ///
    /// `{out_trade_no}` in the URL is replaced; the response has `fulfilled`, a number, or `paid`, a boolean.
    pub fn effect_url(mut self, url: impl Into<String>) -> Self {
        self.effects = Some(Effects::Get(url.into()));
        self
    }

    /// Trusts a private CA, in PEM, for a receiver over https.
    ///
    /// The Mozilla roots and the [sandbox's own](crate::SandboxBuilder::ca) are trusted anyway. https needs the feature
    /// `tls`, which the binary has.
    pub fn ca(mut self, pem: impl AsRef<str>) -> Self {
        self.ca.push_str(pem.as_ref());
        self.ca.push('\n');
        self
    }

    /// Sets the time limit of a response. Default: five seconds, as on the platform.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Also tries [`Case::Unheard`]: a paid order without a notification.
    ///
    /// The shop must query the order within this time.
    pub fn query_within(mut self, time: Duration) -> Self {
        self.query_within = Some(time);
        self
    }

    /// Only these cases, and always [`Case::Genuine`] first.
    pub fn only(mut self, cases: impl IntoIterator<Item = Case>) -> Self {
        let wanted: Vec<Case> = cases.into_iter().collect();
        self.cases = Case::ALL
            .into_iter()
            .filter(|case| *case == Case::Genuine || wanted.contains(case))
            .collect();
        self
    }

    /// The same as `.await`.
    ///
    /// # Errors
    /// [`AcceptanceError`] if no case could run. Flaws of the receiver are in the report.
    pub async fn run(self) -> Result<AcceptanceReport, AcceptanceError> {
        run::run(self).await
    }
}

impl IntoFuture for Acceptance {
    type Output = Result<AcceptanceReport, AcceptanceError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptance")
            .field("url", &self.url)
            .field("mchid", &self.mchid)
            .finish_non_exhaustive()
    }
}
