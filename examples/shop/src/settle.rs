//! The one way from a payment to the goods.
//!
//! ```text
//! notification ─┐
//!               ├─▶ Verified<Transaction> ──Expectation::check──▶ Confirmed ──Order::fulfil──▶ stored
//! query ────────┘
//! ```

use wechatpay_core::{
    api::{
        transactions::{PartnerClose, PartnerQueryByOutTradeNo},
        transactions::{TradeState, Transaction},
    },
    idempotency::Fence,
    notify::Mismatch,
    types::OutTradeNo,
    verify::Verified,
};

use crate::{
    error::ShopError,
    event::ShopEvent,
    order::{LearnedFrom, Order, OrderStatus, Overtaken, Paid, PaidTwice},
    shop::{Shop, now},
    store::{ChangeError, OrderStore, StoreError, change},
};

/// Sources of news about an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// A notification, under a lease.
    ByNotification { id: &'a str, fence: Fence },
    /// The response to a query.
    ByQuery,
}

impl Told<'_> {
    /// Records a notification. A query cannot be repeated, so it leaves no record.
    pub(crate) fn note(self, order: &mut Order) -> Result<(), Overtaken> {
        match self {
            Self::ByNotification { id, fence } => order.hear(id, fence),
            Self::ByQuery => Ok(()),
        }
    }

    fn learned_from(self) -> LearnedFrom {
        match self {
            Self::ByNotification { .. } => LearnedFrom::Notification,
            Self::ByQuery => LearnedFrom::Query,
        }
    }
}

/// Why a payment was not applied. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSettled {
    #[error("the order is not known")]
    UnknownOrder,
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error(transparent)]
    PaidTwice(#[from] PaidTwice),
    #[error(transparent)]
    Overtaken(#[from] Overtaken),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<E: Into<Self>> From<ChangeError<E>> for NotSettled {
    fn from(error: ChangeError<E>) -> Self {
        match error {
            ChangeError::UnknownOrder => Self::UnknownOrder,
            ChangeError::Refused(error) => error.into(),
            ChangeError::Store(error) => error.into(),
        }
    }
}

/// Compares a verified payment with its order and delivers the goods once.
///
/// Repeats and other sources change nothing. Returns the order, and events to publish once the change is certain.
pub(crate) async fn settle(
    orders: &dyn OrderStore,
    payment: Verified<Transaction>,
    told: Told<'_>,
) -> Result<(Order, ShopEvent), NotSettled> {
    let number = payment.out_trade_no.clone();
    let learned_from = told.learned_from();
    let learned_at = now();
    let (settled, paid) = change(orders, &number, |order| {
        let confirmed = order.expectation().check(payment.clone())?;
        told.note(order)?;
        Ok::<_, NotSettled>(order.fulfil(&confirmed, learned_from, learned_at)?)
    })
    .await?;
    let order = number;
    let event = match paid {
        Paid::HandedOver => ShopEvent::Paid { order, learned_from },
        Paid::Known | Paid::RefundedBefore => ShopEvent::PaidBefore { order, learned_from },
    };
    Ok((settled, event))
}

impl Shop {
    pub(crate) async fn sync(&self, number: &str) -> Result<Order, ShopError> {
        let order = self.find(number).await?;
        let number = &order.out_trade_no;
        let query = PartnerQueryByOutTradeNo::new(
            order.paid_to.sp_mchid.clone(),
            order.paid_to.sub_mchid.clone(),
            number.clone(),
        );
        let payment = self
            .0
            .wechatpay
            .client()
            .call(&query)
            .await
            .map_err(|error| ShopError::gateway(error, number))?;
        let state = payment.trade_state.clone();
        match settle(self.0.store.orders(), payment, Told::ByQuery).await {
            Ok((order, event)) => {
                self.tell(event);
                Ok(order)
            }
            // To ask for a payment that has not happened is no contradiction.
            Err(NotSettled::Mismatch(mismatch)) if mismatch.is_only_unpaid() => {
                self.unpaid(number, state).await
            }
            // Paid and given back, in part or in full, unheard. The goods wait for the notification of the payment.
            Err(NotSettled::Mismatch(mismatch))
                if state == TradeState::Refund && mismatch.fields() == ["trade_state"] =>
            {
                self.known(number, Order::refund_known).await
            }
            Err(NotSettled::Mismatch(mismatch)) => {
                self.contradicted(number, &mismatch.fields().join(", "));
                Err(ShopError::Contradiction(mismatch))
            }
            Err(NotSettled::PaidTwice(error)) => {
                self.contradicted(number, "transaction_id");
                Err(error.into())
            }
            Err(NotSettled::Store(error)) => Err(error.into()),
            Err(NotSettled::UnknownOrder | NotSettled::Overtaken(_)) => Err(ShopError::NoSuchOrder),
        }
    }

    /// Applies the state of an order that matches but is not paid.
    async fn unpaid(&self, number: &OutTradeNo, state: TradeState) -> Result<Order, ShopError> {
        self.known(number, |order| match &state {
            TradeState::Closed | TradeState::Revoked | TradeState::PayError => order.close(),
            _ => {}
        })
        .await
    }

    /// Applies the gateway's state of an order that is not paid, or no longer.
    async fn known(
        &self,
        number: &OutTradeNo,
        change_state: impl Fn(&mut Order),
    ) -> Result<Order, ShopError> {
        let changed = change(self.0.store.orders(), number, |order| {
            change_state(order);
            Ok::<_, ShopError>(())
        })
        .await?;
        Ok(changed.0)
    }

    pub(crate) async fn close(&self, number: &str) -> Result<Order, ShopError> {
        let order = self.find(number).await?;
        match order.status {
            OrderStatus::NotPay => {}
            OrderStatus::Closed => return Ok(order),
            OrderStatus::Success | OrderStatus::Refund => return Err(ShopError::AlreadyPaid),
        }
        let number = &order.out_trade_no;
        let close = PartnerClose::new(
            order.paid_to.sp_mchid.clone(),
            order.paid_to.sub_mchid.clone(),
            number.clone(),
        );
        self.0
            .wechatpay
            .client()
            .call(&close)
            .await
            .map_err(|error| ShopError::gateway(error, number))?;
        let closed = change(self.0.store.orders(), number, |order| {
            order.close();
            Ok::<_, ShopError>(())
        })
        .await?;
        Ok(closed.0)
    }
}
