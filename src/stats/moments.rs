//! Means and centred sums of squares and products: the one place where they are formed, so
//! that a standard deviation, a slope and a correlation rest on the same digits.

use super::error::{StatsError, require_pairs};

/// Sum of the terms as if added with twice the digits and rounded at the end.
///
/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen", ZAMM 54 (1974) 39–51. Plain addition leaves 14 digits of the 15 that the data of
/// NIST's NumAcc2 allow.
pub(super) fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for term in terms {
        let next = total + term;
        lost += if total.abs() >= term.abs() {
            (total - next) + term
        } else {
            (term - next) + total
        };
        total = next;
    }
    total + lost
}

/// Arithmetic mean of `values`, which must not be empty.
///
/// Two passes: the values are first shifted by the first of them, then the mean of what
/// remains corrects the result. A column of equal values has exactly that value as its mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let shift = values.first().copied().unwrap_or_default();
    let first = shift + sum(values.iter().map(|v| v - shift)) / n;
    first + sum(values.iter().map(|v| v - first)) / n
}

/// Σ(x−x̄)(y−ȳ) by the corrected two-pass algorithm, whose second term takes away what the
/// rounding of the means left behind.
///
/// Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", The American
/// Statistician 37 (1983) 242–247, equation 1.7.
pub(super) fn centred_products(x: &[f64], mean_x: f64, y: &[f64], mean_y: f64) -> f64 {
    let products = sum(x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)));
    let rest_x = sum(x.iter().map(|x| x - mean_x));
    let rest_y = sum(y.iter().map(|y| y - mean_y));
    products - rest_x * rest_y / x.len() as f64
}

/// Whether `values` holds two different numbers.
pub(super) fn varies(values: &[f64]) -> bool {
    values.iter().any(|value| Some(value) != values.first())
}

/// Means, centred sums of squares and the centred sum of products of two parallel columns,
/// the `regr_avgx … regr_sxy` of SQL:2003.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedSums {
    /// Number of rows, at least 1.
    pub n: usize,
    /// x̄, in the unit of x.
    pub mean_x: f64,
    /// ȳ, in the unit of y.
    pub mean_y: f64,
    /// Σ(x−x̄)²; 0 exactly when all x are equal.
    pub sxx: f64,
    /// Σ(y−ȳ)²; 0 exactly when all y are equal.
    pub syy: f64,
    /// Σ(x−x̄)(y−ȳ).
    pub sxy: f64,
}

impl PairedSums {
    /// Sums over the rows `(x[i], y[i])`.
    ///
    /// # Errors
    /// No row, unequal lengths, values that are not finite, or sums beyond the range of a
    /// double.
    pub fn of(x: &[f64], y: &[f64]) -> Result<Self, StatsError> {
        require_pairs(x, y, 1)?;
        let (mean_x, mean_y) = (mean(x), mean(y));
        let sums = Self {
            n: x.len(),
            mean_x,
            mean_y,
            sxx: centred_products(x, mean_x, x, mean_x),
            syy: centred_products(y, mean_y, y, mean_y),
            sxy: centred_products(x, mean_x, y, mean_y),
        };
        let sound = represents(sums.sxx, varies(x))
            && represents(sums.syy, varies(y))
            && sums.sxy.is_finite();
        sound.then_some(sums).ok_or(StatsError::OutOfRange)
    }
}

impl PairedSums {
    /// Slope of the least-squares line of y on x, Sxy/Sxx; `None` when all x are equal.
    #[must_use]
    pub fn slope(&self) -> Option<f64> {
        (self.sxx > 0.0).then(|| self.sxy / self.sxx)
    }

    /// Where the line of this slope through the means meets x = 0.
    #[must_use]
    pub fn intercept(&self, slope: f64) -> f64 {
        self.mean_y - slope * self.mean_x
    }

    /// Pearson's r, Sxy/√(Sxx·Syy); `None` when a column is constant.
    #[must_use]
    pub fn correlation(&self) -> Option<f64> {
        if self.sxx == 0.0 || self.syy == 0.0 {
            return None;
        }
        // The product of the two regression slopes, which neither overflows nor misses 1 on
        // points that lie exactly on a line.
        let r2 = (self.sxy / self.sxx) * (self.sxy / self.syy);
        Some(r2.sqrt().min(1.0).copysign(self.sxy))
    }

    /// A centred sum over n (the whole population) or n − 1 (a sample): variances from Sxx or
    /// Syy, the covariance from Sxy. `None` for a sample of one.
    #[must_use]
    pub fn over(&self, sum: f64, is_sample: bool) -> Option<f64> {
        let divisor = self.n - usize::from(is_sample);
        (divisor > 0).then(|| sum / divisor as f64)
    }
}

/// Whether a sum of squares is a usable number: finite, and above the subnormal range where
/// squares of small differences lose their digits.
pub(super) fn represents(squares: f64, varies: bool) -> bool {
    if varies {
        squares.is_normal() && squares > 0.0
    } else {
        squares == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_a_small_table_are_the_sums_by_hand() {
        let sums = PairedSums::of(&[1.0, 2.0, 3.0, 6.0], &[2.0, 1.0, 4.0, 5.0]).unwrap();
        assert_eq!(
            sums,
            PairedSums {
                n: 4,
                mean_x: 3.0,
                mean_y: 3.0,
                sxx: 14.0,
                syy: 10.0,
                sxy: 10.0
            }
        );
    }

    #[test]
    fn equal_values_have_no_spread_whatever_their_rounding() {
        let sums = PairedSums::of(&[0.1; 7], &[1e300; 7]).unwrap();
        assert_eq!(
            (sums.mean_x, sums.sxx, sums.mean_y, sums.syy, sums.sxy),
            (0.1, 0.0, 1e300, 0.0, 0.0)
        );
    }

    #[test]
    fn refuses_sums_that_overflow_or_vanish() {
        let (huge, tiny) = ([1e308, -1e308], [1e-200, 2e-200]);
        assert_eq!(
            PairedSums::of(&huge, &[0.0, 1.0]),
            Err(StatsError::OutOfRange)
        );
        assert_eq!(
            PairedSums::of(&[0.0, 1.0], &tiny),
            Err(StatsError::OutOfRange)
        );
    }
}
