//! Many merchants in one application.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;
use wechatpay_core::{ConfigError, keys::RefreshGuard, notify::MerchantReceivers, types::Mchid};

use crate::WechatPay;

/// Many merchants, each with a client, a receiver and keys of its own, built when it is first needed and once. For service
/// providers and software that many shops rent. Cheap to clone.
///
/// Keys are never shared: what is signed for one merchant does not verify for another. The refresh of each merchant's
/// platform certificates starts with the merchant and ends with [`remove`](Self::remove) or with the last clone.
///
/// ```no_run
/// # #[cfg(feature = "hyper")]
/// # async fn start(configs: std::collections::HashMap<String, wechatpay_core::Config>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_core::types::Mchid;
/// use wechatpay_tower::{Merchants, NotificationLayer, WechatPay};
///
/// let merchants = Merchants::new(move |mchid| {
///     let Some(config) = configs.get(mchid.as_str()) else { return Ok(None) };
///     WechatPay::new(&config.validate()?).map(Some)
/// });
///
/// // Around the route /notify/{mchid}: the path says who is notified.
/// let layer = NotificationLayer::many(merchants.receivers().clone());
/// // And where an order is created:
/// let client = merchants.get(&Mchid::parse("1900000001")?)?.client().clone();
/// # let _ = (layer, client);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Merchants {
    directory: Arc<Directory>,
    receivers: MerchantReceivers,
}

type Load = dyn Fn(&Mchid) -> Result<Option<WechatPay>, ConfigError> + Send + Sync;

struct Directory {
    // No bound: an evicted merchant would take its keys with it. There are as many as `load` knows.
    built: moka::sync::Cache<Mchid, Arc<Entry>>,
    load: Box<Load>,
    runtime: Handle,
}

struct Entry {
    wechatpay: WechatPay,
    _refresh: Option<RefreshGuard>,
}

/// Why a merchant could not be had.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MerchantError {
    /// Not one of this application's merchants.
    #[error("merchant {0} is not known here")]
    Unknown(Mchid),
    /// Its settings could not be used. The next call tries again.
    #[error("merchant {mchid} could not be set up")]
    Settings {
        /// Whose settings.
        mchid: Mchid,
        /// What is wrong with them.
        #[source]
        source: Arc<ConfigError>,
    },
    /// `load` gave the handle of another merchant.
    #[error("asked for merchant {asked}, got {got}")]
    Another {
        /// Whose handle was asked for.
        asked: Mchid,
        /// Whose it was.
        got: Mchid,
    },
}

impl Merchants {
    /// Takes what makes the handle of a merchant; `None` for one that is none of yours.
    ///
    /// `load` runs once per merchant, whoever else asks meanwhile, on the thread that asks. It should read settings that are
    /// in memory.
    ///
    /// # Panics
    /// Outside a tokio runtime, in which certificates are kept fresh.
    pub fn new(
        load: impl Fn(&Mchid) -> Result<Option<WechatPay>, ConfigError> + Send + Sync + 'static,
    ) -> Self {
        let directory = Arc::new(Directory {
            built: moka::sync::Cache::builder().build(),
            load: Box::new(load),
            runtime: Handle::current(),
        });
        let of_receivers = Arc::clone(&directory);
        let receivers = MerchantReceivers::lazy(move |mchid| match of_receivers.get(mchid) {
            Ok(wechatpay) => Some(wechatpay.receiver().clone()),
            Err(MerchantError::Unknown(_)) => None,
            Err(error) => {
                tracing::error!(%mchid, error = &error as &dyn std::error::Error, "a merchant's notification has no receiver");
                None
            }
        });
        Self { directory, receivers }
    }

    /// The handle of a merchant.
    ///
    /// # Errors
    /// A merchant that is not known, or whose settings cannot be used.
    pub fn get(&self, mchid: &Mchid) -> Result<WechatPay, MerchantError> {
        self.directory.get(mchid)
    }

    /// The directory that the layers, middleware and fairings take.
    #[must_use]
    pub fn receivers(&self) -> &MerchantReceivers {
        &self.receivers
    }

    /// Forgets a merchant and stops its refresh; if `load` still knows it, it is built anew when it is next needed. Call it
    /// when its settings changed.
    pub fn remove(&self, mchid: &Mchid) {
        self.directory.built.invalidate(mchid);
        self.receivers.remove(mchid);
    }
}

impl Directory {
    fn get(&self, mchid: &Mchid) -> Result<WechatPay, MerchantError> {
        self.built
            .try_get_with_by_ref(mchid, || self.build(mchid).map(Arc::new))
            .map(|entry| entry.wechatpay.clone())
            .map_err(|error| MerchantError::clone(&error))
    }

    fn build(&self, mchid: &Mchid) -> Result<Entry, MerchantError> {
        let wechatpay = (self.load)(mchid)
            .map_err(|source| MerchantError::Settings {
                mchid: mchid.clone(),
                source: Arc::new(source),
            })?
            .ok_or_else(|| MerchantError::Unknown(mchid.clone()))?;
        let got = &wechatpay.settings().mchid;
        if got != mchid {
            return Err(MerchantError::Another {
                asked: mchid.clone(),
                got: got.clone(),
            });
        }
        let _in_runtime = self.runtime.enter();
        Ok(Entry {
            _refresh: wechatpay.spawn_refresh(),
            wechatpay,
        })
    }
}

impl fmt::Debug for Merchants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchants")
            .field("built", &self.directory.built.entry_count())
            .finish_non_exhaustive()
    }
}
