//! The documented fields, row by row: one file per family. Lengths count characters.

pub(crate) mod applyment;
pub(crate) mod combine;
pub(crate) mod funds;
pub(crate) mod pay;
pub(crate) mod refund;
pub(crate) mod security;
pub(crate) mod sharing;
pub(crate) mod subsidy;

use super::{Field, Kind, Scenes, field};

/// An address for notifications; most pages say 255.
const URL: Kind = Kind::Url { max: 255 };
const LONG_URL: Kind = Kind::Url { max: 256 };
const S16: Kind = text(16);
const S32: Kind = text(32);
const S64: Kind = text(64);
const S80: Kind = text(80);
const S127: Kind = text(127);
const S128: Kind = text(128);
const S256: Kind = text(256);
const S512: Kind = text(512);
/// Money that may be none.
const ANY: Kind = Kind::Integer {
    min: 0,
    max: i64::MAX,
};
/// Money.
const POSITIVE: Kind = Kind::Integer {
    min: 1,
    max: i64::MAX,
};

const fn text(max: usize) -> Kind {
    Kind::Text { min: 1, max }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_row_for_the_object_that_holds_it() {
        for tables in [
            &[pay::PREPAY, pay::PREPAY_PARTNER] as &[&[Field]],
            &[pay::PREPAY, pay::PREPAY_DIRECT],
            &[pay::CLOSE_PARTNER],
            &[pay::CLOSE_DIRECT],
            &[combine::COMBINED],
            &[combine::CLOSE_COMBINED],
            &[refund::REFUND],
            &[refund::ECOMMERCE_REFUND],
            &[refund::ABNORMAL_REFUND],
            &[refund::ECOMMERCE_ABNORMAL_REFUND],
            &[refund::RETURN_ADVANCE],
            &[security::ECHO],
            &[security::MEDIA],
            &[applyment::SUBMIT],
            &[applyment::MODIFY_SETTLEMENT],
            &[funds::WITHDRAW],
            &[funds::WITHDRAW_OF_SUB],
            &[funds::WITHDRAW_DAY_END],
            &[subsidy::CREATE],
            &[subsidy::RETURN],
            &[subsidy::CANCEL],
            &[sharing::ADD_ECOMMERCE_RECEIVER],
            &[sharing::ADD_RECEIVER],
            &[sharing::DELETE_ECOMMERCE_RECEIVER],
            &[sharing::DELETE_RECEIVER],
            &[sharing::ECOMMERCE_RETURN],
            &[sharing::ECOMMERCE_SHARE],
            &[sharing::FINISH_SHARING],
            &[sharing::RETURN],
            &[sharing::SHARE],
            &[sharing::UNFREEZE],
        ] {
            let rows: Vec<&Field> = tables.iter().copied().flatten().collect();
            for row in &rows {
                let Some((parent, _)) = row.path.rsplit_once('/') else {
                    continue;
                };
                let parent = parent.strip_suffix("/*").unwrap_or(parent);
                assert!(rows.iter().any(|row| row.path == parent), "{}", row.path);
                assert_eq!(
                    rows.iter().filter(|other| other.path == row.path).count(),
                    1,
                    "{}",
                    row.path
                );
            }
        }
    }
}
