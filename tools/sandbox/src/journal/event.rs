//! Events and their kinds.

use std::{borrow::Cow, time::Duration};

use http::{Method, StatusCode};
use serde::Serialize;
use wechatpay_core::types::SerialNumber;

use super::{AttemptOutcome, Problem, json};
use crate::{
    faults::Fault,
    world::{
        applyments::state::ApplymentState,
        lints::Lint,
        merchants::change::MerchantEdit,
        orders::{buyer::Buyer, state::PayError},
        records::state::RecordKind,
        refunds::state::RefundState,
        sharing::state::ShareResult,
        withdrawals::state::WithdrawalState,
    },
};

/// Something that happened. `Display` is one line, with the time in Beijing in front.
///
/// ```text
/// 12:00:01  -->  POST /v3/pay/transactions/native   200  41 ms   order demo-0001  ¥9.90
/// 12:00:09  $$$  paid by alice   order demo-0001  ¥9.90
/// 12:00:09  ==>  TRANSACTION.SUCCESS → 127.0.0.1:3000/notify   204  6 ms   order demo-0001
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Counts the events of a sandbox from 1.
    pub id: u64,
    /// When, in Unix seconds.
    pub at: i64,
    /// Kind and fields of the event.
    pub kind: EventKind,
}

/// Kinds of events.
///
/// In JSON, `kind` is the name of the kind in kebab case, and its fields stand beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EventKind {
    /// The gateway responded to a request.
    Request {
        /// Its number, as of [`RecordedRequest::number`](crate::RecordedRequest::number).
        number: u64,
        /// The method.
        #[serde(serialize_with = "json::text")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        method: Method,
        /// The path without its query.
        path: String,
        /// The status of the response.
        #[serde(serialize_with = "json::status")]
        #[cfg_attr(feature = "schema", schema(value_type = u16))]
        status: StatusCode,
        /// Error code of the response, and its remedy.
        #[serde(serialize_with = "json::optional_text")]
        #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
        problem: Option<Problem>,
        /// Duration until the response.
        #[serde(rename = "took_ms", serialize_with = "json::millis")]
        #[cfg_attr(feature = "schema", schema(value_type = u64))]
        took: Duration,
        /// The order it was about.
        out_trade_no: Option<String>,
        /// Total of the order, in fen.
        total: Option<i64>,
        /// Faults that fired.
        #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
        faults: Vec<Fault>,
    },
    /// A buyer paid.
    Paid {
        /// The order.
        out_trade_no: String,
        /// Total, in fen.
        total: i64,
        /// Who paid.
        buyer: Buyer,
    },
    /// A buyer tried to pay and could not.
    PaymentFailed {
        /// The order.
        out_trade_no: String,
        /// Who tried.
        buyer: Buyer,
        /// Why it failed.
        #[serde(serialize_with = "json::text")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        reason: PayError,
    },
    /// A buyer turned back.
    Cancelled {
        /// The order.
        out_trade_no: String,
    },
    /// A refund was accepted, or got another state.
    Refund {
        /// The merchant's number of the refund.
        out_refund_no: String,
        /// The order.
        out_trade_no: String,
        /// Refunded amount, in fen.
        amount: i64,
        /// Its state.
        state: RefundState,
    },
    /// A share was accepted, or arrived, or did not.
    Share {
        /// The merchant's number of the share.
        out_order_no: String,
        /// The order.
        out_trade_no: String,
        /// Who gets it: a mchid or an openid.
        account: String,
        /// Amount in fen.
        amount: i64,
        /// State of the share.
        result: ShareResult,
    },
    /// An application of a sub-merchant was handed in, or got another state.
    Applyment {
        /// The merchant's number of it.
        out_request_no: String,
        /// Its state.
        state: ApplymentState,
    },
    /// A withdrawal was accepted, or got another state.
    Withdrawal {
        /// The merchant's number of it.
        out_request_no: String,
        /// Amount in fen.
        amount: i64,
        /// Its state.
        state: WithdrawalState,
    },
    /// A record was opened, or got another state: a transfer, a complaint, a contract.
    Record {
        /// Kind of the record.
        of: RecordKind,
        /// The merchant's number of it.
        number: String,
        /// Amount in fen, 0 if no money moves.
        amount: i64,
        /// Its state, as the platform spells it.
        state: String,
    },
    /// The bills of a day can be downloaded.
    BillsReady {
        /// The day in Beijing, `2018-06-08`.
        date: String,
    },
    /// An order was not paid for seven days and closed.
    Expired {
        /// The order.
        out_trade_no: String,
    },
    /// The merchant reversed an order that is paid by code.
    Reversed {
        /// The order.
        out_trade_no: String,
        /// Total, in fen, if it was paid.
        returned: Option<i64>,
    },
    /// A notification was sent, or was to be.
    Notified {
        /// Id of the notification.
        #[serde(rename = "notification")]
        id: String,
        /// The order; empty when it is about none.
        #[serde(serialize_with = "json::unless_empty")]
        #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
        out_trade_no: String,
        /// The merchant's number of the subject.
        subject: String,
        /// Kind of the notification's event.
        event_type: Cow<'static, str>,
        /// Host and path it went to.
        target: String,
        /// Counts from 1.
        attempt: usize,
        /// True for a probe or a forgery by a fault, which the receiver must refuse.
        is_forged: bool,
        /// Faults that fired.
        #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
        faults: Vec<Fault>,
        /// Result of the attempt.
        #[serde(flatten, serialize_with = "json::outcome")]
        #[cfg_attr(feature = "schema", schema(value_type = json::Outcome))]
        outcome: AttemptOutcome,
        /// Duration of the attempt.
        #[serde(rename = "took_ms", serialize_with = "json::millis")]
        #[cfg_attr(feature = "schema", schema(value_type = u64))]
        took: Duration,
    },
    /// Something would hurt in production.
    #[cfg_attr(feature = "schema", schema(value_type = json::FoundLint))]
    Lint(#[serde(serialize_with = "json::lint")] Lint),
    /// The platform's keys changed.
    Keys {
        /// The change.
        #[serde(serialize_with = "json::text")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        what: KeyChange,
    },
    /// A fault fired at the cashier, where no request or notification records it.
    Fault {
        /// The fault that fired.
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        fault: Fault,
        /// The order.
        out_trade_no: String,
    },
    /// The list of faults changed.
    FaultsChanged {
        /// Number of rules now.
        count: usize,
    },
    /// A merchant was added, see [`Sandbox::add_merchant`](crate::Sandbox::add_merchant).
    MerchantAdded {
        /// The merchant.
        mchid: String,
    },
    /// A merchant changed, see [`Sandbox::change_merchant`](crate::Sandbox::change_merchant).
    MerchantChanged {
        /// The merchant.
        mchid: String,
        /// The changed settings, or the change of a certificate.
        #[serde(serialize_with = "json::text")]
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        what: MerchantEdit,
    },
    /// A manual clock was turned.
    ClockTurned {
        /// Previous time, in Unix seconds.
        from: i64,
        /// New time.
        to: i64,
    },
    /// A snapshot was restored, see [`Sandbox::restore`](crate::Sandbox::restore).
    Restored {
        /// When it was taken, in Unix seconds.
        taken_at: i64,
    },
    /// Everything was forgotten, see [`Sandbox::reset`](crate::Sandbox::reset).
    Reset,
}

