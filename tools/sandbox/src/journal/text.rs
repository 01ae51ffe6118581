//! Events as one line for people.

use std::fmt;

use wechatpay_core::types::Fen;

use super::{Event, EventKind};
use crate::{
    faults::Fault,
    world::{clock::rfc3339, random::beijing_time_of_day},
};

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&beijing_time_of_day(self.at))?;
        match &self.kind {
            EventKind::Request {
                number: _,
                method,
                path,
                status,
                problem,
                took,
                out_trade_no,
                total,
                faults,
            } => {
                write!(f, "  -->  {:<4} {path}   {}  ", method.as_str(), status.as_u16())?;
                match problem {
                    Some(problem) => write!(f, "{problem}")?,
                    None => write!(f, "{} ms", took.as_millis())?,
                }
                wrong(f, faults)?;
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
                is_forged,
                faults,
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
                if *is_forged && faults.is_empty() {
                    f.write_str("  signature probe")?;
                } else if *attempt > 1 {
                    write!(f, "  attempt {attempt}")?;
                }
                wrong(f, faults)?;
                if subject != out_trade_no {
                    write!(f, "   {subject}")?;
                }
                let about = Some(out_trade_no.as_str()).filter(|number| !number.is_empty());
                order(f, about, None)
            }
            EventKind::Lint(lint) => {
                let mark = if lint.kind().is_fatal() { "FATAL" } else { "lint" };
                write!(f, "  !!!  {mark} {lint}")?;
                order(f, lint.out_trade_no.as_deref(), None)
            }
            EventKind::Keys { what } => write!(f, "  ***  {what}"),
            EventKind::Fault { fault, out_trade_no } => {
                write!(f, "  ###  fault {fault}")?;
                order(f, Some(out_trade_no), None)
            }
            EventKind::FaultsChanged { count } => write!(f, "  ###  rules for faults: {count}"),
            EventKind::MerchantAdded { mchid } => write!(f, "  ***  merchant {mchid} was added"),
            EventKind::MerchantChanged { mchid, what } => write!(f, "  ***  merchant {mchid}: {what}"),
            EventKind::ClockTurned { from, to } => {
                write!(
                    f,
                    "  ***  the clock was turned {} s, to {}",
                    to.saturating_sub(*from),
                    rfc3339(*to)
                )
            }
            EventKind::Restored { taken_at } => {
                write!(f, "  ***  restored as of {}", rfc3339(*taken_at))
            }
            EventKind::Reset => f.write_str("  ***  everything was forgotten"),
        }
    }
}

/// Appends the faults that fired.
fn wrong(f: &mut fmt::Formatter<'_>, faults: &[Fault]) -> fmt::Result {
    faults.iter().try_for_each(|fault| write!(f, "  fault {fault}"))
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
    use std::time::Duration;

    use http::{Method, StatusCode};

    use super::*;
    use crate::{notify::AttemptOutcome, world::orders::buyer::Buyer};

    fn line(kind: EventKind) -> String {
        Event {
            id: 1,
            at: 1_704_083_696,
            kind,
        }
        .to_string()
    }

    #[test]
    fn events_read_as_arrows() {
        let request = EventKind::Request {
            number: 1,
            method: Method::POST,
            path: "/v3/pay/transactions/native".into(),
            status: StatusCode::OK,
            problem: None,
            took: Duration::from_millis(41),
            out_trade_no: Some("demo-0001".into()),
            total: Some(990),
            faults: Vec::new(),
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
            event_type: "TRANSACTION.SUCCESS".into(),
            target: "127.0.0.1:3000/notify".into(),
            attempt: 2,
            is_forged: false,
            faults: vec![Fault::Duplicate(3)],
            outcome: AttemptOutcome::Acknowledged(StatusCode::NO_CONTENT),
            took: Duration::from_millis(6),
        };
        assert_eq!(
            line(notified),
            "12:34:56  ==>  TRANSACTION.SUCCESS → 127.0.0.1:3000/notify   204  6 ms  attempt 2  fault duplicate=3   order demo-0001"
        );
    }
}
