//! Exact sums over a discrete distribution with one peak, from the ratios of neighbouring
//! probabilities.

use std::ops::RangeInclusive;

use super::moments::sum;

/// The most trials of an exact test: at 10⁹ about a million probabilities are formed.
pub(super) const LIMIT: usize = 1_000_000_000;

/// The probabilities of whole numbers around the mode, relative to that of the mode.
///
/// Ratios are exact to rounding where log-gammas of large counts would cancel: ln Γ(10⁶) has
/// lost 7 of 16 digits. Values whose probability falls below the range of a double relative to
/// the mode are left out, so that the number kept grows with the standard deviation only.
pub(super) struct Masses {
    first: usize,
    weights: Vec<f64>,
    total: f64,
}

impl Masses {
    /// The masses on `support`, where `next(x)` is P(X = x + 1)/P(X = x). `mode` need not be
    /// the exact peak, but near it.
    pub(super) fn around(
        mode: usize,
        support: RangeInclusive<usize>,
        next: impl Fn(f64) -> f64,
    ) -> Self {
        let (low, high) = support.into_inner();
        let mode = mode.clamp(low, high.max(low));
        let kept = |weight: f64| weight.is_normal().then_some(weight);
        let mut weights: Vec<f64> = (low..mode)
            .rev()
            .scan(1.0, |weight, x| {
                *weight /= next(x as f64);
                kept(*weight)
            })
            .collect();
        let first = mode - weights.len();
        weights.reverse();
        weights.push(1.0);
        weights.extend((mode..high).scan(1.0, |weight, x| {
            *weight *= next(x as f64);
            kept(*weight)
        }));
        let total = sum(weights.iter().copied());
        Self {
            first,
            weights,
            total,
        }
    }

    /// P(X = x) relative to the mode.
    pub(super) fn weight(&self, x: usize) -> f64 {
        let place = x.checked_sub(self.first);
        let weight = place.and_then(|place| self.weights.get(place));
        weight.copied().unwrap_or_default()
    }

    /// P(X = x).
    pub(super) fn chance(&self, x: usize) -> f64 {
        self.weight(x) / self.total
    }

    /// The probability of all x for which `counted(x, weight)` holds.
    pub(super) fn share(&self, counted: impl Fn(usize, f64) -> bool) -> f64 {
        let places = (self.first..).zip(self.weights.iter().copied());
        let chosen = places.filter(|(x, weight)| counted(*x, *weight));
        (sum(chosen.map(|(_, weight)| weight)) / self.total).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::close;
    use super::*;

    /// n throws of a fair coin.
    fn heads(n: usize) -> Masses {
        let all = n as f64;
        Masses::around(n / 2, 0..=n, |x| (all - x) / (x + 1.0))
    }

    #[test]
    fn ten_throws_have_the_binomial_probabilities() {
        let ten = heads(10);
        close(ten.chance(5), 252.0 / 1024.0, 1e-15);
        close(ten.chance(0), 1.0 / 1024.0, 1e-16);
        assert_eq!(ten.chance(11), 0.0);
        close(ten.share(|x, _| x <= 2), 56.0 / 1024.0, 1e-15);
        assert_eq!(ten.share(|_, _| true), 1.0);
    }

    #[test]
    fn a_million_throws_keep_twelve_digits() {
        // C(10⁶, x)/2^(10⁶) at x = 500 000 and summed to 498 000, with 40 digits.
        let million = heads(1_000_000);
        close(million.chance(500_000), 0.00079788436133175, 1e-15);
        close(
            million.share(|x, _| x <= 498_000),
            3.180466875041244e-5,
            1e-16,
        );
        assert!(million.weights.len() < 100_000);
    }

    #[test]
    fn a_mode_outside_the_support_is_moved_into_it() {
        let one = Masses::around(7, 2..=2, |_| 1.0);
        assert_eq!((one.chance(2), one.chance(7)), (1.0, 0.0));
    }
}
