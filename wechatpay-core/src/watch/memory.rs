//! Entries of the watch in the memory of this process.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{End, Ending, Entry, Pending, PendingCounts, PendingKey, PendingStore, Phase, Taken};
use crate::idempotency::{Fence, Renewal, StoreFuture};

/// Longest duration that the clock can add.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Store in the memory of this process, for tests and development.
///
/// **A restart forgets what was watched.** Use a store of `wechatpay-stores` where a payment must not be lost.
#[derive(Clone)]
pub struct MemoryPendingStore {
    records: Arc<Mutex<BTreeMap<PendingKey, Record>>>,
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
}

#[derive(Clone)]
struct Record {
    pending: Pending,
    phase: Phase,
    /// Time of the next look, end of the lease, or end of the retention.
    due: Instant,
    fence: Fence,
    looks: u32,
    is_held: bool,
    registered: Instant,
    note: Option<String>,
}

impl Record {
    fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Ended(_))
    }

    fn entry(&self, now: Instant) -> Entry {
        let age = now.saturating_duration_since(self.registered);
        Entry::new(
            self.pending.key.clone(),
            self.phase,
            self.looks,
            age,
            self.note.clone(),
        )
    }
}

impl Default for MemoryPendingStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryPendingStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            records: Arc::default(),
            now: Arc::new(Instant::now),
        }
    }

    /// Sets the clock, for tests.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        self.now = Arc::new(now);
        self
    }

    /// Locks the records.
    ///
    /// Every change is one step, so a panic elsewhere leaves no partial change.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<PendingKey, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn after(now: Instant, duration: Duration) -> Instant {
    now.checked_add(duration.min(CENTURY)).unwrap_or(now)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl PendingStore for MemoryPendingStore {
    fn register<'a>(&'a self, pending: &'a Pending, first: Duration) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            if records.contains_key(&pending.key) {
                return Ok(false);
            }
            let record = Record {
                pending: pending.clone(),
                phase: Phase::Watching,
                due: after(now, first),
                fence: Fence::from_u64(0),
                looks: 0,
                is_held: false,
                registered: now,
                note: None,
            };
            records.insert(pending.key.clone(), record);
            Ok(true)
        })
    }

    fn take(&self, limit: usize, lease: Duration) -> StoreFuture<'_, Vec<Taken>> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            let mut due: Vec<&mut Record> = records
                .values_mut()
                .filter(|record| record.is_open() && record.due <= now)
                .collect();
            due.sort_by_key(|record| record.due);
            let taken = due.into_iter().take(limit).map(|record| {
                record.fence = record.fence.next();
                record.looks = record.looks.saturating_add(1);
                record.is_held = true;
                record.due = after(now, lease);
                let age = now.saturating_duration_since(record.registered);
                Taken::new(
                    record.pending.clone(),
                    record.fence,
                    record.phase,
                    record.looks,
                    age,
                )
            });
            Ok(taken.collect())
        })
    }

    fn put_off<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Fence,
        phase: Phase,
        wait: Duration,
        note: Option<&'a str>,
    ) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            let held = records.get_mut(key);
            let held = held.filter(|record| record.is_held && record.fence == fence && record.is_open());
            let Some(record) = held else {
                return Ok(Renewal::Lost);
            };
            record.phase = phase;
            record.is_held = false;
            record.due = after(now, wait);
            record.note = note.map(str::to_owned);
            Ok(Renewal::Renewed)
        })
    }

    fn end<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Option<Fence>,
        end: End,
        note: Option<&'a str>,
        retention: Duration,
    ) -> StoreFuture<'a, Ending> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            let Some(record) = records.get_mut(key) else {
                return Ok(Ending::Unknown);
            };
            let is_holder = record.is_held && fence == Some(record.fence);
            match record.phase {
                Phase::Ended(known) if fence.is_some() || !end.replaces(known) => {
                    return Ok(Ending::Before(known));
                }
                _ if fence.is_some() && !is_holder => return Ok(Ending::Lost),
                _ => {}
            }
            record.phase = Phase::Ended(end);
            record.is_held = false;
            record.due = after(now, retention);
            record.note = note.map(str::to_owned);
            Ok(Ending::Ended)
        })
    }

    fn recheck<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            let Some(record) = records.get_mut(key) else {
                return Ok(false);
            };
            if !record.is_open() {
                record.phase = Phase::Watching;
                record.note = None;
            }
            record.is_held = false;
            record.due = now;
            Ok(true)
        })
    }

    fn entry<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, Option<Entry>> {
        Box::pin(async move {
            let now = (self.now)();
            Ok(self.lock().get(key).map(|record| record.entry(now)))
        })
    }

    fn need_look(&self, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        Box::pin(async move {
            let now = (self.now)();
            let records = self.lock();
            let mut found: Vec<&Record> = records
                .values()
                .filter(|record| record.phase == Phase::Ended(End::NeedsLook))
                .collect();
            found.sort_by_key(|record| record.registered);
            Ok(found
                .into_iter()
                .take(limit)
                .map(|record| record.entry(now))
                .collect())
        })
    }

    fn counts(&self) -> StoreFuture<'_, PendingCounts> {
        Box::pin(async move {
            let now = (self.now)();
            let records = self.lock();
            let open = records.values().filter(|record| record.is_open());
            let overdue = open
                .clone()
                .map(|record| now.saturating_duration_since(record.due))
                .max();
            let need_look = records
                .values()
                .filter(|record| record.phase == Phase::Ended(End::NeedsLook));
            Ok(PendingCounts::new(
                count(open.count()),
                count(need_look.count()),
                overdue.unwrap_or_default(),
            ))
        })
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let now = (self.now)();
            let mut records = self.lock();
            let is_past = |record: &Record| {
                !record.is_open() && record.phase != Phase::Ended(End::NeedsLook) && record.due <= now
            };
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let past: Vec<PendingKey> = records
                .iter()
                .filter(|(_, record)| is_past(record))
                .take(limit)
                .map(|(key, _)| key.clone())
                .collect();
            for key in &past {
                records.remove(key);
            }
            Ok(count(past.len()))
        })
    }
}

impl fmt::Debug for MemoryPendingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryPendingStore")
            .field("records", &self.lock().len())
            .finish_non_exhaustive()
    }
}
