//! Validity of certificates, for clients on either of a sandbox's clocks.

use wechatpay_core::Clock;

const DAY: i64 = 24 * 3600;
const YEAR: i64 = 365 * DAY;
/// Lifetime of a certificate, as on the platform.
const LIFETIME: i64 = 5 * YEAR;
/// Clocks of two machines may differ by this much.
const SLACK: i64 = 300;

/// The sandbox's clock and its wire clock at one moment.
///
/// Orders go by the one, signatures and whoever checks a certificate by the other. A manual clock may be years away from the
/// system's time, in either direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    earlier: i64,
    later: i64,
}

impl Clocks {
    /// Reads both.
    pub(crate) fn read(clock: &Clock, wire_clock: &Clock) -> Self {
        let (now, on_the_wire) = (clock.now(), wire_clock.now());
        Self {
            earlier: now.min(on_the_wire),
            later: now.max(on_the_wire),
        }
    }
}

/// First and last second of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(super) not_before: i64,
    pub(super) not_after: i64,
}

impl Validity {
    /// From `not_before` on, and in any case now by both clocks.
    pub(super) fn from(not_before: i64, clocks: Clocks) -> Self {
        let not_before = not_before.min(clocks.earlier.saturating_sub(SLACK));
        let not_after = not_before.saturating_add(LIFETIME);
        let is_short = not_after < clocks.later.saturating_add(YEAR);
        Self {
            not_before,
            not_after: if is_short {
                clocks.later.saturating_add(LIFETIME)
            } else {
                not_after
            },
        }
    }

    /// Of a certificate that is issued now.
    pub(super) fn new(clocks: Clocks) -> Self {
        Self::from(clocks.earlier, clocks)
    }

    /// Of a certificate that was issued a year ago.
    pub(super) fn for_a_year(clocks: Clocks) -> Self {
        Self::from(clocks.earlier.saturating_sub(YEAR), clocks)
    }

    /// Of a certificate that ended yesterday, by both clocks.
    pub(super) fn ended(clocks: Clocks) -> Self {
        let not_after = clocks.earlier.saturating_sub(DAY);
        Self {
            not_before: not_after.saturating_sub(LIFETIME),
            not_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(own: i64, wire: i64) -> Clocks {
        Clocks::read(&Clock::fixed(own), &Clock::fixed(wire))
    }

    #[test]
    fn a_certificate_is_valid_by_both_clocks() {
        let today = 1_796_000_000;
        for own in [
            0,
            1_000_000_000,
            today - 4,
            today,
            today + 26 * 3600,
            4_000_000_000,
        ] {
            let clocks = clocks(own, today);
            for validity in [Validity::new(clocks), Validity::for_a_year(clocks)] {
                for now in [own, today] {
                    assert!(validity.not_before <= now - SLACK, "{own}: {validity:?}");
                    assert!(validity.not_after >= now + YEAR, "{own}: {validity:?}");
                }
            }
            let ended = Validity::ended(clocks);
            assert!(
                ended.not_after < own && ended.not_after < today,
                "{own}: {ended:?}"
            );
        }
    }

    #[test]
    fn it_lives_for_five_years_and_as_long_after_a_restore() {
        let clocks = clocks(1_000, 1_000 + 26 * 3600);
        let issued = Validity::new(clocks);
        assert_eq!(issued.not_after - issued.not_before, LIFETIME);
        assert_eq!(Validity::from(issued.not_before, clocks), issued);
    }
}
