//! Store in the memory of this process.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{
    Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, Renewal, StoreError,
    StoreFuture, StoreHealth,
};

/// Default limit of records, which take 600 MiB together.
///
/// Beyond it new events are rejected: a cache that evicts could drop a held lease.
const DEFAULT_LIMIT: u64 = 1_000_000;
/// Expired records that each new lease deletes: more than it adds.
const FORGET_PER_LEASE: u64 = 2;
/// Longest duration that the clock can add.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Store in the memory of this process, for tests and development.
///
/// It is also enough for handlers that are idempotent by themselves. **Records are lost on restart and unknown to other
/// processes**: use Redis or PostgreSQL (`wechatpay-stores`) if either matters.
#[derive(Clone)]
pub struct MemoryStore {
    records: Arc<Mutex<Records>>,
    limit: u64,
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
}

/// Records, and the ends of their retentions in order.
#[derive(Default)]
struct Records {
    by_key: HashMap<Arc<EventKey>, Record>,
    /// Keys by scope and id of the notification that reported the event first.
    by_id: HashMap<(Box<str>, Arc<str>), Arc<EventKey>>,
    ends: BTreeSet<(Instant, Arc<EventKey>)>,
}

#[derive(Clone, Debug)]
struct Record {
    facts: Arc<str>,
    notification_id: Option<Arc<str>>,
    fence: Fence,
    attempts: u32,
    state: State,
    /// End of the retention, never before the end of the lease.
    ///
    /// The fence must outlive the lease.
    forget_at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Leased { until: Instant },
    Released,
    Done,
}

impl Records {
    fn len(&self) -> u64 {
        u64::try_from(self.by_key.len()).unwrap_or(u64::MAX)
    }

    /// Returns the record of a key, unless its retention has ended.
    fn get(&self, key: &EventKey, now: Instant) -> Option<Record> {
        self.by_key
            .get(key)
            .filter(|record| record.forget_at > now)
            .cloned()
    }

    fn put(&mut self, key: &EventKey, record: Record) {
        let known = self.by_key.get_key_value(key);
        let known = known.map(|(key, old)| (old.forget_at, Arc::clone(key)));
        let key = match known {
            Some(end) => {
                self.ends.remove(&end);
                end.1
            }
            None => Arc::new(key.clone()),
        };
        self.ends.insert((record.forget_at, Arc::clone(&key)));
        if let Some(id) = &record.notification_id {
            let id = (Box::from(key.scope()), Arc::clone(id));
            self.by_id.insert(id, Arc::clone(&key));
        }
        self.by_key.insert(key, record);
    }

    /// Returns `true` if the notification's id is known with another event.
    fn is_of_another(&self, request: &BeginRequest) -> bool {
        let id = request.notification_id.as_deref();
        let id = id.map(|id| (Box::from(request.key.scope()), Arc::from(id)));
        let known = id.and_then(|id| self.by_id.get(&id));
        known.is_some_and(|known| **known != request.key)
    }

    /// Deletes up to `limit` records past their retention and returns their number.
    fn forget(&mut self, now: Instant, limit: u64) -> u64 {
        let mut forgotten: u64 = 0;
        while forgotten < limit && self.ends.first().is_some_and(|(end, _)| *end <= now) {
            if let Some((_, key)) = self.ends.pop_first() {
                let record = self.by_key.remove(&key);
                if let Some(id) = record.and_then(|record| record.notification_id) {
                    self.by_id.remove(&(Box::from(key.scope()), id));
                }
                forgotten = forgotten.saturating_add(1);
            }
        }
        forgotten
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            records: Arc::default(),
            limit: DEFAULT_LIMIT,
            now: Arc::new(Instant::now),
        }
    }

    /// Sets the largest number of records. Defaults to a million.
    ///
    /// A record takes about 630 bytes for its retention of seven days, so a million take 600 MiB. Beyond it new events are
    /// rejected.
    #[must_use]
    pub fn limit(mut self, records: u64) -> Self {
        self.limit = records;
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
        let mut records = self.lock();
        records.forget(now, u64::MAX);
        records.len()
    }

    /// Returns `true` if there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Locks the records.
    ///
    /// Every change is one step, so a panic elsewhere leaves no partial change.
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_now(&self, request: &BeginRequest) -> Result<Begin, StoreError> {
        let now = (self.now)();
        let mut records = self.lock();
        records.forget(now, FORGET_PER_LEASE);
        let known = records.get(&request.key, now);
        if records.is_of_another(request) {
            return Ok(Begin::Contradiction);
        }
        let notification_id = match &known {
            Some(known) => known.notification_id.clone(),
            None => request.notification_id.as_deref().map(Arc::from),
        };
        let (fence, attempts) = match known {
            None if records.len() >= self.limit && !records.by_key.contains_key(&request.key) => {
                return Err(StoreError::unavailable("the store is full"));
            }
            None => (Fence::FIRST, 1),
            Some(record) if record.state == State::Done && *record.facts != *request.facts => {
                return Ok(Begin::Contradiction);
            }
            Some(record) => match record.state {
                State::Done => return Ok(Begin::Done { fence: record.fence }),
                State::Leased { until } if until > now => {
                    return Ok(Begin::InProgress {
                        remaining: until.saturating_duration_since(now),
                    });
                }
                State::Leased { .. } | State::Released => {
                    (record.fence.next(), record.attempts.saturating_add(1))
                }
            },
        };
        let record = Record {
            facts: Arc::from(&*request.facts),
            notification_id,
            fence,
            attempts,
            state: State::Leased {
                until: after(now, request.lease),
            },
            forget_at: after(now, request.retention.max(request.lease)),
        };
        records.put(&request.key, record);
        Ok(Begin::Acquired {
            fence,
            attempt: attempts,
        })
    }

    /// Changes a record if its fence still holds.
    ///
    /// `change` returns the new state of the record and the result.
    fn with_holder<T>(
        &self,
        key: &EventKey,
        fence: Fence,
        lost: T,
        change: impl FnOnce(Record, Instant) -> (T, Option<Record>),
    ) -> T {
        let now = (self.now)();
        let mut records = self.lock();
        let record = records.get(key, now).filter(|record| record.fence == fence);
        let Some(record) = record else { return lost };
        let (response, changed) = change(record, now);
        if let Some(changed) = changed {
            records.put(key, changed);
        }
        response
    }
}

/// Adds a duration, limited to what the clock can represent.
fn after(now: Instant, duration: Duration) -> Instant {
    now.checked_add(duration.min(CENTURY)).unwrap_or(now)
}

impl IdempotencyStore for MemoryStore {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move { self.begin_now(request) })
    }

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            Ok(
                self.with_holder(key, fence, Renewal::Lost, |record, now| match record.state {
                    State::Leased { .. } => {
                        let until = after(now, lease);
                        let renewed = Record {
                            state: State::Leased { until },
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
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            Ok(
                self.with_holder(key, fence, Completion::Lost, |record, now| match record.state {
                    State::Leased { .. } => (
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

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
        Box::pin(async move {
            Ok(
                self.with_holder(key, fence, Release::Lost, |record, _| match record.state {
                    State::Leased { .. } => (
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
            .field("records", &self.lock().len())
            .field("limit", &self.limit)
            .finish()
    }
}
