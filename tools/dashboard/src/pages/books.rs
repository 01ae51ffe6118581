//! A shop's books as a CSV file; errors name line and column.
//!
//! With a header the columns may stand in any order and be named in English or Chinese; without one they are kind, number,
//! amount in fen, state.

use wechatpay_core::{api::refunds::RefundStatus, bills::reconcile::Record, types::Fen};

use super::press::fen;
use crate::web::Text;

/// Nobody compares more by hand.
const MAX_RECORDS: usize = 100_000;

/// A cell that cannot be read, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// From 1; 0 for the file as a whole.
    pub(super) line: usize,
    pub(super) column: String,
    pub(super) text: Text,
}

impl Wrong {
    fn new(line: usize, column: impl Into<String>, english: &'static str, chinese: &'static str) -> Self {
        Self {
            line,
            column: column.into(),
            text: Text::new(english, chinese),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Kind,
    /// Of whatever the kind says.
    Number,
    OrderNumber,
    RefundNumber,
    Fen,
    Yuan,
    State,
    Ignored,
}

const KIND: Column = Column::Kind;
const PLAIN: [Column; 4] = [KIND, Column::Number, Column::Fen, Column::State];

/// The records of a file.
pub(super) fn read(file: &[u8]) -> Result<Vec<Record>, Wrong> {
    let text = match std::str::from_utf8(file) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(error) => {
            let before = file.get(..error.valid_up_to()).unwrap_or_default();
            let line = memchr::memchr_iter(b'\n', before).count().saturating_add(1);
            return Err(Wrong::new(
                line,
                "",
                "this is not UTF-8 (GBK from a spreadsheet?); save it as “CSV UTF-8”",
                "不是 UTF-8 编码（表格软件导出的 GBK？）；请另存为“CSV UTF-8”",
            ));
        }
    };
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let Some((number, first)) = lines.next() else {
        return Err(Wrong::new(0, "", "the file is empty", "文件是空的"));
    };
    let separator = [',', '\t', ';']
        .into_iter()
        .find(|separator| first.contains(*separator))
        .unwrap_or(',');
    let cells = cells(first, separator).ok_or_else(|| open_quote(number))?;
    let is_header = cells.first().is_some_and(|cell| kind(cell).is_none());
    let mut records = Vec::new();
    let columns = if is_header {
        header(number, &cells)?
    } else {
        records.push(record(
            number,
            &PLAIN.map(|column| (column, name(column))),
            &cells,
        )?);
        PLAIN.map(|column| (column, name(column))).to_vec()
    };
    for (number, line) in lines {
        if records.len() >= MAX_RECORDS {
            return Err(Wrong::new(
                number,
                "",
                "more than 100 000 records; compare such a day with the library",
                "超过 10 万条记录；请改用程序库对账",
            ));
        }
        let cells = self::cells(line, separator).ok_or_else(|| open_quote(number))?;
        records.push(record(number, &columns, &cells)?);
    }
    Ok(records)
}

fn open_quote(line: usize) -> Wrong {
    Wrong::new(
        line,
        "",
        "a double quote opens and does not close on this line",
        "这一行有未闭合的双引号",
    )
}

fn name(column: Column) -> String {
    match column {
        Column::Kind => "kind",
        Column::Number => "number",
        Column::OrderNumber => "out_trade_no",
        Column::RefundNumber => "out_refund_no",
        Column::Fen => "amount_fen",
        Column::Yuan => "amount_yuan",
        Column::State | Column::Ignored => "state",
    }
    .to_owned()
}

/// Recognises the columns of a header line, each with its name as written.
fn header(line: usize, cells: &[String]) -> Result<Vec<(Column, String)>, Wrong> {
    let mut columns = Vec::new();
    for cell in cells {
        let plain = cell
            .to_lowercase()
            .replace(['（', '('], "_")
            .replace(['）', ')', ' '], "");
        let column = match plain.as_str() {
            "kind" | "type" | "类型" | "交易类型" => Column::Kind,
            "number" | "单号" => Column::Number,
            "out_trade_no" | "order" | "商户订单号" | "订单号" => Column::OrderNumber,
            "out_refund_no" | "refund" | "商户退款单号" | "退款单号" => Column::RefundNumber,
            "fen" | "amount_fen" | "金额_分" | "分" => Column::Fen,
            "yuan" | "amount_yuan" | "金额_元" | "元" => Column::Yuan,
            "state" | "status" | "状态" => Column::State,
            "amount" | "total" | "金额" => {
                return Err(Wrong::new(
                    line,
                    cell.clone(),
                    "is that fen or yuan? Name the column amount_fen or amount_yuan",
                    "单位是分还是元？请把列名写成“金额（分）”或“金额（元）”",
                ));
            }
            _ => Column::Ignored,
        };
        if column != Column::Ignored && columns.iter().any(|(known, _)| *known == column) {
            return Err(Wrong::new(
                line,
                cell.clone(),
                "this column is there twice",
                "这一列出现了两次",
            ));
        }
        columns.push((column, cell.clone()));
    }
    let has = |wanted: &[Column]| columns.iter().any(|(column, _)| wanted.contains(column));
    if !has(&[Column::Number, Column::OrderNumber, Column::RefundNumber]) {
        return Err(Wrong::new(
            line,
            "out_trade_no",
            "the header names no out_trade_no and no out_refund_no",
            "表头没有商户订单号（out_trade_no）或商户退款单号（out_refund_no）",
        ));
    }
    if !has(&[Column::Fen, Column::Yuan]) {
        return Err(Wrong::new(
            line,
            "amount_fen",
            "the header names no amount_fen and no amount_yuan",
            "表头没有金额列：amount_fen（分）或 amount_yuan（元）",
        ));
    }
    Ok(columns)
}

/// Returns true if it is a refund.
fn kind(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "payment" | "pay" | "支付" | "付款" => Some(false),
        "refund" | "退款" => Some(true),
        _ => None,
    }
}

