//! The one way from a payment to the goods.
//!
//! ```text
//! notification ─┐
//!               ├─▶ Verified<Transaction> ──Expectation::check──▶ Confirmed ──Order::fulfil──▶ stored
//! query ────────┘
//! ```

use std::time::Duration;

use wechatpay_core::{
    api::{
        partner::{Close, QueryByOutTradeNo},
        refunds::RefundNotice,
        transactions::{TradeState, Transaction},
    },
    notify::{Ack, AnyNotification, AnyResource, Mismatch, Notification, Refusal},
    types::OutTradeNo,
    verify::Verified,
};

use crate::{
    error::{ShopError, with_causes},
    event::ShopEvent,
    order::{LearnedFrom, Order, OrderStatus, Paid, PaidTwice},
    shop::{Shop, now},
    store::{ChangeError, StoreError, change},
};

/// The platform gives up after 5 s; a store that hangs is refused before that, and the platform sends again.
const NOTIFY_DEADLINE: Duration = Duration::from_secs(3);

/// Why a payment was not applied. Nothing was changed.
#[derive(Debug, thiserror::Error)]
enum NotSettled {
    #[error("the order is not known")]
    UnknownOrder,
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error(transparent)]
    PaidTwice(#[from] PaidTwice),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Shop {
    /// `POST /wechatpay/notify`: every notification, verified and decrypted, whatever its kind.
    ///
    /// # Errors
    /// The refusal with which the framework answers; the platform then sends again.
    pub async fn notified(&self, notification: Notification<AnyResource>) -> Result<Ack, Refusal> {
        let handle = async {
            let event_type = notification.event_type().to_string();
            match notification.by_kind() {
                AnyNotification::Transaction(payment) => self.payment_notified(payment.into_verified()).await,
                AnyNotification::Refund(notice) => self.refund_notified(&notice).await,
                // What the shop does not handle it does not acknowledge: that would lose it without a trace.
                _ => {
                    tracing::warn!(target: "shop", event_type, "a notification that nobody handles");
                    self.tell(ShopEvent::Unhandled { event_type });
                    Err(Refusal::failed())
                }
            }
        };
        tokio::time::timeout(NOTIFY_DEADLINE, handle)
            .await
            .unwrap_or(Err(Refusal::unavailable()))
    }

    async fn payment_notified(&self, payment: Verified<Transaction>) -> Result<Ack, Refusal> {
        let settled = self.settle(payment, LearnedFrom::Notification).await;
        match settled {
            Ok(_) => Ok(Ack),
            // It may be known a moment later.
            Err(NotSettled::UnknownOrder) => Err(Refusal::failed()),
            Err(NotSettled::Mismatch(_) | NotSettled::PaidTwice(_)) => Err(Refusal::contradicted()),
            Err(NotSettled::Store(error)) => {
                tracing::error!(target: "shop", "{}", with_causes(&error));
                Err(Refusal::unavailable())
            }
        }
    }

    /// Compares a verified payment with its order and hands the goods over, once, whoever tells of it and how often.
    async fn settle(
        &self,
        payment: Verified<Transaction>,
        learned_from: LearnedFrom,
    ) -> Result<Order, NotSettled> {
        let number = payment.out_trade_no.clone();
        let learned_at = now();
        let settled = change(self.0.store.as_ref(), &number, |order| {
            let confirmed = order.expectation().check(payment.clone())?;
            Ok::<_, NotSettled>(order.fulfil(&confirmed, learned_from, learned_at)?)
        })
        .await;
        match settled {
            Ok((order, Paid::HandedOver)) => {
                self.tell(ShopEvent::Paid {
                    order: number,
                    learned_from,
                });
                Ok(order)
            }
            Ok((order, Paid::Known | Paid::RefundedBefore)) => {
                self.tell(ShopEvent::PaidBefore {
                    order: number,
                    learned_from,
                });
                Ok(order)
            }
            Err(ChangeError::UnknownOrder) => {
                self.tell(ShopEvent::UnknownOrder { order: number });
                Err(NotSettled::UnknownOrder)
            }
            Err(ChangeError::Refused(error)) => {
                self.contradicted(number, learned_from, &error);
                Err(error)
            }
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }

    /// Somebody should look at it: a genuine payment that is not the one of the order.
    fn contradicted(&self, order: OutTradeNo, learned_from: LearnedFrom, error: &NotSettled) {
        let differing = match error {
            // To ask for a payment that has not happened is no contradiction.
            NotSettled::Mismatch(mismatch)
                if learned_from == LearnedFrom::Query && mismatch.is_only_unpaid() =>
            {
                return;
            }
            NotSettled::Mismatch(mismatch) => mismatch.fields().join(", "),
            _ => "transaction_id".to_owned(),
        };
        tracing::warn!(target: "shop", order = order.as_str(), differing, "a payment contradicts its order");
        self.tell(ShopEvent::Contradicted { order, differing });
    }

    async fn refund_notified(&self, notice: &RefundNotice) -> Result<Ack, Refusal> {
        let number = &notice.out_trade_no;
        let noticed = change(self.0.store.as_ref(), number, |order| {
            order.refund_noticed(notice)
        })
        .await;
        match noticed {
            Ok(_) => {
                self.tell(ShopEvent::Refund {
                    order: number.clone(),
                    refund: notice.out_refund_no.clone(),
                    status: notice.refund_status.to_string(),
                });
                Ok(Ack)
            }
            Err(ChangeError::UnknownOrder) => {
                self.tell(ShopEvent::UnknownOrder {
                    order: number.clone(),
                });
                Err(Refusal::failed())
            }
            Err(ChangeError::Refused(mismatch)) => {
                tracing::warn!(target: "shop", order = number.as_str(), "{mismatch}");
                self.tell(ShopEvent::Contradicted {
                    order: number.clone(),
                    differing: mismatch.field.to_owned(),
                });
                Err(Refusal::contradicted())
            }
            Err(ChangeError::Store(error)) => {
                tracing::error!(target: "shop", "{}", with_causes(&error));
                Err(Refusal::unavailable())
            }
        }
    }

    pub(crate) async fn sync(&self, number: &str) -> Result<Order, ShopError> {
        let order = self.find(number).await?;
        let number = &order.out_trade_no;
        let query = QueryByOutTradeNo::new(
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
        match self.settle(payment, LearnedFrom::Query).await {
            Ok(order) => Ok(order),
            Err(NotSettled::Mismatch(mismatch)) if mismatch.is_only_unpaid() => {
                self.unpaid(number, state).await
            }
            Err(NotSettled::Mismatch(mismatch)) => Err(ShopError::Contradiction(mismatch)),
            Err(NotSettled::PaidTwice(error)) => Err(error.into()),
            Err(NotSettled::Store(error)) => Err(error.into()),
            Err(NotSettled::UnknownOrder) => Err(ShopError::NoSuchOrder),
        }
    }

    /// Everything fits, and it is not paid: takes over what the gateway says it is instead.
    async fn unpaid(&self, number: &OutTradeNo, state: TradeState) -> Result<Order, ShopError> {
        let changed = change(self.0.store.as_ref(), number, |order| {
            match &state {
                TradeState::Closed | TradeState::Revoked | TradeState::PayError => order.close(),
                // Paid and given back, in part or in full, unheard. The goods wait for the notification of the payment.
                TradeState::Refund => order.refund_known(),
                _ => {}
            }
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
        let close = Close::new(
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
        let closed = change(self.0.store.as_ref(), number, |order| {
            order.close();
            Ok::<_, ShopError>(())
        })
        .await?;
        Ok(closed.0)
    }
}
