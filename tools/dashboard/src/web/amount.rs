//! Amounts as people read them.

use wechatpay_core::types::Fen;

/// `¥1,234.56`.
pub(crate) fn yuan(total: i64) -> String {
    let Ok(fen) = Fen::new(total) else {
        return String::new();
    };
    let plain = fen.yuan().to_string();
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut text = String::from("¥");
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{decimals}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_by_thousands() {
        for (total, text) in [
            (5, "¥0.05"),
            (99_999, "¥999.99"),
            (100_000, "¥1,000.00"),
            (12_345_678_900, "¥123,456,789.00"),
        ] {
            assert_eq!(yuan(total), text);
        }
        assert_eq!(yuan(-1), "");
    }
}
