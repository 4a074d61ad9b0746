//! The smallest change that matters: the second gate beside significance, one for all methods.

/// The smallest change that matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MinimumEffect {
    /// A share of the level before, or of the baseline: 0.02 is 2 %. Noise is measured in ratios
    /// where all values are above 0. Any shift away from a level of exactly 0 counts.
    Relative(f64),
    /// An amount, in the unit of the values.
    Absolute(f64),
}

impl MinimumEffect {
    /// In the unit of the values, given the level before.
    #[must_use]
    pub fn of(self, before: f64) -> f64 {
        match self {
            Self::Relative(share) => share * before.abs(),
            Self::Absolute(amount) => amount,
        }
    }

    /// By how much a shift from `before` to `after` exceeds the minimum, as a multiple of it;
    /// infinite when the minimum is 0.
    pub(super) fn excess(self, before: f64, after: f64) -> f64 {
        // Halves, because the difference of two large numbers can exceed a double.
        let half_shift = (0.5 * after - 0.5 * before).abs();
        let minimum = self.of(before);
        if minimum > 0.0 {
            half_shift / (0.5 * minimum)
        } else {
            f64::INFINITY
        }
    }

    /// Whether a shift counts.
    #[must_use]
    pub fn is_reached(self, before: f64, after: f64) -> bool {
        self.excess(before, after) >= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_always_reached() {
        assert!(MinimumEffect::Relative(0.5).is_reached(0.0, 1e-9));
        assert!(MinimumEffect::Relative(0.5).is_reached(-2.0, -3.0));
        assert!(!MinimumEffect::Relative(0.5).is_reached(-2.0, -2.9));
        assert!(MinimumEffect::Absolute(f64::MAX).is_reached(-f64::MAX, f64::MAX));
    }

    #[test]
    fn a_share_is_of_the_size_of_the_level() {
        assert_eq!(MinimumEffect::Relative(0.02).of(-50.0), 1.0);
        assert_eq!(MinimumEffect::Absolute(0.02).of(-50.0), 0.02);
    }
}
