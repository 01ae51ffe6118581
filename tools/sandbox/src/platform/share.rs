//! A percentage of many.

/// Spreads a percentage evenly instead of randomly: 50 % is every second time.
pub(crate) struct Share {
    percent: f64,
    credit: f64,
}

impl Share {
    pub(crate) fn new(percent: f64) -> Self {
        Self {
            percent: percent.clamp(0.0, 100.0),
            credit: 0.0,
        }
    }

    pub(crate) fn percent(&self) -> f64 {
        self.percent
    }

    pub(crate) fn set(&mut self, percent: f64) {
        self.percent = percent.clamp(0.0, 100.0);
    }

    /// Percentage and what is left over, for a snapshot.
    pub(crate) fn saved(&self) -> (f64, f64) {
        (self.percent, self.credit)
    }

    pub(crate) fn from_saved((percent, credit): (f64, f64)) -> Self {
        Self {
            credit: credit.clamp(0.0, 100.0),
            ..Self::new(percent)
        }
    }

    pub(crate) fn take(&mut self) -> bool {
        self.credit += self.percent;
        let full = self.credit >= 100.0;
        if full {
            self.credit -= 100.0;
        }
        full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_spread_evenly() {
        let count = |percent: f64| {
            let mut share = Share::new(percent);
            (0..1000).filter(|_| share.take()).count()
        };
        assert_eq!(
            [count(0.0), count(1.0), count(50.0), count(100.0)],
            [0, 10, 500, 1000]
        );
        let mut half = Share::new(50.0);
        assert_eq!([half.take(), half.take(), half.take()], [false, true, false]);
    }
}
