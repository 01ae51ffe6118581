//! Receivers of many merchants.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Ready,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use super::{
    DEFAULT_BODY_LIMIT, NotificationCounters, NotificationError, NotificationReceiver, Pending,
    headers::CheckedHeaders,
    report::{Chain, Reporter, Subject},
};
use crate::{
    clock::Clock,
    directory::Directory,
    recent::Recent,
    types::Mchid,
    verify::{RefusedSkew, check_time},
};

/// Time for which an unknown merchant or a failed setup is remembered.
const REMEMBER: Duration = Duration::from_secs(5);
/// Shortest time between two log lines about one merchant's failed setup.
const QUIET: Duration = Duration::from_secs(60);

/// Receivers by merchant, for service providers that serve many merchants with one application.
///
/// The route of a notification names the merchant (`/notify/{mchid}`). Its receiver verifies with its own keys,
/// decrypts with its own APIv3 key and rejects notifications for another merchant, also if both trust the same platform
/// key. In a handler, take the merchant from [`VerifiedNotification::receiver`](super::VerifiedNotification::receiver),
/// not from the path. Cheap to clone.
///
/// [`begin`](Self::begin) checks method and headers before it looks up the merchant. Unknown merchants and failed
/// setups are remembered for five seconds, at most 1024 of them.
///
/// ```
/// # #[cfg(feature = "test-util")] {
/// use wechatpay_core::{notify::MerchantReceivers, testing::FakePlatform};
///
/// let directory = MerchantReceivers::new([FakePlatform::new().receiver()]);
/// assert!(directory.get("1900000001").is_ok());
/// assert_eq!(directory.get("1900000002").unwrap_err().status(), 404);
/// # }
/// ```
#[derive(Clone)]
pub struct MerchantReceivers {
    built: Directory<NotificationReceiver, Absent>,
    clock: Clock,
    body_limit: usize,
    edge: Arc<Edge>,
}

/// Counters and log of rejections before the merchant is known.
#[derive(Default)]
struct Edge {
    reporter: Reporter,
    rejected_skew: RefusedSkew,
}

/// Error: a merchant is unknown or its setup failed. Both get the same response.
#[derive(Clone, Copy)]
struct Absent;

impl MerchantReceivers {
    /// Creates a directory of these receivers, with their clock and body limit.
    pub fn new(receivers: impl IntoIterator<Item = NotificationReceiver>) -> Self {
        let mut directory = Self::lazy(|_| None);
        for (index, receiver) in receivers.into_iter().enumerate() {
            if index == 0 {
                directory.clock = receiver.clock().clone();
            }
            directory.body_limit = directory.body_limit.max(receiver.body_limit());
            directory.insert(receiver);
        }
        directory
    }

    /// Creates a directory that builds each receiver on first use.
    ///
    /// Concurrent lookups share one build. `build` returns `None` for an unknown merchant.
    pub fn lazy(build: impl Fn(&Mchid) -> Option<NotificationReceiver> + Send + Sync + 'static) -> Self {
        Self::try_lazy(move |mchid| Ok::<_, Infallible>(build(mchid)))
    }

