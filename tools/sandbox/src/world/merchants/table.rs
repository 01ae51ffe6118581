//! All merchants, initial and added ones.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use wechatpay_core::types::Appid;

use crate::world::{
    lock,
    merchants::{change::Changes, state::Merchant},
};

/// Maximum number of merchants; the list is linked.
const CAPACITY: usize = 1_000;

/// All merchants; the demo merchant is the first. None can be removed.
///
/// A change replaces the `Merchant`, so that a reader sees one consistent version without holding a lock.
pub(crate) struct Merchants {
    first: Vec<Slot>,
    added: Link,
    adding: Mutex<()>,
}

/// A merchant as added, with its changes.
struct Slot {
    came: Arc<Merchant>,
    now: Mutex<Now>,
}

struct Now {
    merchant: Arc<Merchant>,
    changes: Changes,
}

/// The rest of a list that only grows.
#[derive(Default)]
struct Link(OnceLock<Box<(Slot, Self)>>);

/// Why a merchant was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// There is one of this mchid.
    Known,
    /// There are too many.
    Full,
}

impl Slot {
    fn new(merchant: Merchant) -> Self {
        let came = Arc::new(merchant);
        Self {
            now: Mutex::new(Now {
                merchant: Arc::clone(&came),
                changes: Changes::default(),
            }),
            came,
        }
    }

    fn now(&self) -> Arc<Merchant> {
        Arc::clone(&lock(&self.now).merchant)
    }

    fn set(&self, now: &mut Now, changes: Changes) {
        now.merchant = Arc::new(self.came.with(&changes));
        now.changes = changes;
    }
}

impl Merchants {
    pub(crate) fn new(merchants: Vec<Merchant>) -> Self {
        Self {
            first: merchants.into_iter().map(Slot::new).collect(),
            added: Link::default(),
            adding: Mutex::default(),
        }
    }

    /// Adds a merchant.
    pub(crate) fn add(&self, merchant: Merchant) -> Result<Arc<Merchant>, NotAdded> {
        let _adding = lock(&self.adding);
        if self.get(merchant.mchid.as_str()).is_some() {
            return Err(NotAdded::Known);
        }
        if self.slots().count() >= CAPACITY {
            return Err(NotAdded::Full);
        }
        let mut link = &self.added;
        while let Some(taken) = link.0.get() {
            link = &taken.1;
        }
        let (slot, _) = &**link
            .0
            .get_or_init(|| Box::new((Slot::new(merchant), Link::default())));
        Ok(slot.now())
    }

    /// Changes a merchant, unless `change` refuses.
    ///
    /// `change` receives the changes so far. `None` if this mchid is unknown.
    pub(crate) fn change<E>(
        &self,
        mchid: &str,
        change: impl FnOnce(&Merchant, &mut Changes) -> Result<(), E>,
    ) -> Option<Result<Arc<Merchant>, E>> {
        let slot = self.slots().find(|slot| slot.came.mchid == mchid)?;
        let mut now = lock(&slot.now);
        let mut changes = now.changes.clone();
        Some(change(&now.merchant, &mut changes).map(|()| {
            slot.set(&mut now, changes);
            Arc::clone(&now.merchant)
        }))
    }

    /// The changes so far, of those that changed.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Merchant, Changes)> {
        self.slots().filter_map(|slot| {
            let changes = lock(&slot.now).changes.clone();
            (!changes.is_none()).then_some((slot.came.as_ref(), changes))
        })
    }

    /// Resets each merchant, then applies these changes by mchid.
    pub(crate) fn restore(&self, mut changes: HashMap<String, Changes>) {
        for slot in self.slots() {
            let changes = changes.remove(slot.came.mchid.as_str());
            slot.set(&mut lock(&slot.now), changes.unwrap_or_default());
        }
    }

    pub(crate) fn get(&self, mchid: &str) -> Option<Arc<Merchant>> {
        self.slots().find(|slot| slot.came.mchid == mchid).map(Slot::now)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Arc<Merchant>> {
        self.slots().map(Slot::now)
    }

    /// All merchants, as added.
    pub(crate) fn originals(&self) -> impl Iterator<Item = &Merchant> {
        self.slots().map(|slot| slot.came.as_ref())
    }

    /// Merchants added after the start, unchanged.
    pub(crate) fn added(&self) -> impl Iterator<Item = &Merchant> {
        self.added_slots().map(|slot| slot.came.as_ref())
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.first.iter().chain(self.added_slots())
    }

    fn added_slots(&self) -> impl Iterator<Item = &Slot> {
        let mut link = &self.added;
        std::iter::from_fn(move || {
            let (slot, rest) = &**link.0.get()?;
            link = rest;
            Some(slot)
        })
    }

    /// All apps of all merchants and their sub-merchants.
    pub(crate) fn appids(&self) -> impl Iterator<Item = Appid> {
        self.iter().flat_map(|merchant| {
            let of_subs = merchant.subs().into_iter().flat_map(|sub| sub.appids);
            merchant.appids.clone().into_iter().chain(of_subs)
        })
    }
}
