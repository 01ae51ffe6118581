//! What happens, as it happens: typed, and as one line for people.

use std::{fmt, time::Duration};

use http::{Method, StatusCode};
use wechatpay_core::types::Fen;

use crate::{
    ids::beijing_time_of_day,
    notify::AttemptOutcome,
    state::{
        applyment::ApplymentState, buyer::Buyer, lint::Lint, order::PayError, refund::RefundState,
        share::ShareResult, withdrawal::WithdrawalState,
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
    /// When, in Unix seconds.
    pub at: i64,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// The gateway answered a request.
    Request {
        /// The method.
        method: Method,
        /// The path without its query.
        path: String,
        /// The status of the answer.
        status: StatusCode,
        /// The error code of the answer, and what to do about it.
        problem: Option<String>,
        /// How long the answer took.
        took: Duration,
        /// The order it was about.
        out_trade_no: Option<String>,
        /// What the order costs, in fen.
        total: Option<i64>,
    },
    /// A buyer paid.
    Paid {
        /// The order.
        out_trade_no: String,
        /// What it costs, in fen.
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
        /// What is given back, in fen.
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
        /// How much, in fen.
        amount: i64,
        /// How it stands.
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
        /// How much, in fen.
        amount: i64,
        /// Its state.
        state: WithdrawalState,
    },
    /// The bills of a day can be downloaded.
    BillsReady {
        /// The day in Beijing, `2018-06-08`.
        date: String,
    },
    /// Nobody paid for seven days, and the order closed itself.
    Expired {
        /// The order.
        out_trade_no: String,
    },
    /// A notification was sent, or was to be.
    Notified {
        /// Id of the notification.
        id: String,
        /// The order; empty when it is about none.
        out_trade_no: String,
        /// The merchant's number of what it is about.
        subject: String,
        /// The kind of event it tells.
        event_type: &'static str,
        /// Host and path it went to.
        target: String,
        /// Counts from 1.
        attempt: usize,
        /// Whether it carried a deliberately wrong signature.
        is_probe: bool,
        /// What came of it.
        outcome: AttemptOutcome,
        /// How long it took.
        took: Duration,
    },
    /// Something would hurt in production.
    Lint(Lint),
    /// The platform's keys changed.
    Keys {
        /// How.
        what: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&beijing_time_of_day(self.at))?;
        match &self.kind {
            EventKind::Request {
                method,
                path,
                status,
                problem,
                took,
                out_trade_no,
                total,
            } => {
                write!(f, "  -->  {:<4} {path}   {}  ", method.as_str(), status.as_u16())?;
                match problem {
                    Some(problem) => f.write_str(problem)?,
                    None => write!(f, "{} ms", took.as_millis())?,
                }
                order(f, out_trade_no.as_deref(), *total)
            }
            EventKind::Paid {
                out_trade_no,
                total,
                buyer,
            } => {
                write!(f, "  $$$  paid by {buyer}")?;
                order(f, Some(out_trade_no), Some(*total))
            }
            EventKind::PaymentFailed {
                out_trade_no,
                buyer,
                reason,
            } => {
                write!(f, "  $$$  {buyer} could not pay: {reason}")?;
                order(f, Some(out_trade_no), None)
            }
            EventKind::Cancelled { out_trade_no } => {
                f.write_str("  $$$  cancelled by the buyer")?;
                order(f, Some(out_trade_no), None)
            }
            EventKind::Refund {
                out_refund_no,
                out_trade_no,
                amount,
                state,
            } => {
                write!(f, "  $$$  refund {out_refund_no} {state}")?;
                order(f, Some(out_trade_no), Some(*amount))
            }
            EventKind::Share {
                out_order_no,
                out_trade_no,
                account,
                amount,
                result,
            } => {
                write!(f, "  $$$  share {out_order_no} for {account} {result}")?;
                order(f, Some(out_trade_no), Some(*amount))
            }
            EventKind::Applyment {
                out_request_no,
                state,
            } => write!(f, "  ***  application {out_request_no} {state}"),
            EventKind::Withdrawal {
                out_request_no,
                amount,
                state,
            } => {
                write!(f, "  $$$  withdrawal {out_request_no} {state}")?;
                order(f, None, Some(*amount))
            }
            EventKind::BillsReady { date } => write!(f, "  ***  bills of {date} are ready"),
            EventKind::Expired { out_trade_no } => {
                f.write_str("  $$$  closed after seven days")?;
                order(f, Some(out_trade_no), None)
            }
            EventKind::Notified {
                event_type,
                target,
                attempt,
                is_probe,
                outcome,
                took,
                out_trade_no,
                subject,
                ..
            } => {
                write!(f, "  ==>  {event_type} → {target}   {outcome}")?;
                if outcome.status().is_some() {
                    write!(f, "  {} ms", took.as_millis())?;
                }
                if *is_probe {
                    f.write_str("  signature probe")?;
                } else if *attempt > 1 {
                    write!(f, "  attempt {attempt}")?;
                }
                if subject != out_trade_no {
                    write!(f, "   {subject}")?;
                }
                let about = Some(out_trade_no.as_str()).filter(|number| !number.is_empty());
                order(f, about, None)
            }
            EventKind::Lint(lint) => {
                let mark = if lint.kind.is_fatal() { "FATAL" } else { "lint" };
                write!(f, "  !!!  {mark} {lint}")?;
                order(f, lint.out_trade_no.as_deref(), None)
            }
            EventKind::Keys { what } => write!(f, "  ***  {what}"),
        }
    }
}

fn order(f: &mut fmt::Formatter<'_>, out_trade_no: Option<&str>, total: Option<i64>) -> fmt::Result {
    if let Some(out_trade_no) = out_trade_no {
        write!(f, "   order {out_trade_no}")?;
    }
    match total.and_then(|total| Fen::new(total).ok()) {
        Some(total) => write!(f, "  ¥{}", total.yuan()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: EventKind) -> String {
        Event {
            at: 1_704_083_696,
            kind,
        }
        .to_string()
    }

    #[test]
    fn events_read_as_arrows() {
        let request = EventKind::Request {
            method: Method::POST,
            path: "/v3/pay/transactions/native".into(),
            status: StatusCode::OK,
            problem: None,
            took: Duration::from_millis(41),
            out_trade_no: Some("demo-0001".into()),
            total: Some(990),
        };
        assert_eq!(
            line(request),
            "12:34:56  -->  POST /v3/pay/transactions/native   200  41 ms   order demo-0001  ¥9.90"
        );
        let paid = EventKind::Paid {
            out_trade_no: "demo-0001".into(),
            total: 990,
            buyer: Buyer::Alice,
        };
        assert_eq!(
            line(paid),
            "12:34:56  $$$  paid by alice   order demo-0001  ¥9.90"
        );
        let notified = EventKind::Notified {
            id: String::new(),
            out_trade_no: "demo-0001".into(),
            subject: "demo-0001".into(),
            event_type: "TRANSACTION.SUCCESS",
            target: "127.0.0.1:3000/notify".into(),
            attempt: 2,
            is_probe: false,
            outcome: AttemptOutcome::Acknowledged(StatusCode::NO_CONTENT),
            took: Duration::from_millis(6),
        };
        assert_eq!(
            line(notified),
            "12:34:56  ==>  TRANSACTION.SUCCESS → 127.0.0.1:3000/notify   204  6 ms  attempt 2   order demo-0001"
        );
    }
}
