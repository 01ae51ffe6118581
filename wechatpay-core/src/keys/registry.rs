//! Many merchants, one cache each.

use std::sync::Arc;

use super::KeyStore;
use crate::types::Mchid;

/// Key stores by merchant, each built once. A provider with many merchants keeps one of these.
///
/// Keys are never shared between merchants: a notification for one must not verify with a key of another's.
#[derive(Clone)]
pub struct KeyRegistry {
    stores: moka::sync::Cache<Mchid, Arc<dyn KeyStore>>,
}

impl KeyRegistry {
    /// An empty registry without a bound: it holds as many stores as there are merchants configured.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stores: moka::sync::Cache::builder().build(),
        }
    }

    /// The store of a merchant; built by `make` if it is the first to ask. Concurrent callers for one merchant wait for
    /// one `make`.
    pub fn get_or_build(&self, mchid: &Mchid, make: impl FnOnce() -> Arc<dyn KeyStore>) -> Arc<dyn KeyStore> {
        self.stores.get_with_by_ref(mchid, make)
    }

    /// The store of a merchant, if it was built.
    #[must_use]
    pub fn get(&self, mchid: &Mchid) -> Option<Arc<dyn KeyStore>> {
        self.stores.get(mchid)
    }

    /// Forgets a merchant.
    pub fn remove(&self, mchid: &Mchid) {
        self.stores.invalidate(mchid);
    }
}

impl Default for KeyRegistry {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for KeyRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRegistry")
            .field("merchants", &self.stores.entry_count())
            .finish()
    }
}
