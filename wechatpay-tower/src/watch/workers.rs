//! The watch and its workers.

use std::{
    borrow::Cow,
    fmt::{self, Display},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use wechatpay_core::{
    backoff::Backoff,
    idempotency::{Renewal, StoreError},
    watch::{End, Ending, News, Pending, PendingKey, PendingStore, Phase, Schedule, Taken},
};

use crate::Client;

/// Default lease of a look: longer than a query, a handler and a close together.
const LEASE: Duration = Duration::from_secs(60);
/// Default time for which an ended entry is remembered.
const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);
/// Longest pause of a worker that found nothing to do.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Shortest pause of a worker that found nothing to do.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
/// Longest pause before a store that failed is tried again.
const LONGEST_STORE_PAUSE: Duration = Duration::from_secs(10);

/// Watch over orders, refunds, shares, withdrawals and transfers. Cheap to clone.
///
/// See the [module](crate::watch) for the contract.
#[derive(Clone)]
pub struct Watch {
    pub(super) client: Client,
    store: Arc<dyn PendingStore>,
    pub(super) schedule: Schedule,
    pub(super) lease: Duration,
    retention: Duration,
}

impl Watch {
    /// Creates a watch that queries with this client.
    #[must_use]
    pub fn new(client: Client, store: Arc<dyn PendingStore>) -> Self {
        Self {
            client,
            store,
            schedule: Schedule::default(),
            lease: LEASE,
            retention: RETENTION,
        }
    }

    /// Sets the schedule.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets the lease of a look. Default: 60 s.
    ///
    /// Query, handler and close must end within it. An entry whose worker died is taken by another one after it.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Sets the time for which an ended entry is remembered. Default: 7 days.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn PendingStore> {
        &self.store
    }

    /// Registers what is to be watched. Returns `false` if it is known.
    ///
    /// # Errors
    /// Returns the error of the store. The order must not be placed then, or it is not watched.
    ///
    /// # Cancel safety
    /// Dropping the future leaves it registered or not.
    pub async fn register(&self, pending: &Pending) -> Result<bool, StoreError> {
        self.store.register(pending, self.schedule.first()).await
    }

    /// Ends the watch over something whose notification was handled.
    ///
    /// # Errors
    /// Returns the error of the store. It may be ignored: the next look finds out.
    pub async fn heard(&self, news: &News) -> Result<(), StoreError> {
        for key in news.watched_as() {
            self.store
                .end(&key, None, news.end(), None, self.retention)
                .await?;
        }
        Ok(())
    }

    /// Ends the watch over something that the platform refused.
    ///
    /// The note says why. News that come nevertheless replace this end.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn give_up(&self, key: &PendingKey, note: &str) -> Result<(), StoreError> {
        let ended = self
            .store
            .end(key, None, End::Closed, Some(note), self.retention)
            .await;
        ended.map(drop)
    }

    /// Looks again, at once, whatever the end. Returns `false` if the number was not known.
    ///
    /// It is then registered, so this is also for what no one registered: an order that only the bill knows, or a
    /// withdrawal that the bank may have returned. The handler does not run again for an event that it handled, as long
    /// as the store remembers it; after the retention it does.
    ///
    /// # Errors
    /// Returns the error of the store.
    ///
    /// # Cancel safety
    /// Dropping the future leaves it due or not.
    pub async fn recheck(&self, pending: &Pending) -> Result<bool, StoreError> {
        if self.store.recheck(&pending.key).await? {
            return Ok(true);
        }
        self.store.register(pending, Duration::ZERO).await?;
        Ok(false)
    }

    /// Watches until `stop` completes, with up to `workers` looks at once.
    ///
    /// `apply` is the application's handler: it takes news once per [event](News::event), and returns an error if they
    /// must come again. It is dropped at the end of the lease. Then the looks that have begun are waited for. Run it in
    /// several tasks or processes for more.
    ///
    /// # Cancel safety
    /// Dropping the future drops the looks. Their entries are taken again when the leases end.
    pub async fn run<E, F>(&self, workers: usize, stop: impl Future<Output = ()>, apply: impl Fn(News) -> F)
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let apply = &apply;
        stream::repeat(())
            .then(|()| self.next())
            .take_until(stop)
            .for_each_concurrent(workers.max(1), |taken| async move {
                let key = taken.pending.key.clone();
                if let Err(error) = self.attend(taken, apply).await {
                    tracing::warn!(target: "wechatpay::watch", %key, error = %error, "the result of a look was not stored; it is looked at again");
                }
            })
            .await;
    }

    /// Looks once at each entry that is due, and returns their number.
    ///
    /// For a cron job or a test; [`run`](Self::run) does it for ever.
    ///
    /// # Errors
    /// Returns the error of the store.
    ///
    /// # Cancel safety
    /// Dropping the future drops the look. Its entry is taken again when the lease ends.
    pub async fn run_due<E, F>(&self, apply: impl Fn(News) -> F) -> Result<usize, StoreError>
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let mut looks = 0_usize;
        while let Some(taken) = self.store.take(1, self.lease).await?.into_iter().next() {
            self.attend(taken, &apply).await?;
            looks = looks.saturating_add(1);
        }
        Ok(looks)
    }

    /// Waits for the next entry that is due.
    async fn next(&self) -> Taken {
        let pause = self.schedule.first().clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        let backoff = Backoff::new(pause, LONGEST_STORE_PAUSE);
        let mut failures = 0_u32;
        loop {
            match self.store.take(1, self.lease).await {
                Ok(taken) => {
                    failures = 0;
                    if let Some(taken) = taken.into_iter().next() {
                        return taken;
                    }
                    tokio::time::sleep(pause).await;
                }
                Err(error) => {
                    tracing::warn!(target: "wechatpay::watch", error = %error, "the store of pending orders failed");
                    tokio::time::sleep(backoff.pause(failures)).await;
                    failures = failures.saturating_add(1);
                }
            }
        }
    }

    /// Gives an entry back until the next look.
    pub(super) async fn put_off(
        &self,
        taken: &Taken,
        phase: Phase,
        after: Duration,
        note: Option<Cow<'static, str>>,
    ) -> Result<(), StoreError> {
        let key = &taken.pending.key;
        let put_off = self
            .store
            .put_off(key, taken.fence, phase, after, note.as_deref());
        if put_off.await? == Renewal::Lost {
            tracing::debug!(target: "wechatpay::watch", %key, "it was ended or taken by another worker meanwhile");
        }
        Ok(())
    }

    /// Ends an entry and says so.
    pub(super) async fn end(
        &self,
        taken: &Taken,
        end: End,
        note: Option<Cow<'static, str>>,
    ) -> Result<(), StoreError> {
        let (key, note) = (&taken.pending.key, note.as_deref());
        let ended = self.store.end(key, Some(taken.fence), end, note, self.retention);
        if ended.await? != Ending::Ended {
            return Ok(());
        }
        let note = note.unwrap_or_default();
        match end {
            End::NeedsLook => {
                tracing::error!(target: "wechatpay::watch", %key, note, "a person must look: its end is not known");
            }
            end => {
                tracing::info!(target: "wechatpay::watch", %key, %end, looks = taken.look, note, "watched to its end");
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("store", &self.store)
            .field("schedule", &self.schedule)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
