//! One look: query, handler, close.

use std::{fmt::Display, future::pending};

use wechatpay_core::{
    api::{
        Endpoint, combine,
        transactions::{Close, PartnerClose},
    },
    idempotency::{
        StoreError,
        run::{Outcome, after, run},
    },
    types::CombineOutTradeNo,
    verify::Verified,
    watch::{Ask, Found, News, Pending, PendingKind, Step, Taken, Unqueryable, step},
};

use super::Watch;
use crate::{CallError, Client};

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

impl From<Unqueryable> for Failed {
    fn from(error: Unqueryable) -> Self {
        Self::Other(error.to_string())
    }
}

/// Client of the queries.
struct Asking<'a>(&'a Client);

impl Ask for Asking<'_> {
    type Error = Failed;

    async fn ask<E: Endpoint>(&self, query: &E) -> Result<Verified<E::Response>, Failed> {
        Ok(self.0.call(query).await?)
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
        match pending_entry.query(&Asking(&self.client)).await {
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

    async fn close(&self, pending: &Pending) -> Result<(), Failed> {
        let caller = pending.key.scope().clone();
        match (pending.key.kind(), pending.sub_mchid.clone()) {
            (PendingKind::Combined, _) => self.close_combined(pending.number()?).await,
            (_, Some(sub)) => {
                let close = PartnerClose::new(caller, sub, pending.number()?);
                self.client.call(&close).await.map(drop).map_err(Failed::from)
            }
            (_, None) => {
                let close = Close::new(caller, pending.number()?);
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