impl EventKind {
    /// The order it is about.
    pub fn out_trade_no(&self) -> Option<&str> {
        match self {
            Self::Request { out_trade_no, .. } => out_trade_no.as_deref(),
            Self::Lint(lint) => lint.out_trade_no.as_deref(),
            Self::Paid { out_trade_no, .. }
            | Self::PaymentFailed { out_trade_no, .. }
            | Self::Cancelled { out_trade_no }
            | Self::Refund { out_trade_no, .. }
            | Self::Share { out_trade_no, .. }
            | Self::Expired { out_trade_no }
            | Self::Reversed { out_trade_no, .. }
            | Self::Fault { out_trade_no, .. }
            | Self::Notified { out_trade_no, .. } => Some(out_trade_no)
                .filter(|number| !number.is_empty())
                .map(String::as_str),
            _ => None,
        }
    }

    /// The amount it is about, in fen.
    pub const fn amount(&self) -> Option<i64> {
        match self {
            Self::Request { total, .. } => *total,
            Self::Paid { total: amount, .. }
            | Self::Refund { amount, .. }
            | Self::Share { amount, .. }
            | Self::Withdrawal { amount, .. } => Some(*amount),
            Self::Reversed { returned, .. } => *returned,
            _ => None,
        }
    }
}

/// Changes of the platform's keys.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyChange {
    /// A new certificate is listed.
    Announced(SerialNumber),
    /// The new certificate signs this percentage of responses and notifications.
    Ramped(f64),
    /// The old certificate is no longer listed.
    Expired,
    /// A new certificate signs everything, without an announcement.
    Rotated(SerialNumber),
}
