//! Store in the memory of this process.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{
    Begin, BeginRequest, Completion, Fence, IdempotencyStore, NotificationKey, PlaintextDigest, Release,
    Renewal, StoreError, StoreFuture, StoreHealth,
};

/// Claims beyond this many are refused rather than forgotten: a cache that evicts could drop one that is held.
const DEFAULT_LIMIT: u64 = 1_000_000;
/// Expired records that each claim clears away: more than it adds, so that they do not pile up.
const FORGET_PER_CLAIM: u64 = 2;
/// Nothing lasts longer, and the clock can count it.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Store in the memory of this process, for tests, development and handlers that are idempotent anyway.
///
/// **Lost on restart, and unknown to other processes**: use Redis or PostgreSQL (`wechatpay-stores`) where either matters.
#[derive(Clone)]
pub struct MemoryStore {
    claims: Arc<Mutex<Claims>>,
    limit: u64,
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
}

/// The records, and the ends of their retentions in order.
#[derive(Default)]
struct Claims {
    records: HashMap<Arc<NotificationKey>, Record>,
    ends: BTreeSet<(Instant, Arc<NotificationKey>)>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    digest: PlaintextDigest,
    fence: Fence,
    attempts: u32,
    state: State,
    /// The end of its retention, never before that of its lease: the fence must outlive it.
    forget_at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Claimed { until: Instant },
    Released,
    Done,
}

impl Claims {
    fn len(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// The record of a key. One past its retention is as good as none, whether it was cleared away or not.
    fn get(&self, key: &NotificationKey, now: Instant) -> Option<Record> {
        self.records
            .get(key)
            .filter(|record| record.forget_at > now)
            .copied()
    }

    fn put(&mut self, key: &NotificationKey, record: Record) {
        let known = self.records.get_key_value(key);
        let known = known.map(|(key, old)| (old.forget_at, Arc::clone(key)));
        let key = match known {
            Some(end) => {
                self.ends.remove(&end);
                end.1
            }
            None => Arc::new(key.clone()),
        };
        self.ends.insert((record.forget_at, Arc::clone(&key)));
        self.records.insert(key, record);
    }

    /// Clears away up to `limit` records that are past their retention, and returns their number.
    fn forget(&mut self, now: Instant, limit: u64) -> u64 {
        let mut forgotten: u64 = 0;
        while forgotten < limit && self.ends.first().is_some_and(|(end, _)| *end <= now) {
            if let Some((_, key)) = self.ends.pop_first() {
                self.records.remove(&key);
                forgotten = forgotten.saturating_add(1);
            }
        }
        forgotten
    }
}

impl MemoryStore {
    /// A store for this process only.
    #[must_use]
    pub fn new() -> Self {
        Self {
            claims: Arc::default(),
            limit: DEFAULT_LIMIT,
            now: Arc::new(Instant::now),
        }
    }

    /// Sets the number of records beyond which new notifications are refused. Default a million.
    #[must_use]
    pub fn limit(mut self, claims: u64) -> Self {
        self.limit = claims;
        self
    }

    /// Sets the clock of leases and retentions, for tests.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.now = Arc::new(now);
        self
    }

    /// Returns the number of records.
    #[must_use]
    pub fn len(&self) -> u64 {
        let now = (self.now)();
        let mut claims = self.lock();
        claims.forget(now, u64::MAX);
        claims.len()
    }

    /// Returns `true` if there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every change is one step, so a panic elsewhere leaves nothing half-done.
    fn lock(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_now(&self, request: &BeginRequest) -> Result<Begin, StoreError> {
        let now = (self.now)();
        let mut claims = self.lock();
        claims.forget(now, FORGET_PER_CLAIM);
        let (fence, attempts) = match claims.get(&request.key, now) {
            None if claims.len() >= self.limit && !claims.records.contains_key(&request.key) => {
                return Err(StoreError::unavailable("the store is full"));
            }
            None => (Fence::FIRST, 1),
            Some(record) if record.digest != request.digest => return Ok(Begin::DigestMismatch),
            Some(record) => match record.state {
                State::Done => return Ok(Begin::Done { fence: record.fence }),
                State::Claimed { until } if until > now => {
                    return Ok(Begin::InProgress {
                        remaining: until.saturating_duration_since(now),
                    });
                }
                State::Claimed { .. } | State::Released => {
                    (record.fence.next(), record.attempts.saturating_add(1))
                }
            },
        };
        let record = Record {
            digest: request.digest,
            fence,
            attempts,
            state: State::Claimed {
                until: after(now, request.lease),
            },
            forget_at: after(now, request.retention.max(request.lease)),
        };
        claims.put(&request.key, record);
        Ok(Begin::Acquired {
            fence,
            attempt: attempts,
        })
    }

    /// Changes a record if its fence is the one that holds; `change` says what it becomes and what is answered.
    fn with_holder<T>(
        &self,
        key: &NotificationKey,
        fence: Fence,
        lost: T,
        change: impl FnOnce(Record, Instant) -> (T, Option<Record>),
    ) -> T {
        let now = (self.now)();
        let mut claims = self.lock();
        let record = claims.get(key, now).filter(|record| record.fence == fence);
        let Some(record) = record else { return lost };
        let (response, changed) = change(record, now);
        if let Some(changed) = changed {
            claims.put(key, changed);
        }
        response
    }
}

/// A duration that is longer than the clock can count lasts as long as it can.
fn after(now: Instant, duration: Duration) -> Instant {
    now.checked_add(duration.min(CENTURY)).unwrap_or(now)
}

impl IdempotencyStore for MemoryStore {
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
            Ok(
                self.with_holder(key, fence, Renewal::Lost, |record, now| match record.state {
                    State::Claimed { .. } => {
                        let until = after(now, lease);
                        let renewed = Record {
                            state: State::Claimed { until },
                            forget_at: record.forget_at.max(until),
                            ..record
                        };
                        (Renewal::Renewed, Some(renewed))
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
                self.with_holder(key, fence, Completion::Lost, |record, now| match record.state {
                    State::Claimed { .. } => (
                        Completion::Completed,
                        Some(Record {
                            state: State::Done,
                            forget_at: after(now, retention),
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
                self.with_holder(key, fence, Release::Lost, |record, _| match record.state {
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

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move { Ok(self.lock().forget((self.now)(), limit)) })
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        Box::pin(async move {
            let health = StoreHealth::good();
            Ok(if self.len() >= self.limit {
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
            .field("claims", &self.lock().len())
            .field("limit", &self.limit)
            .finish()
    }
}
