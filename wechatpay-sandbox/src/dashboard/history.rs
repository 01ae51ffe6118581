//! What happened, in its order: the sequence diagram is drawn from this.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::sync::broadcast::error::RecvError;

use crate::{event::Event, shared::Shared, state::lock};

/// More than any diagram shows.
const CAPACITY: usize = 2_000;

/// The newest events.
#[derive(Default)]
pub(super) struct History(Mutex<VecDeque<Event>>);

impl History {
    /// Listens until the sandbox is gone.
    pub(super) fn watch(shared: &Arc<Shared>) -> Arc<Self> {
        let history = Arc::new(Self::default());
        let (kept, mut events) = (Arc::clone(&history), shared.subscribe());
        let mut stopping = shared.stopping.clone();
        tokio::spawn(async move {
            loop {
                let event = tokio::select! {
                    event = events.recv() => event,
                    _ = stopping.wait_for(|stopping| *stopping) => return,
                };
                match event {
                    Ok(event) => kept.push(event),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
        history
    }

    fn push(&self, event: Event) {
        let mut events = lock(&self.0);
        if events.len() >= CAPACITY {
            events.pop_front();
        }
        events.push_back(event);
    }

    /// The newest that are wanted, the oldest of them first.
    pub(super) fn newest(&self, limit: usize, is_wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut newest: Vec<Event> = lock(&self.0)
            .iter()
            .rev()
            .filter(|event| is_wanted(event))
            .take(limit)
            .cloned()
            .collect();
        newest.reverse();
        newest
    }
}
