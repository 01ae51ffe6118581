//! One look: query, handler, close.

use std::{fmt::Display, future::pending, str::FromStr};

use wechatpay_core::{
    api::{
        Endpoint, combine, funds, profit_sharing, refunds,
        transactions::{Close, PartnerClose, PartnerQueryByOutTradeNo, QueryByOutTradeNo},
    },
    idempotency::{
        Queried, StoreError,
        run::{Outcome, after, run},
    },
    types::{CombineOutTradeNo, Mchid},
    verify::Verified,
    watch::{Found, News, Pending, PendingKind, Step, Subject, Taken, step},
};

use super::Watch;
use crate::CallError;

/// Why a query or a close failed.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the platform does not know the number")]
    Missing,
    #[error("{0}")]
    Other(String),
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Self {
        let missing = error
            .api()
            .is_some_and(|api| api.status() == http::StatusCode::NOT_FOUND && api.is_authentic());
        if missing {
            Self::Missing
        } else {
            Self::Other(error.to_string())
        }
    }
}

impl Failed {
    fn unreadable() -> Self {
        Self::Other("a number or merchant of the entry is missing or cannot be read".to_owned())
    }
}

impl Watch {
    /// Looks at an entry and stores the result.
    ///
    /// The order is closed if its time is over.
    pub(super) async fn attend<E, F>(
        &self,
        taken: Taken,
        apply: &impl Fn(News) -> F,
    ) -> Result<(), StoreError>
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let mut found = self.find(&taken.pending, apply).await;
        loop {
            match step(&taken, found, &self.schedule) {
                Step::Close => found = self.close_or_find(&taken.pending, apply).await,
                Step::Look { after, phase, note } => return self.put_off(&taken, phase, after, note).await,
                Step::End { end, note } => return self.end(&taken, end, note).await,
            }
        }
    }

    /// Closes an order.
    ///
    /// If that fails it is queried again, because it may have been paid in this moment.
    async fn close_or_find<E, F>(&self, pending: &Pending, apply: &impl Fn(News) -> F) -> Found
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let failed = match self.close(pending).await {
            Ok(()) => return Found::Closed,
            Err(failed) => failed,
        };
        match self.find(pending, apply).await {
            Found::Open => Found::NotClosed(failed.to_string()),
            found => found,
        }
    }

    /// Queries an entry, and hands an end to the handler.
    async fn find<E, F>(&self, pending_entry: &Pending, apply: &impl Fn(News) -> F) -> Found
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let deadline = after(self.lease);
        match self.query(pending_entry).await {
            Ok(None) => Found::Open,
            Ok(Some(news)) => {
                let end = news.end();
                match run(apply(news), deadline, pending::<()>()).await {
                    Outcome::Done(()) => Found::Applied(end),
                    Outcome::Failed(error) => Found::NotApplied(format!("the handler failed: {error}")),
                    Outcome::Panicked => Found::NotApplied("the handler panicked".to_owned()),
                    Outcome::TimedOut | Outcome::Interrupted(()) => {
                        Found::NotApplied("the handler took longer than the lease".to_owned())
                    }
                }
            }
            Err(Failed::Missing) => Found::Missing,
            Err(Failed::Other(text)) => Found::NoAnswer(text),
        }
    }

    async fn query(&self, pending: &Pending) -> Result<Option<News>, Failed> {
        let merchant = pending.key.scope();
        let (caller, sub_mchid) = (merchant.clone(), pending.sub_mchid.clone());
        let payee = || sub_mchid.clone().ok_or(Failed::unreadable());
        match pending.key.kind() {
            PendingKind::Order => {
                let number = number(pending)?;
                match sub_mchid {
                    Some(sub) => {
                        self.ask(merchant, &PartnerQueryByOutTradeNo::new(caller, sub, number))
                            .await
                    }
                    None => self.ask(merchant, &QueryByOutTradeNo::new(caller, number)).await,
                }
            }
            PendingKind::Combined => {
                self.ask(merchant, &combine::QueryByOutTradeNo::new(number(pending)?))
                    .await
            }
            PendingKind::Refund => {
                let mut query = refunds::Query::new(number(pending)?);
                query.sub_mchid = sub_mchid;
                self.ask(merchant, &query).await
            }
            PendingKind::EcommerceRefund => {
                let query = refunds::ecommerce::QueryByOutRefundNo::new(number(pending)?, payee()?);
                self.ask(merchant, &query).await
            }
            PendingKind::Share => {
                let mut query = profit_sharing::QueryShare::new(number(pending)?, parent(pending)?);
                query.sub_mchid = sub_mchid;
                self.ask(merchant, &query).await
            }
            PendingKind::EcommerceShare => {
                let number = number(pending)?;
                let query = profit_sharing::ecommerce::QueryShare::new(payee()?, parent(pending)?, number);
                self.ask(merchant, &query).await
            }
            PendingKind::ShareReturn => {
                let mut query = profit_sharing::QueryReturn::new(number(pending)?, parent(pending)?);
                query.sub_mchid = sub_mchid;
                self.ask(merchant, &query).await
            }
            PendingKind::EcommerceShareReturn => {
                let mut query = profit_sharing::ecommerce::QueryReturn::new(payee()?, number(pending)?);
                query.out_order_no = Some(parent(pending)?);
                self.ask(merchant, &query).await
            }
            PendingKind::Withdrawal => {
                let number = number(pending)?;
                match sub_mchid {
                    Some(sub) => {
                        self.ask(merchant, &funds::QuerySubWithdrawal::new(number, sub))
                            .await
                    }
                    None => self.ask(merchant, &funds::QueryWithdrawal::new(number)).await,
                }
            }
            PendingKind::DayEndWithdrawal => {
                let query = funds::QueryDayEndWithdrawal::new(number(pending)?, payee()?);
                self.ask(merchant, &query).await
            }
            _ => Err(Failed::unreadable()),
        }
    }

    /// Calls a query, and returns the news if its response is an end.
    async fn ask<E>(&self, merchant: &Mchid, query: &E) -> Result<Option<News>, Failed>
    where
        E: Endpoint,
        E::Response: Queried,
        Subject: From<Verified<E::Response>>,
    {
        Ok(News::queried(merchant, self.client.call(query).await?))
    }

    async fn close(&self, pending: &Pending) -> Result<(), Failed> {
        let caller = pending.key.scope().clone();
        match (pending.key.kind(), pending.sub_mchid.clone()) {
            (PendingKind::Combined, _) => self.close_combined(number(pending)?).await,
            (_, Some(sub)) => {
                let close = PartnerClose::new(caller, sub, number(pending)?);
                self.client.call(&close).await.map(drop).map_err(Failed::from)
            }
            (_, None) => {
                let close = Close::new(caller, number(pending)?);
                self.client.call(&close).await.map(drop).map_err(Failed::from)
            }
        }
    }

    /// Closes a combined order with the app and the sub-orders that a query names.
    async fn close_combined(&self, number: CombineOutTradeNo) -> Result<(), Failed> {
        let query = combine::QueryByOutTradeNo::new(number.clone());
        let order = self.client.call(&query).await?.into_inner();
        let app = order
            .combine_appid
            .ok_or_else(|| Failed::Other("the platform does not name the app of the order".to_owned()))?;
        let sub_orders = order.sub_orders.into_iter().map(|order| {
            let mut closed = combine::ClosedSubOrder::new(order.mchid, order.out_trade_no);
            closed.individual_auth_id = order.individual_auth_id;
            closed.sub_mchid = order.sub_mchid;
            closed.sub_appid = order.sub_appid;
            closed
        });
        let close = combine::Close::new(number, app, sub_orders.collect());
        self.client.call(&close).await.map(drop).map_err(Failed::from)
    }
}

/// Reads the number of an entry.
fn number<T: FromStr>(pending: &Pending) -> Result<T, Failed> {
    pending.key.number().parse().map_err(|_| Failed::unreadable())
}

/// Reads the number of what an entry belongs to.
fn parent<T: FromStr>(pending: &Pending) -> Result<T, Failed> {
    let parent = pending.parent.as_deref().and_then(|parent| parent.parse().ok());
    parent.ok_or_else(Failed::unreadable)
}
