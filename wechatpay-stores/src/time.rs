//! Durations in the units of the stores.

use std::time::Duration;

/// Upper bound of every duration, which the clocks of the servers can represent.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Converts to whole milliseconds, rounded up so that no lease is shortened.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    let duration = duration.min(CENTURY);
    let up = u64::from(!duration.subsec_nanos().is_multiple_of(1_000_000));
    u64::try_from(duration.as_millis()).map_or(u64::MAX, |millis| millis.saturating_add(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_up_and_bounded() {
        for (duration, expected) in [
            (Duration::ZERO, 0),
            (Duration::from_nanos(1), 1),
            (Duration::from_millis(150), 150),
            (Duration::from_micros(1_001), 2),
            (Duration::MAX, 3_153_600_000_000),
        ] {
            assert_eq!(milliseconds(duration), expected, "{duration:?}");
        }
    }
}
