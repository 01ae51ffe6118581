//! A bounded table that forgets the oldest.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

/// At most `CAPACITY` values by their keys; one more, and the oldest is forgotten.
pub(crate) struct Kept<K, V, const CAPACITY: usize> {
    values: HashMap<K, (u64, V)>,
    ages: BTreeMap<u64, K>,
    count: u64,
}

impl<K, V, const CAPACITY: usize> Default for Kept<K, V, CAPACITY> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            ages: BTreeMap::new(),
            count: 0,
        }
    }
}

impl<K: Clone + Eq + Hash, V, const CAPACITY: usize> Kept<K, V, CAPACITY> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values.get_mut(key).map(|(_, value)| value)
    }

    /// Keeps a value as the newest.
    ///
    /// Returns the oldest, if it had to go for it.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.remove(&key);
        self.count = self.count.saturating_add(1);
        self.ages.insert(self.count, key.clone());
        self.values.insert(key, (self.count, value));
        if self.values.len() <= CAPACITY {
            return None;
        }
        let (_, oldest) = self.ages.pop_first()?;
        self.values.remove(&oldest).map(|(_, value)| value)
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let (age, value) = self.values.remove(key)?;
        self.ages.remove(&age);
        Some(value)
    }

    /// All, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let ages = self.ages.values();
        ages.filter_map(|key| Some((key, self.get(key)?)))
    }

    /// All keys, the oldest first.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.ages.values()
    }

    /// All values, the oldest first.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Clone + Eq + Hash, V, const CAPACITY: usize> FromIterator<(K, V)> for Kept<K, V, CAPACITY> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut kept = Self::default();
        for (key, value) in entries {
            kept.insert(key, value);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_what_was_removed_takes_no_place() {
        let mut kept: Kept<u8, char, 2> = [(1, 'a'), (2, 'b')].into_iter().collect();
        assert_eq!(kept.insert(3, 'c'), Some('a'));
        assert_eq!(kept.remove(&2), Some('b'));
        assert_eq!(kept.insert(4, 'd'), None);
        assert_eq!(kept.insert(3, 'e'), None);
        assert_eq!(kept.insert(5, 'f'), Some('d'));
        *kept.get_mut(&3).unwrap() = 'g';
        assert_eq!(kept.iter().collect::<Vec<_>>(), [(&3, &'g'), (&5, &'f')]);
        assert_eq!((kept.ages.len(), kept.values.len()), (2, 2));
    }
}
