//! Many merchants, one receiver each.

use std::{fmt, sync::Arc};

use super::{NotificationError, NotificationReceiver};
use crate::types::Mchid;

/// A directory of receivers by merchant, for providers that serve many with one application.
///
/// The route of a notification names the merchant (`/notify/{mchid}`); its receiver verifies with its own keys, decrypts
/// with its own APIv3 key and refuses what is for another merchant, also when both trust the same platform key. Cheap to
/// clone.
///
/// ```
/// # #[cfg(feature = "test-util")] {
/// use wechatpay_core::{notify::MerchantReceivers, testing::FakePlatform};
///
/// let directory = MerchantReceivers::new([FakePlatform::new().receiver()]);
/// assert!(directory.get("1900000001").is_ok());
/// assert_eq!(directory.get("1900000002").unwrap_err().status(), 404);
/// # }
/// ```
#[derive(Clone)]
pub struct MerchantReceivers {
    built: moka::sync::Cache<Mchid, NotificationReceiver>,
    build: Arc<dyn Fn(&Mchid) -> Option<NotificationReceiver> + Send + Sync>,
}

impl MerchantReceivers {
    /// A directory of these receivers.
    pub fn new(receivers: impl IntoIterator<Item = NotificationReceiver>) -> Self {
        let directory = Self::lazy(|_| None);
        for receiver in receivers {
            directory.built.insert(receiver.mchid().clone(), receiver);
        }
        directory
    }

    /// A directory that builds a receiver when its merchant is first asked for, once, whoever else asks meanwhile; `None`
    /// for a merchant that is none. Only those that exist are remembered, so made-up ids cannot grow it.
    pub fn lazy(build: impl Fn(&Mchid) -> Option<NotificationReceiver> + Send + Sync + 'static) -> Self {
        // No bound: an evicted receiver would take its key cache with it. There are as many as there are merchants.
        Self {
            built: moka::sync::Cache::builder().build(),
            build: Arc::new(build),
        }
    }

    /// The receiver of a merchant.
    ///
    /// # Errors
    /// [`NotificationError::UnknownMerchant`] for one that is not in the directory, or a text that is no merchant id.
    pub fn get(&self, mchid: &str) -> Result<NotificationReceiver, NotificationError> {
        let mchid = Mchid::parse(mchid).map_err(|_| NotificationError::UnknownMerchant)?;
        self.built
            .optionally_get_with_by_ref(&mchid, || (self.build)(&mchid))
            .filter(|receiver| *receiver.mchid() == mchid)
            .ok_or(NotificationError::UnknownMerchant)
    }

    /// Takes a merchant out, or makes a lazy directory build it anew, with new keys for instance.
    pub fn remove(&self, mchid: &Mchid) {
        self.built.invalidate(mchid);
    }

    /// Adds a receiver, or replaces the one of its merchant.
    pub fn insert(&self, receiver: NotificationReceiver) {
        self.built.insert(receiver.mchid().clone(), receiver);
    }
}

impl fmt::Debug for MerchantReceivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantReceivers")
            .field("built", &self.built.entry_count())
            .finish_non_exhaustive()
    }
}
