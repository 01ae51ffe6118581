//! The shop's books as a file.
//!
//! Yours are in a database; anything that yields [`Record`]s will do.

use std::{fs, path::Path};

use wechatpay_core::{BoxError, api::refunds::RefundStatus, bills::reconcile::Record, types::Fen};

/// Reads a file of lines; empty ones and those that begin with `#` are skipped.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>, BoxError> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut records = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let record = record(line).ok_or_else(|| {
            format!(
                "{}, line {number}: neither payment,NUMBER,FEN,paid|unpaid nor refund,NUMBER,FEN,STATUS",
                path.display()
            )
        })?;
        records.push(record);
    }
    Ok(records)
}

fn record(line: &str) -> Option<Record> {
    let mut fields = line.split(',').map(str::trim);
    let (kind, number) = (fields.next()?, fields.next()?);
    let amount = Fen::new(fields.next()?.parse().ok()?).ok()?;
    let state = fields.next()?;
    if number.is_empty() || fields.next().is_some() {
        return None;
    }
    match (kind, state) {
        ("payment", "paid") => Some(Record::payment(number, amount)),
        ("payment", "unpaid") => Some(Record::unpaid(number, amount)),
        ("refund", status) => Some(Record::refund(number, amount, &RefundStatus::from(status))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_payment_or_a_refund() {
        let fen = |fen| Fen::new(fen).unwrap();
        assert_eq!(
            record("payment,A-1,990,paid"),
            Some(Record::payment("A-1", fen(990)))
        );
        assert_eq!(
            record("payment, A-2, 1, unpaid"),
            Some(Record::unpaid("A-2", fen(1)))
        );
        assert_eq!(
            record("refund,R-1,300,SUCCESS"),
            Some(Record::refund("R-1", fen(300), &RefundStatus::Success))
        );
        for bad in [
            "",
            "payment",
            "payment,A,9.90,paid",
            "payment,,1,paid",
            "payment,A,1,maybe",
            "payment,A,1,paid,x",
        ] {
            assert_eq!(record(bad), None, "{bad}");
        }
    }
}
