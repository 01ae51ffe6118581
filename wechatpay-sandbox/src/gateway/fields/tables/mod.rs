//! The documented fields, row by row: one file per family. Lengths count characters.

mod combine;
mod pay;
mod refund;
mod security;

pub(in crate::gateway) use combine::{CLOSE_COMBINED, COMBINED};
pub(in crate::gateway) use pay::{CLOSE_DIRECT, CLOSE_PARTNER, PREPAY, PREPAY_DIRECT, PREPAY_PARTNER};
pub(in crate::gateway) use refund::{
    ABNORMAL_REFUND, ECOMMERCE_ABNORMAL_REFUND, ECOMMERCE_REFUND, REFUND, RETURN_ADVANCE,
};

pub(in crate::gateway) use security::{ECHO, MEDIA};

use super::{Field, Kind, Scenes, field};

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
            &[PREPAY, PREPAY_PARTNER] as &[&[Field]],
            &[PREPAY, PREPAY_DIRECT],
            &[CLOSE_PARTNER],
            &[CLOSE_DIRECT],
            &[COMBINED],
            &[CLOSE_COMBINED],
            &[REFUND],
            &[ECOMMERCE_REFUND],
            &[ABNORMAL_REFUND],
            &[ECOMMERCE_ABNORMAL_REFUND],
            &[RETURN_ADVANCE],
            &[ECHO],
            &[MEDIA],
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
