//! Numbers every event, keeps it for a while, and sends it to all subscribers.

use std::{collections::VecDeque, sync::Mutex};

use tokio::sync::broadcast;

use super::{Event, EventKind};
use crate::world::lock;

/// Events that a slow reader may lag behind.
const LAG: usize = 1024;
/// Events that are kept for those who come later.
const CAPACITY: usize = 10_000;

/// The latest events, and a channel for new ones.
pub struct EventLog(Mutex<Log>);

debug_only!(EventLog {});

struct Log {
    events: VecDeque<Event>,
    count: u64,
    sender: broadcast::Sender<Event>,
}

impl EventLog {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Log {
            events: VecDeque::new(),
            count: 0,
            sender: broadcast::channel(LAG).0,
        }))
    }

    /// Numbers, keeps and sends an event in one step, in one order for all.
    pub(crate) fn tell(&self, at: i64, kind: EventKind) -> Event {
        let mut log = lock(&self.0);
        log.count = log.count.saturating_add(1);
        let event = Event {
            id: log.count,
            at,
            kind,
        };
        if log.events.len() >= CAPACITY {
            log.events.pop_front();
        }
        log.events.push_back(event.clone());
        // Nobody listens: that is no error.
        let _ = log.sender.send(event.clone());
        event
    }

    /// Subscribes to events from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        lock(&self.0).sender.subscribe()
    }

    /// Kept events behind this number, the oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<Event> {
        let log = lock(&self.0);
        let from = log.events.partition_point(|event| event.id <= id);
        log.events.range(from..).cloned().collect()
    }

    /// The newest that are wanted, the oldest of them first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let log = lock(&self.0);
        let wanted = log.events.iter().rev().filter(|event| is_wanted(event));
        let mut latest: Vec<Event> = wanted.take(limit).cloned().collect();
        latest.reverse();
        latest
    }

    /// Like [`after`](Self::after), followed by later events, without gaps or duplicates.
    pub fn follow(&self, id: u64) -> (Vec<Event>, broadcast::Receiver<Event>) {
        let log = lock(&self.0);
        let from = log.events.partition_point(|event| event.id <= id);
        let kept = log.events.range(from..).cloned().collect();
        (kept, log.sender.subscribe())
    }

    /// The number of the newest event.
    pub fn newest(&self) -> u64 {
        lock(&self.0).count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_later_hears_what_is_kept_and_misses_nothing() {
        let log = EventLog::new();
        for _ in 0..CAPACITY + 3 {
            log.tell(0, EventKind::Reset);
        }
        assert_eq!(log.newest(), CAPACITY as u64 + 3);
        assert_eq!(log.after(0).len(), CAPACITY);
        assert_eq!(log.after(0)[0].id, 4);
        let (kept, mut next) = log.follow(CAPACITY as u64 + 1);
        assert_eq!(
            kept.iter().map(|event| event.id).collect::<Vec<_>>(),
            [CAPACITY as u64 + 2, CAPACITY as u64 + 3]
        );
        log.tell(7, EventKind::Reset);
        let event = next.try_recv().unwrap();
        assert_eq!((event.id, event.at), (CAPACITY as u64 + 4, 7));
        assert!(log.after(u64::MAX).is_empty());
    }
}
