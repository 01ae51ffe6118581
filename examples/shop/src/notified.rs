//! Every notification, taken once.

use wechatpay_core::{
    api::refunds::RefundNotice,
    idempotency::{Fence, Handled, IdempotencyError},
    notify::{Ack, AnyNotification, AnyResource, Nack, Notification},
    types::OutTradeNo,
};

use crate::{
    error::with_causes,
    event::ShopEvent,
    order::Overtaken,
    refund::RefundMismatch,
    settle::{NotSettled, Told, settle},
    shop::Shop,
    store::{ChangeError, OrderStore, StoreError, change},
};

/// Why a notification was not taken. Nothing was changed, and the platform sends it again.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error("nobody handles notifications of this kind")]
    Unhandled { event_type: String },
    #[error("the order is not known")]
    UnknownOrder { order: OutTradeNo },
    #[error("it contradicts the order")]
    Contradicted { order: OutTradeNo, differing: String },
    #[error(transparent)]
    Overtaken(#[from] Overtaken),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Shop {
    /// `POST /wechatpay/notify`: every notification, verified and decrypted, of any kind.
    ///
    /// # Errors
    /// The `Nack` for the framework's response; the platform then sends again.
    pub async fn notified(&self, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
        let verified = notification.notification().clone();
        let id = verified.id();
        let handled = self
            .0
            .store
            .idempotent(&verified, |orders, context| {
                Box::pin(take(orders, notification, context.fence()))
            })
            .await;
        // What happened is told when it is certain: a transaction has committed by now.
        match handled {
            Ok(Handled::Now { value: event, .. }) => {
                self.tell(event);
                Ok(Ack)
            }
            Ok(_) => {
                self.tell(ShopEvent::Repeated { id: id.to_owned() });
                Ok(Ack)
            }
            Err(IdempotencyError::Handler(reason)) => Err(self.not_taken(reason)),
            Err(error) => {
                // A copy that came while another is being handled is nothing to worry about; a store that is down is.
                match error {
                    IdempotencyError::InProgress { .. } => tracing::debug!(target: "shop", id, "{error}"),
                    _ => tracing::error!(target: "shop", id, "{}", with_causes(&error)),
                }
                Err(error.nack())
            }
        }
    }

    /// Logs the reason and chooses the response.
    fn not_taken(&self, reason: NotTaken) -> Nack {
        match reason {
            NotTaken::Unhandled { event_type } => {
                tracing::warn!(target: "shop", event_type, "a notification that nobody handles");
                self.tell(ShopEvent::Unhandled { event_type });
                Nack::failed()
            }
            // It may be known a moment later.
            NotTaken::UnknownOrder { order } => {
                self.tell(ShopEvent::UnknownOrder { order });
                Nack::failed()
            }
            NotTaken::Contradicted { order, differing } => {
                self.contradicted(&order, &differing);
                Nack::mismatch()
            }
            NotTaken::Overtaken(error) => {
                tracing::warn!(target: "shop", "{error}");
                Nack::unavailable()
            }
            NotTaken::Store(error) => {
                tracing::error!(target: "shop", "{}", with_causes(&error));
                Nack::unavailable()
            }
        }
    }

    /// Reports a genuine payment that does not match its order.
    pub(crate) fn contradicted(&self, order: &OutTradeNo, differing: &str) {
        tracing::warn!(target: "shop", order = order.as_str(), differing, "a payment or refund contradicts its order");
        self.tell(ShopEvent::Contradicted {
            order: order.clone(),
            differing: differing.to_owned(),
        });
    }
}

/// Handles a notification under this fence; returns events to publish after the commit.
async fn take(
    orders: &dyn OrderStore,
    notification: Notification<AnyResource>,
    fence: Fence,
) -> Result<ShopEvent, NotTaken> {
    let verified = notification.notification().clone();
    let told = Told::ByNotification {
        id: verified.id(),
        fence,
    };
    match notification.by_kind() {
        AnyNotification::Transaction(payment) => {
            let order = payment.out_trade_no.clone();
            match settle(orders, payment.into_verified(), told).await {
                Ok((_, event)) => Ok(event),
                Err(NotSettled::UnknownOrder) => Err(NotTaken::UnknownOrder { order }),
                Err(NotSettled::Mismatch(mismatch)) => Err(NotTaken::Contradicted {
                    order,
                    differing: mismatch.fields().join(", "),
                }),
                Err(NotSettled::PaidTwice(_)) => Err(NotTaken::Contradicted {
                    order,
                    differing: "transaction_id".to_owned(),
                }),
                Err(NotSettled::Overtaken(error)) => Err(error.into()),
                Err(NotSettled::Store(error)) => Err(error.into()),
            }
        }
        AnyNotification::Refund(notice) => take_refund(orders, &notice, told).await,
        // What the shop does not handle it does not acknowledge: that would lose it without a trace.
        _ => Err(NotTaken::Unhandled {
            event_type: verified.event_type().to_string(),
        }),
    }
}

/// Why a refund notification was not applied.
enum NotNoted {
    Mismatch(RefundMismatch),
    Overtaken(Overtaken),
}

async fn take_refund(
    orders: &dyn OrderStore,
    notice: &RefundNotice,
    told: Told<'_>,
) -> Result<ShopEvent, NotTaken> {
    let order = notice.out_trade_no.clone();
    let noted = change(orders, &order, |order| {
        order.refund_noticed(notice).map_err(NotNoted::Mismatch)?;
        told.note(order).map_err(NotNoted::Overtaken)
    })
    .await;
    match noted {
        Ok(_) => Ok(ShopEvent::Refund {
            order,
            refund: notice.out_refund_no.clone(),
            status: notice.refund_status.to_string(),
        }),
        Err(ChangeError::UnknownOrder) => Err(NotTaken::UnknownOrder { order }),
        Err(ChangeError::Refused(NotNoted::Mismatch(mismatch))) => {
            tracing::warn!(target: "shop", order = order.as_str(), "{mismatch}");
            Err(NotTaken::Contradicted {
                order,
                differing: mismatch.field.to_owned(),
            })
        }
        Err(ChangeError::Refused(NotNoted::Overtaken(error))) => Err(error.into()),
        Err(ChangeError::Store(error)) => Err(error.into()),
    }
}
