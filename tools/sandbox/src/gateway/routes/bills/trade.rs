//! The trade bill (交易账单): the payments, refunds and reversals of a day.

use super::{
    ask,
    csv::{self, fee},
};
use crate::{
    faults::Fault,
    gateway::{Answer, Gateway, Refusal, call::Call, validate::parties},
    world::{
        clock::Day,
        funds::{self, FEE_RATE_TEXT, yuan},
        orders::{key::Space, state::Order, view::BANK_TYPE},
        refunds::state::{Refund, RefundState},
    },
};

/// A text that careless line splitters fail on.
const AWKWARD: &str = ",大杯`热`";

const TYPES: &[&str] = &[
    "ALL",
    "SUCCESS",
    "REFUND",
    "RECHARGE_REFUND",
    "ALL_SPECIAL",
    "SUC_SPECIAL",
    "REF_SPECIAL",
];

/// Columns of all kinds of bills.
const PAYMENT: &[&str] = &[
    "交易时间",
    "公众账号ID",
    "商户号",
    "特约商户号",
    "设备号",
    "微信订单号",
    "商户订单号",
    "用户标识",
    "交易类型",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "代金券金额",
];
const REFUND: &[&str] = &[
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "充值券退款金额",
    "退款类型",
    "退款状态",
];
const GOODS: &[&str] = &["商品名称", "商户数据包", "手续费", "费率", "订单金额"];
const SUMMARY: &[&str] = &[
    "总交易单数",
    "应结订单总金额",
    "退款总金额",
    "充值券退款总金额",
    "手续费总金额",
    "订单总金额",
    "申请退款总金额",
];

/// Handles `GET /v3/bill/tradebill`.
pub(crate) fn ask(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let bill_type = parameters.one_of("bill_type", TYPES)?.unwrap_or("ALL");
    let gzip = ask::wants_gzip(&parameters)?;
    let sub_mchid = parameters.get("sub_mchid");
    if let Some(sub_mchid) = sub_mchid {
        parties::known_sub(call.merchant, sub_mchid)?;
    }
    let day = ask::day(call, &parameters)?;
    let bill = Bill {
        mchid: call.merchant.mchid.as_str(),
        sub_mchid,
        bill_type,
        day,
    };
    let text = bill
        .text(call.gateway, call.fired.file())
        .ok_or_else(|| ask::nothing(day))?;
    ask::give_out(call, text, gzip)
}

/// Which bill is meant.
pub(crate) struct Bill<'a> {
    pub(crate) mchid: &'a str,
    pub(crate) sub_mchid: Option<&'a str>,
    pub(crate) bill_type: &'a str,
    pub(crate) day: Day,
}

impl Bill<'_> {
    /// The file, or nothing if nothing happened.
    pub(crate) fn text(&self, gateway: &Gateway, fault: Option<Fault>) -> Option<String> {
        let mut rows = self.rows(gateway);
        if rows.is_empty() {
            return None;
        }
        if fault == Some(Fault::BillCommaInName) {
            for row in &mut rows {
                row.order.description.push_str(AWKWARD);
            }
        }
        let header = &columns(self.bill_type);
        // Columns that came later stand behind the others.
        let (header, summary_header) = if fault == Some(Fault::BillLegacyColumns) {
            (without_last(header, 3), without_last(SUMMARY, 2))
        } else {
            (header.as_slice(), SUMMARY)
        };
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| header.iter().map(|column| row.cell(column)).collect())
            .collect();
        let summary = summary(&rows);
        let summary = summary.get(..summary_header.len()).unwrap_or(&summary);
        Some(csv::file(header, &cells, summary_header, summary))
    }

    fn rows(&self, gateway: &Gateway) -> Vec<Row> {
        let (payments, refunds) = match self.bill_type {
            "ALL" => (true, true),
            "SUCCESS" => (true, false),
            "REFUND" => (false, true),
            _ => (false, false),
        };
        let day = self.day;
        let is_wanted = |order: &Order| {
            order.key.space == Space::Order
                && self.mchid == order.key.mchid
                && self.sub_mchid.is_none_or(|wanted| funds::payee(order) == wanted)
        };
        let row = |order: Order, entry: Entry| Row {
            order,
            entry,
            is_of_refund_bill: !payments,
            snapshot: ask::snapshot_of(day),
        };
        let mut rows: Vec<Row> = Vec::new();
        let refunded = gateway.world.refunds.orders_of_day(self.mchid, day);
        let orders = gateway.world.orders.paid_on(self.mchid, day, &refunded);
        for order in orders.into_iter().filter(is_wanted) {
            let refunds_of_day = gateway
                .world
                .refunds
                .of_order(&order.key)
                .into_iter()
                .filter(|refund| refunds && day.has(refund.created_at));
            rows.extend(refunds_of_day.map(|refund| row(order.clone(), Entry::Refund(Box::new(refund)))));
            let reversed_at = order.payment.as_ref().and_then(|payment| payment.reversed_at);
            if let Some(at) = reversed_at.filter(|at| payments && refunds && day.has(*at)) {
                rows.push(row(order.clone(), Entry::Reversal { at }));
            }
            let is_paid_then = order.payment.as_ref().is_some_and(|payment| day.has(payment.at));
            if payments && is_paid_then {
                rows.push(row(order, Entry::Payment));
            }
        }
        // Orders come in the order of their placing; a bill goes by the time of what happened.
        rows.sort_by_key(|row| (row.at(), !matches!(row.entry, Entry::Payment)));
        rows
    }
}

fn columns(bill_type: &str) -> Vec<&'static str> {
    let requested = "申请退款金额";
    let (times, refund, requested): (&[&str], &[&str], &[&str]) = match bill_type {
        "SUCCESS" => (&[], &[], &[]),
        "REFUND" => (&["退款申请时间", "退款成功时间"], REFUND, &[requested]),
        _ => (&[], REFUND, &[requested]),
    };
    [PAYMENT, times, refund, GOODS, requested, &["费率备注"]].concat()
}

