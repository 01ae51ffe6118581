//! All merchants, initial and added ones.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use wechatpay_core::types::{Appid, Mchid};

use super::{
    change::{LoadedChange, MerchantChange, Version},
    document::SubMerchant,
    state::Merchant,
};
use crate::world::lock;
use crate::world::merchants::error::MerchantError;

/// Maximum number of merchants; the list is linked.
const CAPACITY: usize = 1_000;

/// All merchants; the demo merchant is the first. None can be removed.
///
/// A change replaces the `Merchant`, so that a reader sees one consistent version without holding a lock.
pub struct Merchants {
    first: Vec<Slot>,
    added: Link,
    adding: Mutex<()>,
}

debug_only!(Merchants {});

/// A merchant as added, and its present version.
struct Slot {
    came: Arc<Merchant>,
    now: Mutex<Version>,
}

/// The rest of a list that only grows.
#[derive(Default)]
struct Link(OnceLock<Box<(Slot, Self)>>);

/// Merchants of a snapshot, ready to be restored.
pub(crate) struct RestoredMerchants {
    came: Vec<Merchant>,
    versions: HashMap<Mchid, Version>,
}

impl Slot {
    fn new(merchant: Merchant) -> Self {
        let came = Arc::new(merchant);
        Self {
            now: Mutex::new(Version::first(&came)),
            came,
        }
    }

    fn now(&self) -> Arc<Merchant> {
        Arc::clone(&lock(&self.now).merchant)
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
    pub(crate) fn add(&self, merchant: Merchant) -> Result<Arc<Merchant>, MerchantError> {
        let _adding = lock(&self.adding);
        if self.get(merchant.mchid.as_str()).is_some() {
            return Err(MerchantError::Twice(merchant.mchid));
        }
        if self.slots().count() >= CAPACITY {
            return Err(MerchantError::TooMany);
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

    /// Changes a merchant; requests under way keep the old version.
    pub(crate) fn change(&self, mchid: &str, change: LoadedChange) -> Result<Arc<Merchant>, MerchantError> {
        let slot = self.slot(mchid).ok_or(MerchantError::Unknown)?;
        let mut now = lock(&slot.now);
        now.change(change)?;
        Ok(Arc::clone(&now.merchant))
    }

    /// Adds a sub-merchant of a merchant, unless it is known.
    pub(crate) fn admit(&self, mchid: &str, sub: SubMerchant) -> Result<(), MerchantError> {
        let slot = self.slot(mchid).ok_or(MerchantError::Unknown)?;
        let mut now = lock(&slot.now);
        match now.merchant.sub(sub.mchid.as_str()) {
            Some(_) => Ok(()),
            None => now.change(LoadedChange::of_sub(sub)),
        }
    }

    /// The changes so far, of those that changed.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (Mchid, MerchantChange)> {
        self.slots().filter_map(|slot| {
            let changes = lock(&slot.now).changes.clone();
            (!changes.is_empty()).then(|| (slot.came.mchid.clone(), changes))
        })
    }

    /// Merchants that came, and the changes of all, put together. Nothing changes yet.
    pub(crate) fn restored(
        &self,
        came: Vec<Merchant>,
        changes: Vec<(Mchid, LoadedChange)>,
    ) -> Result<RestoredMerchants, MerchantError> {
        let known = |mchid: &Mchid| {
            let slot = self.slot(mchid.as_str()).map(|slot| (*slot.came).clone());
            slot.or_else(|| came.iter().find(|merchant| merchant.mchid == *mchid).cloned())
        };
        let versions = changes.into_iter().map(|(mchid, changes)| {
            let merchant = known(&mchid).ok_or(MerchantError::Unknown)?;
            let mut version = Version::first(&Arc::new(merchant));
            version.change(changes)?;
            Ok((mchid, version))
        });
        let versions = versions.collect::<Result<_, MerchantError>>()?;
        Ok(RestoredMerchants { came, versions })
    }

    /// Adds missing merchants, and gives each its version in the snapshot.
    ///
    /// Merchants that the snapshot does not name are as they were added.
    pub(crate) fn restore(&self, restored: RestoredMerchants) {
        let RestoredMerchants { came, mut versions } = restored;
        for merchant in came {
            // Whoever came meanwhile stays.
            let _ = self.add(merchant);
        }
        for slot in self.slots() {
            let version = versions.remove(&slot.came.mchid);
            *lock(&slot.now) = version.unwrap_or_else(|| Version::first(&slot.came));
        }
    }

    pub fn get(&self, mchid: &str) -> Option<Arc<Merchant>> {
        self.slot(mchid).map(Slot::now)
    }

    pub fn iter(&self) -> impl Iterator<Item = Arc<Merchant>> {
        self.slots().map(Slot::now)
    }

    /// All merchants, as added.
    pub fn originals(&self) -> impl Iterator<Item = &Merchant> {
        self.slots().map(|slot| slot.came.as_ref())
    }

    /// Merchants added after the start, unchanged.
    pub(crate) fn added(&self) -> impl Iterator<Item = &Merchant> {
        self.added_slots().map(|slot| slot.came.as_ref())
    }

    fn slot(&self, mchid: &str) -> Option<&Slot> {
        self.slots().find(|slot| slot.came.mchid == mchid)
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

    /// True if the account of an app may use web authorisation.
    ///
    /// `None` for an unknown app.
    pub fn has_oauth(&self, appid: &str) -> Option<bool> {
        self.appids().find(|known| *known == appid)?;
        let is_without = |merchant: Arc<Merchant>| {
            let mut without = merchant.appids_without_oauth.iter();
            without.any(|known| *known == appid)
        };
        Some(!self.iter().any(is_without))
    }

    /// All apps of all merchants and their sub-merchants.
    pub(crate) fn appids(&self) -> impl Iterator<Item = Appid> {
        self.iter().flat_map(|merchant| {
            let of_subs = merchant.sub_merchants.iter().flat_map(|sub| sub.appids.clone());
            merchant.appids.iter().cloned().chain(of_subs).collect::<Vec<_>>()
        })
    }
}
