//! An index of things by owner and day.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::world::clock::Day;

/// Things of each owner, by the day in Beijing on which they happened.
pub(crate) struct ByDay<T>(HashMap<String, BTreeMap<Day, VecDeque<T>>>);

impl<T> Default for ByDay<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T: PartialEq> ByDay<T> {
    pub(crate) fn add(&mut self, owner: &str, at: i64, thing: T) {
        let days = match self.0.get_mut(owner) {
            Some(days) => days,
            None => self.0.entry(owner.to_owned()).or_default(),
        };
        days.entry(Day::of(at)).or_default().push_back(thing);
    }

    /// Removes a thing. The oldest is found at once.
    pub(crate) fn remove(&mut self, owner: &str, at: i64, thing: &T) {
        let day = Day::of(at);
        let Some(days) = self.0.get_mut(owner) else {
            return;
        };
        if let Some(things) = days.get_mut(&day) {
            if let Some(place) = things.iter().position(|known| known == thing) {
                things.remove(place);
            }
            if things.is_empty() {
                days.remove(&day);
            }
        }
        if days.is_empty() {
            self.0.remove(owner);
        }
    }

    /// Those of an owner's day, in the order of insertion.
    pub(crate) fn of(&self, owner: &str, day: Day) -> impl Iterator<Item = &T> {
        self.0
            .get(owner)
            .and_then(|days| days.get(&day))
            .into_iter()
            .flatten()
    }

    /// The days of an owner, the newest first.
    pub(crate) fn days(&self, owner: &str) -> impl Iterator<Item = Day> {
        self.0
            .get(owner)
            .into_iter()
            .flat_map(|days| days.keys().rev().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_there_as_long_as_something_is_in_it() {
        let noon = 1_704_083_696;
        let mut index = ByDay::default();
        index.add("1", noon, 1);
        index.add("1", noon, 2);
        index.add("1", noon + 86_400, 3);
        index.add("2", noon, 4);
        let today = Day::of(noon);
        assert_eq!(index.of("1", today).copied().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(index.days("1").collect::<Vec<_>>(), [today.next(), today]);
        index.remove("1", noon, &1);
        index.remove("1", noon, &2);
        assert_eq!(index.days("1").collect::<Vec<_>>(), [today.next()]);
        index.remove("2", noon, &4);
        assert_eq!((index.days("2").count(), index.0.len()), (0, 1));
    }
}
