//! Query of what is watched, for each kind.

use std::str::FromStr;

use super::{News, Pending, PendingKind, Subject};
#[cfg(feature = "ecommerce-transfers")]
use crate::api::ecommerce_transfers;
#[cfg(feature = "transfers")]
use crate::api::transfers;
use crate::{
    api::{
        Endpoint, combine, funds, profit_sharing, refunds,
        transactions::{PartnerQueryByOutTradeNo, QueryByOutTradeNo},
    },
    idempotency::Queried,
    verify::Verified,
};

/// Client that sends the queries of a watch.
pub trait Ask {
    /// Error of a query.
    type Error: From<Unqueryable>;

    /// Sends a query and returns its verified response.
    ///
    /// # Errors
    /// Returns the error of the call.
    fn ask<E: Endpoint>(
        &self,
        query: &E,
    ) -> impl Future<Output = Result<Verified<E::Response>, Self::Error>> + Send;
}

/// Reason why no query of an entry can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unqueryable {
    /// A number or merchant of the entry is missing or cannot be read.
    #[error(
        "a number or merchant of the entry is missing or cannot be read: register it by a constructor of Pending"
    )]
    Unreadable,
    /// This program lacks the feature that queries the kind.
    #[error("this program was built without the feature that queries a {}: enable it in every worker", .0.as_str())]
    NoFeature(PendingKind),
}

impl Pending {
    /// Queries it, and returns the news if the response is an end.
    ///
    /// # Errors
    /// Returns the error of the call, or [`Unqueryable`].
    pub async fn query<A: Ask>(&self, client: &A) -> Result<Option<News>, A::Error> {
        let (merchant, sub_mchid) = (self.key.scope().clone(), self.sub_mchid.clone());
        let payee = || sub_mchid.clone().ok_or(Unqueryable::Unreadable);
        match self.key.kind() {
            PendingKind::Order => match sub_mchid {
                Some(sub_mchid) => {
                    let query = PartnerQueryByOutTradeNo::new(merchant, sub_mchid, self.number()?);
                    self.ask(client, &query).await
                }
                None => {
                    let query = QueryByOutTradeNo::new(merchant, self.number()?);
                    self.ask(client, &query).await
                }
            },
            PendingKind::Combined => {
                let query = combine::QueryByOutTradeNo::new(self.number()?);
                self.ask(client, &query).await
            }
            PendingKind::Refund => {
                let mut query = refunds::Query::new(self.number()?);
                query.sub_mchid = sub_mchid;
                self.ask(client, &query).await
            }
            PendingKind::EcommerceRefund => {
                let query = refunds::ecommerce::QueryByOutRefundNo::new(self.number()?, payee()?);
                self.ask(client, &query).await
            }
            PendingKind::Share => {
                let mut query = profit_sharing::QueryShare::new(self.number()?, self.parent()?);
                query.sub_mchid = sub_mchid;
                self.ask(client, &query).await
            }
            PendingKind::EcommerceShare => {
                let (parent, number) = (self.parent()?, self.number()?);
                let query = profit_sharing::ecommerce::QueryShare::new(payee()?, parent, number);
                self.ask(client, &query).await
            }
            PendingKind::ShareReturn => {
                let mut query = profit_sharing::QueryReturn::new(self.number()?, self.parent()?);
                query.sub_mchid = sub_mchid;
                self.ask(client, &query).await
            }
            PendingKind::EcommerceShareReturn => {
                let mut query = profit_sharing::ecommerce::QueryReturn::new(payee()?, self.number()?);
                query.out_order_no = Some(self.parent()?);
                self.ask(client, &query).await
            }
            PendingKind::Withdrawal => match sub_mchid {
                Some(sub_mchid) => {
                    let query = funds::QuerySubWithdrawal::new(self.number()?, sub_mchid);
                    self.ask(client, &query).await
                }
                None => {
                    let query = funds::QueryWithdrawal::new(self.number()?);
                    self.ask(client, &query).await
                }
            },
            PendingKind::DayEndWithdrawal => {
                let query = funds::QueryDayEndWithdrawal::new(self.number()?, payee()?);
                self.ask(client, &query).await
            }
            #[cfg(feature = "transfers")]
            PendingKind::Transfer => {
                let query = transfers::QueryByOutBillNo::new(self.number()?);
                self.ask(client, &query).await
            }
            #[cfg(not(feature = "transfers"))]
            kind @ PendingKind::Transfer => Err(Unqueryable::NoFeature(kind).into()),
            #[cfg(feature = "ecommerce-transfers")]
            PendingKind::EcommerceTransfer => {
                let query = ecommerce_transfers::QueryByOutBillNo::new(self.number()?, payee()?);
                self.ask(client, &query).await
            }
            #[cfg(not(feature = "ecommerce-transfers"))]
            kind @ PendingKind::EcommerceTransfer => Err(Unqueryable::NoFeature(kind).into()),
        }
    }

    async fn ask<A, E>(&self, client: &A, query: &E) -> Result<Option<News>, A::Error>
    where
        A: Ask,
        E: Endpoint,
        E::Response: Queried,
        Subject: From<Verified<E::Response>>,
    {
        Ok(News::queried(self.key.scope(), client.ask(query).await?))
    }

    /// Reads the number as the type that an endpoint takes.
    ///
    /// # Errors
    /// Returns [`Unqueryable::Unreadable`] if it is none.
    pub fn number<T: FromStr>(&self) -> Result<T, Unqueryable> {
        self.key.number().parse().map_err(|_| Unqueryable::Unreadable)
    }

    /// Reads the number of what it belongs to.
    fn parent<T: FromStr>(&self) -> Result<T, Unqueryable> {
        let parent = self.parent.as_deref().and_then(|parent| parent.parse().ok());
        parent.ok_or(Unqueryable::Unreadable)
    }
}

#[cfg(all(test, not(feature = "transfers")))]
mod tests {
    use super::*;
    use crate::watch::PendingKey;

    struct Nobody;

    impl Ask for Nobody {
        type Error = Unqueryable;

        async fn ask<E: Endpoint>(&self, _: &E) -> Result<Verified<E::Response>, Unqueryable> {
            // The test expects another error.
            Err(Unqueryable::Unreadable)
        }
    }

    #[tokio::test]
    async fn a_worker_without_the_feature_says_so() {
        for kind in [PendingKind::Transfer, PendingKind::EcommerceTransfer] {
            let key = PendingKey::new("1900000001".parse().unwrap(), kind, "T1");
            let pending = Pending::from_columns(key, None, None, Pending::LIFETIME);
            let error = pending.query(&Nobody).await.unwrap_err();
            assert_eq!(error, Unqueryable::NoFeature(kind));
        }
    }
}