fn record(line: usize, columns: &[(Column, String)], cells: &[String]) -> Result<Record, Wrong> {
    if cells.len() > columns.len() {
        return Err(Wrong::new(
            line,
            "",
            "there are more cells than columns; a comma inside of a text needs double quotes around it",
            "单元格比列多；文本中含有逗号时请用双引号括起来",
        ));
    }
    let cell = |wanted: Column| {
        let place = columns.iter().position(|(column, _)| *column == wanted)?;
        let text = cells.get(place).map(String::as_str).unwrap_or_default();
        Some((
            columns
                .get(place)
                .map(|(_, name)| name.as_str())
                .unwrap_or_default(),
            text,
        ))
    };
    let filled = |wanted: Column| cell(wanted).filter(|(_, text)| !text.is_empty());
    let is_refund = match filled(Column::Kind) {
        Some((name, text)) => kind(text).ok_or_else(|| {
            Wrong::new(
                line,
                name,
                "neither payment nor refund",
                "应为 payment（支付）或 refund（退款）",
            )
        })?,
        None => filled(Column::RefundNumber).is_some(),
    };
    let own = if is_refund {
        Column::RefundNumber
    } else {
        Column::OrderNumber
    };
    let Some((name, number)) = filled(own).or_else(|| filled(Column::Number)) else {
        let name = cell(own)
            .or_else(|| cell(Column::Number))
            .map_or("", |(name, _)| name);
        return Err(Wrong::new(line, name, "the number is missing", "缺少单号"));
    };
    if number.contains("E+") || number.contains("e+") {
        return Err(Wrong::new(
            line,
            name,
            "a spreadsheet made a rounded figure of this number; format the column as text",
            "单号被表格软件变成了科学计数法；请把该列设为文本格式",
        ));
    }
    let amount = amount(line, filled(Column::Fen), filled(Column::Yuan))?;
    let state = filled(Column::State);
    if is_refund {
        let status = state.map_or("SUCCESS", |(_, state)| match state {
            "退款成功" | "成功" => "SUCCESS",
            "退款处理中" | "处理中" => "PROCESSING",
            "退款关闭" | "关闭" => "CLOSED",
            "退款异常" | "异常" => "ABNORMAL",
            other => other,
        });
        return Ok(Record::refund(number, amount, &RefundStatus::from(status)));
    }
    let Some((name, state)) = state else {
        return Ok(Record::payment(number, amount));
    };
    match state.to_lowercase().as_str() {
        "paid" | "success" | "refund" | "已支付" | "支付成功" | "转入退款" => {
            Ok(Record::payment(number, amount))
        }
        "unpaid" | "notpay" | "closed" | "revoked" | "未支付" | "已关闭" => {
            Ok(Record::unpaid(number, amount))
        }
        _ => Err(Wrong::new(
            line,
            name,
            "a payment is paid or unpaid (or SUCCESS, NOTPAY, CLOSED)",
            "支付的状态应为 paid（已支付）或 unpaid（未支付），或 SUCCESS、NOTPAY、CLOSED",
        )),
    }
}

