//! Nonces that were seen: a nonce is used once.

use std::{
    collections::{HashSet, VecDeque},
    sync::Mutex,
};

use crate::world::lock;

/// Number of remembered nonces, enough for the five minutes of a possible replay.
const CAPACITY: usize = 20_000;

/// Nonces of the latest requests.
#[derive(Default)]
pub struct Nonces(Mutex<Seen>);

debug_only!(Nonces {});

#[derive(Default)]
struct Seen {
    set: HashSet<(String, String)>,
    age: VecDeque<(String, String)>,
}

impl Nonces {
    /// Returns true if this merchant's nonce is a new one.
    pub(crate) fn is_new(&self, mchid: &str, nonce: &str) -> bool {
        let mut seen = lock(&self.0);
        let entry = (mchid.to_owned(), nonce.to_owned());
        if !seen.set.insert(entry.clone()) {
            return false;
        }
        seen.age.push_back(entry);
        if seen.age.len() > CAPACITY
            && let Some(oldest) = seen.age.pop_front()
        {
            seen.set.remove(&oldest);
        }
        true
    }

    /// The newest of a merchant, the newest first.
    pub fn latest(&self, mchid: &str, count: usize) -> Vec<String> {
        let seen = lock(&self.0);
        let own = seen.age.iter().rev().filter(|(owner, _)| owner == mchid);
        own.take(count).map(|(_, nonce)| nonce.clone()).collect()
    }
}
