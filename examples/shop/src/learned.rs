//! News of orders and refunds, from whichever source, taken once.

use wechatpay_core::{
    api::{refunds::RefundSummary, transactions::TradeState},
    idempotency::{Handled, HandlerContext, IdempotencyError},
    types::OutTradeNo,
    watch::{News, Subject},
};

use crate::{
    event::ShopEvent,
    order::Overtaken,
    refund::RefundMismatch,
    settle::{NotSettled, Told, end, settle},
    shop::Shop,
    store::{ChangeError, OrderStore, StoreError, change},
};

/// Why news were not taken. Nothing was changed, and they come again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    #[error("nobody handles news of this kind")]
    Unhandled { event_type: String },
    #[error("the order is not known")]
    UnknownOrder { order: OutTradeNo },
    #[error("it contradicts the order: {differing}")]
    Contradicted { order: OutTradeNo, differing: String },
    #[error(transparent)]
    Overtaken(#[from] Overtaken),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Shop {
    /// Takes news of any source, each event once, and ends their watch.
    pub(crate) async fn learn(&self, news: News) -> Result<(), IdempotencyError<NotTaken>> {
        let event = news.event().clone();
        let ends = news.clone();
        let handled = self
            .0
            .store
            .once(&event, |orders, context| Box::pin(take(orders, news, context)))
            .await;
        // It is told when it is certain: a transaction has committed by now.
        match handled {
            Ok(Handled::Now { value, .. }) => self.tell(value),
            Ok(_) => self.tell(ShopEvent::Repeated {
                event: event.key().event().to_owned(),
            }),
            Err(error) => {
                match &error {
                    IdempotencyError::Handler(reason) => self.tell_why(reason),
                    // A second payment of the order, for instance.
                    IdempotencyError::Contradiction => {
                        if let Some(order) = order_of(&ends) {
                            self.contradicted(order, "number or amount of what is known");
                        }
                    }
                    _ => {}
                }
                return Err(error);
            }
        }
        self.heard(&ends).await;
        Ok(())
    }

    /// Publishes why news were not taken.
    fn tell_why(&self, reason: &NotTaken) {
        match reason {
            NotTaken::Unhandled { event_type } => {
                tracing::warn!(target: "shop", event_type, "nobody handles this");
                self.tell(ShopEvent::Unhandled {
                    event_type: event_type.clone(),
                });
            }
            // It may be known a moment later.
            NotTaken::UnknownOrder { order } => self.tell(ShopEvent::UnknownOrder { order: order.clone() }),
            NotTaken::Contradicted { order, differing } => self.contradicted(order, differing),
            NotTaken::Overtaken(error) => tracing::warn!(target: "shop", "{error}"),
            NotTaken::Store(error) => tracing::error!(target: "shop", "{}", crate::error::with_causes(error)),
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

fn order_of(news: &News) -> Option<&OutTradeNo> {
    match news.subject() {
        Subject::Payment(payment) => Some(&payment.out_trade_no),
        Subject::Refund(refund) => Some(&refund.out_trade_no),
        _ => None,
    }
}

/// Handles news; returns the event to publish after the commit.
async fn take(orders: &dyn OrderStore, news: News, context: HandlerContext) -> Result<ShopEvent, NotTaken> {
    let told = Told::from(&context);
    let event_type = news.event().event_type().to_owned();
    let (order, taken) = match news.into_subject() {
        Subject::Payment(payment) => {
            let order = payment.out_trade_no.clone();
            let taken = match payment.trade_state {
                TradeState::Closed | TradeState::Revoked | TradeState::PayError | TradeState::Refund => {
                    end(orders, *payment, &told).await
                }
                _ => settle(orders, *payment, &told).await,
            };
            (order, taken)
        }
        Subject::Refund(refund) => return take_refund(orders, &refund, &told).await,
        // To acknowledge it would lose it without a trace.
        _ => return Err(NotTaken::Unhandled { event_type }),
    };
    taken.map_err(|error| match error {
        NotSettled::UnknownOrder => NotTaken::UnknownOrder { order },
        NotSettled::Mismatch(mismatch) => NotTaken::Contradicted {
            order,
            differing: mismatch.fields().join(", "),
        },
        NotSettled::PaidTwice(_) => NotTaken::Contradicted {
            order,
            differing: "transaction_id".to_owned(),
        },
        NotSettled::Overtaken(error) => error.into(),
        NotSettled::Store(error) => error.into(),
    })
}

/// Why the end of a refund was not applied.
enum NotNoted {
    Mismatch(RefundMismatch),
    Overtaken(Overtaken),
}

async fn take_refund(
    orders: &dyn OrderStore,
    news: &RefundSummary,
    told: &Told,
) -> Result<ShopEvent, NotTaken> {
    let order = news.out_trade_no.clone();
    let noted = change(orders, &order, |order| {
        order.refund_ended(news).map_err(NotNoted::Mismatch)?;
        told.note(order).map_err(NotNoted::Overtaken)
    })
    .await;
    match noted {
        Ok(_) => Ok(ShopEvent::Refund {
            order,
            refund: news.out_refund_no.clone(),
            status: news.status.to_string(),
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
