//! Watching orders, for notifications that never come.

use std::{future::pending, sync::Arc};

use wechatpay_axum::{
    Ack, AnyResource, Nack, Notification,
    idempotency::{IdempotencyStore, Limits, handle},
    watch::{End, News, Pending, Subject, Watch},
};

use crate::shop::{BoxError, Order, Shop};

/// Shop with the store of its events and the watch over its orders.
#[derive(Debug)]
pub struct Watched {
    /// The shop.
    pub shop: Shop,
    /// Leases of the events.
    pub store: Arc<dyn IdempotencyStore>,
    /// The watch.
    pub watch: Watch,
}

impl Watched {
    /// Registers an order before it is placed.
    ///
    /// # Errors
    /// The settings, or a store that fails.
    pub async fn register(&self, order: &Order) -> Result<(), BoxError> {
        let merchant = self.shop.wechatpay.settings().direct()?.mchid;
        self.watch
            .register(&Pending::order(merchant, &order.number))
            .await?;
        Ok(())
    }

    /// Queries what is due, for ever. Run it beside the server.
    pub async fn work(&self) {
        self.watch
            .run(8, pending(), async |news| self.learn(news).await)
            .await;
    }

    /// Takes a notification.
    ///
    /// # Errors
    /// News of another kind, or news that were not taken.
    pub async fn notified(&self, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
        let news = News::of(notification).map_err(|_| Nack::failed())?;
        self.learn(news).await.map_err(|_| Nack::failed())?;
        Ok(Ack)
    }

    /// Takes news of either source, each event once.
    ///
    /// # Errors
    /// News that contradict the order, or a store that fails.
    pub async fn learn(&self, news: News) -> Result<(), BoxError> {
        let (end, subject) = (news.end(), news.subject().clone());
        handle(&self.store, news.event(), &Limits::default(), async |_| {
            let Subject::Payment(payment) = subject else {
                return Err("nobody handles this yet".into());
            };
            if end == End::Closed {
                return Ok(()); // it was not paid, and cannot be paid any more
            }
            let order = self.shop.order(&payment.out_trade_no).ok_or("no such order")?;
            let expected = self.shop.wechatpay.expectation(order.number, order.total)?;
            let confirmed = payment.confirm(&expected)?;
            self.shop.fulfil(&confirmed).map_err(|_| "not fulfilled")?;
            Ok::<_, BoxError>(())
        })
        .await?;
        Ok(self.watch.heard(&news).await?)
    }
}
