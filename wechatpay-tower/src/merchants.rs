//! Many merchants in one application.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;
use wechatpay_core::{ConfigError, Directory, keys::RefreshGuard, notify::MerchantReceivers, types::Mchid};

use crate::WechatPay;

/// Directory of many merchants, each with its own client, receiver and keys. Cheap to clone.
///
/// It is for service providers and for software that many shops use. A merchant is built once, when it is first
/// needed.
///
/// Keys are never shared: a message signed for one merchant does not verify for another. The refresh of a merchant's
/// platform certificates starts with the merchant and ends with [`remove`](Self::remove) or with the last clone.
///
/// ```no_run
/// # #[cfg(feature = "hyper")]
/// # async fn start(configs: std::collections::HashMap<String, wechatpay_tower::Config>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_tower::{Merchants, NotificationLayer, WechatPay, types::Mchid};
///
/// let merchants = Merchants::new(move |mchid| {
///     let Some(config) = configs.get(mchid.as_str()) else { return Ok(None) };
///     WechatPay::new(&config.validate()?).map(Some)
/// });
///
/// // Around the route /notify/{mchid}: the path names the merchant.
/// let layer = NotificationLayer::many(merchants.receivers().clone());
/// // When an order is created:
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

/// Error of looking a merchant up.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MerchantError {
    /// The merchant is not one of this application's.
    #[error("merchant {0} is unknown")]
    Unknown(Mchid),
    /// The merchant's settings are unusable. The next call tries again.
    #[error("merchant {mchid} could not be set up")]
    Settings {
        /// The merchant.
        mchid: Mchid,
        /// The error in the settings.
        #[source]
        source: Arc<ConfigError>,
    },
    /// `load` returned the handle of another merchant.
    #[error("merchant {requested} was requested, and the handle of merchant {returned} was returned")]
    OtherMerchant {
        /// The requested merchant.
        requested: Mchid,
        /// The merchant of the handle.
        returned: Mchid,
    },
}

impl Merchants {
    /// Creates a directory over `load`, which returns `None` for an unknown merchant.
    ///
    /// Concurrent lookups share one `load`. It should read settings that are in memory: [`get`](Self::get) runs it on
    /// the calling thread, a notification runs it on a blocking thread. For notifications, unknown merchants and
    /// failures are remembered for five seconds; [`remove`](Self::remove) forgets them.
    ///
    /// # Panics
    /// Panics outside a tokio runtime, in which certificates are refreshed.
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

    /// Returns the handle of a merchant.
    ///
    /// # Errors
    /// Returns an error if the merchant is unknown or its settings are unusable.
    pub fn get(&self, mchid: &Mchid) -> Result<WechatPay, MerchantError> {
        self.built.get(mchid).map(|entry| entry.wechatpay.clone())
    }

    /// Returns the directory of receivers for layers, middleware and fairings.
    #[must_use]
    pub fn receivers(&self) -> &MerchantReceivers {
        &self.receivers
    }

    /// Removes a merchant and stops its refresh.
    ///
    /// If `load` still knows the merchant, it is built again when it is next needed. Call it after the merchant's
    /// settings changed and after a merchant was added. A running `load` is discarded.
    pub fn remove(&self, mchid: &Mchid) {
        // In this order, so that a receiver that is built in between comes from the new entry.
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
        return Err(MerchantError::OtherMerchant {
            requested: mchid.clone(),
            returned: got.clone(),
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
