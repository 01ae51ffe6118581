//! The platform's fee for payments.

/// The platform's fee for a payment, per ten thousand.
const FEE_RATE: i64 = 60;
/// The same as bills write it.
pub(crate) const FEE_RATE_TEXT: &str = "0.60%";

/// The fee of an amount, rounded to fen.
pub(crate) fn fee(amount: i64) -> i64 {
    amount.saturating_mul(FEE_RATE).saturating_add(5_000) / 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_rounded_to_fen() {
        assert_eq!([1, 83, 84, 990, 100_000].map(fee), [0, 0, 1, 6, 600]);
    }
}
