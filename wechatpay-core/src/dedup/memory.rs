//! Claims in the memory of this process.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use moka::{Expiry, notification::RemovalCause, ops::compute::Op, sync::Cache};

use super::{
    Begin, BeginRequest, Completion, Fence, NotificationKey, NotificationStore, PlaintextDigest, Release,
    Renewal, StoreError, StoreFuture, StoreHealth,
};

/// Claims beyond this many are refused rather than forgotten: a cache that evicts could drop one that is held.
const DEFAULT_LIMIT: u64 = 1_000_000;

/// Claims in the memory of this process, for tests, development and handlers that are idempotent anyway. **Lost on restart,
/// and unknown to other processes**: use Redis or PostgreSQL (`wechatpay-stores`) where either matters.
#[derive(Clone)]
pub struct MemoryStore {
    /// Calls for one key are serialised by the cache. It has no size bound; see [`DEFAULT_LIMIT`].
    claims: Cache<NotificationKey, Record>,
    /// How many it holds. Kept here, because the cache's own count lags behind.
    held: Arc<AtomicU64>,
    limit: u64,
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
}

#[derive(Clone, Debug)]
struct Record {
    digest: PlaintextDigest,
    fence: Fence,
    attempts: u32,
    state: State,
    retention: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Claimed { until: Instant },
    Released,
    Done,
}

/// Each record lives for its own retention since it was last written, whatever its lease: the fence must outlive it.
struct ByRetention;

impl Expiry<NotificationKey, Record> for ByRetention {
    fn expire_after_create(&self, _: &NotificationKey, record: &Record, _: Instant) -> Option<Duration> {
        Some(record.retention)
    }

    fn expire_after_update(
        &self,
        _: &NotificationKey,
        record: &Record,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(record.retention)
    }
}

impl MemoryStore {
    /// A store for this process only.
    #[must_use]
    pub fn in_process() -> Self {
        let held = Arc::<AtomicU64>::default();
        let counter = Arc::clone(&held);
        let forget = move |_: Arc<NotificationKey>, _: Record, cause: RemovalCause| {
            if cause != RemovalCause::Replaced {
                counter.fetch_sub(1, Ordering::Relaxed);
            }
        };
        Self {
            claims: Cache::builder()
                .expire_after(ByRetention)
                .eviction_listener(forget)
                .build(),
            held,
            limit: DEFAULT_LIMIT,
            now: Arc::new(Instant::now),
        }
    }

    /// Refuses new claims beyond this many; default a million.
    #[must_use]
    pub fn limit(mut self, claims: u64) -> Self {
        self.limit = claims;
        self
    }

    /// Another source of time for leases, for tests.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.now = Arc::new(now);
        self
    }

    /// How many claims are remembered.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.claims.run_pending_tasks();
        self.held.load(Ordering::Relaxed)
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_full(&self) -> bool {
        // Expired claims are counted until they are cleared away, so they are before a claim is refused.
        self.held.load(Ordering::Relaxed) >= self.limit && self.len() >= self.limit
    }

    fn begin_now(&self, request: &BeginRequest) -> Result<Begin, StoreError> {
        let now = (self.now)();
        let full = self.is_full();
        let mut outcome = Err(StoreError::Corrupt("the entry was not visited"));
        self.claims.entry_by_ref(&request.key).and_compute_with(|entry| {
            let (result, op) = match entry.map(moka::Entry::into_value) {
                None if full => (Err(StoreError::unavailable("the store is full")), Op::Nop),
                None => {
                    self.held.fetch_add(1, Ordering::Relaxed);
                    claim(request, Fence::FIRST, 1, now)
                }
                Some(record) if record.digest != request.digest => (Ok(Begin::DigestMismatch), Op::Nop),
                Some(record) => match record.state {
                    State::Done => (Ok(Begin::Done { fence: record.fence }), Op::Nop),
                    State::Claimed { until } if until > now => (
                        Ok(Begin::InProgress {
                            remaining: until.saturating_duration_since(now),
                        }),
                        Op::Nop,
                    ),
                    State::Claimed { .. } | State::Released => claim(
                        request,
                        record.fence.next(),
                        record.attempts.saturating_add(1),
                        now,
                    ),
                },
            };
            outcome = result;
            op
        });
        outcome
    }

    /// Changes a record if its fence is the one that holds; `change` says what it becomes and what is answered.
    fn with_holder<T>(
        &self,
        key: &NotificationKey,
        fence: Fence,
        lost: T,
        change: impl FnOnce(Record) -> (T, Option<Record>),
    ) -> T {
        let mut outcome = lost;
        self.claims.entry_by_ref(key).and_compute_with(|entry| {
            let record = entry
                .map(moka::Entry::into_value)
                .filter(|record| record.fence == fence);
            let Some(record) = record else { return Op::Nop };
            let (answer, changed) = change(record);
            outcome = answer;
            changed.map_or(Op::Nop, Op::Put)
        });
        outcome
    }
}

fn claim(
    request: &BeginRequest,
    fence: Fence,
    attempts: u32,
    now: Instant,
) -> (Result<Begin, StoreError>, Op<Record>) {
    let record = Record {
        digest: request.digest,
        fence,
        attempts,
        state: State::Claimed {
            until: until(now, request.lease),
        },
        retention: request.retention,
    };
    (
        Ok(Begin::Acquired {
            fence,
            attempt: attempts,
        }),
        Op::Put(record),
    )
}

/// A lease that is longer than the clock can count lasts as long as it can.
fn until(now: Instant, lease: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    now.checked_add(lease.min(CENTURY)).unwrap_or(now)
}

impl NotificationStore for MemoryStore {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move { self.begin_now(request) })
    }

    fn renew<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        lease: Duration,
    ) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            let now = (self.now)();
            Ok(
                self.with_holder(key, fence, Renewal::Lost, |record| match record.state {
                    State::Claimed { .. } => {
                        let state = State::Claimed {
                            until: until(now, lease),
                        };
                        (Renewal::Renewed, Some(Record { state, ..record }))
                    }
                    State::Released | State::Done => (Renewal::Lost, None),
                }),
            )
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            Ok(
                self.with_holder(key, fence, Completion::Lost, |record| match record.state {
                    State::Claimed { .. } => (
                        Completion::Completed,
                        Some(Record {
                            state: State::Done,
                            retention,
                            ..record
                        }),
                    ),
                    State::Done => (Completion::AlreadyDone, None),
                    State::Released => (Completion::Lost, None),
                }),
            )
        })
    }

    fn release<'a>(&'a self, key: &'a NotificationKey, fence: Fence) -> StoreFuture<'a, Release> {
        Box::pin(async move {
            Ok(
                self.with_holder(key, fence, Release::Lost, |record| match record.state {
                    State::Claimed { .. } => (
                        Release::Released,
                        Some(Record {
                            state: State::Released,
                            ..record
                        }),
                    ),
                    State::Released | State::Done => (Release::Lost, None),
                }),
            )
        })
    }

    fn purge(&self, _limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            // Expired records are invisible already; this only gives their memory back.
            let before = self.held.load(Ordering::Relaxed);
            Ok(before.saturating_sub(self.len()))
        })
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        Box::pin(async move {
            let health = StoreHealth::good();
            Ok(if self.is_full() {
                health.warning("the store is full: new notifications are refused")
            } else {
                health
            })
        })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("claims", &self.held)
            .field("limit", &self.limit)
            .finish()
    }
}
