//! Open pages and codes, with which a browser comes back.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use wechatpay_sandbox::world::lock;

/// More than any session needs; the oldest are forgotten.
const CAPACITY: usize = 10_000;

/// Values by unguessable keys.
pub(crate) struct Recent<T>(Mutex<Kept<T>>);

struct Kept<T> {
    values: HashMap<String, T>,
    age: VecDeque<String>,
}

impl<T> Recent<T> {
    /// Keeps a value under a new key.
    pub(crate) fn put(&self, key: String, value: T) {
        let mut kept = lock(&self.0);
        kept.values.insert(key.clone(), value);
        kept.age.push_back(key);
        if kept.age.len() > CAPACITY
            && let Some(oldest) = kept.age.pop_front()
        {
            kept.values.remove(&oldest);
        }
    }

    /// Reads or changes the value of a key, if it is kept.
    pub(crate) fn with<R>(&self, key: &str, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        lock(&self.0).values.get_mut(key).map(work)
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            values: HashMap::new(),
            age: VecDeque::new(),
        }))
    }
}
