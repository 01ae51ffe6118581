//! Orders of a service provider or e-commerce platform (服务商, 电商收付通): query and close.
//!
//! Both ids are required, the provider's and the sub-merchant's. Prepay is in [`prepay`](super::prepay).

use http::Method;
use serde::Serialize;

use super::{EchoMismatch, Endpoint, Idempotency, Path, transactions::Transaction};
use crate::types::{Mchid, OutTradeNo, TransactionId};

/// Queries an order by the merchant's number: `GET /v3/pay/partner/transactions/out-trade-no/{out_trade_no}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryByOutTradeNo {
    sp_mchid: Mchid,
    sub_mchid: Mchid,
    out_trade_no: OutTradeNo,
}

impl QueryByOutTradeNo {
    /// The order `out_trade_no` that `sp_mchid` made for `sub_mchid`.
    #[must_use]
    pub fn new(sp_mchid: Mchid, sub_mchid: Mchid, out_trade_no: OutTradeNo) -> Self {
        Self {
            sp_mchid,
            sub_mchid,
            out_trade_no,
        }
    }
}

impl Endpoint for QueryByOutTradeNo {
    const METHOD: Method = Method::GET;
    const TEMPLATE: &'static str = "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}";
    type Body<'a> = ();
    type Response = Transaction;

    fn path(&self) -> Path {
        Path::new("/v3/pay/partner/transactions/out-trade-no")
            .segment(&self.out_trade_no)
            .query("sp_mchid", &self.sp_mchid)
            .query("sub_mchid", &self.sub_mchid)
    }

    fn check_echo(&self, response: &Transaction) -> Result<(), EchoMismatch> {
        EchoMismatch::compare("out_trade_no", &self.out_trade_no, &response.out_trade_no)?;
        check_merchants(&self.sp_mchid, &self.sub_mchid, response)
    }
}

/// Queries an order by the platform's number: `GET /v3/pay/partner/transactions/id/{transaction_id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryById {
    sp_mchid: Mchid,
    sub_mchid: Mchid,
    transaction_id: TransactionId,
}

impl QueryById {
    /// The payment `transaction_id` that `sp_mchid` received for `sub_mchid`.
    #[must_use]
    pub fn new(sp_mchid: Mchid, sub_mchid: Mchid, transaction_id: TransactionId) -> Self {
        Self {
            sp_mchid,
            sub_mchid,
            transaction_id,
        }
    }
}

impl Endpoint for QueryById {
    const METHOD: Method = Method::GET;
    const TEMPLATE: &'static str = "/v3/pay/partner/transactions/id/{transaction_id}";
    type Body<'a> = ();
    type Response = Transaction;

    fn path(&self) -> Path {
        Path::new("/v3/pay/partner/transactions/id")
            .segment(&self.transaction_id)
            .query("sp_mchid", &self.sp_mchid)
            .query("sub_mchid", &self.sub_mchid)
    }

    fn check_echo(&self, response: &Transaction) -> Result<(), EchoMismatch> {
        EchoMismatch::compare(
            "transaction_id",
            &Some(&self.transaction_id),
            &response.transaction_id.as_ref(),
        )?;
        check_merchants(&self.sp_mchid, &self.sub_mchid, response)
    }
}

fn check_merchants(sp_mchid: &Mchid, sub_mchid: &Mchid, response: &Transaction) -> Result<(), EchoMismatch> {
    EchoMismatch::compare("sp_mchid", &Some(sp_mchid), &response.sp_mchid.as_ref())?;
    EchoMismatch::compare("sub_mchid", &Some(sub_mchid), &response.sub_mchid.as_ref())
}

/// Closes an unpaid order: `POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close`, answered 204.
///
/// Closing twice succeeds; a paid order cannot be closed. Older pages ask for at least five minutes since it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Close {
    sp_mchid: Mchid,
    sub_mchid: Mchid,
    #[serde(skip)]
    out_trade_no: OutTradeNo,
}

impl Close {
    /// The order `out_trade_no` that `sp_mchid` made for `sub_mchid`.
    #[must_use]
    pub fn new(sp_mchid: Mchid, sub_mchid: Mchid, out_trade_no: OutTradeNo) -> Self {
        Self {
            sp_mchid,
            sub_mchid,
            out_trade_no,
        }
    }
}

impl Endpoint for Close {
    const METHOD: Method = Method::POST;
    const TEMPLATE: &'static str = "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close";
    type Body<'a> = &'a Self;
    type Response = ();

    fn path(&self) -> Path {
        Path::new("/v3/pay/partner/transactions/out-trade-no")
            .segment(&self.out_trade_no)
            .segment("close")
    }

    fn body(&self) -> Option<&Self> {
        Some(self)
    }

    /// By `out_trade_no`: what is closed stays closed.
    fn idempotency(&self) -> Idempotency {
        Idempotency::ByNumber
    }
}
