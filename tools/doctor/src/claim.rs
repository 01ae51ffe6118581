//! Comparison of a string that the client claims to have signed.

use super::{Direction, Finding, Mistake, Part, mistake::mistakes, slot::Piece};

mistakes! {
    METHOD = Method "method-line-differs",
        "line 1 differs from the method that was sent",
        "第 1 行与实际请求的方法不同";
    URL = Url "url-line-differs",
        "line 2 differs from the URL that was sent; compare the two below",
        "第 2 行与实际请求的 URL 不同；请对照差异";
    TIMESTAMP = Timestamp "timestamp-line-differs",
        "the signed timestamp differs from the one that was sent; use one value for both",
        "签名的时间戳与发送的不同；两处请使用同一个值";
    NONCE = Nonce "nonce-line-differs",
        "the signed nonce differs from the one that was sent; use one value for both",
        "签名的随机串与发送的不同；两处请使用同一个值";
    BODY = Body "body-line-differs",
        "the signed body differs from the received one; the first different byte is shown",
        "签名的报文主体与收到的不同；下方标出了第一个不同的字节";
    APPID = Appid "appid-line-differs",
        "the signed appid differs from the one that opens the payment sheet",
        "签名的 appid 与调起支付时的不同";
    PACKAGE = Package "package-line-differs",
        "the signed fourth line differs from the one that was sent",
        "签名的第四行与发送的不同";
    LINES = Frame "line-count-differs",
        "the signed message has another number of lines; every line ends in LF, the last included",
        "签名串的行数不对；每一行（包括最后一行）都以 \\n 结尾";
}

/// Splits the claimed string into lines.
///
/// Text after the last line of the layout belongs to that line.
pub(super) fn pieces(direction: Direction, message: &[u8]) -> Vec<Piece> {
    let layout = direction.layout();
    let mut rest = message;
    let mut pieces = Vec::new();
    for (number, part) in layout.iter().enumerate() {
        let is_last = number.saturating_add(1) == layout.len();
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map(|place| place.saturating_add(1));
        let (line, behind) = match end {
            Some(end) if !is_last => rest.split_at_checked(end).unwrap_or((rest, &[])),
            _ => (rest, [].as_slice()),
        };
        if !line.is_empty() {
            pieces.push(Piece {
                part: *part,
                bytes: line.to_vec(),
            });
        }
        rest = behind;
    }
    pieces
}

/// Returns the mistakes of lines that differ.
pub(super) fn differences(expected: &[Piece], claimed: &[Piece]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = expected
        .iter()
        .zip(claimed)
        .filter(|(expected, claimed)| expected.bytes != claimed.bytes)
        .map(|(expected, _)| of_part(expected.part).into())
        .collect();
    if expected.len() != claimed.len() {
        findings.push(LINES.into());
    }
    findings
}

fn of_part(part: Part) -> Mistake {
    match part {
        Part::Method => METHOD,
        Part::Url => URL,
        Part::Timestamp => TIMESTAMP,
        Part::Nonce => NONCE,
        Part::Body => BODY,
        Part::Appid => APPID,
        Part::Package => PACKAGE,
        Part::Frame | Part::Signature | Part::Key => LINES,
    }
}
