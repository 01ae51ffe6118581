//! An order that is paid by code: charge, query, reversal.

use wechatpay_core::{
    api::{
        Endpoint,
        code_pay::{PartnerPay, PartnerReverse, Pay, Reverse, Reversed},
        transactions::{PartnerQueryByOutTradeNo, QueryByOutTradeNo, Transaction},
    },
    notify::{Expectation, Payee},
    types::Currency,
    verify::Verified,
};

use crate::{CallError, Client};

/// A charge: [`Pay`] of a merchant or [`PartnerPay`] of a partner.
pub trait CodePay: Endpoint<Response = Transaction> + sealed::Sealed {
    /// Returns the expected payment; `None` if the request names no app.
    #[doc(hidden)]
    fn expectation(&self) -> Option<Expectation>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Pay {}
    impl Sealed for super::PartnerPay {}
}

impl CodePay for Pay {
    fn expectation(&self) -> Option<Expectation> {
        let payee = Payee::Direct {
            appid: self.appid.clone(),
            mchid: self.mchid.clone(),
        };
        let currency = self.amount.currency.clone().unwrap_or(Currency::Cny);
        let number = self.out_trade_no.clone();
        Some(Expectation::new(number, payee, self.amount.total, currency))
    }
}

impl CodePay for PartnerPay {
    fn expectation(&self) -> Option<Expectation> {
        let payee = Payee::Partner {
            sp_appid: self.sp_appid.clone()?,
            sp_mchid: self.sp_mchid.clone(),
            sub_mchid: self.sub_mchid.clone(),
        };
        let currency = self.amount.currency.clone().unwrap_or(Currency::Cny);
        let number = self.out_trade_no.clone();
        Some(Expectation::new(number, payee, self.amount.total, currency))
    }
}

/// Error of a payee that a later version of the protocol's crate may have.
const OTHER_PAYEE: CallError = CallError::Request("the payee is neither a merchant nor a sub-merchant");

/// Queries the order.
pub(super) async fn query(client: &Client, order: &Expectation) -> Result<Verified<Transaction>, CallError> {
    let number = order.out_trade_no().clone();
    match order.payee() {
        Payee::Direct { mchid, .. } => client.call(&QueryByOutTradeNo::new(mchid.clone(), number)).await,
        Payee::Partner {
            sp_mchid, sub_mchid, ..
        } => {
            let query = PartnerQueryByOutTradeNo::new(sp_mchid.clone(), sub_mchid.clone(), number);
            client.call(&query).await
        }
        _ => Err(OTHER_PAYEE),
    }
}

/// Reverses the order.
pub(super) async fn reverse(client: &Client, order: &Expectation) -> Result<Verified<Reversed>, CallError> {
    let number = order.out_trade_no().clone();
    match order.payee() {
        Payee::Direct { appid, mchid } => {
            let reverse = Reverse::new(number, appid.clone(), mchid.clone());
            client.call(&reverse).await
        }
        Payee::Partner {
            sp_appid,
            sp_mchid,
            sub_mchid,
        } => {
            let mut reverse = PartnerReverse::new(number, sp_mchid.clone(), sub_mchid.clone());
            reverse.sp_appid = Some(sp_appid.clone());
            client.call(&reverse).await
        }
        _ => Err(OTHER_PAYEE),
    }
}

/// Returns `true` if a paid order has every member that is compared.
///
/// The response to a charge may leave apps out, which a query has.
pub(super) fn is_complete(paid: &Transaction, payee: &Payee) -> bool {
    let has_payee = match payee {
        Payee::Direct { .. } => paid.appid.is_some() && paid.mchid.is_some(),
        Payee::Partner { .. } => {
            paid.sp_appid.is_some() && paid.sp_mchid.is_some() && paid.sub_mchid.is_some()
        }
        _ => false,
    };
    let total = paid.amount.as_ref().and_then(|amount| amount.total);
    has_payee && total.is_some() && paid.transaction_id.is_some()
}