fn without_last<'a>(columns: &'a [&'a str], count: usize) -> &'a [&'a str] {
    columns
        .get(..columns.len().saturating_sub(count))
        .unwrap_or(columns)
}

/// Subject of a row.
enum Entry {
    Payment,
    Refund(Box<Refund>),
    /// The payment was reversed, and its money returned.
    Reversal {
        at: i64,
    },
}

/// A row, with the order that it belongs to.
struct Row {
    order: Order,
    entry: Entry,
    /// True for a bill of refunds alone, which has the payment's time.
    ///
    /// The other bill has the time of the refund.
    is_of_refund_bill: bool,
    snapshot: i64,
}

impl Row {
    fn at(&self) -> i64 {
        match &self.entry {
            Entry::Payment => self.order.payment.as_ref().map_or(0, |payment| payment.at),
            Entry::Refund(refund) => refund.created_at,
            Entry::Reversal { at } => *at,
        }
    }

    /// Amounts of the payment, of what goes back, and of the fee.
    fn amounts(&self) -> (i64, i64, i64) {
        let total = self.order.total;
        match &self.entry {
            Entry::Payment => (total, 0, funds::fee(total)),
            Entry::Refund(refund) => (0, refund.amount, refund.fee.saturating_neg()),
            Entry::Reversal { .. } => (0, total, funds::fee(total).saturating_neg()),
        }
    }

    fn cell(&self, column: &str) -> String {
        let (paid, returned, fees) = self.amounts();
        let own = match column {
            "应结订单金额" | "订单金额" => Some(yuan(paid)),
            "退款金额" | "申请退款金额" => Some(yuan(returned)),
            "手续费" => Some(fee(fees)),
            _ => match &self.entry {
                Entry::Payment => without_refund(column, "SUCCESS"),
                Entry::Refund(refund) => self.refund_cell(refund, column),
                Entry::Reversal { at } if column == "交易时间" => Some(csv::time(*at)),
                Entry::Reversal { .. } => without_refund(column, "REVOKED"),
            },
        };
        own.unwrap_or_else(|| self.order_cell(column))
    }

    /// Cells that both kinds of rows take from the order.
    fn order_cell(&self, column: &str) -> String {
        let order = &self.order;
        let payment = order.payment.as_ref();
        match column {
            "交易时间" => csv::time(payment.map_or(0, |payment| payment.at)),
            "公众账号ID" => order.appid.clone(),
            "商户号" => order.key.mchid.clone(),
            "特约商户号" => order
                .sub
                .as_ref()
                .map_or("0", |sub| sub.mchid.as_str())
                .to_owned(),
            "设备号" => order.device_id.clone().unwrap_or_default(),
            "微信订单号" => payment
                .map_or("", |payment| payment.transaction_id.as_str())
                .to_owned(),
            "商户订单号" => order.key.out_trade_no.clone(),
            "用户标识" => {
                let (openid, sub_openid) = order.payer_openids();
                openid.or(sub_openid).unwrap_or_default()
            }
            "交易类型" => order.scene.trade_type().to_owned(),
            "付款银行" => BANK_TYPE.to_owned(),
            "货币种类" => "CNY".to_owned(),
            "代金券金额" | "充值券退款金额" => yuan(0),
            "商品名称" => order.description.clone(),
            "商户数据包" => order.attach.clone().unwrap_or_default(),
            "费率" => FEE_RATE_TEXT.to_owned(),
            _ => String::new(),
        }
    }

    fn refund_cell(&self, refund: &Refund, column: &str) -> Option<String> {
        let state = refund.state_at(self.snapshot);
        Some(match column {
            "交易时间" if !self.is_of_refund_bill => csv::time(refund.created_at),
            "交易状态" => "REFUND".to_owned(),
            "退款申请时间" => csv::time(refund.created_at),
            "退款成功时间" if state == RefundState::Success => csv::time(refund.changed_at),
            "微信退款单号" => refund.refund_id.clone(),
            "商户退款单号" => refund.key.out_refund_no.clone(),
            "退款类型" => refund.channel.clone().into_owned(),
            "退款状态" => in_bills(state).to_owned(),
            _ => return None,
        })
    }
}

/// Cells of a row that has no refund.
fn without_refund(column: &str, state: &str) -> Option<String> {
    match column {
        "交易状态" => Some(state.to_owned()),
        "微信退款单号" | "商户退款单号" => Some("0".to_owned()),
        _ => None,
    }
}

/// Bills have words of their own for the state of a refund.
const fn in_bills(state: RefundState) -> &'static str {
    match state {
        RefundState::Processing => "PROCESSING",
        RefundState::Success => "SUCCESS",
        RefundState::Closed => "FAIL",
        RefundState::Abnormal => "CHANGE",
    }
}

fn summary(rows: &[Row]) -> [String; 7] {
    let (mut paid, mut returned, mut fees) = (0_i64, 0_i64, 0_i64);
    for row in rows {
        let (of_payment, of_return, of_fee) = row.amounts();
        paid = paid.saturating_add(of_payment);
        returned = returned.saturating_add(of_return);
        fees = fees.saturating_add(of_fee);
    }
    [
        rows.len().to_string(),
        yuan(paid),
        yuan(returned),
        yuan(0),
        fee(fees),
        yuan(paid),
        yuan(returned),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bill_has_its_number_of_columns() {
        let lengths = ["ALL", "SUCCESS", "REFUND"].map(|bill_type| columns(bill_type).len());
        assert_eq!(lengths, [27, 20, 29]);
    }
}