    /// Creates a directory whose `build` may fail.
    ///
    /// A failed merchant is rejected like an unknown one, and logged as an error at most once a minute.
    pub fn try_lazy<E: Error + 'static>(
        build: impl Fn(&Mchid) -> Result<Option<NotificationReceiver>, E> + Send + Sync + 'static,
    ) -> Self {
        let logged = Mutex::new(Recent::new());
        let log = move |mchid: &Mchid, reason: &dyn fmt::Display| {
            let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
            if logged.get(mchid, QUIET).is_none() {
                logged.insert(mchid.clone(), (), QUIET);
                tracing::error!(
                    target: "wechatpay::notify", merchant = %mchid,
                    "notifications of this merchant are rejected, because it cannot be set up: {reason}"
                );
            }
        };
        let load = move |mchid: &Mchid| match build(mchid) {
            Ok(Some(receiver)) if receiver.mchid() == mchid => Ok(receiver),
            Ok(Some(receiver)) => {
                log(
                    mchid,
                    &format_args!("its receiver is of merchant {}", receiver.mchid()),
                );
                Err(Absent)
            }
            Ok(None) => Err(Absent),
            Err(error) => {
                log(mchid, &Chain(&error));
                Err(Absent)
            }
        };
        Self {
            built: Directory::new(load).remember_failures(REMEMBER),
            clock: Clock::system(),
            body_limit: DEFAULT_BODY_LIMIT,
            edge: Arc::default(),
        }
    }

    /// Sets the clock of the checks before the lookup. Defaults to the system clock.
    ///
    /// Pass the clock of the receivers.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the longest declared body before the lookup, in bytes.
    ///
    /// Defaults to [`DEFAULT_BODY_LIMIT`]. Pass the largest limit of the receivers; each checks its own afterwards.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Returns the receiver of a merchant.
    ///
    /// Blocks the thread while another one builds it; [`find`](Self::find) does not.
    ///
    /// # Errors
    /// Returns [`NotificationError::UnknownMerchant`] if the merchant is not in the directory or the text is not a
    /// merchant id.
    pub fn get(&self, mchid: &str) -> Result<NotificationReceiver, NotificationError> {
        let mchid = parse(mchid)?;
        self.built
            .get(&mchid)
            .map_err(|Absent| NotificationError::UnknownMerchant)
    }

    /// Returns the receiver of a merchant without blocking the thread.
    ///
    /// A build runs on a blocking thread if there is a tokio runtime.
    ///
    /// # Errors
    /// Returns the errors of [`get`](Self::get), and an error if `build` panicked.
    pub async fn find(&self, mchid: &str) -> Result<NotificationReceiver, NotificationError> {
        self.find_parsed(&parse(mchid)?).await
    }

    async fn find_parsed(&self, mchid: &Mchid) -> Result<NotificationReceiver, NotificationError> {
        match self.built.find(mchid).await {
            Some(Ok(receiver)) => Ok(receiver),
            Some(Err(Absent)) | None => Err(NotificationError::UnknownMerchant),
        }
    }

    /// Checks method and headers before any lookup, and counts and logs rejections.
    ///
    /// # Errors
    /// Returns the errors of [`NotificationReceiver::begin`], in the same order.
    pub fn begin<'a>(
        &self,
        method: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<PendingMerchant, NotificationError> {
        let checked = CheckedHeaders::read(method, pairs, self.body_limit).and_then(|headers| {
            check_time(&headers.signature, self.clock.now())
                .inspect_err(|error| self.edge.rejected_skew.note(error))?;
            Ok(headers)
        });
        match checked {
            Ok(headers) => Ok(PendingMerchant {
                headers,
                directory: self.clone(),
            }),
            Err(error) => Err(self.rejected(error, None)),
        }
    }

    fn rejected(&self, error: NotificationError, mchid: Option<&Mchid>) -> NotificationError {
        self.edge.reporter.rejected(&error, mchid, Subject::default());
        error
    }

    /// Returns counts of rejections before the merchant is known, unknown merchants included.
    ///
    /// All others are in the counters of the receivers.
    #[must_use]
    pub fn counters(&self) -> &NotificationCounters {
        &self.edge.reporter.counters
    }

    /// Returns the clock skew of the last message that was rejected here for its time.
    ///
    /// It is local clock minus timestamp, in seconds. See
    /// [`Verifier::rejected_clock_skew`](crate::verify::Verifier::rejected_clock_skew).
    #[must_use]
    pub fn rejected_clock_skew(&self) -> Option<i64> {
        self.edge.rejected_skew.get()
    }

    /// Removes a merchant, or makes a lazy directory build it again.
    ///
    /// Call it after the keys of a merchant changed. A build in progress is discarded because it may have read old
    /// data.
    pub fn remove(&self, mchid: &Mchid) {
        self.built.remove(mchid);
    }

    /// Inserts a receiver, or replaces the one of its merchant.
    pub fn insert(&self, receiver: NotificationReceiver) {
        self.built.insert(receiver.mchid().clone(), receiver);
    }
}

fn parse(mchid: &str) -> Result<Mchid, NotificationError> {
    Mchid::parse(mchid).map_err(|_| NotificationError::UnknownMerchant)
}

impl fmt::Debug for MerchantReceivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantReceivers")
            .field("built", &self.built.len())
            .finish_non_exhaustive()
    }
}

/// Headers that passed their checks; the merchant is looked up next.
#[derive(Debug)]
#[must_use = "nothing has been verified yet"]
pub struct PendingMerchant {
    headers: CheckedHeaders,
    directory: MerchantReceivers,
}

impl PendingMerchant {
    /// Looks up the merchant; `None` if the request names none.
    ///
    /// Ready at once if the receiver exists.
    pub fn of(self, mchid: Option<&str>) -> FindMerchant {
        let Self { headers, directory } = self;
        let mchid = match mchid.map(parse) {
            Some(Ok(mchid)) => mchid,
            Some(Err(_)) | None => {
                return FindMerchant::ready(
                    Err(directory.rejected(NotificationError::UnknownMerchant, None)),
                );
            }
        };
        match directory.built.peek(&mchid) {
            Some(Ok(receiver)) => FindMerchant::ready(receiver.begin_with(headers)),
            Some(Err(Absent)) => FindMerchant::ready(Err(
                directory.rejected(NotificationError::UnknownMerchant, Some(&mchid))
            )),
            None => FindMerchant(Find::Loading(Box::pin(async move {
                match directory.find_parsed(&mchid).await {
                    Ok(receiver) => receiver.begin_with(headers),
                    Err(error) => Err(directory.rejected(error, Some(&mchid))),
                }
            }))),
        }
    }
}

/// Future of [`PendingMerchant::of`].
#[must_use = "a future does nothing until it is polled"]
pub struct FindMerchant(Find);

enum Find {
    Ready(Ready<Result<Pending, NotificationError>>),
    Loading(Pin<Box<dyn Future<Output = Result<Pending, NotificationError>> + Send>>),
}

impl FindMerchant {
    fn ready(outcome: Result<Pending, NotificationError>) -> Self {
        Self(Find::Ready(std::future::ready(outcome)))
    }
}

impl Future for FindMerchant {
    type Output = Result<Pending, NotificationError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Find::Ready(ready) => Pin::new(ready).poll(cx),
            Find::Loading(loading) => loading.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for FindMerchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindMerchant(..)")
    }
}
