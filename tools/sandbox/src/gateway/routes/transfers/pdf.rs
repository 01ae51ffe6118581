//! The file of a receipt: one page with the numbers of its transfer.

use crate::world::{clock::rfc3339, funds::yuan, records::state::Record};

/// A receipt as a PDF file. It has no name of a person.
pub(super) fn of(transfer: &Record) -> Vec<u8> {
    let lines = [
        "Receipt of a transfer (sandbox, no real money)".to_owned(),
        format!("Merchant: {}", transfer.key.mchid),
        format!("out_bill_no: {}", transfer.key.number),
        format!("transfer_bill_no: {}", transfer.id),
        format!("Amount: CNY {}", yuan(transfer.amount)),
        format!("Paid: {}", rfc3339(transfer.updated_at)),
    ];
    page(&lines).into_bytes()
}

/// One page of lines, which have no parentheses and no backslashes but these.
fn page(lines: &[String]) -> String {
    let mut text = "BT /F1 12 Tf 18 TL 60 760 Td".to_owned();
    for line in lines {
        let line = line.replace('(', "\\(").replace(')', "\\)");
        text.push_str(&format!(" ({line}) Tj T*"));
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    let count = objects.len().saturating_add(1);
    file.push_str(&format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file
}
