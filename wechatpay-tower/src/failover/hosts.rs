//! Selection of the host in use.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Base;

/// Hosts in order and the one in use, shared by clones of a layer.
#[derive(Debug)]
pub(super) struct Hosts {
    entries: Vec<Base>,
    stay: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: usize,
    /// Time of the next probe of the main host; set during a fail-over.
    probe_at: Option<Instant>,
}

impl Hosts {
    pub(super) fn new(main: Base, backups: Vec<Base>, stay: Duration) -> Self {
        Self {
            entries: std::iter::once(main).chain(backups).collect(),
            stay,
            state: Mutex::default(),
        }
    }

    pub(super) fn main(&self) -> Option<&Base> {
        self.entries.first()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Base> {
        self.entries.get(index)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the index after `index`, wrapping around.
    pub(super) fn after(&self, index: usize) -> usize {
        let next = index.saturating_add(1);
        if next < self.entries.len() { next } else { 0 }
    }

    /// Returns the host for the next request.
    ///
    /// While a backup is in use, one request goes to the main host every `stay`.
    pub(super) fn choose(&self) -> usize {
        let now = Instant::now();
        let mut state = self.lock();
        if state.probe_at.is_some_and(|probe_at| probe_at <= now) {
            state.probe_at = now.checked_add(self.stay);
            tracing::debug!(target: "wechatpay::failover", "trying the main host again");
            return 0;
        }
        state.current
    }

    /// Returns the host after the one in use.
    pub(super) fn other(&self) -> usize {
        self.after(self.lock().current)
    }

    /// Records that a host was reached.
    pub(super) fn reached(&self, index: usize) {
        let mut state = self.lock();
        if index == 0 && state.current != 0 {
            *state = State::default();
            tracing::info!(target: "wechatpay::failover", host = self.name(0), "back at the main host");
        }
    }

    /// Records that a host is unreachable, and stops using it.
    pub(super) fn unreachable(&self, index: usize) {
        if self.entries.len() < 2 {
            return;
        }
        let mut state = self.lock();
        if state.current == index {
            state.current = self.after(index);
            state.probe_at = (state.current != 0)
                .then(|| Instant::now().checked_add(self.stay))
                .flatten();
            tracing::warn!(
                target: "wechatpay::failover",
                host = self.name(index),
                now = self.name(state.current),
                "a host is unreachable"
            );
        }
    }

    fn name(&self, index: usize) -> &str {
        self.get(index).map_or("", |base| base.authority().as_str())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Two plain values, which a panic cannot leave half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