fn amount(line: usize, in_fen: Option<(&str, &str)>, in_yuan: Option<(&str, &str)>) -> Result<Fen, Wrong> {
    match (in_fen, in_yuan) {
        (Some((name, text)), _) => text
            .parse()
            .ok()
            .and_then(|amount| Fen::new(amount).ok())
            .ok_or_else(|| {
                Wrong::new(
                    line,
                    name,
                    "fen are whole numbers without a sign",
                    "以分为单位的金额应为非负整数",
                )
            }),
        (None, Some((name, text))) => fen(text).and_then(|amount| Fen::new(amount).ok()).ok_or_else(|| {
            Wrong::new(
                line,
                name,
                "yuan are digits with at most two decimals, such as 9.90",
                "以元为单位的金额应为数字，最多两位小数，如 9.90",
            )
        }),
        (None, None) => Err(Wrong::new(line, "amount", "the amount is missing", "缺少金额")),
    }
}

/// Splits a line into cells; quoted ones may hold separators and doubled quotes.
///
/// Returns `None` if a quote stays open.
fn cells(line: &str, separator: char) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut letters = line.trim_end_matches('\r').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.trim().is_empty() => is_quoted = !is_quoted,
            letter if letter == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            letter => cell.push(letter),
        }
    }
    cells.push(cell);
    // Cells of a bill begin with a back-tick.
    let plain = |cell: String| cell.trim().trim_start_matches('`').trim().to_owned();
    (!is_quoted).then(|| cells.into_iter().map(plain).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen_of(amount: i64) -> Fen {
        Fen::new(amount).unwrap()
    }

    #[test]
    fn columns_have_any_order_and_either_language() {
        let wanted = vec![
            Record::payment("A-1", fen_of(990)),
            Record::refund("R-1", fen_of(300), &RefundStatus::Processing),
        ];
        for file in [
            "\u{feff}out_trade_no,out_refund_no,amount_fen,state\r\nA-1,,990,SUCCESS\r\nA-1,R-1,300,PROCESSING\r\n",
            "状态,金额（元）,商户订单号,商户退款单号,备注\n已支付,9.90,`A-1,,\"一,\"\"二\"\n退款处理中,3,A-1,R-1,\n",
            "kind;number;yuan;state\npayment;A-1;9.9;\nrefund;R-1;¥3.00;PROCESSING\n",
            "# books\n\npayment,A-1,990,paid\nrefund,R-1,300,PROCESSING",
            "类型\t单号\t金额(分)\t状态\n支付\tA-1\t990\t已支付\n退款\tR-1\t300\t处理中",
        ] {
            assert_eq!(read(file.as_bytes()).as_ref(), Ok(&wanted), "{file}");
        }
        let unpaid = read(b"out_trade_no,fen,state\nA-2,1,NOTPAY").unwrap();
        assert_eq!(unpaid, [Record::unpaid("A-2", fen_of(1))]);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_line_and_column() {
        for (file, line, column) in [
            (b"".as_slice(), 0, ""),
            (b"\n# nothing\n", 0, ""),
            (b"a,b,c\n", 1, "out_trade_no"),
            (b"out_trade_no,state\n", 1, "amount_fen"),
            (b"out_trade_no,amount\n", 1, "amount"),
            (b"out_trade_no,fen,fen\n", 1, "fen"),
            (b"out_trade_no,fen\nA,990\n,1", 3, "out_trade_no"),
            (b"out_trade_no,fen\nA,9.90", 2, "fen"),
            (b"out_trade_no,fen\nA,-1", 2, "fen"),
            (b"out_trade_no,fen\nA,", 2, "amount"),
            (b"out_trade_no,yuan\nA,9.905", 2, "yuan"),
            (b"out_trade_no,yuan\nA,1,000.00", 2, ""),
            (b"out_trade_no,fen,state\nA,1,perhaps", 2, "state"),
            (b"out_trade_no,fen\n1.2E+18,1", 2, "out_trade_no"),
            (b"kind,number,fen\ngift,A,1", 2, "kind"),
            (b"out_trade_no,fen\n\"A,1", 2, ""),
            (b"out_trade_no,fen\nA,1\n\xd6\xd0,2", 3, ""),
            (b"payment,A,990,maybe", 1, "state"),
        ] {
            let wrong = read(file).unwrap_err();
            assert_eq!(
                (wrong.line, wrong.column.as_str()),
                (line, column),
                "{}",
                wrong.text.en
            );
        }
        let many = format!("out_trade_no,fen\n{}", "A,1\n".repeat(MAX_RECORDS + 1));
        assert_eq!(read(many.as_bytes()).unwrap_err().line, MAX_RECORDS + 2);
    }
}
