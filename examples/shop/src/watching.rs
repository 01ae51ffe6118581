//! Orders and refunds whose notification may never come.

use std::time::Duration;

use tokio::task::JoinSet;
use wechatpay_core::{
    types::OutRefundNo,
    watch::{News, Pending, PendingKey, Schedule},
};
use wechatpay_tower::{WechatPay, watch::Watch};

use crate::{
    error::with_causes,
    order::{Order, PaidTo},
    shop::Shop,
    store::{ShopStore, StoreError},
};

/// Looks at the same time.
const WORKERS: usize = 8;
/// Time in which an order can be paid; then it is closed.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// Factor of `SHOP_WATCH=fast`.
const FAST: u32 = 60;
/// Lease of a look with `SHOP_WATCH=fast`.
///
/// A query, the handler and a close take no less.
const FAST_LEASE: Duration = Duration::from_secs(10);

/// Values of `SHOP_WATCH`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watching {
    /// By the library's schedule.
    #[default]
    On,
    /// The same sixty times as fast, for tests.
    Fast,
    /// Not at all.
    Off,
}

impl Watching {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "on" => Some(Self::On),
            "fast" => Some(Self::Fast),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    /// A time of the shop's own, as fast as the watch.
    fn scaled(self, time: Duration) -> Duration {
        match self {
            Self::Fast => time.checked_div(FAST).unwrap_or(time),
            Self::On | Self::Off => time,
        }
    }

    /// The watch over the orders of a store.
    pub(crate) fn watch(self, wechatpay: &WechatPay, store: &ShopStore) -> Option<Watch> {
        let watch = Watch::new(wechatpay.client().clone(), store.pending());
        match self {
            Self::On => Some(watch),
            Self::Fast => Some(watch.schedule(Schedule::default().faster(FAST)).lease(FAST_LEASE)),
            Self::Off => None,
        }
    }
}

impl Shop {
    /// Watches over orders and refunds until the set is dropped.
    ///
    /// A look that is dropped is taken again when its lease ends.
    #[must_use = "the watch ends when this is dropped"]
    pub fn spawn_watch(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        if let Some(watch) = self.0.watch.clone() {
            let shop = self.clone();
            tasks.spawn(async move {
                let learn = async |news| shop.learn(news).await;
                watch.run(WORKERS, std::future::pending(), learn).await;
            });
        }
        tasks
    }

    /// Registers an order before the gateway learns of it.
    pub(crate) async fn watch_order(&self, order: &Order) -> Result<(), StoreError> {
        let PaidTo {
            sp_mchid, sub_mchid, ..
        } = order.paid_to.clone();
        let pending = Pending::partner_order(sp_mchid, sub_mchid, &order.out_trade_no);
        self.register(&pending.lifetime(self.0.watching.scaled(LIFETIME)))
            .await
    }

    /// Registers a refund before the gateway learns of it.
    pub(crate) async fn watch_refund(&self, order: &Order, refund: &OutRefundNo) -> Result<(), StoreError> {
        let PaidTo {
            sp_mchid, sub_mchid, ..
        } = order.paid_to.clone();
        let pending = Pending::ecommerce_refund(sp_mchid, sub_mchid, refund);
        let lifetime = self.0.watching.scaled(pending.lifetime);
        self.register(&pending.lifetime(lifetime)).await
    }

    async fn register(&self, pending: &Pending) -> Result<(), StoreError> {
        if let Some(watch) = &self.0.watch {
            let registered = watch.register(pending).await;
            registered.map_err(|error| StoreError(error.into()))?;
        }
        Ok(())
    }

    /// Ends the watch over a refund that the gateway refused.
    pub(crate) async fn refund_refused(&self, order: &Order, refund: &OutRefundNo) {
        let key = PendingKey::ecommerce_refund(order.paid_to.sp_mchid.clone(), refund);
        if let Some(watch) = &self.0.watch
            && let Err(error) = watch.give_up(&key, "the platform refused it").await
        {
            tracing::warn!(target: "shop", "{}", with_causes(&error));
        }
    }

    /// Ends the watch over what these news are about.
    ///
    /// If that fails, the next look finds out.
    pub(crate) async fn heard(&self, news: &News) {
        if let Some(watch) = &self.0.watch
            && let Err(error) = watch.heard(news).await
        {
            tracing::warn!(target: "shop", "{}", with_causes(&error));
        }
    }
}
