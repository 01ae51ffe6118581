//! Events as sentences, and as one line for the log.

use std::fmt;

use wechatpay_core::types::Fen;

use super::{Event, EventKind, KeyChange};
use crate::{
    faults::Fault,
    language::{Language, Localize, say},
    world::{clock::rfc3339, merchants::change::MerchantEdit, random::beijing_time_of_day},
};

impl EventKind {
    /// Mark of the kind in the log: an arrow, money, the platform, a warning.
    const fn mark(&self) -> &'static str {
        match self {
            Self::Request { .. } => "-->",
            Self::Notified { .. } => "==>",
            Self::Lint(_) => "!!!",
            Self::Fault { .. } | Self::FaultsChanged { .. } => "###",
            Self::Paid { .. }
            | Self::PaymentFailed { .. }
            | Self::Cancelled { .. }
            | Self::Refund { .. }
            | Self::Share { .. }
            | Self::Withdrawal { .. }
            | Self::Record { .. }
            | Self::Expired { .. }
            | Self::Reversed { .. } => "$$$",
            Self::Applyment { .. }
            | Self::BillsReady { .. }
            | Self::Keys { .. }
            | Self::MerchantAdded { .. }
            | Self::MerchantChanged { .. }
            | Self::ClockTurned { .. }
            | Self::Restored { .. }
            | Self::Reset => "***",
        }
    }
}

/// The event without its order and amount.
impl Localize for EventKind {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Request {
                method,
                path,
                status,
                problem,
                took,
                faults,
                ..
            } => {
                let result = match problem {
                    Some(problem) => problem.in_language(language),
                    None => format!("{} ms", took.as_millis()),
                };
                let (method, status) = (method.as_str(), status.as_u16());
                format!(
                    "{method:<4} {path}   {status}  {result}{}",
                    fired(faults, language)
                )
            }
            Self::Paid { buyer, .. } => say!(language, "paid by {buyer}", "{buyer} 已支付"),
            Self::PaymentFailed { buyer, reason, .. } => {
                let reason = reason.in_language(language);
                say!(
                    language,
                    "{buyer} could not pay: {reason}",
                    "{buyer} 支付失败：{reason}"
                )
            }
            Self::Cancelled { .. } => say!(language, "cancelled by the buyer", "买家取消支付"),
            Self::Refund {
                out_refund_no, state, ..
            } => say!(
                language,
                "refund {out_refund_no} {state}",
                "退款 {out_refund_no} {state}"
            ),
            Self::Share {
                out_order_no,
                account,
                result,
                ..
            } => say!(
                language,
                "share {out_order_no} for {account} {result}",
                "分账 {out_order_no} 给 {account} {result}"
            ),
            Self::Applyment {
                out_request_no,
                state,
            } => say!(
                language,
                "application {out_request_no} {state}",
                "进件申请 {out_request_no} {state}"
            ),
            Self::Withdrawal {
                out_request_no,
                state,
                ..
            } => say!(
                language,
                "withdrawal {out_request_no} {state}",
                "提现 {out_request_no} {state}"
            ),
            Self::Record {
                of, number, state, ..
            } => format!("{} {number} {state}", of.name().in_language(language)),
            Self::BillsReady { date } => say!(language, "bills of {date} are ready", "{date} 的账单已生成"),
            Self::Expired { .. } => say!(language, "closed after seven days", "七天未付，自动关单"),
            Self::Reversed { returned: None, .. } => {
                say!(language, "reversed, it was not paid", "已撤销（未支付）")
            }
            Self::Reversed { .. } => say!(language, "reversed, the money goes back", "已撤销，资金退回"),
            Self::Notified {
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
                let mut text = format!("{event_type} → {target}   {}", outcome.in_language(language));
                if outcome.status().is_some() {
                    text += &format!("  {} ms", took.as_millis());
                }
                if *is_forged && faults.is_empty() {
                    text += language.pick("  signature probe", "  签名探测");
                } else if *attempt > 1 {
                    text += &say!(language, "  attempt {attempt}", "  第 {attempt} 次");
                }
                text += &fired(faults, language);
                if subject != out_trade_no {
                    text += "   ";
                    text += subject;
                }
                text
            }
            Self::Lint(lint) => {
                let (kind, text) = (lint.kind(), lint.in_language(language));
                match lint.kind().is_fatal() {
                    true => say!(language, "FATAL {kind}: {text}", "致命 {kind}：{text}"),
                    false => say!(language, "lint {kind}: {text}", "提示 {kind}：{text}"),
                }
            }
            Self::Keys { what } => what.in_language(language),
            Self::Fault { fault, .. } => say!(language, "fault {fault}", "故障 {fault}"),
            Self::FaultsChanged { count } => {
                say!(language, "rules for faults: {count}", "故障规则：{count} 条")
            }
            Self::MerchantAdded { mchid } => say!(language, "merchant {mchid} was added", "新增商户 {mchid}"),
            Self::MerchantChanged { mchid, what } => {
                let what = what.in_language(language);
                say!(language, "merchant {mchid}: {what}", "商户 {mchid}：{what}")
            }
            Self::ClockTurned { from, to } => {
                let (seconds, to) = (to.saturating_sub(*from), rfc3339(*to));
                say!(
                    language,
                    "the clock was turned {seconds} s, to {to}",
                    "时钟快进 {seconds} 秒，到 {to}"
                )
            }
            Self::Restored { taken_at } => {
                let taken_at = rfc3339(*taken_at);
                say!(language, "restored as of {taken_at}", "已恢复 {taken_at} 的快照")
            }
            Self::Reset => say!(language, "everything was forgotten", "已全部清空"),
        }
    }
}

