//! Means and centred sums that rows are added to and taken from one at a time: what a database's
//! aggregate and window functions need.

use super::moments::PairedSums;

/// A sum carried with twice the digits of a double: its value is `high + low`.
///
/// Sources: Knuth, "The Art of Computer Programming", volume 2, 4.2.2 (the exact sum of two
/// numbers); Dekker, "A floating-point technique for extending the available precision",
/// Numerische Mathematik 18 (1971) 224–242 (the exact product).
#[derive(Debug, Clone, Copy, Default)]
struct Twofold {
    high: f64,
    low: f64,
}

impl Twofold {
    fn add(&mut self, x: f64) {
        let (sum, lost) = exact_sum(self.high, x);
        (self.high, self.low) = exact_sum(sum, self.low + lost);
    }

    fn add_product(&mut self, x: f64, y: f64, sign: f64) {
        let (product, lost) = exact_product(x, y);
        self.add(sign * product);
        self.add(sign * lost);
    }

    fn value(self) -> f64 {
        self.high + self.low
    }
}

fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

fn exact_product(a: f64, b: f64) -> (f64, f64) {
    /// 2²⁷ + 1 halves the digits of a double.
    const SPLIT: f64 = 134_217_729.0;
    let halves = |x: f64| {
        let scaled = SPLIT * x;
        let high = scaled - (scaled - x);
        (high, x - high)
    };
    let (product, (a1, a2), (b1, b2)) = (a * b, halves(a), halves(b));
    let lost = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
    (product, lost)
}

/// The sums behind [`PairedSums`], open at both ends: rows may be added and removed.
///
/// All sums are carried with about 32 digits, so that the centred sums keep the digits that two
/// passes over the rows would give, also after millions of additions and removals. O(1) a row.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunningSums {
    n: u64,
    x: Twofold,
    y: Twofold,
    xx: Twofold,
    yy: Twofold,
    xy: Twofold,
}

impl RunningSums {
    /// Adds a row.
    pub fn add(&mut self, x: f64, y: f64) {
        self.n += 1;
        self.put(x, y, 1.0);
    }

    /// Takes away a row that was added before.
    pub fn remove(&mut self, x: f64, y: f64) {
        self.n = self.n.saturating_sub(1);
        self.put(x, y, -1.0);
        if self.n == 0 {
            // What rounding, or an infinity, left behind ends with the last row.
            *self = Self::default();
        }
    }

    fn put(&mut self, x: f64, y: f64, sign: f64) {
        self.x.add(sign * x);
        self.y.add(sign * y);
        self.xx.add_product(x, x, sign);
        self.yy.add_product(y, y, sign);
        self.xy.add_product(x, y, sign);
    }

    /// Number of rows.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The means and centred sums; `None` without a row, and where a sum has left the range of a
    /// double.
    ///
    /// Σ(x−x̄)² = Σx² − (Σx)²/n, which loses as many digits as the values are larger than their
    /// spread: of 32 digits enough are left. A rest below that is 0, since the values are equal.
    #[must_use]
    pub fn sums(&self) -> Option<PairedSums> {
        if self.n == 0 {
            return None;
        }
        let n = self.n as f64;
        let noise = n * (2.0_f64).powi(-100);
        let centred = |product: Twofold, a: Twofold, b: Twofold, size: f64| {
            let mut rest = product;
            // (Σa)(Σb)/n, with the remainder of the division.
            let quotient = a.value() * (b.value() / n);
            let mut left = Twofold::default();
            for (p, q) in [(a.high, b.high), (a.high, b.low), (a.low, b.high)] {
                left.add_product(p, q, 1.0);
            }
            left.add_product(quotient, n, -1.0);
            rest.add(-quotient);
            rest.add(-left.value() / n);
            let rest = rest.value();
            if rest.abs() <= noise * size {
                0.0
            } else {
                rest
            }
        };
        let (xx, yy) = (self.xx.value(), self.yy.value());
        let sums = PairedSums {
            n: usize::try_from(self.n).ok()?,
            mean_x: self.x.value() / n,
            mean_y: self.y.value() / n,
            sxx: centred(self.xx, self.x, self.x, xx).max(0.0),
            syy: centred(self.yy, self.y, self.y, yy).max(0.0),
            sxy: centred(self.xy, self.x, self.y, (xx * yy).sqrt()),
        };
        let parts = [sums.mean_x, sums.mean_y, sums.sxx, sums.syy, sums.sxy];
        parts.iter().all(|part| part.is_finite()).then_some(sums)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::close;
    use super::*;

    fn running(x: &[f64], y: &[f64]) -> PairedSums {
        let mut sums = RunningSums::default();
        x.iter().zip(y).for_each(|(x, y)| sums.add(*x, *y));
        sums.sums().unwrap()
    }

    #[test]
    fn large_values_with_a_small_spread_keep_their_digits() {
        // NumAcc4 of NIST StRD: mean 10000000.2, standard deviation 0.1 over 1001 values.
        let mut x = vec![10_000_000.2];
        for _ in 0..500 {
            x.extend([10_000_000.1, 10_000_000.3]);
        }
        let found = running(&x, &x);
        let expected = PairedSums::of(&x, &x).unwrap();
        close(found.mean_x, expected.mean_x, 1e-8);
        close(found.sxx / expected.sxx, 1.0, 1e-14);
        close(found.sxy / expected.sxy, 1.0, 1e-14);
    }

    #[test]
    fn equal_values_have_no_spread() {
        let sums = running(&[0.1; 7], &[1e150; 7]);
        assert_eq!((sums.sxx, sums.syy, sums.sxy), (0.0, 0.0, 0.0));
    }

    #[test]
    fn no_row_and_sums_out_of_range_give_nothing() {
        assert_eq!(RunningSums::default().sums(), None);
        let mut sums = RunningSums::default();
        sums.add(1e308, 0.0);
        assert_eq!(sums.sums(), None);
        sums.remove(1e308, 0.0);
        sums.add(2.0, 3.0);
        assert_eq!(sums.sums().unwrap().mean_x, 2.0);
    }

    proptest! {
        #[test]
        fn rows_added_and_taken_away_leave_no_trace(
            kept in prop::collection::vec((-1e6..1e6, -1e-3..1e-3), 1..20),
            gone in prop::collection::vec((-1e9..1e9, -1e9..1e9), 0..20),
        ) {
            let mut sums = RunningSums::default();
            gone.iter().for_each(|(x, y)| sums.add(*x, *y));
            kept.iter().for_each(|(x, y)| sums.add(*x, *y));
            gone.iter().for_each(|(x, y)| sums.remove(*x, *y));
            let (x, y): (Vec<f64>, Vec<f64>) = kept.iter().copied().unzip();
            let (found, expected) = (sums.sums().unwrap(), PairedSums::of(&x, &y).unwrap());
            prop_assert_eq!(found.n, expected.n);
            for (found, expected, size) in [
                (found.mean_x, expected.mean_x, 1.0),
                (found.sxx, expected.sxx, expected.sxx),
                (found.syy, expected.syy, expected.syy),
                (found.sxy, expected.sxy, (expected.sxx * expected.syy).sqrt()),
            ] {
                prop_assert!((found - expected).abs() <= 1e-9 * size + 1e-12, "{} {}", found, expected);
            }
        }
    }
}
