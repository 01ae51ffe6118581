//! One look: query, handler, close.

use std::{fmt::Display, future::pending};

use wechatpay_core::{
    api::{
        refunds::{self, ecommerce},
        transactions::{Close, PartnerClose, PartnerQueryByOutTradeNo, QueryByOutTradeNo},
    },
    idempotency::{
        StoreError,
        run::{Outcome, after, run},
    },
    types::{OutRefundNo, OutTradeNo},
    watch::{Found, News, Pending, PendingKind, Step, Taken, step},
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

fn unreadable<T>(_: T) -> Failed {
    Failed::Other("the entry's number or merchant cannot be read".to_owned())
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
        let (merchant, sub_mchid) = (pending.key.scope().clone(), pending.sub_mchid.clone());
        let number = pending.key.number();
        match pending.key.kind() {
            PendingKind::Order => {
                let number: OutTradeNo = number.parse().map_err(unreadable)?;
                let order = match sub_mchid {
                    Some(sub) => {
                        self.client
                            .call(&PartnerQueryByOutTradeNo::new(merchant, sub, number))
                            .await
                    }
                    None => self.client.call(&QueryByOutTradeNo::new(merchant, number)).await,
                };
                Ok(News::payment(order?))
            }
            PendingKind::Refund => {
                let number: OutRefundNo = number.parse().map_err(unreadable)?;
                let mut query = refunds::Query::new(number);
                query.sub_mchid = sub_mchid;
                Ok(News::refund(&merchant, &self.client.call(&query).await?))
            }
            PendingKind::EcommerceRefund => {
                let number: OutRefundNo = number.parse().map_err(unreadable)?;
                let payee = sub_mchid.ok_or(()).map_err(unreadable)?;
                let query = ecommerce::QueryByOutRefundNo::new(number, payee);
                Ok(News::refund(&merchant, &self.client.call(&query).await?))
            }
            _ => Err(unreadable(())),
        }
    }

    async fn close(&self, pending: &Pending) -> Result<(), Failed> {
        let merchant = pending.key.scope().clone();
        let number: OutTradeNo = pending.key.number().parse().map_err(unreadable)?;
        match pending.sub_mchid.clone() {
            Some(sub) => drop(
                self.client
                    .call(&PartnerClose::new(merchant, sub, number))
                    .await?,
            ),
            None => drop(self.client.call(&Close::new(merchant, number)).await?),
        }
        Ok(())
    }
}