/// The faults that fired.
fn fired(faults: &[Fault], language: Language) -> String {
    faults
        .iter()
        .map(|fault| say!(language, "  fault {fault}", "  故障 {fault}"))
        .collect()
}

/// The line of the log.
impl Localize for Event {
    fn in_language(&self, language: Language) -> String {
        let kind = &self.kind;
        let mut line = beijing_time_of_day(self.at);
        line += "  ";
        line += kind.mark();
        line += "  ";
        line += &kind.in_language(language);
        if let Some(number) = kind.out_trade_no() {
            line += &say!(language, "   order {number}", "   订单 {number}");
        }
        if let Some(amount) = kind.amount().and_then(|amount| Fen::new(amount).ok()) {
            line += &format!("  ¥{}", amount.yuan());
        }
        line
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

impl Localize for KeyChange {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::Announced(serial) => say!(
                language,
                "certificate {serial} announced",
                "已公布新证书 {serial}"
            ),
            Self::Ramped(percent) => say!(
                language,
                "{percent} % signed with the new certificate",
                "{percent} % 的签名使用新证书"
            ),
            Self::Expired => say!(language, "old certificate expired", "旧证书已下线"),
            Self::Rotated(serial) => say!(
                language,
                "certificate {serial} signs from now on",
                "即刻起由证书 {serial} 签名"
            ),
        }
    }
}

impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

impl Localize for MerchantEdit {
    fn in_language(&self, language: Language) -> String {
        let settings = (!self.settings.is_empty()).then(|| {
            let names = self.settings.join(language.pick(", ", "、"));
            say!(language, "changed: {names}", "已变更：{names}")
        });
        let registered = self.registered.iter().map(|serial| {
            say!(
                language,
                "certificate {serial} was registered",
                "已登记证书 {serial}"
            )
        });
        let revoked = self.revoked.iter().map(|serial| {
            say!(
                language,
                "certificate {serial} was revoked",
                "已作废证书 {serial}"
            )
        });
        let all: Vec<String> = settings.into_iter().chain(registered).chain(revoked).collect();
        all.join(language.pick("; ", "；"))
    }
}

impl fmt::Display for MerchantEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, StatusCode};

    use super::*;
    use crate::{journal::AttemptOutcome, world::orders::buyer::Buyer};

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
