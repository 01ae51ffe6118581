//! Numbers of orders and refunds.

use wechatpay_core::types::{DateTime, InvalidId, OutRefundNo, OutTradeNo};

/// 32 characters that are not confused when read aloud, one for five bits.
///
/// The lower five bits of a byte choose without bias.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Random characters of a number, 50 bits: unique per day and unpredictable.
const RANDOM: usize = 10;

/// No number could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoNumber {
    /// The operating system has no random numbers.
    #[error("no random numbers")]
    Random,
    /// The generated number is not valid for the platform.
    #[error(transparent)]
    Grammar(#[from] InvalidId),
}

/// A new order number: the date in Beijing, then random characters; 19 in all.
pub(crate) fn order_number(now: DateTime) -> Result<OutTradeNo, NoNumber> {
    Ok(OutTradeNo::parse(&new_number(now)?)?)
}

/// A new refund number, made likewise.
pub(crate) fn refund_number(now: DateTime) -> Result<OutRefundNo, NoNumber> {
    Ok(OutRefundNo::parse(&format!("r{}", new_number(now)?))?)
}

fn new_number(now: DateTime) -> Result<String, NoNumber> {
    let mut random = [0; RANDOM];
    getrandom::fill(&mut random).map_err(|_| NoNumber::Random)?;
    // The date of `2024-01-01T12:34:56+08:00`, without its punctuation.
    let mut number: String = now
        .to_string()
        .chars()
        .take_while(|character| *character != 'T')
        .filter(char::is_ascii_digit)
        .collect();
    number.push('-');
    number.extend(
        random
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
            .map(|byte| char::from(*byte)),
    );
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_its_time_and_does_not_repeat() {
        let now: DateTime = "2024-01-01T16:34:56Z".parse().unwrap();
        let first = order_number(now).unwrap();
        assert!(first.as_str().starts_with("20240102-"), "{first}");
        assert_eq!(first.as_str().len(), 19);
        assert_ne!(first, order_number(now).unwrap());
        assert_eq!(refund_number(now).unwrap().as_str().len(), 20);
    }
}
