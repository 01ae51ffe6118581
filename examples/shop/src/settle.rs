//! The one way from a payment to the goods.
//!
//! ```text
//! notification ─┐
//!               ├─▶ News ──once per event──▶ Expectation::check ──▶ Confirmed ──Order::fulfil──▶ stored
//! query ────────┘
//! ```

use wechatpay_core::{
    api::transactions::{PartnerClose, PartnerQueryByOutTradeNo, TradeState, Transaction},
    idempotency::{Fence, HandlerContext, IdempotencyError},
    notify::Mismatch,
    verify::Verified,
    watch::News,
};

use crate::{
    error::ShopError,
    event::ShopEvent,
    learned::NotTaken,
    order::{LearnedFrom, Order, OrderStatus, Overtaken, Paid, PaidTwice},
    shop::{Shop, now},
    store::{ChangeError, OrderStore, StoreError, change},
};

/// Event under a lease, and the source that told of it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    event: String,
    fence: Fence,
    pub(crate) learned_from: LearnedFrom,
}

impl From<&HandlerContext> for Told {
    fn from(context: &HandlerContext) -> Self {
        Self {
            event: context.key().event().to_owned(),
            fence: context.fence(),
            learned_from: context.source().into(),
        }
    }
}

impl Told {
    /// Records the event in the order before its changes.
    pub(crate) fn note(&self, order: &mut Order) -> Result<(), Overtaken> {
        order.hear(&self.event, self.fence)
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
/// Repeats and other sources change nothing. Returns the event to publish once the change is certain.
pub(crate) async fn settle(
    orders: &dyn OrderStore,
    payment: Verified<Transaction>,
    told: &Told,
) -> Result<ShopEvent, NotSettled> {
    let order = payment.out_trade_no.clone();
    let (learned_from, learned_at) = (told.learned_from, now());
    let (_, paid) = change(orders, &order, |order| {
        let confirmed = order.expectation().check(payment.clone())?;
        told.note(order)?;
        Ok::<_, NotSettled>(order.fulfil(&confirmed, learned_from, learned_at)?)
    })
    .await?;
    Ok(match paid {
        Paid::HandedOver => ShopEvent::Paid { order, learned_from },
        Paid::Known | Paid::RefundedBefore => ShopEvent::PaidBefore { order, learned_from },
    })
}

/// Applies the end of an order that was not paid, or was refunded unheard.
pub(crate) async fn end(
    orders: &dyn OrderStore,
    payment: Verified<Transaction>,
    told: &Told,
) -> Result<ShopEvent, NotSettled> {
    let (order, state) = (payment.out_trade_no.clone(), payment.trade_state.clone());
    change(orders, &order, |order| {
        let mismatch = match order.expectation().check(payment.clone()) {
            Ok(_) => return Ok(()),
            Err(mismatch) => mismatch,
        };
        let is_refunded = state == TradeState::Refund && mismatch.fields() == ["trade_state"];
        if !is_refunded && !mismatch.is_only_unpaid() {
            return Err(NotSettled::from(mismatch));
        }
        told.note(order)?;
        if is_refunded {
            // The goods wait for the news of the payment.
            order.refund_known();
        } else {
            order.close();
        }
        Ok(())
    })
    .await?;
    Ok(ShopEvent::Ended {
        order,
        state: state.to_string(),
    })
}

impl Shop {
    /// Asks the gateway, and applies the response as a notification is applied.
    pub(crate) async fn sync(&self, number: &str) -> Result<Order, ShopError> {
        let order = self.find(number).await?;
        let query = PartnerQueryByOutTradeNo::new(
            order.paid_to.sp_mchid.clone(),
            order.paid_to.sub_mchid.clone(),
            order.out_trade_no.clone(),
        );
        let payment = self.0.wechatpay.client().call(&query).await;
        let payment = payment.map_err(|error| ShopError::gateway(error, &order.out_trade_no))?;
        let Some(news) = News::queried(&order.paid_to.sp_mchid, payment.clone()) else {
            // To ask for a payment that has not happened is no contradiction.
            return match order.expectation().check(payment) {
                Err(mismatch) if !mismatch.is_only_unpaid() => {
                    let differing = mismatch.fields().join(", ");
                    self.contradicted(&order.out_trade_no, &differing);
                    Err(ShopError::Contradiction(differing))
                }
                _ => Ok(order),
            };
        };
        match self.learn(news).await {
            // A handler is at it: its result is there in a moment.
            Ok(()) | Err(IdempotencyError::InProgress { .. }) => self.find(number).await,
            Err(IdempotencyError::Handler(NotTaken::Contradicted { differing, .. })) => {
                Err(ShopError::Contradiction(differing))
            }
            Err(IdempotencyError::Contradiction) => {
                Err(ShopError::Contradiction("facts of the event".to_owned()))
            }
            Err(error) => Err(StoreError(error.into()).into()),
        }
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
