//! Many merchants in one application.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;
use wechatpay_core::{ConfigError, Directory, keys::RefreshGuard, notify::MerchantReceivers, types::Mchid};

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
    built: Directory<Arc<Entry>, MerchantError>,
    receivers: MerchantReceivers,
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
    /// Concurrent lookups share one `load`. It should read settings that are in memory: [`get`](Self::get) runs it on the
    /// thread that asks, a notification on a thread that may block. For notifications, unknown merchants and failures are
    /// remembered for five seconds; [`remove`](Self::remove) forgets them.
    ///
    /// # Panics
    /// Outside a tokio runtime, in which certificates are kept fresh.
    pub fn new(
        load: impl Fn(&Mchid) -> Result<Option<WechatPay>, ConfigError> + Send + Sync + 'static,
    ) -> Self {
        let runtime = Handle::current();
        let built = Directory::new(move |mchid| build(&load, &runtime, mchid).map(Arc::new));
        let of_receivers = built.clone();
        let receivers = MerchantReceivers::try_lazy(move |mchid| match of_receivers.get(mchid) {
            Ok(entry) => Ok(Some(entry.wechatpay.receiver().clone())),
            Err(MerchantError::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        });
        Self { built, receivers }
    }

    /// The handle of a merchant.
    ///
    /// # Errors
    /// A merchant that is not known, or whose settings cannot be used.
    pub fn get(&self, mchid: &Mchid) -> Result<WechatPay, MerchantError> {
        self.built.get(mchid).map(|entry| entry.wechatpay.clone())
    }

    /// The directory that the layers, middleware and fairings take.
    #[must_use]
    pub fn receivers(&self) -> &MerchantReceivers {
        &self.receivers
    }

    /// Forgets a merchant and stops its refresh; if `load` still knows it, it is built anew when it is next needed. Call it
    /// when its settings changed, and when a merchant was added. A `load` that is under way is discarded.
    pub fn remove(&self, mchid: &Mchid) {
        // In this order: a receiver that is made in between comes from the new entry.
        self.built.remove(mchid);
        self.receivers.remove(mchid);
    }
}

fn build(
    load: impl Fn(&Mchid) -> Result<Option<WechatPay>, ConfigError>,
    runtime: &Handle,
    mchid: &Mchid,
) -> Result<Entry, MerchantError> {
    let wechatpay = load(mchid)
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
    let _in_runtime = runtime.enter();
    Ok(Entry {
        _refresh: wechatpay.spawn_refresh(),
        wechatpay,
    })
}

impl fmt::Debug for Merchants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchants")
            .field("built", &self.built.len())
            .finish_non_exhaustive()
    }
}
