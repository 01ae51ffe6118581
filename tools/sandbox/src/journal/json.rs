//! Events as JSON, as the stream of the admin API has them.

use serde_json::{Map, Value, json};

use super::{Event, EventKind};
use crate::{
    language::{Language, Localize as _},
    world::clock::rfc3339,
};

impl EventKind {
    /// The name of the kind, for filters: `request`, `paid`, `notified` and so on.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Paid { .. } => "paid",
            Self::PaymentFailed { .. } => "payment-failed",
            Self::Cancelled { .. } => "cancelled",
            Self::Refund { .. } => "refund",
            Self::Share { .. } => "share",
            Self::Applyment { .. } => "applyment",
            Self::Withdrawal { .. } => "withdrawal",
            Self::BillsReady { .. } => "bills-ready",
            Self::Expired { .. } => "expired",
            Self::Notified { .. } => "notified",
            Self::Lint(_) => "lint",
            Self::Keys { .. } => "keys",
            Self::Fault { .. } => "fault",
            Self::FaultsChanged { .. } => "faults-changed",
            Self::MerchantAdded { .. } => "merchant-added",
            Self::MerchantChanged { .. } => "merchant-changed",
            Self::ClockTurned { .. } => "clock-turned",
            Self::Restored { .. } => "restored",
            Self::Reset => "reset",
        }
    }

    fn fields(&self) -> Value {
        match self {
            Self::Request {
                number,
                method,
                path,
                status,
                problem,
                took,
                out_trade_no,
                total,
                faults,
            } => json!({
                "number": number,
                "method": method.as_str(),
                "path": path,
                "status": status.as_u16(),
                "problem": problem.as_ref().map(ToString::to_string),
                "took_ms": took.as_millis(),
                "out_trade_no": out_trade_no,
                "total": total,
                "faults": faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }),
            Self::Paid {
                out_trade_no,
                total,
                buyer,
            } => json!({ "out_trade_no": out_trade_no, "total": total, "buyer": buyer.as_str() }),
            Self::PaymentFailed {
                out_trade_no,
                buyer,
                reason,
            } => json!({
                "out_trade_no": out_trade_no,
                "buyer": buyer.as_str(),
                "reason": reason.to_string(),
            }),
            Self::Cancelled { out_trade_no } | Self::Expired { out_trade_no } => {
                json!({ "out_trade_no": out_trade_no })
            }
            Self::Refund {
                out_refund_no,
                out_trade_no,
                amount,
                state,
            } => json!({
                "out_refund_no": out_refund_no,
                "out_trade_no": out_trade_no,
                "amount": amount,
                "state": state.as_str(),
            }),
            Self::Share {
                out_order_no,
                out_trade_no,
                account,
                amount,
                result,
            } => json!({
                "out_order_no": out_order_no,
                "out_trade_no": out_trade_no,
                "account": account,
                "amount": amount,
                "result": result.as_str(),
            }),
            Self::Applyment {
                out_request_no,
                state,
            } => json!({ "out_request_no": out_request_no, "state": state.as_str() }),
            Self::Withdrawal {
                out_request_no,
                amount,
                state,
            } => json!({ "out_request_no": out_request_no, "amount": amount, "state": state.as_str() }),
            Self::BillsReady { date } => json!({ "date": date }),
            Self::Notified {
                id,
                out_trade_no,
                subject,
                event_type,
                target,
                attempt,
                is_forged,
                faults,
                outcome,
                took,
            } => json!({
                "notification": id,
                "out_trade_no": Some(out_trade_no).filter(|number| !number.is_empty()),
                "subject": subject,
                "event_type": event_type,
                "target": target,
                "attempt": attempt,
                "is_forged": is_forged,
                "faults": faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "outcome": outcome.to_string(),
                "status": outcome.status().map(|status| status.as_u16()),
                "took_ms": took.as_millis(),
            }),
            Self::Lint(lint) => json!({
                "lint": lint.kind().as_str(),
                "text": lint.in_language(Language::English),
                "is_fatal": lint.kind().is_fatal(),
                "out_trade_no": lint.out_trade_no,
            }),
            Self::Keys { what } => json!({ "what": what }),
            Self::Fault { fault, out_trade_no } => {
                json!({ "fault": fault.to_string(), "out_trade_no": out_trade_no })
            }
            Self::FaultsChanged { count } => json!({ "count": count }),
            Self::MerchantAdded { mchid } => json!({ "mchid": mchid }),
            Self::MerchantChanged { mchid, what } => json!({ "mchid": mchid, "what": what }),
            Self::ClockTurned { from, to } => json!({ "from": from, "to": to }),
            Self::Restored { taken_at } => json!({ "taken_at": taken_at }),
            Self::Reset => json!({}),
        }
    }
}

impl Event {
    /// The event as one JSON object.
    ///
    /// Members: `id`, `at` (Unix seconds), `time` (RFC 3339), `kind` ([`EventKind::name`]), `line` (the `Display`
    /// text), and the fields of its kind.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(self.id));
        object.insert("at".to_owned(), json!(self.at));
        object.insert("time".to_owned(), json!(rfc3339(self.at)));
        object.insert("kind".to_owned(), json!(self.kind.name()));
        object.insert("line".to_owned(), json!(self.to_string()));
        if let Value::Object(fields) = self.kind.fields() {
            object.extend(fields);
        }
        Value::Object(object)
    }
}
