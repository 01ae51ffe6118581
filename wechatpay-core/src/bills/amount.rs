//! Amounts of bills: yuan with decimals.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::types::Fen;

/// Number of decimals kept: amounts have two, fees five.
const DECIMALS: usize = 5;
/// Units per fen.
const PER_FEN: i64 = 1_000;

/// An amount of a bill, exact to five decimals of a yuan.
///
/// It is negative for a returned fee. No floating-point number is involved.
///
/// ```
/// use wechatpay_core::{bills::BillAmount, types::Fen};
///
/// let fee: BillAmount = "-0.05940".parse()?;
/// assert_eq!((fee.to_string().as_str(), fee.fen()), ("-0.0594", None));
/// assert_eq!("9.90".parse::<BillAmount>()?.fen(), Some(Fen::new(990).unwrap()));
/// # Ok::<(), wechatpay_core::bills::InvalidBillAmount>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BillAmount(i64);

/// A text that is not an amount of yuan with up to five decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in yuan")]
pub struct InvalidBillAmount(());

impl BillAmount {
    /// Withdraws nothing.
    pub const ZERO: Self = Self(0);

    /// Returns the amount in fen; `None` if negative or not whole.
    #[must_use]
    pub fn fen(self) -> Option<Fen> {
        let whole = self.0.checked_rem(PER_FEN)? == 0;
        Fen::new(self.0.checked_div(PER_FEN)?).ok().filter(|_| whole)
    }

    /// Returns the sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl std::str::FromStr for BillAmount {
    type Err = InvalidBillAmount;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.as_bytes()).map(Self).ok_or(InvalidBillAmount(()))
    }
}

fn parse(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mut value, mut whole, mut decimals) = (0_i64, 0_usize, None);
    for byte in digits {
        match (byte, decimals) {
            (b'.', None) if whole > 0 => decimals = Some(0_usize),
            (b'0'..=b'9', _) => {
                value = value
                    .checked_mul(10)?
                    .checked_add(i64::from(byte.wrapping_sub(b'0')))?;
                match &mut decimals {
                    None => whole = whole.checked_add(1)?,
                    Some(count) => *count = count.checked_add(1)?,
                }
            }
            _ => return None,
        }
    }
    let decimals = match decimals {
        None if whole > 0 => 0,
        Some(count @ 1..=DECIMALS) => count,
        _ => return None,
    };
    for _ in decimals..DECIMALS {
        value = value.checked_mul(10)?;
    }
    if negative {
        value.checked_neg()
    } else {
        Some(value)
    }
}

impl From<Fen> for BillAmount {
    /// Converts fen; saturates on overflow.
    fn from(fen: Fen) -> Self {
        Self(fen.get().saturating_mul(PER_FEN))
    }
}

/// Formats with at least two decimals, and more only if they are not zero.
impl fmt::Display for BillAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{:06}", self.0.unsigned_abs());
        text.insert(text.len().saturating_sub(DECIMALS), '.');
        let zeros = text
            .bytes()
            .rev()
            .take(3)
            .take_while(|byte| *byte == b'0')
            .count();
        let shown = text.get(..text.len().saturating_sub(zeros)).unwrap_or(&text);
        f.pad_integral(self.0 >= 0, "", shown)
    }
}

impl Serialize for BillAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_by_their_digits_and_written_back() {
        for (text, written) in [
            ("0", "0.00"),
            ("0.0", "0.00"),
            ("-0.00", "0.00"),
            ("0.01", "0.01"),
            ("0.1", "0.10"),
            ("100", "100.00"),
            ("20.0", "20.00"),
            ("0.00600", "0.006"),
            ("-0.05940", "-0.0594"),
            ("0.00001", "0.00001"),
            ("92233720368547.75807", "92233720368547.75807"),
        ] {
            assert_eq!(text.parse::<BillAmount>().unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_parsed_as_amounts() {
        for text in [
            "",
            "-",
            ".",
            ".5",
            "5.",
            "-.5",
            "1.000000",
            "1e2",
            "1,000.00",
            "+1",
            " 1",
            "1 ",
            "１",
            "0x1",
            "1.2.3",
            "--1",
            "NaN",
            "92233720368547.75808",
            "99999999999999999999",
            "0.60%",
            "¥1",
        ] {
            assert!(text.parse::<BillAmount>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_whole_non_negative_amounts_convert_to_fen() {
        let fen = |text: &str| text.parse::<BillAmount>().unwrap().fen().map(Fen::get);
        assert_eq!(fen("12.34"), Some(1234));
        assert_eq!(fen("12.34000"), Some(1234));
        assert_eq!(fen("12.34100"), None);
        assert_eq!(fen("-12.34"), None);
        assert_eq!(BillAmount::from(Fen::from(990)).to_string(), "9.90");
        assert_eq!(BillAmount(i64::MAX).checked_add(BillAmount(1)), None);
    }

    #[test]
    fn an_amount_is_padded_to_a_column_width() {
        assert_eq!(
            format!("{:>8}|", "9.90".parse::<BillAmount>().unwrap()),
            "    9.90|"
        );
    }
}
