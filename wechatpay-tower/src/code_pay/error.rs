//! Errors of a payment by code.

use std::fmt;

use wechatpay_core::{
    api::transactions::TradeState,
    notify::{Confirmed, Mismatch},
    types::OutTradeNo,
};

use crate::CallError;

/// Error of a payment by code without a known result of this call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodePayError {
    /// The request names no app. Nothing was sent.
    ///
    /// A payment is confirmed for one app, so `sp_appid` is required here.
    #[error("nothing was sent: set `sp_appid`, because a payment is confirmed for one app")]
    NoApp,
    /// The charge was refused, and the order was paid before.
    ///
    /// An earlier call paid it, or a copy of this one that a proxy sent. Compare it with your books: if its goods were
    /// handed over, this payer has paid nothing.
    #[error("the charge of order {} was refused, and the order is paid already: {refused}", paid.out_trade_no)]
    AlreadyPaid {
        /// The payment.
        paid: Box<Confirmed>,
        /// Refusal of the charge.
        refused: Box<CallError>,
    },
    /// The platform has another order under the number. It was not reversed.
    ///
    /// Its payee, app, total or currency differs, or it was paid and a refund was started. Do not hand the goods over;
    /// look at the order and its refunds.
    #[error("order {out_trade_no} was not reversed: {mismatch}; look at it before anything else")]
    Mismatch {
        /// Number of the order.
        out_trade_no: OutTradeNo,
        /// Fields that differ.
        mismatch: Mismatch,
    },
    /// It could not be learned in time if the order is paid.
    #[error(transparent)]
    StillUnknown(#[from] Box<StillUnknown>),
}

/// Error: it could not be learned whether an order is paid.
///
/// Do not hand the goods over, do not take another code, and do not use another number. Call
/// [`settle`](super::CodePayments::settle) for the order until it returns.
#[derive(Debug)]
#[non_exhaustive]
pub struct StillUnknown {
    /// Number of the order.
    pub out_trade_no: OutTradeNo,
    /// Error of the charge, if it had no usable response.
    pub charge: Option<CallError>,
    /// Latest error of a query or a reversal.
    pub latest: Option<CallError>,
    /// State of the order as last seen.
    pub state: Option<TradeState>,
}

impl fmt::Display for StillUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is unknown whether order {} is paid", self.out_trade_no)?;
        if let Some(state) = &self.state {
            write!(f, "; it was {} when last seen", state.as_str().escape_debug())?;
        }
        for error in [&self.charge, &self.latest].into_iter().flatten() {
            write!(f, "; {error}")?;
        }
        f.write_str(
            "; neither hand the goods over nor take another code, and call `settle` for this order until it returns",
        )
    }
}

impl std::error::Error for StillUnknown {}
