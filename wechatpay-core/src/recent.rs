//! Values that are remembered for a short time.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::Duration,
};

use tokio::time::Instant;

/// Largest number of remembered values.
const MAX_RECENT: usize = 1024;

/// Values that are remembered for a short time.
///
/// Bounded: the oldest are removed first.
pub(crate) struct Recent<K, T> {
    values: HashMap<K, (Instant, T)>,
    order: VecDeque<(Instant, K)>,
}

impl<K: Clone + Eq + Hash, T> Recent<K, T> {
    pub(crate) fn new() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    pub(crate) fn get(&self, key: &K, time: Duration) -> Option<&T> {
        self.values
            .get(key)
            .filter(|(since, _)| since.elapsed() < time)
            .map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: K, value: T, time: Duration) {
        let now = Instant::now();
        while let Some((since, oldest)) = self.order.front()
            && (self.order.len() >= MAX_RECENT || since.elapsed() >= time)
        {
            // It may have been removed, and added again later.
            if self.values.get(oldest).is_some_and(|(added, _)| added == since) {
                self.values.remove(oldest);
            }
            self.order.pop_front();
        }
        self.order.push_back((now, key.clone()));
        self.values.insert(key, (now, value));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.values.remove(key);
    }

    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Mchid;

    #[tokio::test(start_paused = true)]
    async fn remembered_values_are_bounded_and_expire() {
        let time = Duration::from_secs(5);
        let mchid = |number: usize| Mchid::parse(&format!("19{number:08}")).unwrap();
        let mut recent = Recent::new();
        for number in 0..5000 {
            recent.insert(mchid(number), number, time);
        }
        assert_eq!(recent.values.len(), MAX_RECENT);
        assert_eq!(recent.order.len(), MAX_RECENT);
        assert_eq!(recent.get(&mchid(4999), time), Some(&4999));
        assert_eq!(recent.get(&mchid(0), time), None);
        recent.remove(&mchid(4999));
        assert_eq!(recent.get(&mchid(4999), time), None);
        tokio::time::advance(time).await;
        assert_eq!(recent.get(&mchid(4998), time), None);
        recent.insert(mchid(1), 1, time);
        assert_eq!((recent.values.len(), recent.order.len()), (1, 1));
    }
}
